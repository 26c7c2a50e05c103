-- Grain: one row per period that was ever assessed, as of a moment.
CREATE OR REPLACE MACRO latest_assessments(moment) AS TABLE
SELECT period_code, max(assessment_key) AS assessment_key
FROM dim_assessment
WHERE assessed_at <= moment::TIMESTAMPTZ
GROUP BY period_code
