-- Grain: one row per assessed period × province that has a row of the indicator, with its place in the cluster.
CREATE OR REPLACE MACRO ranking(indicator) AS TABLE
WITH
compared AS (
    SELECT
        placed.*,
        last_year.place AS place_last_year,
        before.place AS place_before,
        placed.members_digest = last_year.members_digest AS is_field_of_last_year,
        placed.members_digest = before.members_digest AS is_field_before
    FROM places_of(indicator) AS placed
    LEFT JOIN places_of(indicator) AS last_year
        ON placed.province_id = last_year.province_id
        AND placed.period_code = last_year.same_half_next_year
    LEFT JOIN places_of(indicator) AS before
        ON placed.province_id = before.province_id
        AND placed.period_code = before.half_after
)
SELECT
    period_code,
    province_id,
    province_code,
    province_name,
    indicator_code,
    indicator_name,
    unit,
    value,
    status,
    direction,
    place,
    ranked_count,
    place_last_year,
    CASE WHEN is_field_of_last_year THEN place_last_year - place END AS change_from_last_year,
    place_before,
    CASE WHEN is_field_before THEN place_before - place END AS change_from_half_before,
    CASE
        WHEN direction IS NULL THEN 'danh mục không nêu chiều xếp hạng của chỉ tiêu này'
        WHEN place IS NULL THEN coalesce(missing_because, 'không có số liệu') || ', không xếp hạng'
        WHEN (place_last_year IS NOT NULL AND NOT is_field_of_last_year) OR (place_before IS NOT NULL AND NOT is_field_before)
            THEN 'các tỉnh của Cụm hoặc địa giới đã đổi, không so thứ hạng với kỳ trước khi đổi'
        WHEN place_last_year IS NULL AND place_before IS NULL THEN 'không có thứ hạng ở kỳ trước và cùng kỳ năm trước'
        WHEN place_last_year IS NULL THEN 'không có thứ hạng ở cùng kỳ năm trước'
        WHEN place_before IS NULL THEN 'không có thứ hạng ở kỳ liền trước'
    END AS reason,
    source
FROM compared
