-- Grain: one row per assessed period × province of the map of `day` × indicator that has a row in `observations` there.
CREATE OR REPLACE MACRO on_boundaries_of(indicator, day, partial := FALSE) AS TABLE
WITH
named AS (
    SELECT
        CASE
            WHEN known.indicator_code IS NULL
                THEN error('Không có chỉ tiêu ' || asked.code || '; các mã có trong bảng dim_indicator.')
            ELSE asked.code
        END AS code
    FROM (SELECT indicator AS code) AS asked
    LEFT JOIN (SELECT DISTINCT indicator_code FROM dim_indicator) AS known ON asked.code = known.indicator_code
    WHERE asked.code IS NOT NULL
),
indicators AS (
    SELECT
        known.*,
        formula.factor,
        formula.decimals AS places,
        formula.numerator_code,
        formula.denominator_code,
        CASE
            WHEN known.aggregation = 'sum' THEN NULL
            WHEN known.aggregation = 'rebuild' AND formula.factor IS NOT NULL THEN NULL
            WHEN known.aggregation = 'rebuild' THEN 'công thức không phải một tỷ số nên không tính lại được'
            WHEN known.time_kind = 'growth' AND known.growth_of IS NOT NULL
                THEN format('mức tăng, giảm không cộng được; hãy tính từ {} của hai kỳ trên cùng địa giới', known.growth_of)
            WHEN known.time_kind = 'growth' THEN 'mức tăng, giảm không cộng được, và biểu không có số gốc để tính lại'
            WHEN known.time_kind = 'previous_year_rank' THEN 'xếp hạng là của từng tỉnh nên không gộp được'
            WHEN known.unit_code = 'percent' THEN 'tỷ lệ không có tử số và mẫu số trong biểu nên không tính lại được'
            ELSE 'danh mục không cho cộng chỉ tiêu này qua các tỉnh'
        END AS refusal
    FROM dim_indicator AS known
    LEFT JOIN dim_formula AS formula ON known.indicator_code = formula.indicator_code
    WHERE known.is_current AND (indicator IS NULL OR known.indicator_code IN (SELECT code FROM named))
),
days AS (
    SELECT period_code, ends_on, coalesce(CAST(day AS DATE), ends_on) AS boundaries_on FROM dim_period
),
maps AS (
    SELECT
        days.period_code,
        CASE
            WHEN days.boundaries_on >= first.drawn_from THEN days.boundaries_on
            WHEN first.drawn_from IS NULL THEN error('Kho chưa nạp danh mục nên chưa có bản đồ nào.')
            ELSE error(
                'Không có bản đồ của ngày ' || days.boundaries_on || '; bản đồ đầu tiên từ ' || first.drawn_from || '.'
            )
        END AS boundaries_on,
        days.ends_on
    FROM days
    CROSS JOIN (SELECT min(drawn_from) AS drawn_from FROM bridge_boundary) AS first
),
parts AS (
    SELECT maps.period_code, maps.boundaries_on, boundary.*
    FROM maps
    JOIN bridge_boundary AS boundary
        ON boundary.reported_from <= maps.ends_on
        AND (boundary.reported_to IS NULL OR maps.ends_on < boundary.reported_to)
        AND boundary.drawn_from <= maps.boundaries_on
        AND (boundary.drawn_to IS NULL OR maps.boundaries_on < boundary.drawn_to)
),
seen AS (
    SELECT
        period_code,
        province_id,
        indicator_code,
        indicator_name,
        unit,
        value,
        status,
        counted_value,
        is_estimated,
        source,
        section_code,
        position
    FROM observations
    WHERE indicator IS NULL OR indicator_code = indicator
),
kept AS (
    SELECT
        seen.* EXCLUDE (province_id, counted_value),
        parts.boundaries_on,
        parts.drawn_id AS province_id,
        parts.drawn_code AS province_code,
        parts.drawn_name AS province_name,
        1 AS predecessors_expected,
        CASE WHEN seen.counted_value IS NULL THEN 0 ELSE 1 END AS predecessors_known,
        CASE WHEN seen.counted_value IS NULL THEN parts.province_name END AS predecessors_missing,
        CASE WHEN seen.counted_value IS NOT NULL AND seen.status = 'disputed' THEN 1 ELSE 0 END AS disputed_count,
        FALSE AS is_redrawn
    FROM seen
    JOIN parts
        ON seen.period_code = parts.period_code
        AND seen.province_id = parts.province_id
    WHERE parts.relation = 'same'
),
members AS (
    SELECT DISTINCT parts.period_code, parts.province_id
    FROM parts
    JOIN bridge_membership AS member
        ON parts.province_id = member.province_id
        AND member.role = 'member'
        AND member.valid_from <= parts.period_code
        AND (member.valid_to IS NULL OR parts.period_code <= member.valid_to)
),
redrawn_parts AS (
    SELECT
        parts.*,
        members.province_id IS NOT NULL AS is_member,
        parts.province_name
            || CASE WHEN members.province_id IS NULL THEN ' (không báo cáo trong Cụm)' ELSE '' END AS told_name
    FROM parts
    LEFT JOIN members
        ON parts.period_code = members.period_code
        AND parts.province_id = members.province_id
    WHERE parts.relation <> 'same'
),
due AS (
    SELECT DISTINCT seen.period_code, redrawn_parts.drawn_id, seen.indicator_code
    FROM seen
    JOIN redrawn_parts
        ON seen.period_code = redrawn_parts.period_code
        AND seen.province_id = redrawn_parts.province_id
),
operands AS (
    SELECT asked.indicator_code, known.indicator_key, known.indicator_code = asked.numerator_code AS is_numerator
    FROM indicators AS asked
    JOIN dim_indicator AS known ON known.indicator_code IN (asked.numerator_code, asked.denominator_code)
    WHERE asked.aggregation = 'rebuild' AND asked.factor IS NOT NULL
),
assessments AS (
    SELECT max(assessment_key) AS assessment_key FROM dim_assessment GROUP BY period_code
),
returns AS (
    SELECT judged.assessment_key, judged.reading_key, submission.period_code, submission.province_id
    FROM bridge_assessment_submission AS judged
    JOIN assessments ON judged.assessment_key = assessments.assessment_key
    JOIN dim_submission AS submission ON judged.submission_key = submission.submission_key
    WHERE judged.is_current
),
operand_figures AS (
    SELECT
        returns.period_code,
        returns.province_id,
        operands.indicator_code,
        operands.is_numerator,
        CASE WHEN figure.state = 'none_arising' THEN 0 ELSE figure.value END AS amount,
        figure.is_estimated,
        FALSE AS is_disputed
    FROM fact_observation AS figure
    JOIN operands ON figure.indicator_key = operands.indicator_key
    JOIN returns ON figure.reading_key = returns.reading_key
    UNION ALL
    SELECT
        returns.period_code,
        returns.province_id,
        operands.indicator_code,
        operands.is_numerator,
        derived.value,
        FALSE,
        FALSE
    FROM fact_derived AS derived
    JOIN operands ON derived.indicator_key = operands.indicator_key
    JOIN dim_province AS province ON derived.province_key = province.province_key
    JOIN returns
        ON derived.assessment_key = returns.assessment_key
        AND province.province_id = returns.province_id
    UNION ALL
    SELECT
        returns.period_code,
        returns.province_id,
        operands.indicator_code,
        operands.is_numerator,
        NULL,
        FALSE,
        TRUE
    FROM bridge_finding_disputed AS disputed
    JOIN operands ON disputed.indicator_key = operands.indicator_key
    JOIN dim_province AS province ON disputed.province_key = province.province_key
    JOIN returns
        ON disputed.assessment_key = returns.assessment_key
        AND province.province_id = returns.province_id
),
fractions AS (
    SELECT
        period_code,
        province_id,
        indicator_code,
        max(amount) FILTER (WHERE is_numerator) AS numerator,
        max(amount) FILTER (WHERE NOT is_numerator) AS denominator,
        bool_or(is_estimated) AS is_estimated,
        bool_or(is_disputed) AS is_disputed
    FROM operand_figures
    GROUP BY period_code, province_id, indicator_code
),
contributions AS (
    SELECT
        redrawn_parts.*,
        due.indicator_code,
        seen.counted_value AS amount,
        fractions.numerator,
        fractions.denominator,
        CASE
            WHEN asked.aggregation = 'rebuild'
                THEN redrawn_parts.is_member AND fractions.numerator + fractions.denominator IS NOT NULL
            ELSE seen.counted_value IS NOT NULL
        END AS is_known,
        CASE
            WHEN asked.aggregation = 'rebuild' THEN fractions.is_disputed
            ELSE seen.status = 'disputed'
        END AS is_disputed,
        CASE
            WHEN asked.aggregation = 'rebuild' THEN fractions.is_estimated
            ELSE seen.is_estimated
        END AS is_estimated,
        seen.source
    FROM due
    JOIN redrawn_parts
        ON due.period_code = redrawn_parts.period_code
        AND due.drawn_id = redrawn_parts.drawn_id
    JOIN indicators AS asked ON due.indicator_code = asked.indicator_code
    LEFT JOIN seen
        ON redrawn_parts.period_code = seen.period_code
        AND redrawn_parts.province_id = seen.province_id
        AND due.indicator_code = seen.indicator_code
    LEFT JOIN fractions
        ON redrawn_parts.period_code = fractions.period_code
        AND redrawn_parts.province_id = fractions.province_id
        AND due.indicator_code = fractions.indicator_code
),
gathered AS (
    SELECT
        period_code,
        boundaries_on,
        drawn_id,
        drawn_code,
        drawn_name,
        indicator_code,
        bool_or(relation = 'cut') AS is_cut,
        count(*) AS expected,
        count(*) FILTER (WHERE is_known) AS known,
        sum(amount) FILTER (WHERE is_known) AS amount,
        sum(numerator) FILTER (WHERE is_known) AS numerator,
        sum(denominator) FILTER (WHERE is_known) AS denominator,
        count(*) FILTER (WHERE is_known AND is_disputed) AS disputed_count,
        coalesce(bool_or(is_estimated) FILTER (WHERE is_known), FALSE) AS is_estimated,
        min(province_name) AS a_name,
        list(province_name) FILTER (WHERE NOT is_known) AS missing,
        list(told_name) FILTER (WHERE NOT is_known) AS missing_told,
        CASE WHEN min(source) <> max(source) THEN 'mixed' ELSE min(source) END AS source
    FROM contributions
    GROUP BY period_code, boundaries_on, drawn_id, drawn_code, drawn_name, indicator_code
),
computed AS (
    SELECT
        gathered.*,
        asked.label,
        asked.unit_name,
        asked.section_code,
        asked.position,
        asked.refusal,
        CASE
            WHEN asked.refusal IS NOT NULL THEN NULL
            WHEN asked.aggregation = 'sum' THEN gathered.amount
            ELSE TRY(quotient(asked.factor * gathered.numerator, gathered.denominator, asked.places))
        END AS result,
        CASE
            WHEN gathered.is_cut OR asked.refusal IS NOT NULL THEN 'refused'
            WHEN gathered.known = 0 OR (gathered.known < gathered.expected AND NOT partial) THEN 'incomplete'
            WHEN result IS NULL THEN 'refused'
            WHEN gathered.known < gathered.expected THEN 'partial'
            WHEN asked.aggregation = 'sum' THEN 'summed'
            ELSE 'rebuilt'
        END AS status
    FROM gathered
    JOIN indicators AS asked ON gathered.indicator_code = asked.indicator_code
),
redrawn AS (
    SELECT
        period_code,
        boundaries_on,
        drawn_id AS province_id,
        drawn_code AS province_code,
        drawn_name AS province_name,
        indicator_code,
        label AS indicator_name,
        unit_name AS unit,
        CASE WHEN status IN ('summed', 'rebuilt', 'partial') THEN result END AS value,
        status,
        CASE
            WHEN is_cut
                THEN format(
                    'kỳ này báo cáo trên địa giới đã sáp nhập ({}), không chia lại được theo địa giới ngày {}',
                    a_name,
                    strftime(boundaries_on, '%d/%m/%Y')
                )
            WHEN refusal IS NOT NULL THEN refusal
            WHEN status = 'refused' AND denominator = 0 THEN 'mẫu số bằng 0'
            WHEN status = 'refused' THEN 'con số quá lớn, không tính được'
            WHEN status IN ('partial', 'incomplete')
                THEN format(
                    CASE status
                        WHEN 'partial' THEN 'mới cộng {} trên {} tỉnh hợp thành; thiếu {}'
                        ELSE 'mới có số của {} trên {} tỉnh hợp thành; thiếu {}'
                    END,
                    known,
                    expected,
                    array_to_string(list_sort(missing_told), ', ')
                )
        END AS reason,
        expected AS predecessors_expected,
        CASE WHEN is_cut THEN 0 ELSE known END AS predecessors_known,
        CASE WHEN is_cut THEN drawn_name ELSE array_to_string(list_sort(missing), ', ') END AS predecessors_missing,
        CASE WHEN is_cut THEN 0 ELSE disputed_count END AS disputed_count,
        is_estimated,
        TRUE AS is_redrawn,
        source,
        section_code,
        position
    FROM computed
),
answered AS (
    SELECT * FROM redrawn
    UNION ALL BY NAME
    SELECT * FROM kept
)
SELECT
    period_code,
    boundaries_on,
    province_id,
    province_code,
    province_name,
    indicator_code,
    indicator_name,
    unit,
    value,
    status,
    reason,
    predecessors_expected,
    predecessors_known,
    predecessors_missing,
    disputed_count,
    is_estimated,
    is_redrawn,
    source,
    section_code,
    position
FROM answered
