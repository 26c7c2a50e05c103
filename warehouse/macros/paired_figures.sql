-- Grain: one row per assessed period × unit × version that follows another × indicator that either has something of, in keys.
CREATE OR REPLACE MACRO paired_figures(period) AS TABLE
WITH
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
    JOIN assessment_keys_as_of('infinity') AS latest ON judged.assessment_key = latest.assessment_key
    WHERE period IS NULL OR sent.period_code = period
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
)
-- The figures of both readings in one pass, paired by code: between the two the indicator may have got a new version.
SELECT
    sides.period_code,
    sides.province_id,
    sides.submission_key,
    sides.later_reading_key,
    any_value(sides.previous_submission_key) AS previous_submission_key,
    any_value(sides.previous_reading_key) AS previous_reading_key,
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
GROUP BY sides.period_code, sides.province_id, sides.submission_key, sides.later_reading_key, asked.indicator_code
