-- Grain: one row per assessed period × member province, with its current submission where there is one, as of a moment.
CREATE OR REPLACE MACRO returns_as_of(moment) AS TABLE
SELECT
    member.assessment_key,
    assessments.assessed_at,
    assessments.first_assessed_at,
    assessments.due_on,
    assessments.due_before,
    member.period_code,
    member.province_id,
    province.province_code,
    province.name AS province_name,
    member.submission_key,
    submission.submission_id,
    member.reading_key,
    member.verdict,
    submission.version,
    submission.received_at,
    submission.file_name,
    submission.form_version,
    submission.sent_by,
    member.source
FROM bridge_assessment_member AS member
JOIN assessments_as_of(moment) AS assessments
    ON member.assessment_key = assessments.assessment_key
    AND member.period_code = assessments.period_code
JOIN dim_province AS province ON member.province_key = province.province_key
LEFT JOIN dim_submission AS submission ON member.submission_key = submission.submission_key
