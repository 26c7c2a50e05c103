-- Grain: one row per assessed period × unit × version × indicator whose figure differs from the version before.
WITH
assessments AS (
    SELECT max(assessment_key) AS assessment_key FROM dim_assessment GROUP BY period_code
),
versions AS (
    SELECT
        sent.period_code, -- of the file, not of the assessment: a filter on it goes down to the files
        sent.province_id,
        judged.submission_key,
        judged.reading_key,
        lag(judged.submission_key) OVER succession AS previous_submission_key,
        lag(judged.reading_key) OVER succession AS previous_reading_key
    FROM dim_submission AS sent
    JOIN bridge_assessment_submission AS judged
        ON sent.submission_key = judged.submission_key
        AND judged.verdict <> 'rejected'
        AND coalesce(judged.is_taken, sent.is_taken)
    JOIN assessments ON judged.assessment_key = assessments.assessment_key
    WINDOW succession AS (PARTITION BY sent.period_code, sent.province_id ORDER BY sent.version)
),
sides AS (
    SELECT
        * EXCLUDE (reading_key),
        reading_key AS later_reading_key,
        unnest([reading_key, previous_reading_key]) AS reading_key,
        unnest([TRUE, FALSE]) AS is_later
    FROM versions
    WHERE previous_reading_key IS NOT NULL
),
-- The figures of both readings in one pass, paired by code: between the two the indicator may have got a new version.
paired AS (
    SELECT
        sides.period_code,
        sides.province_id,
        sides.submission_key,
        sides.previous_submission_key,
        sides.later_reading_key,
        sides.previous_reading_key,
        coalesce(any_value(told.indicator_key) FILTER (is_later), any_value(told.indicator_key)) AS indicator_key,
        coalesce(any_value(told.state) FILTER (NOT is_later), 'blank') AS state_before,
        any_value(told.value) FILTER (NOT is_later) AS value_before,
        any_value(told.raw_text) FILTER (NOT is_later) AS raw_text_before,
        coalesce(any_value(told.is_estimated) FILTER (NOT is_later), FALSE) AS was_estimated,
        coalesce(any_value(told.state) FILTER (is_later), 'blank') AS state,
        any_value(told.value) FILTER (is_later) AS value,
        any_value(told.raw_text) FILTER (is_later) AS raw_text,
        coalesce(any_value(told.is_estimated) FILTER (is_later), FALSE) AS is_estimated,
        any_value(told.sheet) FILTER (is_later) AS sheet,
        any_value(told.cell) FILTER (is_later) AS cell
    FROM fact_observation AS told
    JOIN sides ON told.reading_key = sides.reading_key
    JOIN dim_indicator AS asked ON told.indicator_key = asked.indicator_key
    WHERE told.state <> 'blank'
    GROUP BY
        sides.period_code,
        sides.province_id,
        sides.submission_key,
        sides.previous_submission_key,
        sides.later_reading_key,
        sides.previous_reading_key,
        asked.indicator_code
),
changed AS (
    SELECT *
    FROM paired
    WHERE state <> state_before
        OR value IS DISTINCT FROM value_before
        OR is_estimated <> was_estimated
        OR (state = 'unreadable' AND raw_text IS DISTINCT FROM raw_text_before)
)
SELECT
    changed.period_code,
    changed.province_id,
    sent.version,
    previous.version AS previous_version,
    indicators.indicator_code,
    indicators.label AS indicator_name,
    indicators.unit_name AS unit,
    changed.state_before,
    changed.value_before,
    changed.raw_text_before,
    changed.was_estimated,
    changed.state,
    changed.value,
    changed.raw_text,
    changed.is_estimated,
    changed.sheet,
    changed.cell,
    sent.received_at,
    sent.submission_id,
    previous.submission_id AS previous_submission_id,
    indicators.section_code,
    indicators.position,
    provinces.name AS province_name,
    coalesce(readings.source, 'reported') AS source,
    coalesce(previous_readings.source, 'reported') AS source_before
FROM changed
JOIN dim_indicator AS indicators ON changed.indicator_key = indicators.indicator_key
JOIN dim_submission AS sent ON changed.submission_key = sent.submission_key
JOIN dim_submission AS previous ON changed.previous_submission_key = previous.submission_key
JOIN dim_reading AS readings ON changed.later_reading_key = readings.reading_key
JOIN dim_reading AS previous_readings ON changed.previous_reading_key = previous_readings.reading_key
LEFT JOIN dim_period AS periods ON changed.period_code = periods.period_code
LEFT JOIN dim_province AS provinces
    ON changed.province_id = provinces.province_id
    AND provinces.valid_from <= periods.ends_on
    AND periods.ends_on < coalesce(provinces.valid_to, DATE 'infinity') -- an OR would compare every pair
