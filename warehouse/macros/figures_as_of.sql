-- Grain: one row per assessed period × member province × indicator that is required there, or says something, as of a moment.
CREATE OR REPLACE MACRO figures_as_of(moment) AS TABLE
-- Each table is named once, so that nothing is put aside whole: DuckDB reads the columns that are asked for, no others.
WITH
indicators AS (
    SELECT * FROM dim_indicator WHERE is_current
),
readings AS (
    SELECT
        assessments.period_code,
        assessments.same_half_next_year,
        assessments.half_after,
        assessments.half,
        judged.submission_key,
        version.indicator_code,
        figure.*
    FROM fact_observation AS figure
    JOIN dim_indicator AS version ON figure.indicator_key = version.indicator_key
    JOIN bridge_assessment_submission AS judged ON figure.reading_key = judged.reading_key AND judged.is_current
    JOIN assessments_as_of(moment) AS assessments ON judged.assessment_key = assessments.assessment_key
),
derivations AS (
    SELECT derived.assessment_key, province.province_id, version.indicator_code, derived.value
    FROM fact_derived AS derived
    JOIN dim_indicator AS version ON derived.indicator_key = version.indicator_key
    JOIN dim_province AS province ON derived.province_key = province.province_key
),
disputes AS (
    SELECT DISTINCT disputed.assessment_key, province.province_id, version.indicator_code
    FROM bridge_finding_disputed AS disputed
    JOIN dim_indicator AS version ON disputed.indicator_key = version.indicator_key
    JOIN dim_province AS province ON disputed.province_key = province.province_key
),
asked AS (
    SELECT returns.*, indicators.* EXCLUDE (valid_to)
    FROM returns_as_of(moment) AS returns
    JOIN indicators
        ON indicators.valid_from <= returns.period_code
        AND returns.period_code <= coalesce(indicators.valid_to, '9999H2')
),
answered AS (
    SELECT
        asked.*,
        coalesce(readings.state, 'blank') AS state,
        readings.value AS read_value,
        coalesce(readings.is_estimated, FALSE) AS is_estimated,
        readings.raw_text,
        readings.sheet,
        readings.cell,
        readings.note,
        derivations.value AS derived_value,
        disputes.indicator_code IS NOT NULL AS is_disputed
    FROM asked
    LEFT JOIN readings
        ON asked.period_code = readings.period_code
        AND asked.same_half_next_year = readings.same_half_next_year
        AND asked.half_after = readings.half_after
        AND asked.half = readings.half
        AND asked.submission_key = readings.submission_key
        AND asked.indicator_code = readings.indicator_code
    LEFT JOIN derivations
        ON asked.assessment_key = derivations.assessment_key
        AND asked.province_id = derivations.province_id
        AND asked.indicator_code = derivations.indicator_code
    LEFT JOIN disputes
        ON asked.assessment_key = disputes.assessment_key
        AND asked.province_id = disputes.province_id
        AND asked.indicator_code = disputes.indicator_code
),
judged AS (
    SELECT
        *,
        CASE
            WHEN is_disputed OR state = 'unreadable' THEN 'disputed'
            WHEN state = 'number' THEN 'reported'
            WHEN state = 'blank' AND derived_value IS NOT NULL THEN 'derived'
            ELSE state
        END AS status,
        CASE WHEN state = 'none_arising' THEN 0 ELSE coalesce(read_value, derived_value) END AS counted_value
    FROM answered
)
SELECT
    period_code,
    same_half_next_year,
    half_after,
    half,
    province_code,
    province_id,
    province_name,
    indicator_code,
    label AS indicator_name,
    unit_name AS unit,
    CASE
        WHEN status = 'derived' THEN derived_value
        WHEN status IN ('reported', 'disputed') THEN read_value
    END AS value,
    status,
    is_estimated,
    raw_text,
    file_name,
    sheet,
    cell,
    version,
    received_at,
    is_required,
    note,
    section_code,
    position,
    submission_id,
    source,
    counted_value,
    obs_status(status, is_estimated, value IS NOT NULL) AS obs_status,
    time_kind,
    aggregation,
    table_code,
    unit_code,
    valid_from AS asked_since
FROM judged
WHERE is_required OR state <> 'blank' OR derived_value IS NOT NULL OR is_disputed
