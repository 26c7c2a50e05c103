-- Grain: one row per run of the system in this warehouse.
WITH
runs AS (
    SELECT * FROM fact_run
),
changes AS (
    SELECT run_id, count(*) AS change_count FROM fact_run_change GROUP BY run_id
)
SELECT
    runs.run_id,
    runs.kind,
    runs.period_code,
    runs.trigger,
    runs.started_at,
    runs.ended_at,
    date_diff('millisecond', runs.started_at, runs.ended_at) / 1000 AS seconds,
    runs.state,
    runs.message,
    runs.new_files,
    runs.open_critical,
    runs.open_warning,
    coalesce(changes.change_count, 0) AS change_count,
    runs.host,
    runs.software,
    runs.flow_run_id
FROM runs
LEFT JOIN changes ON runs.run_id = changes.run_id
