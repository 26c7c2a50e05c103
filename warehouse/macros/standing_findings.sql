-- Grain: one row per finding of one period that is neither explained nor waived, by what it would change.
CREATE OR REPLACE MACRO standing_findings(period) AS TABLE
SELECT
    found.severity,
    provinces.name AS province_name,
    rules.title AS rule_title,
    found.sheet,
    found.cell,
    found.observed,
    found.expected,
    found.impact,
    found.message,
    found.advice
FROM fact_finding AS found -- not the view findings, which looks up files and refusals too
JOIN dim_rule AS rules ON found.rule_key = rules.rule_key
LEFT JOIN dim_province AS provinces ON found.province_key = provinces.province_key AND provinces.kind <> 'cluster'
WHERE found.assessment_key = (SELECT max(assessment_key) FROM dim_assessment WHERE period_code = known_period(period))
    AND coalesce(found.status, 'open') = 'open'
ORDER BY
    CASE found.severity WHEN 'critical' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END,
    found.impact_weight DESC NULLS LAST,
    found.position
