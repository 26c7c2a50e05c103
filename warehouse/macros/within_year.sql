-- Grain: one row per assessed period × province that has a row of the indicator, counted since the start of the year.
CREATE OR REPLACE MACRO within_year(indicator, numerator, denominator := NULL) AS TABLE (
    SELECT
        alone.* EXCLUDE (year_value, method, reason, source),
        CASE
            WHEN formulas.indicator_code IS NULL THEN alone.year_value
            ELSE quotient(formulas.factor * above.year_amount, below.year_amount, formulas.decimals)
        END AS year_value,
        CASE WHEN formulas.indicator_code IS NULL THEN alone.method ELSE 'rebuilt' END AS method,
        CASE
            WHEN formulas.indicator_code IS NULL THEN alone.reason
            WHEN above.year_reason IS NOT NULL THEN 'tử số, ' || above.year_reason
            WHEN below.year_reason IS NOT NULL THEN 'mẫu số, ' || below.year_reason
            WHEN above.year_amount IS NULL OR below.year_amount IS NULL THEN 'tỉnh không ghi tử số hoặc mẫu số'
            WHEN below.year_amount = 0 THEN 'mẫu số bằng 0'
        END AS reason,
        alone.source
    FROM year_to_date(indicator) AS alone
    LEFT JOIN dim_formula AS formulas
        ON alone.indicator_code = formulas.indicator_code
        AND formulas.numerator_code = numerator
        AND formulas.denominator_code = denominator
    LEFT JOIN since_january(numerator) AS above
        ON alone.period_code = above.period_code
        AND alone.province_id = above.province_id
    LEFT JOIN since_january(denominator) AS below
        ON alone.period_code = below.period_code
        AND alone.province_id = below.province_id
),
(indicator) AS TABLE (
    SELECT * FROM year_to_date(indicator) -- of its own, so that who names no numerator does not wait for its plan
)
