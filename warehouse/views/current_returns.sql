-- Grain: one row per assessed period × member province, with its current submission where there is one.
WITH
present AS (
    SELECT * FROM returns_as_of('infinity')
)
SELECT
    assessment_key,
    assessed_at,
    first_assessed_at,
    due_on,
    due_before,
    period_code,
    province_id,
    province_code,
    province_name,
    submission_key,
    submission_id,
    reading_key,
    verdict,
    version,
    received_at,
    file_name,
    form_version,
    sent_by,
    source
FROM present
