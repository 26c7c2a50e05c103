-- Grain: one row per assessed period × unit × version × indicator whose figure differs from the version before.
WITH
assessments AS (
    SELECT * FROM current_assessments
),
judged AS (
    SELECT * FROM bridge_assessment_submission WHERE verdict <> 'rejected'
),
submissions AS (
    SELECT * FROM dim_submission
),
periods AS (
    SELECT period_code, ends_on FROM dim_period
),
provinces AS (
    SELECT province_id, name, valid_from, valid_to FROM dim_province
),
indicators AS (
    SELECT indicator_key, indicator_code, label, unit_name, section_code, position FROM dim_indicator
),
readings AS (
    SELECT reading_key, coalesce(source, 'reported') AS source FROM dim_reading
),
versions AS (
    SELECT
        submissions.period_code,
        submissions.province_id,
        submissions.submission_id,
        submissions.version,
        submissions.received_at,
        judged.reading_key,
        lag(judged.reading_key) OVER succession AS previous_reading_key,
        lag(submissions.submission_id) OVER succession AS previous_submission_id,
        lag(submissions.version) OVER succession AS previous_version
    FROM assessments
    JOIN judged ON assessments.assessment_key = judged.assessment_key
    JOIN submissions
        ON judged.submission_key = submissions.submission_key
        AND coalesce(judged.is_taken, submissions.is_taken)
    WINDOW succession AS (
        PARTITION BY submissions.period_code, submissions.province_id ORDER BY submissions.version
    )
),
sides AS (
    SELECT period_code, submission_id, reading_key, TRUE AS is_later
    FROM versions
    WHERE previous_reading_key IS NOT NULL
    UNION ALL
    SELECT period_code, submission_id, previous_reading_key AS reading_key, FALSE AS is_later
    FROM versions
    WHERE previous_reading_key IS NOT NULL
),
told AS (
    SELECT sides.* EXCLUDE (reading_key), indicators.indicator_code, figure.*
    FROM fact_observation AS figure
    JOIN sides ON figure.reading_key = sides.reading_key
    JOIN indicators ON figure.indicator_key = indicators.indicator_key
    WHERE figure.state <> 'blank'
),
paired AS (
    SELECT
        period_code, -- told by the submission; named so that a filter on it goes down to the files
        submission_id,
        indicator_code,
        any_value(told) FILTER (WHERE is_later) AS later,
        any_value(told) FILTER (WHERE NOT is_later) AS earlier
    FROM told
    GROUP BY period_code, submission_id, indicator_code
),
compared AS (
    SELECT
        period_code,
        submission_id,
        coalesce(later.indicator_key, earlier.indicator_key) AS indicator_key,
        coalesce(earlier.state, 'blank') AS state_before,
        earlier.value AS value_before,
        earlier.raw_text AS raw_text_before,
        coalesce(earlier.is_estimated, FALSE) AS was_estimated,
        coalesce(later.state, 'blank') AS state,
        later.value,
        later.raw_text,
        coalesce(later.is_estimated, FALSE) AS is_estimated,
        later.sheet,
        later.cell
    FROM paired
)
SELECT
    versions.period_code,
    versions.province_id,
    versions.version,
    versions.previous_version,
    indicators.indicator_code,
    indicators.label AS indicator_name,
    indicators.unit_name AS unit,
    compared.state_before,
    compared.value_before,
    compared.raw_text_before,
    compared.was_estimated,
    compared.state,
    compared.value,
    compared.raw_text,
    compared.is_estimated,
    compared.sheet,
    compared.cell,
    versions.received_at,
    versions.submission_id,
    versions.previous_submission_id,
    indicators.section_code,
    indicators.position,
    provinces.name AS province_name,
    readings.source,
    previous_readings.source AS source_before
FROM compared
JOIN versions
    ON compared.period_code = versions.period_code
    AND compared.submission_id = versions.submission_id
JOIN indicators ON compared.indicator_key = indicators.indicator_key
LEFT JOIN readings ON versions.reading_key = readings.reading_key
LEFT JOIN readings AS previous_readings ON versions.previous_reading_key = previous_readings.reading_key
LEFT JOIN periods ON versions.period_code = periods.period_code
LEFT JOIN provinces
    ON versions.province_id = provinces.province_id
    AND provinces.valid_from <= periods.ends_on
    AND periods.ends_on < coalesce(provinces.valid_to, DATE 'infinity') -- an OR would compare every pair
WHERE compared.state <> compared.state_before
    OR compared.value IS DISTINCT FROM compared.value_before
    OR compared.is_estimated <> compared.was_estimated
    OR (compared.state = 'unreadable' AND compared.raw_text IS DISTINCT FROM compared.raw_text_before)
