-- Grain: one row per assessed period × indicator that is summed, rebuilt or announced for the cluster.
WITH
present AS (
    SELECT * FROM cluster_totals_as_of('infinity')
)
SELECT
    period_code,
    indicator_code,
    indicator_name,
    unit,
    value,
    value_source,
    provinces_reporting,
    provinces_expected,
    disputed_count,
    value_without_disputed,
    control_value,
    control_sheet,
    control_cell,
    control_file_name,
    control_submission_id,
    section_code,
    position,
    source_mix,
    is_estimated,
    obs_status
FROM present
