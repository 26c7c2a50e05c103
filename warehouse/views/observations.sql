-- Grain: one row per assessed period × member province × indicator that is required there, or says something.
WITH
present AS (
    SELECT * FROM as_of('infinity')
)
SELECT
    period_code,
    province_code,
    province_id,
    province_name,
    indicator_code,
    indicator_name,
    unit,
    value,
    status,
    is_estimated,
    raw_text,
    file_name,
    sheet,
    cell,
    version,
    received_at,
    is_required,
    note,
    section_code,
    position,
    submission_id,
    source,
    counted_value,
    obs_status
FROM present
