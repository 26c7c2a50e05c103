-- Grain: one row per period that was ever assessed, with its latest assessment, as of a moment.
CREATE OR REPLACE MACRO assessments_as_of(moment) AS TABLE
WITH
assessments AS (
    SELECT * FROM dim_assessment WHERE assessed_at <= moment::TIMESTAMPTZ
),
periods AS (
    SELECT * FROM dim_period
),
ranked AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY period_code ORDER BY assessment_key DESC) AS recency,
        min(assessed_at) OVER (PARTITION BY period_code) AS first_assessed_at
    FROM assessments
)
SELECT
    ranked.period_code,
    ranked.assessment_key,
    ranked.assessed_at,
    ranked.first_assessed_at,
    ranked.input_key,
    ranked.catalogue_hash,
    ranked.reader_version,
    periods.due_on,
    (periods.due_on + 1)::TIMESTAMP AT TIME ZONE 'Asia/Ho_Chi_Minh' AS due_before,
    (left(ranked.period_code, 4)::INTEGER + 1)::VARCHAR || right(ranked.period_code, 2) AS same_half_next_year,
    CASE right(ranked.period_code, 2)
        WHEN 'H1' THEN left(ranked.period_code, 4) || 'H2'
        ELSE (left(ranked.period_code, 4)::INTEGER + 1)::VARCHAR || 'H1'
    END AS half_after
FROM ranked
LEFT JOIN periods ON ranked.period_code = periods.period_code
WHERE ranked.recency = 1
