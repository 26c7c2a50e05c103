-- Grain: one row per period that was ever assessed, as of a moment.
CREATE OR REPLACE MACRO assessment_keys_as_of(moment) AS TABLE
SELECT period_code, assessment_key
FROM dim_assessment
WHERE assessed_at <= moment::TIMESTAMPTZ AND (superseded_at IS NULL OR moment::TIMESTAMPTZ < superseded_at)
