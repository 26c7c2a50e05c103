-- Grain: one row per assessed period × member × province of the map of `day` that has land of it.
CREATE OR REPLACE MACRO map_returns(day, wanted := TRUE) AS TABLE
SELECT
    parts.period_code,
    parts.drawn_id,
    parts.province_id,
    parts.is_redrawn,
    parts.assessment_key,
    parts.reading_key,
    parts.source
FROM bridge_assessment_part AS parts
WHERE wanted AND is_map_of(day, parts.ends_on, parts.drawn_from, parts.drawn_to)
