-- Grain: one row per figure and each time that a later file said another value of it.
CREATE OR REPLACE MACRO revised_figures(period := NULL) AS TABLE
WITH
corrections AS (
    SELECT
        period_code,
        province_id,
        province_name,
        indicator_code,
        indicator_name,
        unit,
        'correction' AS kind,
        state_before,
        value_before,
        state AS state_after,
        value AS value_after,
        received_at,
        period_code AS told_in_period,
        submission_id,
        sheet,
        cell,
        source
    FROM changes
    WHERE (period IS NULL OR period_code = period)
        AND (state <> state_before OR value IS DISTINCT FROM value_before)
),
restatements AS (
    SELECT
        revisions.earlier_period AS period_code,
        revisions.province_id,
        revisions.province_name,
        revisions.indicator_code,
        revisions.indicator_name,
        revisions.unit,
        'restatement' AS kind,
        'number' AS state_before,
        revisions.value_then AS value_before,
        'number' AS state_after,
        revisions.value_now AS value_after,
        revisions.received_at,
        revisions.period_code AS told_in_period,
        revisions.submission_id,
        revisions.sheet,
        revisions.cell,
        revisions.source
    FROM revisions
    WHERE period IS NULL OR revisions.earlier_period = period
),
revised AS (
    SELECT * FROM corrections
    UNION ALL
    SELECT * FROM restatements
)
SELECT
    revised.period_code,
    revised.province_id,
    revised.province_name,
    revised.indicator_code,
    revised.indicator_name,
    revised.unit,
    revised.kind,
    revised.state_before,
    revised.value_before,
    revised.state_after,
    revised.value_after,
    revised.value_after - revised.value_before AS difference,
    CASE
        WHEN dim_unit.quantity <> '%' AND dim_indicator.time_kind <> 'previous_year_rank'
            THEN quotient(100 * (revised.value_after - revised.value_before), revised.value_before, 2)
    END AS difference_percent,
    CASE
        WHEN revised.value_before IS NULL OR revised.value_after IS NULL THEN 'trước hoặc sau không có số'
        WHEN dim_unit.quantity = '%' THEN 'tỷ lệ chỉ so bằng điểm phần trăm'
        WHEN dim_indicator.time_kind = 'previous_year_rank' THEN 'thứ hạng chỉ so bằng số bậc'
        WHEN revised.value_before = 0 THEN 'trước đó bằng 0'
    END AS reason,
    revised.received_at,
    revised.told_in_period,
    dim_submission.version,
    dim_submission.file_name,
    revised.sheet,
    revised.cell,
    revised.submission_id,
    revised.source
FROM revised
LEFT JOIN dim_submission ON revised.submission_id = dim_submission.submission_id
LEFT JOIN dim_indicator ON revised.indicator_code = dim_indicator.indicator_code AND dim_indicator.is_current
LEFT JOIN dim_unit ON dim_indicator.unit_code = dim_unit.unit_code
