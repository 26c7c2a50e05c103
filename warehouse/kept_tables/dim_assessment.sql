-- When each period was assessed first, and each of its assessments overtaken by a later one; of periods assessed since $1.
UPDATE dim_assessment
SET first_assessed_at = turns.first_assessed_at, superseded_at = turns.superseded_at
FROM (
    SELECT
        assessment_key,
        min(assessed_at) OVER of_its_period AS first_assessed_at,
        min(assessed_at) OVER (
            of_its_period
            ORDER BY assessment_key ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS superseded_at
    FROM dim_assessment
    WHERE period_code IN (SELECT period_code FROM dim_assessment WHERE assessment_key >= $1)
    WINDOW of_its_period AS (PARTITION BY period_code)
) AS turns
WHERE dim_assessment.assessment_key = turns.assessment_key
