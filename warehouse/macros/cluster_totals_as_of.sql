-- Grain: one row per assessed period × indicator that is summed, rebuilt or announced for the cluster, as of a moment.
CREATE OR REPLACE MACRO cluster_totals_as_of(moment) AS TABLE
WITH
assessments AS (
    SELECT * FROM assessments_as_of(moment)
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
),
summed AS (
    SELECT
        period_code, -- told by the assessment; named so that a filter on it is one on the files to look at
        assessment_key,
        CASE
            WHEN bool_or(source = 'synthetic') AND min(source) <> max(source) THEN 'mixed'
            WHEN bool_or(source = 'published_report') THEN 'published_report'
            ELSE min(source)
        END AS source_mix
    FROM returns_as_of(moment)
    WHERE source IS NOT NULL
    GROUP BY period_code, assessment_key
),
announcements AS (
    SELECT judged.assessment_key, judged.submission_key, any_value(coalesce(reading.source, 'reported')) AS source
    FROM bridge_assessment_submission AS judged
    SEMI JOIN mart_cluster_total AS announced
        ON judged.assessment_key = announced.assessment_key
        AND judged.submission_key = announced.control_submission_key
    LEFT JOIN dim_reading AS reading ON judged.reading_key = reading.reading_key
    GROUP BY judged.assessment_key, judged.submission_key
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
    read.position,
    CASE WHEN totals.value_source = 'announced' THEN announcements.source ELSE summed.source_mix END AS source_mix,
    totals.is_estimated,
    obs_status(totals.value_source, totals.is_estimated, totals.value IS NOT NULL) AS obs_status
FROM assessments
JOIN totals ON assessments.assessment_key = totals.assessment_key
JOIN indicator_versions AS read ON totals.indicator_key = read.indicator_key
LEFT JOIN indicators ON read.indicator_code = indicators.indicator_code
LEFT JOIN submissions ON totals.control_submission_key = submissions.submission_key
LEFT JOIN summed
    ON assessments.period_code = summed.period_code
    AND assessments.assessment_key = summed.assessment_key
LEFT JOIN announcements
    ON totals.assessment_key = announcements.assessment_key
    AND totals.control_submission_key = announcements.submission_key
