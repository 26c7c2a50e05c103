-- Grain: one row per assessed period × province that has a row of the indicator, counted since the start of the year.
CREATE OR REPLACE MACRO within_year(indicator, numerator := NULL, denominator := NULL) AS TABLE
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
            WHEN formulas.numerator_code = numerator AND formulas.denominator_code = denominator THEN 'rebuilt'
            WHEN figures.quantity = '%' OR figures.time_kind = 'previous_year_rank' THEN NULL
            WHEN figures.time_kind = 'flow' THEN 'sum'
            ELSE 'last'
        END AS method,
        formulas.factor,
        formulas.decimals,
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
    methods.period_code,
    methods.province_id,
    methods.province_code,
    methods.province_name,
    methods.indicator_code,
    methods.indicator_name,
    methods.unit,
    methods.value,
    methods.status,
    CASE methods.method
        WHEN 'rebuilt' THEN quotient(methods.factor * above.year_amount, below.year_amount, methods.decimals)
        WHEN 'sum' THEN methods.year_amount
        WHEN 'last' THEN methods.year_amount
    END AS year_value,
    methods.method,
    CASE
        WHEN methods.method IS NULL THEN methods.refusal
        WHEN methods.method <> 'rebuilt' THEN methods.year_reason
        WHEN above.year_reason IS NOT NULL THEN 'tử số, ' || above.year_reason
        WHEN below.year_reason IS NOT NULL THEN 'mẫu số, ' || below.year_reason
        WHEN above.year_amount IS NULL OR below.year_amount IS NULL THEN 'tỉnh không ghi tử số hoặc mẫu số'
        WHEN below.year_amount = 0 THEN 'mẫu số bằng 0'
    END AS reason,
    methods.source
FROM methods
LEFT JOIN since_january(numerator) AS above
    ON methods.period_code = above.period_code
    AND methods.province_id = above.province_id
LEFT JOIN since_january(denominator) AS below
    ON methods.period_code = below.period_code
    AND methods.province_id = below.province_id
