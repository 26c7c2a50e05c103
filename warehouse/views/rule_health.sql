-- Grain: one row per assessed period × rule that ever found something there.
WITH
assessments AS (
    SELECT assessment_key, period_code FROM dim_assessment
),
current AS (
    SELECT assessment_key, period_code FROM current_assessments
),
rules AS (
    SELECT rule_key, rule_code FROM dim_rule
),
rule_names AS (
    SELECT rule_code, title, severity FROM dim_rule WHERE is_current
),
found AS (
    SELECT
        assessments.period_code,
        rules.rule_code,
        finding.finding_id,
        finding.assessment_key,
        finding.submission_key,
        coalesce(finding.status, 'open') AS status
    FROM fact_finding AS finding
    JOIN assessments ON finding.assessment_key = assessments.assessment_key
    JOIN rules ON finding.rule_key = rules.rule_key
    WHERE finding.finding_id IS NOT NULL
),
standing AS (
    SELECT found.period_code, found.rule_code, found.finding_id, arg_max(found.status, found.assessment_key) AS status
    FROM found
    JOIN current ON found.assessment_key = current.assessment_key
    GROUP BY found.period_code, found.rule_code, found.finding_id
),
submissions AS (
    SELECT submission_key, period_code, province_id, version FROM dim_submission
),
replaced AS (
    SELECT submissions.submission_key
    FROM submissions
    JOIN bridge_assessment_submission AS judged ON judged.is_current
    JOIN current ON judged.assessment_key = current.assessment_key
    JOIN submissions AS answer
        ON judged.submission_key = answer.submission_key
        AND submissions.period_code = answer.period_code
        AND submissions.province_id = answer.province_id
        AND submissions.version < answer.version
),
histories AS (
    SELECT
        found.period_code,
        found.rule_code,
        found.finding_id,
        bool_or(found.submission_key IN (SELECT submission_key FROM replaced)) AS is_replaced
    FROM found
    GROUP BY found.period_code, found.rule_code, found.finding_id
)
SELECT
    histories.period_code,
    histories.rule_code,
    rule_names.title AS rule_title,
    rule_names.severity,
    count(*) AS fired_count,
    count(*) FILTER (WHERE standing.status = 'open') AS open_count,
    count(*) FILTER (WHERE standing.status = 'explained') AS explained_count,
    count(*) FILTER (WHERE standing.status = 'waived') AS waived_count,
    count(*) FILTER (WHERE standing.finding_id IS NULL AND histories.is_replaced) AS mended_count,
    count(*) FILTER (WHERE standing.finding_id IS NULL AND NOT coalesce(histories.is_replaced, FALSE)) AS gone_count
FROM histories
LEFT JOIN standing
    ON histories.period_code = standing.period_code
    AND histories.rule_code = standing.rule_code
    AND histories.finding_id = standing.finding_id
LEFT JOIN rule_names ON histories.rule_code = rule_names.rule_code
GROUP BY ALL
