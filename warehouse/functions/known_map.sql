-- TRUE where there is a map of a day, or any map where no day is given; an error where there is none.
CREATE OR REPLACE MACRO known_map(day) AS (
    SELECT
        CASE
            WHEN drawn_from IS NULL THEN error('Kho chưa nạp danh mục nên chưa có bản đồ nào.')
            WHEN CAST(day AS DATE) < drawn_from
                THEN error('Không có bản đồ của ngày ' || CAST(day AS DATE) || '; bản đồ đầu tiên từ ' || drawn_from || '.')
            ELSE TRUE
        END
    FROM (SELECT min(drawn_from) AS drawn_from FROM bridge_boundary) AS first
)
