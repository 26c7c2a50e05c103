-- Grain: one row per assessed period × member province × indicator that is required there, or says something, as of a moment.
CREATE OR REPLACE MACRO figures_as_of(moment) AS TABLE
WITH
returns AS (
    SELECT * FROM returns_as_of(moment)
),
indicators AS (
    SELECT * FROM dim_indicator WHERE is_current
),
indicator_versions AS (
    SELECT indicator_key, indicator_code FROM dim_indicator
),
province_versions AS (
    SELECT province_key, province_id FROM dim_province
),
taken AS (
    SELECT DISTINCT period_code, same_half_next_year, half_after, reading_key FROM returns WHERE reading_key IS NOT NULL
),
readings AS (
    SELECT taken.period_code, taken.same_half_next_year, taken.half_after, figure.*, indicator_versions.indicator_code
    FROM fact_observation AS figure
    JOIN taken ON figure.reading_key = taken.reading_key -- inner, so that only the row groups of these files are read
    JOIN indicator_versions ON figure.indicator_key = indicator_versions.indicator_key
),
derivations AS (
    SELECT
        derived.assessment_key,
        province_versions.province_id,
        indicator_versions.indicator_code,
        derived.value
    FROM fact_derived AS derived
    JOIN indicator_versions ON derived.indicator_key = indicator_versions.indicator_key
    JOIN province_versions ON derived.province_key = province_versions.province_key
),
disputes AS (
    SELECT DISTINCT
        disputed.assessment_key,
        province_versions.province_id,
        indicator_versions.indicator_code
    FROM bridge_finding_disputed AS disputed
    JOIN indicator_versions ON disputed.indicator_key = indicator_versions.indicator_key
    JOIN province_versions ON disputed.province_key = province_versions.province_key
),
asked AS (
    SELECT returns.*, indicators.* EXCLUDE (valid_from, valid_to)
    FROM returns
    JOIN indicators
        ON indicators.valid_from <= returns.period_code
        AND (indicators.valid_to IS NULL OR returns.period_code <= indicators.valid_to)
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
        AND asked.reading_key = readings.reading_key
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
    obs_status(status, is_estimated, value IS NOT NULL) AS obs_status
FROM judged
WHERE is_required OR state <> 'blank' OR derived_value IS NOT NULL OR is_disputed
