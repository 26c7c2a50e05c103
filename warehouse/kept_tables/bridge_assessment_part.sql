-- Grain: one row per latest assessment × member province × province of a map that has land of it; of those from $1 on.
INSERT INTO bridge_assessment_part BY NAME
SELECT
    member.assessment_key,
    member.period_code,
    drawn.ends_on,
    drawn.drawn_from,
    drawn.drawn_to,
    drawn.drawn_id,
    member.province_id,
    drawn.relation <> 'same' AS is_redrawn,
    member.reading_key,
    member.source
FROM bridge_assessment_member AS member
JOIN bridge_period_boundary AS drawn
    ON member.period_code = drawn.period_code
    AND member.province_id = drawn.province_id
JOIN dim_assessment AS assessments ON member.assessment_key = assessments.assessment_key AND assessments.superseded_at IS NULL
WHERE member.assessment_key >= $1
ORDER BY member.period_code, drawn.drawn_from, drawn.drawn_id, member.province_id
