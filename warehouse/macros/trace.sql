-- Grain: one row per step from a received file to the figure of one unit and indicator in one period, in their order.
CREATE OR REPLACE MACRO trace(period, province, indicator) AS TABLE
WITH
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
inputs AS (
    SELECT indicator AS indicator_code
    FROM total
    JOIN unit ON unit.is_cluster
    WHERE total.value_source = 'sum'
    UNION
    SELECT unnest([dim_formula.numerator_code, dim_formula.denominator_code])
    FROM total
    JOIN unit ON unit.is_cluster
    JOIN dim_formula ON dim_formula.indicator_code = indicator
    WHERE total.value_source = 'rebuilt'
),
parts AS (
    SELECT observations.*
    FROM observations
    JOIN inputs ON observations.indicator_code = inputs.indicator_code
    WHERE observations.period_code = period
),
source_ids AS (
    SELECT submission_id FROM figure WHERE submission_id IS NOT NULL
    UNION
    SELECT control_submission_id FROM total JOIN unit ON unit.is_cluster WHERE control_submission_id IS NOT NULL
),
sources AS (
    SELECT submissions.*
    FROM submissions
    JOIN source_ids ON submissions.submission_id = source_ids.submission_id
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
steps AS (
    SELECT
        1 AS stage, 'file' AS step, 'Tệp nhận được' AS title, version AS place,
        'bản thứ ' || version || ' của ' || province_name || ', ' || coalesce(verdict, 'chưa đánh giá') AS said,
        province_name, NULL::DECIMAL(38, 10) AS value, NULL AS unit, NULL AS state, file_name, path, sha256, version,
        NULL AS sheet, NULL AS cell, NULL AS raw_text, received_at AS happened_at, NULL AS decided_by, NULL AS reason,
        NULL AS rule_code, NULL AS severity, submission_id
    FROM sources
    UNION ALL BY NAME
    SELECT
        2 AS stage, 'choice' AS step, 'Vì sao dùng tệp này' AS title, version AS place,
        'bản nhận được mới nhất, không có quyết định chọn tệp nào' AS said,
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
        province_name, status AS state, file_name, sheet, cell, raw_text, note AS reason, submission_id
    FROM figure
    UNION ALL BY NAME
    SELECT
        3 AS stage, 'cell' AS step, 'Ô số công bố của cụm trưởng' AS title, 0 AS place,
        'ô ' || control_cell || ' trang “' || control_sheet || '”' AS said, 'Toàn Cụm' AS province_name,
        control_value AS value, total.unit, control_file_name AS file_name, control_sheet AS sheet,
        control_cell AS cell, control_submission_id AS submission_id
    FROM total
    JOIN unit ON unit.is_cluster
    WHERE control_cell IS NOT NULL
    UNION ALL BY NAME
    SELECT
        4 AS stage, 'figure' AS step, 'Giá trị' AS title, 0 AS place,
        status || CASE WHEN is_estimated THEN ', số ước' ELSE '' END AS said,
        province_name, value, figure.unit, status AS state, sheet, cell, raw_text, submission_id
    FROM figure
    UNION ALL BY NAME
    SELECT
        5 AS stage, 'part' AS step, 'Số thành phần' AS title,
        row_number() OVER (ORDER BY parts.section_code, parts.position, parts.province_id) AS place,
        parts.indicator_name AS said, parts.province_name, parts.value, parts.unit, parts.status AS state,
        parts.file_name, parts.sheet, parts.cell, parts.raw_text, parts.version, parts.submission_id
    FROM parts
    UNION ALL BY NAME
    SELECT
        6 AS stage, 'total' AS step, 'Số toàn Cụm' AS title, 0 AS place,
        value_source || ', ' || provinces_reporting || '/' || provinces_expected || ' tỉnh báo cáo' AS said,
        'Toàn Cụm' AS province_name, value, total.unit, value_source AS state
    FROM total
    UNION ALL BY NAME
    SELECT
        7 AS stage, 'finding' AS step, 'Quy tắc thấy' AS title, position AS place, message AS said, province_name,
        status AS state, file_name, sheet, cell, observed AS raw_text, explanation AS reason, rule_code, severity,
        decided_by, decided_at AS happened_at, submission_id
    FROM found
    UNION ALL BY NAME
    SELECT
        8 AS stage, 'closing' AS step, 'Chốt kỳ' AS title, position AS place,
        step || coalesce(', bản niêm phong số ' || seal_no, '') AS said, happened_at, decided_by, reason
    FROM closings
    WHERE period_code = period
    UNION ALL BY NAME
    SELECT
        9 AS stage, 'table' AS step, 'Bảng tổng hợp' AS title, 0 AS place,
        'bảng ' || table_code || ', ' || heading AS said, unit_name AS unit
    FROM asked
    WHERE table_code IS NOT NULL AND EXISTS (SELECT 1 FROM unit)
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
    submission_id
FROM steps
ORDER BY step_no
