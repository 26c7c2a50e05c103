-- Grain: one row per period that was ever assessed, with its latest assessment, as of a moment.
CREATE OR REPLACE MACRO assessments_as_of(moment) AS TABLE
WITH
-- Grouped, not ranked: what is not asked for is then not computed.
latest AS (
    SELECT
        period_code,
        max(assessment_key) AS assessment_key,
        arg_max(assessed_at, assessment_key) AS assessed_at,
        min(assessed_at) AS first_assessed_at,
        arg_max(input_key, assessment_key) AS input_key,
        arg_max(catalogue_hash, assessment_key) AS catalogue_hash,
        arg_max(reader_version, assessment_key) AS reader_version
    FROM dim_assessment
    WHERE assessed_at <= moment::TIMESTAMPTZ
    GROUP BY period_code
)
SELECT
    latest.period_code,
    latest.assessment_key,
    latest.assessed_at,
    latest.first_assessed_at,
    latest.input_key,
    latest.catalogue_hash,
    latest.reader_version,
    periods.due_on,
    (periods.due_on + 1)::TIMESTAMP AT TIME ZONE 'Asia/Ho_Chi_Minh' AS due_before,
    (left(latest.period_code, 4)::INTEGER + 1)::VARCHAR || right(latest.period_code, 2) AS same_half_next_year,
    CASE right(latest.period_code, 2)
        WHEN 'H1' THEN left(latest.period_code, 4) || 'H2'
        ELSE (left(latest.period_code, 4)::INTEGER + 1)::VARCHAR || 'H1'
    END AS half_after,
    periods.ends_on,
    right(latest.period_code, 2) AS half
FROM latest
LEFT JOIN dim_period AS periods ON latest.period_code = periods.period_code
