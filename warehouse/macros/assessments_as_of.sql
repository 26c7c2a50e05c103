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
FROM dim_assessment AS latest
LEFT JOIN dim_period AS periods ON latest.period_code = periods.period_code
WHERE latest.assessed_at <= moment::TIMESTAMPTZ
    AND (latest.superseded_at IS NULL OR moment::TIMESTAMPTZ < latest.superseded_at)
