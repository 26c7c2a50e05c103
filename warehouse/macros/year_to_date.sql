-- Grain: one row per assessed period × province that has a row of the indicator, counted since the start of the year.
CREATE OR REPLACE MACRO year_to_date(indicator) AS TABLE
WITH
figures AS (
    SELECT * FROM since_january(indicator)
),
formulas AS (
    SELECT * FROM dim_formula WHERE indicator_code = indicator AND numerator_code IS NOT NULL
),
methods AS (
    SELECT
        figures.*,
        CASE
            WHEN figures.quantity = '%' OR figures.time_kind = 'previous_year_rank' THEN NULL
            WHEN figures.time_kind = 'flow' THEN 'sum'
            ELSE 'last'
        END AS method,
        CASE
            WHEN figures.quantity <> '%' THEN 'thứ hạng không cộng dồn'
            WHEN formulas.indicator_code IS NULL
                THEN 'tỷ lệ không cộng dồn và không lấy trung bình; danh mục không nêu tử số và mẫu số để tính lại'
            ELSE format(
                'tỷ lệ không cộng dồn; tính lại được bằng numerator := ''{}'', denominator := ''{}''',
                formulas.numerator_code,
                formulas.denominator_code
            )
        END AS refusal
    FROM figures
    LEFT JOIN formulas ON figures.indicator_code = formulas.indicator_code
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
    CASE WHEN method IS NOT NULL THEN year_amount END AS year_value,
    method,
    CASE WHEN method IS NULL THEN refusal ELSE year_reason END AS reason,
    source
FROM methods
