-- Whose figures each total is made of; of the assessments from $1 on.
UPDATE mart_cluster_total AS totals
SET source_mix = CASE WHEN totals.value_source = 'announced' THEN told.announced ELSE told.summed END
FROM (
    SELECT
        parts.assessment_key,
        parts.position,
        any_value(coalesce(reading.source, 'reported')) FILTER (WHERE judged.submission_key IS NOT NULL) AS announced,
        any_value(mixes.source_mix) AS summed
    FROM mart_cluster_total AS parts
    LEFT JOIN (
        SELECT
            assessment_key,
            CASE
                WHEN bool_or(source = 'synthetic') AND min(source) <> max(source) THEN 'mixed'
                WHEN bool_or(source = 'published_report') THEN 'published_report'
                ELSE min(source)
            END AS source_mix
        FROM bridge_assessment_member
        GROUP BY assessment_key
    ) AS mixes ON parts.assessment_key = mixes.assessment_key
    LEFT JOIN bridge_assessment_submission AS judged
        ON parts.assessment_key = judged.assessment_key
        AND parts.control_submission_key = judged.submission_key
    LEFT JOIN dim_reading AS reading ON judged.reading_key = reading.reading_key
    WHERE parts.assessment_key >= $1
    GROUP BY parts.assessment_key, parts.position
) AS told
WHERE totals.assessment_key = told.assessment_key AND totals.position = told.position
