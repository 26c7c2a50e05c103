-- Grain: one row per half-year of the calendar × province of a map, with the provinces that it is made of then.
INSERT INTO bridge_period_drawing BY NAME
SELECT
    period_code,
    ends_on,
    drawn_from,
    drawn_to,
    drawn_id,
    any_value(drawn_code) AS drawn_code,
    any_value(drawn_name) AS drawn_name,
    bool_or(relation <> 'same') AS is_redrawn,
    bool_or(relation = 'cut') AS is_cut,
    count(*) AS expected,
    min(province_name) AS a_name,
    string_agg(
        concat_ws(
            chr(9),
            province_id,
            province_name,
            province_name || CASE WHEN is_member THEN '' ELSE ' (không báo cáo trong Cụm)' END
        ),
        chr(10) ORDER BY province_id
    ) AS predecessors
FROM bridge_period_boundary
GROUP BY period_code, ends_on, drawn_from, drawn_to, drawn_id
ORDER BY period_code, drawn_from, drawn_id
