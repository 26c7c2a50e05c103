-- Grain: one row per step from a received file to the figure of one unit and indicator in one period, in their order.
CREATE OR REPLACE MACRO trace(period, province, indicator) AS TABLE
WITH
refused AS (
    SELECT known_period(period) AS period_code, known_unit(province) AS province_id, known_indicator(indicator) AS indicator_code
),
unit AS (
    SELECT DISTINCT province_id, kind = 'cluster' AS is_cluster
    FROM dim_province
    WHERE province_id = province OR name = province
),
asked AS (
    SELECT * FROM dim_indicator WHERE is_current AND indicator_code = indicator
),
figure AS (
    SELECT observations.*
    FROM observations
    JOIN unit ON observations.province_id = unit.province_id
    WHERE observations.period_code = period AND observations.indicator_code = indicator
),
total AS (
    SELECT cluster_totals.*
    FROM cluster_totals
    WHERE cluster_totals.period_code = period AND cluster_totals.indicator_code = indicator
),
operands AS (
    SELECT unnest([dim_formula.numerator_code, dim_formula.denominator_code]) AS indicator_code
    FROM total
    JOIN unit ON unit.is_cluster
    JOIN dim_formula ON dim_formula.indicator_code = indicator
    WHERE total.value_source = 'rebuilt'
    LIMIT 2 -- so that DuckDB knows how few they are, and looks for their figures alone
),
parts AS (
    SELECT observations.*
    FROM observations
    JOIN (SELECT 1 FROM total JOIN unit ON unit.is_cluster WHERE total.value_source = 'sum') AS summed ON TRUE
    WHERE observations.period_code = period AND observations.indicator_code = indicator
    UNION ALL
    SELECT observations.*
    FROM observations
    JOIN operands ON observations.indicator_code = operands.indicator_code
    WHERE observations.period_code = period
),
source_ids AS (
    SELECT submission_id FROM figure WHERE submission_id IS NOT NULL
    UNION
    SELECT control_submission_id FROM total JOIN unit ON unit.is_cluster WHERE control_submission_id IS NOT NULL
),
announced AS (
    SELECT dim_submission.submission_id, told.state, told.raw_text, told.note
    FROM total
    JOIN dim_submission ON total.control_submission_id = dim_submission.submission_id
    JOIN bridge_assessment_submission AS used ON dim_submission.submission_key = used.submission_key
    JOIN current_assessments AS judgement
        ON used.assessment_key = judgement.assessment_key
        AND judgement.period_code = period
    JOIN fact_observation AS told ON used.reading_key = told.reading_key
    JOIN dim_indicator AS version
        ON told.indicator_key = version.indicator_key
        AND version.indicator_code = indicator
),
sources AS (
    SELECT submissions.*
    FROM submissions
    JOIN source_ids ON submissions.submission_id = source_ids.submission_id
    WHERE submissions.period_code = period
),
revoked AS (
    SELECT revokes AS ruling_id FROM fact_ruling WHERE revokes IS NOT NULL
),
rulings AS (
    SELECT fact_ruling.*
    FROM fact_ruling
    JOIN source_ids ON fact_ruling.submission_id = source_ids.submission_id
    WHERE kind = 'choose' AND ruling_id NOT IN (SELECT ruling_id FROM revoked)
),
acceptances AS (
    SELECT finding_id, figure_hash, max(decided_at) AS decided_at, arg_max(decided_by, decided_at) AS decided_by
    FROM fact_ruling
    WHERE kind = 'accept' AND ruling_id NOT IN (SELECT ruling_id FROM revoked)
    GROUP BY finding_id, figure_hash
),
waivers AS (
    SELECT rule_code, province_id, max(decided_at) AS decided_at, arg_max(decided_by, decided_at) AS decided_by
    FROM fact_ruling
    WHERE kind = 'waive' AND ruling_id NOT IN (SELECT ruling_id FROM revoked)
        AND period_code <= period
        AND (coalesce(valid_to, period_code) = 'open' OR period <= coalesce(valid_to, period_code))
    GROUP BY rule_code, province_id
),
found AS (
    SELECT
        findings.*,
        CASE findings.status
            WHEN 'explained' THEN acceptances.decided_by
            WHEN 'waived' THEN waivers.decided_by
        END AS decided_by,
        CASE findings.status
            WHEN 'explained' THEN acceptances.decided_at
            WHEN 'waived' THEN waivers.decided_at
        END AS decided_at
    FROM findings
    JOIN unit ON coalesce(findings.province_id, 'toan-cum') = unit.province_id
    LEFT JOIN acceptances
        ON findings.finding_id = acceptances.finding_id
        AND findings.figure_hash = acceptances.figure_hash
    LEFT JOIN waivers
        ON findings.rule_code = waivers.rule_code
        AND coalesce(waivers.province_id, unit.province_id) = unit.province_id
    WHERE findings.period_code = period
        AND (findings.indicator_code = indicator OR findings.suspect_indicator = indicator)
),
judged AS (
    SELECT assessment_key FROM current_assessments WHERE period_code = period
),
rules AS (
    SELECT *
    FROM dim_rule
    WHERE is_current AND valid_from <= period AND (valid_to IS NULL OR period <= valid_to)
),
checks AS (
    SELECT
        dim_rule.rule_code,
        dim_indicator.indicator_code AS subject_code,
        coalesce(dim_province.province_id, '') AS province_id,
        made.figure,
        made.measured,
        made.low,
        made.high,
        made.is_held
    FROM fact_check AS made
    JOIN judged ON made.assessment_key = judged.assessment_key
    JOIN dim_rule ON made.rule_key = dim_rule.rule_key
    JOIN dim_indicator ON made.indicator_key = dim_indicator.indicator_key
    LEFT JOIN dim_province ON made.province_key = dim_province.province_key
),
reached AS (
    SELECT looked.rule_code, looked.subject_code, subject.label, unit.province_id, unit.is_cluster, figure.value
    FROM bridge_rule_indicator AS looked
    CROSS JOIN unit
    LEFT JOIN figure ON unit.province_id = figure.province_id
    JOIN dim_indicator AS subject
        ON looked.subject_code = subject.indicator_code
        AND subject.is_current
        AND subject.valid_from <= period
        AND (subject.valid_to IS NULL OR period <= subject.valid_to)
    WHERE looked.indicator_code = indicator AND EXISTS (SELECT 1 FROM checks)
),
told AS (
    SELECT rule_code, indicator_code AS subject_code, arg_min(status, position) AS status
    FROM findings
    WHERE period_code = period
        AND coalesce(province_id, 'toan-cum') IN (SELECT province_id FROM unit UNION ALL SELECT 'toan-cum')
    GROUP BY ALL
),
measured AS (
    SELECT
        reached.rule_code,
        reached.subject_code,
        reached.label,
        reached.is_cluster,
        count(checks.is_held) AS check_count,
        bool_and(checks.is_held) AS is_held,
        any_value(checks.measured) AS measured,
        any_value(checks.low) AS low,
        any_value(checks.high) AS high
    FROM reached
    LEFT JOIN checks
        ON reached.rule_code = checks.rule_code
        AND reached.subject_code = checks.subject_code
        AND (
            checks.province_id = reached.province_id
            OR (
                checks.province_id = ''
                AND (
                    reached.is_cluster
                    OR starts_with(checks.rule_code, 'announced_')
                    OR checks.figure = reached.value  -- a rank is looked at together with its equals
                )
            )
        )
    GROUP BY ALL
),
read_by AS (
    SELECT rules.rule_code, count(problem.rule_code) = 0 AS is_held
    FROM figure
    JOIN bridge_assessment_submission AS used ON used.assessment_key = (SELECT assessment_key FROM judged)
    JOIN dim_submission ON used.submission_key = dim_submission.submission_key
        AND figure.submission_id = dim_submission.submission_id
    JOIN rules ON rules.family = 'reading' AND rules.severity <> 'info' AND contains(rules.message, '{label}')
    LEFT JOIN fact_reading_problem AS problem
        ON used.reading_key = problem.reading_key
        AND rules.rule_code = problem.rule_code
        AND problem.indicator_code = indicator
    WHERE figure.cell IS NOT NULL AND EXISTS (SELECT 1 FROM checks)
    GROUP BY rules.rule_code
),
applied AS (
    SELECT rule_code, indicator AS subject_code, NULL AS label, is_held, 1 AS check_count, NULL AS measured, NULL AS low, NULL AS high
    FROM read_by
    UNION ALL BY NAME
    SELECT * EXCLUDE (is_cluster) FROM measured WHERE check_count > 0 OR NOT is_cluster
),
steps AS (
    SELECT
        1 AS stage, 'file' AS step, 'Tệp nhận được' AS title, version AS place,
        'bản thứ ' || version || ' của ' || province_name || ', ' || coalesce(verdict, 'chưa đánh giá') AS said,
        province_name, NULL::DECIMAL(38, 10) AS value, NULL AS unit, NULL AS state, file_name, path, sha256, version,
        NULL AS sheet, NULL AS cell, NULL AS raw_text, received_at AS happened_at, NULL AS decided_by, NULL AS reason,
        NULL AS rule_code, NULL AS severity, submission_id, source
    FROM sources
    UNION ALL BY NAME
    SELECT
        2 AS stage, 'choice' AS step, 'Vì sao dùng tệp này' AS title, version AS place,
        CASE
            WHEN sent_by = 'published-report' THEN 'đơn vị không có báo cáo nào; lấy từ báo cáo đã công bố mà văn phòng đã nhập'
            ELSE 'bản nhận được mới nhất, không có quyết định chọn tệp nào'
        END AS said,
        province_name, submission_id
    FROM sources
    WHERE submission_id NOT IN (SELECT submission_id FROM rulings)
    UNION ALL BY NAME
    SELECT
        2 AS stage, 'choice' AS step, 'Vì sao dùng tệp này' AS title, ruling_key AS place,
        'văn phòng chọn tệp này' AS said, decided_at AS happened_at, decided_by, reason, submission_id
    FROM rulings
    UNION ALL BY NAME
    SELECT
        3 AS stage, 'cell' AS step, 'Ô trong tệp' AS title, 0 AS place,
        CASE WHEN cell IS NULL THEN 'không có ô nào' ELSE 'ô ' || cell || ' trang “' || sheet || '”' END AS said,
        province_name, status AS state, file_name, sheet, cell, raw_text, note AS reason, submission_id, source
    FROM figure
    UNION ALL BY NAME
    SELECT
        3 AS stage, 'cell' AS step, 'Ô số công bố của cụm trưởng' AS title, 0 AS place,
        'ô ' || control_cell || ' trang “' || control_sheet || '”' AS said, 'Toàn Cụm' AS province_name,
        control_value AS value, total.unit, announced.state, control_file_name AS file_name, control_sheet AS sheet,
        control_cell AS cell, announced.raw_text, announced.note AS reason, control_submission_id AS submission_id
    FROM total
    JOIN unit ON unit.is_cluster
    LEFT JOIN announced ON total.control_submission_id = announced.submission_id
    WHERE control_cell IS NOT NULL
    UNION ALL BY NAME
    SELECT
        4 AS stage, 'figure' AS step, 'Giá trị' AS title, 0 AS place,
        status || CASE WHEN is_estimated THEN ', số ước' ELSE '' END AS said,
        province_name, value, figure.unit, status AS state, sheet, cell, raw_text, submission_id, source
    FROM figure
    UNION ALL BY NAME
    SELECT
        5 AS stage, 'part' AS step, 'Số thành phần' AS title,
        row_number() OVER (ORDER BY parts.section_code, parts.position, parts.province_id) AS place,
        parts.indicator_name AS said, parts.province_name, parts.value, parts.unit, parts.status AS state,
        parts.file_name, parts.sheet, parts.cell, parts.raw_text, parts.version, parts.submission_id, parts.source
    FROM parts
    UNION ALL BY NAME
    SELECT
        6 AS stage, 'total' AS step, 'Số toàn Cụm' AS title, 0 AS place,
        value_source || ', ' || provinces_reporting || '/' || provinces_expected || ' tỉnh báo cáo' AS said,
        'Toàn Cụm' AS province_name, value, total.unit, value_source AS state, source_mix AS source
    FROM total
    UNION ALL BY NAME
    SELECT
        7 AS stage, 'rule' AS step, 'Quy tắc đã xét' AS title,
        row_number() OVER (ORDER BY applied.subject_code <> indicator, rules.family, rules.rule_code, applied.subject_code) AS place,
        rules.title
        || CASE WHEN applied.subject_code <> indicator THEN ', khi xét ' || applied.label ELSE '' END
        || CASE
            WHEN applied.measured IS NULL THEN ''
            ELSE ': đo được ' || replace(format('{:.10g}', round(applied.measured, 4) + 0.0), '.', ',')
                || CASE WHEN applied.low IS NULL THEN '' ELSE ', ít nhất ' || replace(format('{:.10g}', round(applied.low, 4) + 0.0), '.', ',') END
                || CASE WHEN applied.high IS NULL THEN '' ELSE ', nhiều nhất ' || replace(format('{:.10g}', round(applied.high, 4) + 0.0), '.', ',') END
        END AS said,
        CASE
            WHEN applied.check_count = 0 THEN 'not_applied'
            WHEN applied.is_held THEN 'passed'
            ELSE coalesce(told.status, 'told_elsewhere')
        END AS state,
        rules.rule_code, rules.severity
    FROM applied
    JOIN rules ON applied.rule_code = rules.rule_code
    LEFT JOIN told ON applied.rule_code = told.rule_code AND applied.subject_code = told.subject_code
    UNION ALL BY NAME
    SELECT
        8 AS stage, 'finding' AS step, 'Quy tắc thấy' AS title, position AS place, message AS said, province_name,
        status AS state, file_name, sheet, cell, observed AS raw_text, explanation AS reason, rule_code, severity,
        decided_by, decided_at AS happened_at, submission_id
    FROM found
    UNION ALL BY NAME
    SELECT
        9 AS stage, 'closing' AS step, 'Chốt kỳ' AS title, position AS place,
        step || coalesce(', bản niêm phong số ' || seal_no, '') AS said, happened_at, decided_by, reason
    FROM closings
    WHERE period_code = period
    UNION ALL BY NAME
    SELECT
        10 AS stage, 'table' AS step, 'Bảng tổng hợp' AS title, 0 AS place,
        'bảng ' || table_code || ', ' || heading AS said, unit_name AS unit
    FROM asked
    WHERE table_code IS NOT NULL AND EXISTS (SELECT 1 FROM unit)
    UNION ALL BY NAME
    SELECT 0 AS stage, 'refused' AS step
    FROM refused
    WHERE concat(period_code, province_id, indicator_code) IS NULL  -- never: what is not known is an error before
)
SELECT
    row_number() OVER (ORDER BY stage, place) AS step_no,
    step,
    title,
    said,
    province_name,
    value,
    unit,
    state,
    file_name,
    path,
    sha256,
    version,
    sheet,
    cell,
    raw_text,
    happened_at,
    decided_by,
    reason,
    rule_code,
    severity,
    submission_id,
    source
FROM steps
ORDER BY step_no
