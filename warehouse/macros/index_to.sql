-- Grain: one row per assessed period × province that has a row of the indicator, as a share of its own base period.
CREATE OR REPLACE MACRO index_to(indicator, base_period) AS TABLE
WITH
figures AS (
    SELECT * FROM figures_of(indicator) WHERE known_period(base_period) IS NOT NULL
),
bases AS (
    SELECT * FROM figures_of(indicator) WHERE period_code = base_period
),
joined AS (
    SELECT
        figures.*,
        bases.value AS base_value,
        bases.amount AS base_amount,
        CASE
            WHEN figures.quantity = '%' THEN 'tỷ lệ không tính chỉ số; so bằng điểm phần trăm'
            WHEN figures.time_kind = 'previous_year_rank' THEN 'thứ hạng không tính chỉ số'
            WHEN figures.missing_because IS NOT NULL THEN 'kỳ này: ' || figures.missing_because
            WHEN bases.province_id IS NULL THEN 'kỳ gốc ' || base_period || ': tỉnh không có số liệu của chỉ tiêu này'
            WHEN bases.missing_because IS NOT NULL THEN 'kỳ gốc ' || base_period || ': ' || bases.missing_because
            WHEN bases.extent_since IS DISTINCT FROM figures.extent_since
                THEN 'địa giới của tỉnh đổi từ '
                    || strftime(greatest(figures.extent_since, bases.extent_since), '%d/%m/%Y') || ', không so được'
            WHEN bases.amount = 0 THEN 'kỳ gốc ' || base_period || ' bằng 0'
        END AS reason
    FROM figures
    LEFT JOIN bases ON figures.province_id = bases.province_id
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
    base_period AS base_period_code,
    base_value,
    CASE WHEN reason IS NULL THEN quotient(amount, base_amount, 2, factor := 100) END AS index_value,
    reason,
    source
FROM joined
