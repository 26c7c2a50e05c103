-- Grain: one row per assessed period × rule × subject for which the rule does not hold, as of a moment.
CREATE OR REPLACE MACRO findings_as_of(moment) AS TABLE
-- No CTEs, and each table named as seldom as can be: nearly all that a question of findings costs is its planning.
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
    found.impact_weight,
    CASE
        WHEN coalesce(found.status, 'open') = 'open'
            AND (found.explained_at IS NULL OR found.explained_at <= refused.decided_at)
            THEN refused.reason
    END AS refusal
FROM assessment_keys_as_of(moment) AS assessments
JOIN fact_finding AS found ON assessments.assessment_key = found.assessment_key
JOIN dim_rule AS rules ON found.rule_key = rules.rule_key
LEFT JOIN dim_province AS provinces ON found.province_key = provinces.province_key AND provinces.kind <> 'cluster'
LEFT JOIN dim_submission AS submissions ON found.submission_key = submissions.submission_key
LEFT JOIN bridge_refusal AS refused
    ON found.finding_id = refused.finding_id
    AND found.figure_hash = refused.figure_hash
    AND refused.refused_from <= moment::TIMESTAMPTZ
    AND (refused.refused_to IS NULL OR moment::TIMESTAMPTZ < refused.refused_to)
