-- Grain: one row per file received from, or for, one reporting unit for one period.
WITH
submissions AS (
    SELECT * FROM dim_submission
),
periods AS (
    SELECT * FROM dim_period
),
assessments AS (
    SELECT * FROM current_assessments
),
provinces AS (
    SELECT * FROM dim_province
),
verdicts AS (
    SELECT
        judged.submission_key,
        judged.verdict,
        judged.is_current,
        judged.is_taken,
        CASE WHEN judged.reading_key IS NOT NULL THEN coalesce(reading.source, 'reported') END AS source
    FROM bridge_assessment_submission AS judged
    JOIN assessments ON judged.assessment_key = assessments.assessment_key
    LEFT JOIN dim_reading AS reading ON judged.reading_key = reading.reading_key
)
SELECT
    submissions.period_code,
    provinces.province_code,
    submissions.submission_id,
    submissions.file_name,
    submissions.path,
    submissions.sha256,
    submissions.version,
    submissions.form_version,
    submissions.received_at,
    verdicts.verdict,
    coalesce(verdicts.is_current, FALSE) AS is_current,
    submissions.province_id,
    provinces.name AS province_name,
    coalesce(verdicts.is_taken, submissions.is_taken) AS is_taken,
    submissions.held_because,
    submissions.modified_at,
    submissions.sent_by,
    verdicts.source
FROM submissions
LEFT JOIN periods ON submissions.period_code = periods.period_code
LEFT JOIN provinces
    ON submissions.province_id = provinces.province_id
    AND provinces.valid_from <= periods.ends_on
    AND periods.ends_on < coalesce(provinces.valid_to, DATE 'infinity') -- an OR would compare every pair
LEFT JOIN verdicts ON submissions.submission_key = verdicts.submission_key
