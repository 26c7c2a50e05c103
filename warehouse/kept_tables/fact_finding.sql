-- When what explains a finding was first received; of the assessments from $1 on.
UPDATE fact_finding
SET explained_at = written.received_at
FROM (
    SELECT said.finding_id, said.figure_hash, said.text, min(sent.received_at) AS received_at
    FROM fact_explanation AS said
    JOIN dim_reading AS reading ON said.reading_key = reading.reading_key
    JOIN dim_submission AS sent ON reading.sha256 = sent.sha256
    GROUP BY said.finding_id, said.figure_hash, said.text
) AS written
WHERE fact_finding.finding_id = written.finding_id
    AND fact_finding.figure_hash = written.figure_hash
    AND fact_finding.explanation = written.text
    AND fact_finding.assessment_key >= $1
