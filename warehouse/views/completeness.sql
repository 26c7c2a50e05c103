-- Grain: one row per assessed period × member province.
WITH
returns AS (
    SELECT * FROM current_returns
),
figures AS (
    SELECT * FROM observations WHERE is_required
),
found AS (
    SELECT * FROM findings WHERE province_id IS NOT NULL AND status = 'open'
),
judged AS (
    SELECT * FROM bridge_assessment_submission
),
submissions AS (
    SELECT * FROM dim_submission
),
latest_verdicts AS (
    SELECT submission_key, arg_max(verdict, assessment_key) AS verdict
    FROM judged
    GROUP BY submission_key
),
first_accepted AS (
    SELECT submissions.period_code, submissions.province_id, min(submissions.received_at) AS received_at
    FROM submissions
    JOIN latest_verdicts ON submissions.submission_key = latest_verdicts.submission_key
    WHERE latest_verdicts.verdict <> 'rejected' AND submissions.sent_by IS NULL
    GROUP BY submissions.period_code, submissions.province_id
),
cells AS (
    SELECT
        period_code,
        province_id,
        count(*) AS expected,
        count(*) FILTER (
            WHERE status IN ('reported', 'none_arising', 'derived') OR (status = 'disputed' AND value IS NOT NULL)
        ) AS received
    FROM figures
    GROUP BY period_code, province_id
),
counts AS (
    SELECT
        period_code,
        province_id,
        count(*) FILTER (WHERE severity = 'critical') AS critical,
        count(*) FILTER (WHERE severity = 'warning') AS warning,
        count(*) FILTER (WHERE severity = 'info') AS info
    FROM found
    GROUP BY period_code, province_id
)
SELECT
    returns.period_code,
    returns.province_code,
    returns.province_name,
    returns.submission_id IS NOT NULL AND returns.sent_by IS NULL AS is_submitted,
    CASE
        WHEN returns.first_assessed_at >= returns.due_before THEN NULL
        WHEN returns.submission_id IS NOT NULL AND returns.sent_by IS NULL THEN first_accepted.received_at < returns.due_before
        WHEN returns.assessed_at >= returns.due_before THEN FALSE
    END AS is_on_time,
    coalesce(cells.expected, 0) AS cells_expected,
    coalesce(cells.received, 0) AS cells_received,
    coalesce(counts.critical, 0) AS critical_count,
    coalesce(counts.warning, 0) AS warning_count,
    coalesce(counts.info, 0) AS info_count,
    returns.province_id,
    returns.submission_id,
    returns.verdict,
    returns.version,
    returns.received_at,
    returns.due_on,
    returns.sent_by
FROM returns
LEFT JOIN first_accepted
    ON returns.period_code = first_accepted.period_code
    AND returns.province_id = first_accepted.province_id
LEFT JOIN cells
    ON returns.period_code = cells.period_code
    AND returns.province_id = cells.province_id
LEFT JOIN counts
    ON returns.period_code = counts.period_code
    AND returns.province_id = counts.province_id
