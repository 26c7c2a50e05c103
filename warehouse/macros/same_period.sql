-- Grain: one row per assessed period × province that has a row of the indicator, beside the same half of the year before.
CREATE OR REPLACE MACRO same_period(indicator) AS TABLE
WITH
-- Two calls, not one that is looked at twice: so each reads the files of its half-year alone.
figures AS (
    SELECT * FROM figures_of(indicator)
),
earlier AS (
    SELECT * FROM figures_of(indicator)
),
assessed AS (
    SELECT DISTINCT period_code FROM dim_assessment
),
paired AS (
    SELECT
        figures.*,
        earlier.value AS earlier_value,
        earlier.status AS earlier_status,
        earlier.amount AS earlier_amount,
        earlier.source AS earlier_source,
        CASE
            WHEN figures.missing_because IS NOT NULL THEN 'kỳ này: ' || figures.missing_because
            WHEN assessed.period_code IS NULL THEN 'kỳ ' || figures.same_half_last_year || ' chưa có trong kho'
            WHEN figures.asked_since > figures.same_half_last_year
                THEN 'chỉ tiêu chưa được hỏi ở kỳ ' || figures.same_half_last_year
            WHEN earlier.province_id IS NULL
                THEN 'kỳ ' || figures.same_half_last_year || ': tỉnh không có số liệu của chỉ tiêu này'
            WHEN earlier.missing_because IS NOT NULL
                THEN 'kỳ ' || figures.same_half_last_year || ': ' || earlier.missing_because
            WHEN earlier.extent_since IS DISTINCT FROM figures.extent_since
                THEN 'địa giới của tỉnh đổi từ ' || strftime(figures.extent_since, '%d/%m/%Y') || ', không so được'
        END AS unpaired_because
    FROM figures
    LEFT JOIN earlier
        ON figures.province_id = earlier.province_id
        AND figures.period_code = earlier.same_half_next_year
    LEFT JOIN assessed ON figures.same_half_last_year = assessed.period_code
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
    same_half_last_year AS earlier_period,
    earlier_value,
    earlier_status,
    CASE WHEN unpaired_because IS NULL THEN amount - earlier_amount END AS difference,
    CASE
        WHEN quantity = '%' THEN 'điểm %'
        WHEN time_kind = 'previous_year_rank' THEN 'bậc'
        ELSE unit
    END AS difference_unit,
    CASE
        WHEN unpaired_because IS NULL AND quantity <> '%' AND time_kind <> 'previous_year_rank'
            THEN quotient(amount - earlier_amount, earlier_amount, 2, factor := 100)
    END AS growth_percent,
    CASE
        WHEN unpaired_because IS NOT NULL THEN unpaired_because
        WHEN quantity = '%' THEN 'tỷ lệ chỉ so bằng điểm phần trăm, không tính tốc độ tăng'
        WHEN time_kind = 'previous_year_rank' THEN 'thứ hạng chỉ so bằng số bậc, không tính tốc độ tăng'
        WHEN earlier_amount = 0 THEN 'kỳ ' || same_half_last_year || ' bằng 0, không tính được tốc độ tăng'
    END AS reason,
    source,
    earlier_source
FROM paired
