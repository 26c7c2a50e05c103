-- The identifier of a unit that is named by it or by its name; an error where there is none.
CREATE OR REPLACE MACRO known_unit(unit) AS (
    SELECT
        CASE
            WHEN unit IS NOT NULL AND count(*) FILTER (WHERE province_id = unit OR name = unit) = 0
                THEN error(
                    'Không có đơn vị “' || unit || '”; gần nhất: ' || arg_max(name, jaro_winkler_similarity(lower(strip_accents(name)), lower(strip_accents(unit))))
                    || '. Viết tên (Hưng Yên), định danh (hung-yen) hoặc Toàn Cụm; '
                    || 'các đơn vị: SELECT DISTINCT province_id, name FROM dim_province ORDER BY 1'
                )
            ELSE min(province_id) FILTER (WHERE province_id = unit OR name = unit)
        END
    FROM dim_province
)
