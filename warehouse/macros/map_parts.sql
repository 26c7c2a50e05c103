-- Grain: one row per period × province that reports in it × province of the map of `day` that has land of it.
CREATE OR REPLACE MACRO map_parts(day, wanted := TRUE) AS TABLE
WITH
days AS (
    SELECT period_code, ends_on, coalesce(CAST(day AS DATE), ends_on) AS boundaries_on FROM dim_period WHERE wanted
),
maps AS (
    SELECT
        days.period_code,
        CASE
            WHEN days.boundaries_on >= first.drawn_from THEN days.boundaries_on
            WHEN first.drawn_from IS NULL THEN error('Kho chưa nạp danh mục nên chưa có bản đồ nào.')
            ELSE error(
                'Không có bản đồ của ngày ' || days.boundaries_on || '; bản đồ đầu tiên từ ' || first.drawn_from || '.'
            )
        END AS boundaries_on,
        days.ends_on
    FROM days
    CROSS JOIN (SELECT min(drawn_from) AS drawn_from FROM bridge_boundary) AS first
)
SELECT
    maps.period_code,
    maps.boundaries_on,
    boundary.*,
    boundary.relation <> 'same' AS is_redrawn
FROM maps
JOIN bridge_boundary AS boundary
    ON boundary.reported_from <= maps.ends_on
    AND maps.ends_on < coalesce(boundary.reported_to, DATE 'infinity')
    AND boundary.drawn_from <= maps.boundaries_on
    AND maps.boundaries_on < coalesce(boundary.drawn_to, DATE 'infinity')
