-- The code of a half-year as it was given; an error where the calendar has none like it.
CREATE OR REPLACE MACRO known_period(code) AS (
    SELECT
        CASE
            WHEN code IS NOT NULL AND count(*) = 0
                THEN error(
                    'Không có kỳ “' || code || '”. Viết như 2021H1 (6 tháng đầu năm 2021) hoặc 2021H2; '
                    || 'các kỳ đã có số liệu: SELECT period_code FROM current_assessments ORDER BY period_code'
                )
            ELSE code
        END
    FROM dim_period
    WHERE period_code = code
)
