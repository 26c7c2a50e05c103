-- Grain: one row per assessed period × rule that found something in any of them, zero where it found nothing.
CREATE OR REPLACE MACRO findings_over_time(rule := NULL, province := NULL) AS TABLE
WITH
assessments AS (
    SELECT * FROM assessment_keys_as_of('infinity')
),
counted AS (
    SELECT
        assessments.assessment_key,
        rules.rule_code,
        any_value(assessments.period_code) AS period_code,
        any_value(rules.title) AS rule_title, -- one assessment knows one version of a rule, and of a unit
        any_value(found.severity) AS severity,
        count(*) AS finding_count,
        count(*) FILTER (WHERE coalesce(found.status, 'open') = 'open') AS open_count,
        count(*) FILTER (WHERE found.status = 'explained') AS explained_count,
        count(*) FILTER (WHERE found.status = 'waived') AS waived_count,
        count(DISTINCT provinces.province_key) AS province_count
    FROM assessments
    JOIN fact_finding AS found ON assessments.assessment_key = found.assessment_key
    JOIN dim_rule AS rules ON found.rule_key = rules.rule_key
    LEFT JOIN dim_province AS provinces ON found.province_key = provinces.province_key AND provinces.kind <> 'cluster'
    WHERE (rule IS NULL OR rules.rule_code = rule) AND (province IS NULL OR provinces.province_id = province)
    GROUP BY assessments.assessment_key, rules.rule_code
),
rules AS (
    SELECT rule_code, arg_max(rule_title, period_code) AS rule_title, arg_max(severity, period_code) AS severity
    FROM counted
    GROUP BY rule_code
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
LEFT JOIN counted ON assessments.assessment_key = counted.assessment_key AND rules.rule_code = counted.rule_code
