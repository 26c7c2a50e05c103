-- Grain: one row per step in the closing of a half-year.
WITH
steps AS (
    SELECT * FROM fact_closing
)
SELECT
    period_code,
    closing_key AS position,
    closing_id,
    step,
    happened_at,
    decided_by,
    reason,
    seal_no,
    manifest_hash,
    figures_digest,
    findings_digest
FROM steps
