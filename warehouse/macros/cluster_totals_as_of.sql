-- Grain: one row per assessed period × indicator that is summed, rebuilt or announced for the cluster, as of a moment.
CREATE OR REPLACE MACRO cluster_totals_as_of(moment) AS TABLE
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
    read.position,
    totals.source_mix,
    totals.is_estimated,
    obs_status(totals.value_source, totals.is_estimated, totals.value IS NOT NULL) AS obs_status
FROM assessment_keys_as_of(moment) AS assessments
JOIN mart_cluster_total AS totals ON assessments.assessment_key = totals.assessment_key
JOIN dim_indicator AS read ON totals.indicator_key = read.indicator_key
LEFT JOIN dim_indicator AS indicators ON read.indicator_code = indicators.indicator_code AND indicators.is_current
LEFT JOIN dim_submission AS submissions ON totals.control_submission_key = submissions.submission_key
