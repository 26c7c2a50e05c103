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
    SELECT DISTINCT
        assessments.assessment_key,
        assessments.assessed_at,
        assessments.first_assessed_at,
        assessments.due_on,
        assessments.due_before,
        periods.period_code,
        provinces.province_id,
        provinces.province_code,
        provinces.name AS province_name
    FROM assessments
    JOIN periods ON assessments.period_code = periods.period_code
    JOIN memberships
        ON memberships.valid_from <= periods.period_code
        AND (memberships.valid_to IS NULL OR periods.period_code <= memberships.valid_to)
    JOIN provinces
        ON memberships.province_id = provinces.province_id
        AND provinces.valid_from <= periods.ends_on
        AND (provinces.valid_to IS NULL OR periods.ends_on < provinces.valid_to)
),
taken AS (
    SELECT
        judged.assessment_key,
        judged.reading_key,
        judged.verdict,
        coalesce(reading.source, 'reported') AS source,
        submission.*
    FROM bridge_assessment_submission AS judged
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
    AND members.province_id = taken.province_id
