-- Grain: one row per assessed period × province that has a row of the indicator, with its amount since the start of the year.
CREATE OR REPLACE MACRO since_january(indicator) AS TABLE
WITH
figures AS (
    SELECT * FROM figures_of(indicator)
),
first_halves AS (
    SELECT * FROM figures_of(indicator) WHERE half = 'H1' AND time_kind = 'flow'
)
SELECT
    figures.*,
    CASE
        WHEN figures.time_kind <> 'flow' OR right(figures.period_code, 2) = 'H1' THEN figures.amount
        WHEN first_halves.extent_since IS NOT DISTINCT FROM figures.extent_since THEN figures.amount + first_halves.amount
    END AS year_amount,
    CASE
        WHEN figures.missing_because IS NOT NULL THEN 'kỳ này: ' || figures.missing_because
        WHEN figures.time_kind <> 'flow' OR right(figures.period_code, 2) = 'H1' THEN NULL
        WHEN first_halves.province_id IS NULL
            THEN 'kỳ ' || figures.half_before || ': tỉnh không có số liệu của chỉ tiêu này'
        WHEN first_halves.missing_because IS NOT NULL
            THEN 'kỳ ' || figures.half_before || ': ' || first_halves.missing_because
        WHEN first_halves.extent_since IS DISTINCT FROM figures.extent_since
            THEN 'địa giới của tỉnh đổi từ ' || strftime(figures.extent_since, '%d/%m/%Y') || ', không cộng được'
    END AS year_reason
FROM figures
LEFT JOIN first_halves
    ON figures.province_id = first_halves.province_id
    AND figures.period_code = first_halves.half_after
