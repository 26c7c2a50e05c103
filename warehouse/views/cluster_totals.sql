-- Grain: one row per assessed period × indicator that is summed, rebuilt or announced for the cluster.
WITH
assessments AS (
    SELECT * FROM current_assessments
),
totals AS (
    SELECT * FROM mart_cluster_total
),
indicator_versions AS (
    SELECT * FROM dim_indicator
),
indicators AS (
    SELECT * FROM dim_indicator WHERE is_current
),
submissions AS (
    SELECT submission_key, submission_id, file_name FROM dim_submission
)
SELECT
    assessments.period_code,
    read.indicator_code,
    coalesce(indicators.label, read.label) AS indicator_name,
    coalesce(indicators.unit_name, read.unit_name) AS unit,
    totals.value,
    totals.value_source,
    totals.provinces_reporting,
    totals.provinces_expected,
    totals.disputed_count,
    totals.value_without_disputed,
    totals.control_value,
    totals.control_sheet,
    totals.control_cell,
    submissions.file_name AS control_file_name,
    submissions.submission_id AS control_submission_id,
    read.section_code,
    read.position
FROM assessments
JOIN totals ON assessments.assessment_key = totals.assessment_key
JOIN indicator_versions AS read ON totals.indicator_key = read.indicator_key
LEFT JOIN indicators ON read.indicator_code = indicators.indicator_code
LEFT JOIN submissions ON totals.control_submission_key = submissions.submission_key
