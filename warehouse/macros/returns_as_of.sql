-- Grain: one row per assessed period × member province, with its current submission where there is one, as of a moment.
CREATE OR REPLACE MACRO returns_as_of(moment) AS TABLE
WITH
assessments AS (
    SELECT * FROM assessments_as_of(moment)
),
periods AS (
    SELECT * FROM dim_period
),
memberships AS (
    SELECT * FROM bridge_membership WHERE role = 'member'
),
provinces AS (
    SELECT * FROM dim_province WHERE kind <> 'cluster'
),
members AS (
    SELECT
        assessments.assessment_key,
        assessments.assessed_at,
        assessments.first_assessed_at,
        assessments.due_on,
        assessments.due_before,
        periods.period_code,
        assessments.same_half_next_year,
        assessments.half_after,
        provinces.province_id,
        provinces.province_code,
        provinces.name AS province_name
    FROM assessments
    JOIN periods ON assessments.period_code = periods.period_code
    JOIN provinces
        ON provinces.valid_from <= periods.ends_on
        AND (provinces.valid_to IS NULL OR periods.ends_on < provinces.valid_to)
    WHERE EXISTS (
        SELECT 1
        FROM memberships
        WHERE memberships.province_id = provinces.province_id
            AND memberships.valid_from <= periods.period_code
            AND (memberships.valid_to IS NULL OR periods.period_code <= memberships.valid_to)
    )
),
taken AS (
    SELECT
        assessments.same_half_next_year,
        assessments.half_after,
        judged.assessment_key,
        judged.reading_key,
        judged.verdict,
        coalesce(reading.source, 'reported') AS source,
        submission.*
    FROM bridge_assessment_submission AS judged
    JOIN assessments ON judged.assessment_key = assessments.assessment_key
    JOIN dim_submission AS submission ON judged.submission_key = submission.submission_key
    LEFT JOIN dim_reading AS reading ON judged.reading_key = reading.reading_key
    WHERE judged.is_current
)
SELECT
    members.*,
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
    ON members.assessment_key = taken.assessment_key
    -- Told by the assessment; said again so that a filter on one of them holds on both sides, and few files are read.
    AND members.period_code = taken.period_code
    AND members.same_half_next_year = taken.same_half_next_year
    AND members.half_after = taken.half_after
    AND members.province_id = taken.province_id
