-- Grain: one row per figure and each time that a later file said another value of it.
CREATE OR REPLACE MACRO revised_figures(period := NULL) AS TABLE
WITH
-- Keys until here: what is named is looked up once, for corrections and restatements together.
revised AS (
    SELECT
        'correction' AS kind,
        period_code,
        province_id,
        NULL AS province_name, -- its name at the end of the period, looked up below
        indicator_key,
        state_before,
        value_before,
        state AS state_after,
        value AS value_after,
        submission_key,
        later_reading_key AS reading_key,
        sheet,
        cell
    FROM paired_figures(period)
    WHERE state <> state_before OR value IS DISTINCT FROM value_before
    UNION ALL
    SELECT
        'restatement' AS kind,
        restated.earlier_period AS period_code,
        provinces.province_id,
        provinces.name AS province_name,
        restated.indicator_key,
        'number' AS state_before,
        restated.value_then AS value_before,
        'number' AS state_after,
        restated.value_now AS value_after,
        restated.submission_key,
        judged.reading_key,
        restated.sheet,
        restated.cell
    FROM fact_revision AS restated
    JOIN dim_province AS provinces ON restated.province_key = provinces.province_key
    JOIN bridge_assessment_submission AS judged
        ON restated.assessment_key = judged.assessment_key
        AND restated.submission_key = judged.submission_key
    SEMI JOIN assessment_keys_as_of('infinity') AS latest ON restated.assessment_key = latest.assessment_key
    WHERE period IS NULL OR restated.earlier_period = period
)
SELECT
    revised.period_code,
    revised.province_id,
    coalesce(revised.province_name, provinces.name) AS province_name,
    told.indicator_code,
    told.label AS indicator_name,
    told.unit_name AS unit,
    revised.kind,
    revised.state_before,
    revised.value_before,
    revised.state_after,
    revised.value_after,
    revised.value_after - revised.value_before AS difference,
    CASE
        WHEN dim_unit.quantity <> '%' AND dim_indicator.time_kind <> 'previous_year_rank'
            THEN quotient(revised.value_after - revised.value_before, revised.value_before, 2, factor := 100)
    END AS difference_percent,
    CASE
        WHEN revised.value_before IS NULL OR revised.value_after IS NULL THEN 'trước hoặc sau không có số'
        WHEN dim_unit.quantity = '%' THEN 'tỷ lệ chỉ so bằng điểm phần trăm'
        WHEN dim_indicator.time_kind = 'previous_year_rank' THEN 'thứ hạng chỉ so bằng số bậc'
        WHEN revised.value_before = 0 THEN 'trước đó bằng 0'
    END AS reason,
    sent.received_at,
    sent.period_code AS told_in_period,
    sent.version,
    sent.file_name,
    revised.sheet,
    revised.cell,
    sent.submission_id,
    coalesce(readings.source, 'reported') AS source
FROM revised
JOIN dim_indicator AS told ON revised.indicator_key = told.indicator_key
JOIN dim_submission AS sent ON revised.submission_key = sent.submission_key
LEFT JOIN dim_period AS periods ON sent.period_code = periods.period_code
LEFT JOIN dim_province AS provinces
    ON revised.province_id = provinces.province_id
    AND provinces.valid_from <= periods.ends_on
    AND periods.ends_on < coalesce(provinces.valid_to, DATE 'infinity') -- an OR would compare every pair
LEFT JOIN dim_reading AS readings ON revised.reading_key = readings.reading_key
LEFT JOIN dim_indicator ON told.indicator_code = dim_indicator.indicator_code AND dim_indicator.is_current
LEFT JOIN dim_unit ON dim_indicator.unit_code = dim_unit.unit_code
