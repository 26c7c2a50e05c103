-- Grain: one row per finding of one period that is neither explained nor waived, by what it would change.
CREATE OR REPLACE MACRO standing_findings(period) AS TABLE
WITH
open_findings AS (
    SELECT * FROM findings WHERE period_code = period AND status = 'open' AND known_period(period) IS NOT NULL
)
SELECT
    severity,
    province_name,
    rule_title,
    sheet,
    cell,
    observed,
    expected,
    impact,
    message,
    advice
FROM open_findings
ORDER BY CASE severity WHEN 'critical' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, impact_weight DESC NULLS LAST, position
