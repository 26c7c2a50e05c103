-- Grain: one row per assessed period × unit × version × indicator whose figure differs from the version before.
WITH
changed AS (
    SELECT *
    FROM paired_figures(NULL)
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
