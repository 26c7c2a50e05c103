-- Grain: one row per assessed period × province of the map of `day` × indicator that has a row in `observations` there.
CREATE OR REPLACE MACRO on_boundaries_of(indicator, day, partial := FALSE) AS TABLE
WITH
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
    WHERE known.is_current AND (indicator IS NULL OR known.indicator_code = known_indicator(indicator))
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
        section_code, -- named below too, so that a filter on the section is one on the figures to read
        value,
        status,
        counted_value,
        is_estimated,
        source
    FROM observations
    WHERE indicator IS NULL OR indicator_code = indicator
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
drawn_parts AS (
    SELECT
        parts.*,
        parts.relation <> 'same' AS is_redrawn,
        members.province_id IS NOT NULL AS is_member,
        parts.province_name
            || CASE WHEN members.province_id IS NULL THEN ' (không báo cáo trong Cụm)' ELSE '' END AS told_name
    FROM parts
    LEFT JOIN members
        ON parts.period_code = members.period_code
        AND parts.province_id = members.province_id
),
drawings AS (
    SELECT
        period_code,
        drawn_id,
        any_value(boundaries_on) AS boundaries_on,
        any_value(drawn_code) AS drawn_code,
        any_value(drawn_name) AS drawn_name,
        bool_or(is_redrawn) AS is_redrawn,
        bool_or(relation = 'cut') AS is_cut,
        count(*) AS expected,
        min(province_name) AS a_name,
        list({'province_id': province_id, 'name': province_name, 'told_name': told_name}) AS predecessors
    FROM drawn_parts
    GROUP BY period_code, drawn_id
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
ratio_parts AS (
    SELECT
        drawn_parts.period_code,
        drawn_parts.drawn_id,
        drawn_parts.province_id,
        asked.indicator_code,
        fractions.* EXCLUDE (period_code, province_id, indicator_code),
        coalesce(drawn_parts.is_member AND fractions.numerator + fractions.denominator IS NOT NULL, FALSE) AS is_known
    FROM drawn_parts
    JOIN indicators AS asked ON asked.aggregation = 'rebuild'
    LEFT JOIN fractions
        ON drawn_parts.period_code = fractions.period_code
        AND drawn_parts.province_id = fractions.province_id
        AND asked.indicator_code = fractions.indicator_code
    WHERE drawn_parts.is_redrawn
),
rebuilt AS (
    SELECT
        period_code,
        drawn_id,
        indicator_code,
        sum(numerator) FILTER (WHERE is_known) AS numerator,
        sum(denominator) FILTER (WHERE is_known) AS denominator,
        list(province_id) FILTER (WHERE is_known) AS known_ids,
        count(*) FILTER (WHERE is_known AND is_disputed) AS disputed_count,
        coalesce(bool_or(is_estimated) FILTER (WHERE is_known), FALSE) AS is_estimated
    FROM ratio_parts
    GROUP BY period_code, drawn_id, indicator_code
),
gathered AS (
    SELECT
        parts.period_code,
        parts.drawn_id,
        seen.indicator_code,
        seen.section_code,
        any_value(seen.value) AS a_value,
        any_value(seen.status) AS a_status,
        sum(seen.counted_value) AS amount,
        list(parts.province_id) FILTER (WHERE seen.counted_value IS NOT NULL) AS known_ids,
        count(seen.counted_value) FILTER (WHERE seen.status = 'disputed') AS disputed_count,
        bool_or(seen.is_estimated) AS any_estimated,
        coalesce(bool_or(seen.is_estimated) FILTER (WHERE seen.counted_value IS NOT NULL), FALSE) AS known_estimated,
        CASE WHEN min(seen.source) <> max(seen.source) THEN 'mixed' ELSE min(seen.source) END AS source
    FROM seen
    JOIN parts
        ON seen.period_code = parts.period_code
        AND seen.province_id = parts.province_id
    GROUP BY parts.period_code, parts.drawn_id, seen.indicator_code, seen.section_code
),
placed AS (
    SELECT
        gathered.* EXCLUDE (section_code),
        drawings.* EXCLUDE (period_code, drawn_id),
        asked.label,
        asked.unit_name,
        asked.section_code,
        asked.position,
        asked.aggregation,
        asked.refusal,
        rebuilt.denominator,
        drawings.is_redrawn AND asked.aggregation = 'rebuild' AS is_ratio,
        coalesce(CASE WHEN is_ratio THEN rebuilt.known_ids ELSE gathered.known_ids END, []) AS known_by,
        len(known_by) AS known,
        CASE WHEN is_ratio THEN rebuilt.disputed_count ELSE gathered.disputed_count END AS disputed,
        CASE
            WHEN NOT drawings.is_redrawn THEN gathered.any_estimated
            WHEN is_ratio THEN rebuilt.is_estimated
            ELSE gathered.known_estimated
        END AS is_estimated,
        CASE
            WHEN NOT drawings.is_redrawn THEN gathered.a_value
            WHEN asked.refusal IS NOT NULL THEN NULL
            WHEN is_ratio THEN TRY(quotient(asked.factor * rebuilt.numerator, rebuilt.denominator, asked.places))
            ELSE gathered.amount
        END AS result
    FROM gathered
    JOIN drawings
        ON gathered.period_code = drawings.period_code
        AND gathered.drawn_id = drawings.drawn_id
    JOIN indicators AS asked
        ON gathered.indicator_code = asked.indicator_code
        AND gathered.section_code = asked.section_code
    LEFT JOIN rebuilt
        ON gathered.period_code = rebuilt.period_code
        AND gathered.drawn_id = rebuilt.drawn_id
        AND gathered.indicator_code = rebuilt.indicator_code
),
computed AS (
    SELECT
        *,
        CASE
            WHEN NOT is_redrawn THEN a_status
            WHEN is_cut OR refusal IS NOT NULL THEN 'refused'
            WHEN known = 0 OR (known < expected AND NOT partial) THEN 'incomplete'
            WHEN result IS NULL THEN 'refused'
            WHEN known < expected THEN 'partial'
            WHEN aggregation = 'sum' THEN 'summed'
            ELSE 'rebuilt'
        END AS status,
        CASE
            WHEN known < expected THEN list_filter(predecessors, lambda part: NOT list_contains(known_by, part.province_id))
        END AS missing
    FROM placed
)
SELECT
    period_code,
    boundaries_on,
    drawn_id AS province_id,
    drawn_code AS province_code,
    drawn_name AS province_name,
    indicator_code,
    label AS indicator_name,
    unit_name AS unit,
    CASE WHEN NOT is_redrawn OR status IN ('summed', 'rebuilt', 'partial') THEN result END AS value,
    status,
    CASE
        WHEN NOT is_redrawn THEN NULL
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
                array_to_string(list_sort(list_transform(missing, lambda part: part.told_name)), ', ')
            )
    END AS reason,
    expected AS predecessors_expected,
    CASE WHEN is_cut THEN 0 ELSE known END AS predecessors_known,
    CASE
        WHEN is_cut THEN drawn_name
        ELSE array_to_string(list_sort(list_transform(missing, lambda part: part.name)), ', ')
    END AS predecessors_missing,
    CASE WHEN is_cut THEN 0 ELSE disputed END AS disputed_count,
    is_estimated,
    is_redrawn,
    source,
    section_code,
    position
FROM computed
