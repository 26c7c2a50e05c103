-- Grain: one row per assessed period × current return of a member × province of the map of `day` that has land of it.
CREATE OR REPLACE MACRO map_returns(day, wanted := TRUE) AS TABLE
SELECT
    parts.period_code,
    parts.drawn_id,
    parts.province_id,
    parts.is_redrawn,
    judged.assessment_key,
    judged.reading_key,
    coalesce(reading.source, 'reported') AS source
FROM map_parts(day, wanted := wanted) AS parts
JOIN dim_submission AS submission
    ON parts.period_code = submission.period_code
    AND parts.province_id = submission.province_id
JOIN bridge_assessment_submission AS judged ON submission.submission_key = judged.submission_key AND judged.is_current
JOIN assessments_as_of('infinity') AS assessments ON judged.assessment_key = assessments.assessment_key
JOIN dim_reading AS reading ON judged.reading_key = reading.reading_key -- a current return was read
SEMI JOIN bridge_membership AS member
    ON parts.province_id = member.province_id
    AND member.role = 'member'
    AND parts.period_code >= member.valid_from
    AND parts.period_code <= coalesce(member.valid_to, '9999H2')
