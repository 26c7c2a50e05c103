-- The code of an indicator as it was given; an error where the catalogue has none like it.
CREATE OR REPLACE MACRO known_indicator(code) AS (
    SELECT
        CASE
            WHEN code IS NOT NULL AND count(*) FILTER (WHERE indicator_code = code) = 0
                THEN error(
                    'Không có chỉ tiêu “' || code || '”; gần nhất: '
                    || arg_max(indicator_code, jaro_winkler_similarity(indicator_code, code))
                    || '. Các mã: SELECT indicator_code, label FROM dim_indicator WHERE is_current ORDER BY section_code, position'
                )
            ELSE code
        END
    FROM dim_indicator
)
