-- Grain: one row per period that was ever assessed, with its latest assessment, as of a moment.
CREATE OR REPLACE MACRO assessments_as_of(moment) AS TABLE
SELECT
    latest.period_code,
    latest.assessment_key,
    latest.assessed_at,
    latest.first_assessed_at,
    latest.input_key,
    latest.catalogue_hash,
    latest.reader_version,
    periods.due_on,
    (periods.due_on + 1)::TIMESTAMP AT TIME ZONE 'Asia/Ho_Chi_Minh' AS due_before
FROM (
    -- Grouped, not ranked: what is not asked for is then not computed.
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
) AS latest
LEFT JOIN dim_period AS periods ON latest.period_code = periods.period_code
