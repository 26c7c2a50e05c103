-- Grain: one row per assessed period × province that has a row of the indicator, counted since the start of the year.
CREATE OR REPLACE MACRO within_year(indicator, numerator := NULL, denominator := NULL) AS TABLE
WITH
figures AS (
    SELECT * FROM figures_of(indicator)
),
formulas AS (
    SELECT * FROM dim_formula WHERE indicator_code = indicator AND numerator_code IS NOT NULL
),
numerators AS (
    SELECT * FROM figures_of(numerator)
),
denominators AS (
    SELECT * FROM figures_of(denominator)
),
parts AS (
    SELECT 'itself' AS part, * FROM figures
    UNION ALL
    SELECT 'numerator' AS part, * FROM numerators
    UNION ALL
    SELECT 'denominator' AS part, * FROM denominators
),
gathered AS (
    SELECT
        parts.part,
        parts.period_code,
        parts.province_id,
        CASE
            WHEN parts.time_kind <> 'flow' OR right(parts.period_code, 2) = 'H1' THEN parts.amount
            WHEN first_half.extent_since IS NOT DISTINCT FROM parts.extent_since THEN parts.amount + first_half.amount
        END AS amount,
        CASE
            WHEN parts.missing_because IS NOT NULL THEN 'kỳ này: ' || parts.missing_because
            WHEN parts.time_kind <> 'flow' OR right(parts.period_code, 2) = 'H1' THEN NULL
            WHEN first_half.province_id IS NULL THEN 'kỳ ' || parts.half_before || ': tỉnh không có số liệu của chỉ tiêu này'
            WHEN first_half.missing_because IS NOT NULL
                THEN 'kỳ ' || parts.half_before || ': ' || first_half.missing_because
            WHEN first_half.extent_since IS DISTINCT FROM parts.extent_since
                THEN 'địa giới của tỉnh đổi từ ' || strftime(parts.extent_since, '%d/%m/%Y') || ', không cộng được'
        END AS reason
    FROM parts
    LEFT JOIN parts AS first_half
        ON parts.part = first_half.part
        AND parts.province_id = first_half.province_id
        AND parts.half_before = first_half.period_code
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
        WHEN 'rebuilt' THEN quotient(methods.factor * above.amount, below.amount, methods.decimals)
        WHEN 'sum' THEN itself.amount
        WHEN 'last' THEN itself.amount
    END AS year_value,
    methods.method,
    CASE
        WHEN methods.method IS NULL THEN methods.refusal
        WHEN methods.method <> 'rebuilt' THEN itself.reason
        WHEN above.reason IS NOT NULL THEN 'tử số, ' || above.reason
        WHEN below.reason IS NOT NULL THEN 'mẫu số, ' || below.reason
        WHEN above.amount IS NULL OR below.amount IS NULL THEN 'tỉnh không ghi tử số hoặc mẫu số'
        WHEN below.amount = 0 THEN 'mẫu số bằng 0'
    END AS reason,
    methods.source
FROM methods
JOIN gathered AS itself
    ON itself.part = 'itself'
    AND methods.period_code = itself.period_code
    AND methods.province_id = itself.province_id
LEFT JOIN gathered AS above
    ON above.part = 'numerator'
    AND methods.period_code = above.period_code
    AND methods.province_id = above.province_id
LEFT JOIN gathered AS below
    ON below.part = 'denominator'
    AND methods.period_code = below.period_code
    AND methods.province_id = below.province_id
