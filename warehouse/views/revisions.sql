-- Grain: one row per assessed period × province × indicator whose earlier figure is repeated there as another one.
WITH
assessments AS (
    SELECT * FROM assessment_keys_as_of('infinity')
),
revised AS (
    SELECT * FROM fact_revision
),
provinces AS (
    SELECT * FROM dim_province
),
indicators AS (
    SELECT * FROM dim_indicator
),
submissions AS (
    SELECT * FROM dim_submission
),
readings AS (
    SELECT judged.assessment_key, judged.submission_key, coalesce(reading.source, 'reported') AS source
    FROM bridge_assessment_submission AS judged
    LEFT JOIN dim_reading AS reading ON judged.reading_key = reading.reading_key
)
SELECT
    revised.earlier_period,
    provinces.province_code,
    provinces.province_id,
    provinces.name AS province_name,
    indicators.indicator_code,
    indicators.label AS indicator_name,
    indicators.unit_name AS unit,
    revised.value_then,
    revised.value_now,
    revised.value_now - revised.value_then AS difference,
    assessments.period_code,
    submissions.file_name,
    revised.sheet,
    revised.cell,
    revised.raw_text,
    submissions.submission_id,
    submissions.received_at,
    readings.source
FROM assessments
JOIN revised ON assessments.assessment_key = revised.assessment_key
JOIN provinces ON revised.province_key = provinces.province_key
JOIN indicators ON revised.indicator_key = indicators.indicator_key
JOIN submissions ON revised.submission_key = submissions.submission_key
LEFT JOIN readings
    ON revised.assessment_key = readings.assessment_key
    AND revised.submission_key = readings.submission_key
