-- Grain: one row per half-year of the calendar × province that reports in it × province of a map that has land of it.
INSERT INTO bridge_period_boundary BY NAME
SELECT
    periods.period_code,
    periods.ends_on,
    boundary.* EXCLUDE (reported_from, reported_to, expected),
    EXISTS (
        SELECT 1
        FROM bridge_membership AS member
        WHERE member.province_id = boundary.province_id
            AND member.role = 'member'
            AND periods.period_code >= member.valid_from
            AND periods.period_code <= coalesce(member.valid_to, '9999H2')
    ) AS is_member
FROM dim_period AS periods
JOIN bridge_boundary AS boundary
    ON boundary.reported_from <= periods.ends_on
    AND periods.ends_on < coalesce(boundary.reported_to, DATE 'infinity')
ORDER BY periods.period_code, boundary.drawn_from, boundary.drawn_id, boundary.province_id
