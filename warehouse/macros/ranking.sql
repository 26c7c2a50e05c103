-- Grain: one row per assessed period × province that has a row of the indicator, with its place in the cluster.
CREATE OR REPLACE MACRO ranking(indicator) AS TABLE
WITH
figures AS (
    SELECT *, CASE WHEN status = 'none_arising' THEN 0 ELSE value END AS ranked_value FROM figures_of(indicator)
),
directions AS (
    SELECT tables.table_code, tables.direction, sorted.unit_code
    FROM dim_table AS tables
    JOIN dim_indicator AS sorted ON tables.sort_by = sorted.indicator_code AND sorted.is_current
),
directed AS (
    SELECT
        figures.*,
        CASE
            WHEN directions.unit_code = figures.unit_code OR directions.direction = 'descending' THEN directions.direction
        END AS direction
    FROM figures
    LEFT JOIN directions ON figures.table_code = directions.table_code
),
placed AS (
    SELECT
        *,
        CASE
            WHEN ranked_value IS NOT NULL AND direction IS NOT NULL
                THEN rank() OVER (
                    PARTITION BY period_code
                    ORDER BY CASE direction WHEN 'descending' THEN -ranked_value ELSE ranked_value END NULLS LAST
                )
        END AS place,
        count(ranked_value) OVER (PARTITION BY period_code) AS ranked_count
    FROM directed
),
fields AS (
    SELECT
        returns.period_code,
        list(returns.province_id || coalesce(extents.since, '') ORDER BY returns.province_id) AS members
    FROM current_returns AS returns
    LEFT JOIN (
        SELECT DISTINCT period_code, province_id, extent_since::VARCHAR AS since FROM figures
    ) AS extents
        ON returns.period_code = extents.period_code
        AND returns.province_id = extents.province_id
    GROUP BY returns.period_code
),
compared AS (
    SELECT
        placed.*,
        last_year.place AS place_last_year,
        before.place AS place_before,
        field.members IS NOT DISTINCT FROM field_last_year.members AS is_field_of_last_year,
        field.members IS NOT DISTINCT FROM field_before.members AS is_field_before
    FROM placed
    LEFT JOIN placed AS last_year
        ON placed.province_id = last_year.province_id
        AND placed.same_half_last_year = last_year.period_code
    LEFT JOIN placed AS before
        ON placed.province_id = before.province_id
        AND placed.half_before = before.period_code
    LEFT JOIN fields AS field ON placed.period_code = field.period_code
    LEFT JOIN fields AS field_last_year ON placed.same_half_last_year = field_last_year.period_code
    LEFT JOIN fields AS field_before ON placed.half_before = field_before.period_code
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
