-- Grain: one row per assessed period × member province, with its current submission where there is one, as of a moment.
CREATE OR REPLACE MACRO returns_as_of(moment) AS TABLE
WITH
members AS (
    SELECT * FROM members_as_of(moment)
),
taken AS (
    SELECT
        assessments.same_half_next_year,
        assessments.half_after,
        assessments.half,
        judged.reading_key,
        judged.verdict,
        coalesce(reading.source, 'reported') AS source,
        submission.*
    FROM bridge_assessment_submission AS judged
    JOIN assessments_as_of(moment) AS assessments ON judged.assessment_key = assessments.assessment_key
    JOIN dim_submission AS submission ON judged.submission_key = submission.submission_key
    LEFT JOIN dim_reading AS reading ON judged.reading_key = reading.reading_key
    WHERE judged.is_current
)
SELECT
    members.assessment_key,
    members.assessed_at,
    members.first_assessed_at,
    members.due_on,
    members.due_before,
    members.period_code,
    members.same_half_next_year,
    members.half_after,
    members.half,
    members.province_id,
    members.province_code,
    members.province_name,
    taken.submission_key,
    taken.submission_id,
    taken.reading_key,
    taken.verdict,
    taken.version,
    taken.received_at,
    taken.file_name,
    taken.form_version,
    taken.sent_by,
    taken.source
FROM members
LEFT JOIN taken
    -- Said with all that a period tells, so that a filter on any of it holds on both sides, and few files are read.
    ON members.period_code = taken.period_code
    AND members.same_half_next_year = taken.same_half_next_year
    AND members.half_after = taken.half_after
    AND members.half = taken.half
    AND members.province_id = taken.province_id
