-- Grain: one row per assessed period × rule × subject for which the rule does not hold.
WITH
assessments AS (
    SELECT * FROM current_assessments
),
found AS (
    SELECT * FROM fact_finding
),
rules AS (
    SELECT * FROM dim_rule
),
provinces AS (
    SELECT * FROM dim_province WHERE kind <> 'cluster'
),
submissions AS (
    SELECT submission_key, submission_id FROM dim_submission
)
SELECT
    assessments.period_code,
    provinces.province_code,
    rules.rule_code,
    found.severity,
    found.indicator_code,
    found.sheet,
    found.cell,
    found.observed,
    found.expected,
    found.message,
    provinces.province_id,
    provinces.name AS province_name,
    found.file_name,
    found.advice,
    rules.title AS rule_title,
    submissions.submission_id,
    found.position,
    found.finding_id,
    found.figure_hash,
    coalesce(found.status, 'open') AS status,
    found.explanation,
    found.suspect_indicator,
    found.suspect_sheet,
    found.suspect_cell,
    found.slip,
    found.proposed,
    found.alike,
    found.impact,
    found.impact_weight
FROM assessments
JOIN found ON assessments.assessment_key = found.assessment_key
JOIN rules ON found.rule_key = rules.rule_key
LEFT JOIN provinces ON found.province_key = provinces.province_key
LEFT JOIN submissions ON found.submission_key = submissions.submission_key
