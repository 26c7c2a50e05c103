-- Grain: one row per assessed period × current return of a member × province of the map of `day` that has land of it.
CREATE OR REPLACE MACRO map_returns(day, wanted := TRUE) AS TABLE
SELECT
    parts.period_code,
    parts.drawn_id,
    parts.province_id,
    parts.is_redrawn,
    member.assessment_key,
    member.reading_key,
    member.source
FROM map_parts(day, wanted := wanted) AS parts
JOIN bridge_assessment_member AS member
    ON parts.period_code = member.period_code
    AND parts.province_id = member.province_id
    AND member.reading_key IS NOT NULL
SEMI JOIN latest_assessments('infinity') AS latest ON member.assessment_key = latest.assessment_key
