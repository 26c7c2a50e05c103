-- Grain: one row per period that was ever assessed, with its latest assessment.
WITH
present AS (
    SELECT * FROM assessments_as_of('infinity')
)
SELECT
    period_code,
    assessment_key,
    assessed_at,
    first_assessed_at,
    input_key,
    catalogue_hash,
    reader_version,
    due_on,
    due_before
FROM present
