-- Grain: one row per assessed period × rule × subject for which the rule does not hold, as of a moment.
CREATE OR REPLACE MACRO findings_as_of(moment) AS TABLE
WITH
assessments AS (
    SELECT * FROM assessments_as_of(moment)
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
),
revoked AS (
    SELECT revokes AS ruling_id FROM fact_ruling WHERE revokes <> '' AND decided_at <= moment::TIMESTAMPTZ
),
last_words AS (
    SELECT finding_id, figure_hash, kind, reason, decided_at
    FROM fact_ruling
    WHERE kind IN ('accept', 'refuse')
        AND decided_at <= moment::TIMESTAMPTZ
        AND ruling_id NOT IN (SELECT ruling_id FROM revoked)
    QUALIFY row_number() OVER (PARTITION BY finding_id, figure_hash ORDER BY decided_at DESC, ruling_id DESC) = 1
),
written AS (
    SELECT said.finding_id, said.figure_hash, said.text AS words, min(sent.received_at) AS first_received_at
    FROM fact_explanation AS said
    JOIN dim_reading AS readings ON said.reading_key = readings.reading_key
    JOIN dim_submission AS sent ON readings.sha256 = sent.sha256
    WHERE sent.received_at <= moment::TIMESTAMPTZ
    GROUP BY ALL
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
    found.impact_weight,
    CASE WHEN coalesce(found.status, 'open') = 'open' THEN last_words.reason END AS refusal
FROM assessments
JOIN found ON assessments.assessment_key = found.assessment_key
JOIN rules ON found.rule_key = rules.rule_key
LEFT JOIN provinces ON found.province_key = provinces.province_key
LEFT JOIN submissions ON found.submission_key = submissions.submission_key
LEFT JOIN written
    ON found.finding_id = written.finding_id
    AND found.figure_hash = written.figure_hash
    AND found.explanation = written.words
LEFT JOIN last_words
    ON found.finding_id = last_words.finding_id
    AND found.figure_hash = last_words.figure_hash
    AND last_words.kind = 'refuse'
    AND (written.first_received_at IS NULL OR written.first_received_at <= last_words.decided_at)
