-- Grain: one row per period that was ever assessed, as of a moment.
CREATE OR REPLACE MACRO latest_assessments(moment) AS TABLE
SELECT period_code, assessment_key
FROM dim_assessment
WHERE assessed_at <= moment::TIMESTAMPTZ AND (superseded_at IS NULL OR moment::TIMESTAMPTZ < superseded_at)
