-- Grain: one row per assessed period × rule that found something in any of them, zero where it found nothing.
CREATE OR REPLACE MACRO findings_over_time(rule := NULL, province := NULL) AS TABLE
WITH
assessments AS (
    SELECT period_code FROM current_assessments
),
found AS (
    SELECT period_code, rule_code, rule_title, severity, status, province_id -- kept whole: looked at twice
    FROM findings
    WHERE (rule IS NULL OR rule_code = rule) AND (province IS NULL OR province_id = province)
),
rules AS (
    SELECT rule_code, arg_max(rule_title, period_code) AS rule_title, arg_max(severity, period_code) AS severity
    FROM found
    GROUP BY rule_code
),
counted AS (
    SELECT
        period_code,
        rule_code,
        count(*) AS finding_count,
        count(*) FILTER (WHERE status = 'open') AS open_count,
        count(*) FILTER (WHERE status = 'explained') AS explained_count,
        count(*) FILTER (WHERE status = 'waived') AS waived_count,
        count(DISTINCT province_id) AS province_count
    FROM found
    GROUP BY period_code, rule_code
)
SELECT
    assessments.period_code,
    rules.rule_code,
    rules.rule_title,
    rules.severity,
    coalesce(counted.finding_count, 0) AS finding_count,
    coalesce(counted.open_count, 0) AS open_count,
    coalesce(counted.explained_count, 0) AS explained_count,
    coalesce(counted.waived_count, 0) AS waived_count,
    coalesce(counted.province_count, 0) AS province_count
FROM assessments
CROSS JOIN rules
LEFT JOIN counted
    ON assessments.period_code = counted.period_code
    AND rules.rule_code = counted.rule_code
