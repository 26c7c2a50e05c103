-- Grain: one row per assessed period × member province × indicator that is required there, or says something, as of a moment.
CREATE OR REPLACE MACRO figures_as_of(moment) AS TABLE
WITH
marked AS (
    SELECT
        marks.assessment_key,
        province.province_id,
        version.indicator_code,
        max(marks.value) AS derived_value,
        bool_or(marks.is_disputed) AS is_disputed
    FROM (
        SELECT assessment_key, province_key, indicator_key, value, FALSE AS is_disputed FROM fact_derived
        UNION ALL
        SELECT assessment_key, province_key, indicator_key, NULL, TRUE FROM bridge_finding_disputed
    ) AS marks
    JOIN dim_indicator AS version ON marks.indicator_key = version.indicator_key
    JOIN dim_province AS province ON marks.province_key = province.province_key
    GROUP BY marks.assessment_key, province.province_id, version.indicator_code
),
answered AS (
    SELECT
        member.period_code,
        member.same_half_next_year,
        member.half_after,
        member.half,
        member.extent_since,
        member.members_digest,
        member.source,
        province.province_code,
        member.province_id,
        province.name AS province_name,
        asked.indicator_code,
        asked.label,
        asked.unit_name,
        asked.is_required,
        asked.section_code,
        asked.position,
        asked.time_kind,
        asked.aggregation,
        asked.table_code,
        asked.unit_code,
        asked.valid_from,
        submission.submission_id,
        submission.file_name,
        submission.version,
        submission.received_at,
        coalesce(readings.state, 'blank') AS read_state,
        readings.value AS read_value,
        coalesce(readings.is_estimated, FALSE) AS is_estimated,
        readings.raw_text,
        readings.sheet,
        readings.cell,
        readings.note,
        marked.derived_value,
        coalesce(marked.is_disputed, FALSE) AS is_disputed,
        CASE
            WHEN marked.is_disputed OR read_state = 'unreadable' THEN 'disputed'
            WHEN read_state = 'number' THEN 'reported'
            WHEN read_state = 'blank' AND marked.derived_value IS NOT NULL THEN 'derived'
            ELSE read_state
        END AS status
    FROM bridge_assessment_member AS member
    SEMI JOIN assessment_keys_as_of(moment) AS latest ON member.assessment_key = latest.assessment_key
    JOIN dim_province AS province ON member.province_key = province.province_key
    JOIN dim_indicator AS asked
        ON asked.is_current
        AND asked.valid_from <= member.period_code
        AND member.period_code <= coalesce(asked.valid_to, '9999H2')
    LEFT JOIN dim_submission AS submission ON member.submission_key = submission.submission_key
    LEFT JOIN (
        -- Of the same assessments, so that a filter on a half-year, told or following from it, is one on the files to read.
        SELECT
            sender.period_code,
            sender.same_half_next_year,
            sender.half_after,
            sender.half,
            sender.assessment_key,
            sender.province_id,
            version.indicator_code,
            figure.state,
            figure.value,
            figure.is_estimated,
            figure.raw_text,
            figure.sheet,
            figure.cell,
            figure.note
        FROM fact_observation AS figure
        JOIN dim_indicator AS version ON figure.indicator_key = version.indicator_key
        JOIN bridge_assessment_member AS sender ON figure.reading_key = sender.reading_key
        SEMI JOIN assessment_keys_as_of(moment) AS latest ON sender.assessment_key = latest.assessment_key
    ) AS readings
        ON member.period_code = readings.period_code
        AND member.same_half_next_year = readings.same_half_next_year
        AND member.half_after = readings.half_after
        AND member.half = readings.half
        AND member.assessment_key = readings.assessment_key
        AND member.province_id = readings.province_id
        AND asked.indicator_code = readings.indicator_code
    LEFT JOIN marked
        ON member.assessment_key = marked.assessment_key
        AND member.province_id = marked.province_id
        AND asked.indicator_code = marked.indicator_code
)
SELECT
    period_code,
    same_half_next_year,
    half_after,
    half,
    province_code,
    province_id,
    province_name,
    indicator_code,
    label AS indicator_name,
    unit_name AS unit,
    CASE
        WHEN status = 'derived' THEN derived_value
        WHEN status IN ('reported', 'disputed') THEN read_value
    END AS value,
    status,
    is_estimated,
    raw_text,
    file_name,
    sheet,
    cell,
    version,
    received_at,
    is_required,
    note,
    section_code,
    position,
    submission_id,
    source,
    CASE WHEN read_state = 'none_arising' THEN 0 ELSE coalesce(read_value, derived_value) END AS counted_value,
    obs_status(status, is_estimated, value IS NOT NULL) AS obs_status,
    time_kind,
    aggregation,
    table_code,
    unit_code,
    valid_from AS asked_since,
    extent_since,
    members_digest
FROM answered
WHERE is_required OR read_state <> 'blank' OR derived_value IS NOT NULL OR is_disputed
