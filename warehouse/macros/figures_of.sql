-- Grain: one row per assessed period × province that has a row of the indicator in `observations`.
CREATE OR REPLACE MACRO figures_of(indicator) AS TABLE
WITH
counted AS (
    SELECT
        told.*,
        units.quantity,
        CASE
            WHEN told.status IN ('reported', 'derived') THEN told.value
            WHEN told.status = 'none_arising' AND told.aggregation = 'sum' THEN 0
        END::DECIMAL(38, 10) AS amount
    FROM figures_as_of('infinity') AS told
    JOIN (SELECT unit_code, quantity FROM dim_unit WHERE known_indicator(indicator) IS NOT NULL) AS units
        ON told.unit_code = units.unit_code
    WHERE told.indicator_code = indicator
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
    amount,
    CASE
        WHEN amount IS NOT NULL THEN NULL
        WHEN status = 'disputed' THEN 'số liệu đang nghi vấn'
        WHEN submission_id IS NULL THEN 'tỉnh chưa gửi báo cáo'
        WHEN status = 'none_arising' THEN 'không phát sinh'
        WHEN status = 'not_yet_available' THEN 'tỉnh ghi chưa có số liệu'
        ELSE 'ô để trống'
    END AS missing_because,
    (left(period_code, 4)::INTEGER - 1)::VARCHAR || right(period_code, 2) AS same_half_last_year,
    CASE right(period_code, 2)
        WHEN 'H2' THEN left(period_code, 4) || 'H1'
        ELSE (left(period_code, 4)::INTEGER - 1)::VARCHAR || 'H2'
    END AS half_before,
    same_half_next_year,
    half_after,
    half,
    quantity,
    time_kind,
    aggregation,
    table_code,
    unit_code,
    asked_since,
    extent_since,
    members_digest,
    source
FROM counted
