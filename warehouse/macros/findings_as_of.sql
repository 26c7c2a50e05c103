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
            AND rulings.last_word.kind = 'refuse'
            AND (written.first_received_at IS NULL OR written.first_received_at <= rulings.last_word.decided_at)
            THEN rulings.last_word.reason
    END AS refusal
FROM (
    SELECT period_code, max(assessment_key) AS assessment_key
    FROM dim_assessment
    WHERE assessed_at <= moment::TIMESTAMPTZ
    GROUP BY period_code
) AS assessments
JOIN fact_finding AS found ON assessments.assessment_key = found.assessment_key
JOIN dim_rule AS rules ON found.rule_key = rules.rule_key
LEFT JOIN dim_province AS provinces ON found.province_key = provinces.province_key AND provinces.kind <> 'cluster'
LEFT JOIN dim_submission AS submissions ON found.submission_key = submissions.submission_key
LEFT JOIN (
    SELECT
        finding_id,
        figure_hash,
        max({decided_at: decided_at, ruling_id: ruling_id, kind: kind, reason: reason}) AS last_word
    FROM fact_ruling
    WHERE kind IN ('accept', 'refuse')
        AND decided_at <= moment::TIMESTAMPTZ
        AND ruling_id NOT IN (
            SELECT revokes FROM fact_ruling WHERE revokes <> '' AND decided_at <= moment::TIMESTAMPTZ
        )
    GROUP BY finding_id, figure_hash
) AS rulings ON found.finding_id = rulings.finding_id AND found.figure_hash = rulings.figure_hash
LEFT JOIN (
    SELECT said.finding_id, said.figure_hash, said.text, min(sent.received_at) AS first_received_at
    FROM fact_explanation AS said
    JOIN dim_reading AS readings ON said.reading_key = readings.reading_key
    JOIN dim_submission AS sent ON readings.sha256 = sent.sha256
    WHERE sent.received_at <= moment::TIMESTAMPTZ
    GROUP BY ALL
) AS written
    ON found.finding_id = written.finding_id
    AND found.figure_hash = written.figure_hash
    AND found.explanation = written.text
