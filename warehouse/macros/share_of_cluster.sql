-- Grain: one row per assessed period × province that has a row of the indicator, beside the total of the cluster.
CREATE OR REPLACE MACRO share_of_cluster(indicator, partial := FALSE) AS TABLE
WITH
figures AS (
    SELECT * FROM figures_of(indicator)
),
totals AS (
    SELECT assessments.period_code, total.*
    FROM mart_cluster_total AS total
    JOIN assessment_keys_as_of('infinity') AS assessments ON total.assessment_key = assessments.assessment_key
    JOIN dim_indicator AS version ON total.indicator_key = version.indicator_key
    WHERE version.indicator_code = indicator AND total.value_source = 'sum'
),
joined AS (
    SELECT
        figures.*,
        totals.value_without_disputed AS known_total,
        totals.provinces_expected,
        totals.provinces_reporting - totals.disputed_count AS provinces_counted,
        totals.provinces_reporting - totals.disputed_count = totals.provinces_expected AS is_whole
    FROM figures
    LEFT JOIN totals ON figures.period_code = totals.period_code
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
    CASE WHEN aggregation = 'sum' AND (is_whole OR partial) THEN known_total END AS cluster_value,
    provinces_counted,
    provinces_expected,
    NOT is_whole AS is_partial,
    CASE WHEN aggregation = 'sum' AND (is_whole OR partial) THEN quotient(amount, known_total, 2, factor := 100) END AS share_percent,
    CASE
        WHEN aggregation <> 'sum' THEN 'chỉ tiêu không cộng qua các tỉnh nên không có tỷ trọng'
        WHEN missing_because IS NOT NULL THEN missing_because
        WHEN known_total IS NULL THEN 'không có tổng của Cụm'
        WHEN NOT is_whole AND NOT partial
            THEN format('tổng mới có {} trên {} tỉnh; muốn tỷ trọng trong phần đã có thì thêm partial := TRUE', provinces_counted, provinces_expected)
        WHEN known_total = 0 THEN 'tổng của Cụm bằng 0'
        WHEN NOT is_whole THEN format('tỷ trọng trong {} trên {} tỉnh có số', provinces_counted, provinces_expected)
    END AS reason,
    source
FROM joined
