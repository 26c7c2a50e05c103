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
    WHERE known.is_current AND (indicator IS NULL OR known.indicator_code = known_indicator(indicator)) AND known_map(day)
),
drawings AS (
    SELECT *, coalesce(CAST(day AS DATE), ends_on) AS boundaries_on
    FROM bridge_period_drawing
    WHERE is_map_of(day, ends_on, drawn_from, drawn_to)
),
marks AS (
    SELECT assessment_key, province_key, indicator_key, value, FALSE AS is_disputed FROM fact_derived
    UNION ALL
    SELECT assessment_key, province_key, indicator_key, NULL, TRUE FROM bridge_finding_disputed
),
operands AS (
    SELECT asked.indicator_code, known.indicator_key, known.indicator_code = asked.numerator_code AS is_numerator
    FROM indicators AS asked
    JOIN dim_indicator AS known ON known.indicator_code IN (asked.numerator_code, asked.denominator_code)
    WHERE asked.aggregation = 'rebuild' AND asked.factor IS NOT NULL
),
operand_figures AS (
    SELECT
        returns.period_code,
        returns.drawn_id,
        returns.province_id,
        operands.indicator_code,
        operands.is_numerator,
        CASE WHEN figure.state = 'none_arising' THEN 0 ELSE figure.value END AS amount,
        figure.is_estimated,
        FALSE AS is_disputed
    FROM fact_observation AS figure
    JOIN operands ON figure.indicator_key = operands.indicator_key
    JOIN map_returns(day, wanted := (SELECT count(*) > 0 FROM operands)) AS returns ON figure.reading_key = returns.reading_key
    WHERE returns.is_redrawn
    UNION ALL
    SELECT
        returns.period_code,
        returns.drawn_id,
        returns.province_id,
        operands.indicator_code,
        operands.is_numerator,
        marks.value,
        FALSE,
        marks.is_disputed
    FROM marks
    JOIN operands ON marks.indicator_key = operands.indicator_key
    JOIN dim_province AS province ON marks.province_key = province.province_key
    JOIN map_returns(day, wanted := (SELECT count(*) > 0 FROM operands)) AS returns
        ON marks.assessment_key = returns.assessment_key
        AND province.province_id = returns.province_id
        AND returns.reading_key IS NOT NULL
    WHERE returns.is_redrawn
),
fractions AS (
    SELECT
        period_code,
        drawn_id,
        province_id,
        indicator_code,
        max(amount) FILTER (WHERE is_numerator) AS numerator,
        max(amount) FILTER (WHERE NOT is_numerator) AS denominator,
        bool_or(is_estimated) AS is_estimated,
        bool_or(is_disputed) AS is_disputed
    FROM operand_figures
    GROUP BY period_code, drawn_id, province_id, indicator_code
),
ratio_parts AS (
    SELECT
        parts.period_code,
        parts.drawn_id,
        parts.province_id,
        asked.indicator_key AS asked_key,
        asked.section_code,
        asked.factor,
        asked.places,
        fractions.* EXCLUDE (period_code, drawn_id, province_id, indicator_code),
        coalesce(parts.is_member AND fractions.numerator + fractions.denominator IS NOT NULL, FALSE) AS is_known
    FROM bridge_period_boundary AS parts
    JOIN indicators AS asked ON asked.aggregation = 'rebuild'
    LEFT JOIN fractions
        ON parts.period_code = fractions.period_code
        AND parts.drawn_id = fractions.drawn_id
        AND parts.province_id = fractions.province_id
        AND asked.indicator_code = fractions.indicator_code
    WHERE parts.relation <> 'same' AND is_map_of(day, parts.ends_on, parts.drawn_from, parts.drawn_to)
),
ratio_sums AS (
    SELECT
        period_code,
        drawn_id,
        asked_key,
        section_code,
        any_value(places) AS places,
        any_value(factor) * sum(numerator) FILTER (WHERE is_known) AS numerator,
        sum(denominator) FILTER (WHERE is_known) AS denominator,
        list(province_id) FILTER (WHERE is_known) AS known_ids,
        count(*) FILTER (WHERE is_known AND is_disputed) AS disputed_count,
        coalesce(bool_or(is_estimated) FILTER (WHERE is_known), FALSE) AS is_estimated
    FROM ratio_parts
    GROUP BY period_code, drawn_id, asked_key, section_code
),
rebuilt AS (
    SELECT
        period_code,
        drawn_id,
        asked_key,
        section_code,
        NULL AS is_read,
        {
            'rate': TRY(quotient(numerator, denominator, places)),
            'denominator': denominator,
            'known_ids': known_ids,
            'disputed_count': disputed_count,
            'is_estimated': is_estimated
        } AS rebuilt
    FROM ratio_sums
),
versions AS (
    SELECT
        version.indicator_key,
        asked.indicator_key AS asked_key,
        asked.section_code,
        asked.is_required
    FROM dim_indicator AS version
    JOIN indicators AS asked ON version.indicator_code = asked.indicator_code
),
read AS (
    SELECT
        returns.*,
        versions.asked_key,
        versions.section_code,
        versions.is_required,
        figure.state,
        figure.value,
        figure.is_estimated
    FROM fact_observation AS figure
    JOIN map_returns(day) AS returns ON figure.reading_key = returns.reading_key
    JOIN versions ON figure.indicator_key = versions.indicator_key
    WHERE returns.reading_key IS NOT NULL -- needless but for DuckDB, which looks for so few files only where there is a filter
),
marked AS (
    SELECT
        marks.assessment_key,
        province.province_id,
        versions.asked_key,
        versions.section_code,
        max(marks.value) AS derived_value,
        bool_or(marks.is_disputed) AS is_disputed
    FROM marks
    JOIN versions ON marks.indicator_key = versions.indicator_key
    JOIN dim_province AS province ON marks.province_key = province.province_key
    GROUP BY ALL
),
said AS (
    SELECT
        read.*,
        marked.derived_value,
        CASE WHEN read.state = 'none_arising' THEN 0 ELSE coalesce(read.value, marked.derived_value) END AS counted_value,
        marked.is_disputed AND marked.derived_value IS NOT NULL AS is_mark_counted,
        CASE
            WHEN marked.is_disputed OR read.state = 'unreadable' THEN 'disputed'
            WHEN read.state = 'number' THEN 'reported'
            WHEN read.state = 'blank' AND marked.derived_value IS NOT NULL THEN 'derived'
            ELSE read.state
        END AS status
    FROM read
    LEFT JOIN marked
        ON read.assessment_key = marked.assessment_key
        AND read.province_id = marked.province_id
        AND read.asked_key = marked.asked_key
    WHERE read.is_required OR read.state <> 'blank' OR marked.asked_key IS NOT NULL
),
required AS (
    SELECT
        sources.period_code,
        sources.drawn_id,
        sources.first_source,
        sources.last_source,
        versions.indicator_key AS asked_key,
        versions.section_code
    FROM (
        SELECT period_code, drawn_id, min(source) AS first_source, max(source) AS last_source
        FROM map_returns(day)
        GROUP BY period_code, drawn_id
    ) AS sources
    JOIN versions ON versions.is_required AND versions.indicator_key = versions.asked_key
),
told AS (
    SELECT
        period_code,
        drawn_id,
        asked_key,
        section_code,
        TRUE AS is_read,
        CASE WHEN is_redrawn AND counted_value IS NOT NULL AND derived_value IS NULL THEN province_id END AS known_id,
        CASE
            WHEN status IN ('reported', 'disputed') THEN value
            WHEN status = 'derived' THEN derived_value
        END AS value,
        status,
        counted_value,
        counted_value - coalesce(derived_value, 0) AS amount,
        (counted_value IS NOT NULL AND status = 'disputed')::INTEGER - coalesce(is_mark_counted, FALSE)::INTEGER AS disputed,
        is_estimated,
        source AS first_source,
        source AS last_source
    FROM said
    UNION ALL BY NAME
    -- A derived or disputed figure counts though its file has no row of it; where it has one, this row takes nothing away.
    SELECT
        returns.period_code,
        returns.drawn_id,
        marked.asked_key,
        marked.section_code,
        FALSE AS is_read,
        CASE WHEN returns.is_redrawn AND marked.derived_value IS NOT NULL THEN returns.province_id END AS known_id,
        CASE WHEN NOT marked.is_disputed THEN marked.derived_value END AS value,
        CASE WHEN marked.is_disputed THEN 'disputed' ELSE 'derived' END AS status,
        marked.derived_value AS counted_value,
        marked.derived_value AS amount,
        (marked.is_disputed AND marked.derived_value IS NOT NULL)::INTEGER AS disputed,
        FALSE AS is_estimated,
        returns.source AS first_source,
        returns.source AS last_source
    FROM marked
    JOIN map_returns(day) AS returns
        ON marked.assessment_key = returns.assessment_key
        AND marked.province_id = returns.province_id
        AND returns.reading_key IS NOT NULL
    UNION ALL BY NAME
    SELECT *, FALSE AS is_read FROM required
    UNION ALL BY NAME
    -- Gathered with the others instead of joined to them, who are many times as many; its rows alone make no figure.
    SELECT * FROM rebuilt
),
gathered AS (
    SELECT
        period_code,
        drawn_id,
        asked_key,
        section_code,
        bool_or(is_read) AS is_read_at_all,
        any_value(value) FILTER (WHERE is_read) AS read_value,
        any_value(status) FILTER (WHERE is_read) AS read_status,
        any_value(value) FILTER (WHERE NOT is_read) AS mark_value,
        any_value(status) FILTER (WHERE NOT is_read) AS mark_status,
        sum(amount) AS amount,
        count(known_id) AS known_count,
        list(known_id) FILTER (WHERE known_id IS NOT NULL) AS known_ids,
        coalesce(sum(disputed), 0)::BIGINT AS disputed_count,
        coalesce(bool_or(is_estimated), FALSE) AS any_estimated,
        coalesce(bool_or(is_estimated) FILTER (WHERE counted_value IS NOT NULL), FALSE) AS known_estimated,
        count(counted_value) > 0 AS is_counted,
        CASE WHEN min(first_source) <> max(last_source) THEN 'mixed' ELSE min(first_source) END AS source,
        any_value(rebuilt) AS rebuilt
    FROM told
    GROUP BY period_code, drawn_id, asked_key, section_code
    HAVING is_read_at_all IS NOT NULL
),
placed AS (
    SELECT
        gathered.* EXCLUDE (asked_key, rebuilt),
        coalesce(CASE WHEN gathered.is_read_at_all THEN gathered.read_status ELSE gathered.mark_status END, 'blank') AS a_status,
        drawings.* EXCLUDE (period_code, drawn_id),
        asked.indicator_code,
        asked.label,
        asked.unit_name,
        asked.position,
        asked.aggregation,
        asked.refusal,
        gathered.rebuilt.denominator AS denominator,
        drawings.is_redrawn AND asked.aggregation = 'rebuild' AS is_ratio,
        coalesce(CASE WHEN is_ratio THEN gathered.rebuilt.known_ids ELSE gathered.known_ids END, []) AS known_by,
        CASE
            WHEN NOT drawings.is_redrawn THEN gathered.is_counted::BIGINT
            WHEN is_ratio THEN coalesce(len(gathered.rebuilt.known_ids), 0)
            ELSE gathered.known_count
        END AS known,
        CASE WHEN is_ratio THEN gathered.rebuilt.disputed_count ELSE gathered.disputed_count END AS disputed,
        CASE
            WHEN NOT drawings.is_redrawn THEN gathered.any_estimated
            WHEN is_ratio THEN gathered.rebuilt.is_estimated
            ELSE gathered.known_estimated
        END AS is_estimated,
        CASE
            WHEN NOT drawings.is_redrawn THEN CASE WHEN gathered.is_read_at_all THEN gathered.read_value ELSE gathered.mark_value END
            WHEN asked.refusal IS NOT NULL THEN NULL
            WHEN is_ratio THEN gathered.rebuilt.rate
            ELSE gathered.amount
        END AS result
    FROM gathered
    JOIN drawings
        ON gathered.period_code = drawings.period_code
        AND gathered.drawn_id = drawings.drawn_id
    JOIN indicators AS asked
        ON gathered.asked_key = asked.indicator_key
        AND gathered.period_code >= asked.valid_from
        AND gathered.period_code <= coalesce(asked.valid_to, '9999H2')
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
            WHEN is_redrawn AND known < expected THEN list_filter(string_split(predecessors, chr(10)), lambda part: NOT list_contains(known_by, split_part(part, chr(9), 1)))
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
                array_to_string(list_sort(list_transform(missing, lambda part: split_part(part, chr(9), 3))), ', ')
            )
    END AS reason,
    expected AS predecessors_expected,
    CASE WHEN is_cut THEN 0 ELSE known END AS predecessors_known,
    CASE
        WHEN is_cut THEN drawn_name
        WHEN NOT is_redrawn AND known < expected THEN a_name
        ELSE array_to_string(list_sort(list_transform(missing, lambda part: split_part(part, chr(9), 2))), ', ')
    END AS predecessors_missing,
    CASE WHEN is_cut THEN 0 ELSE disputed END AS disputed_count,
    is_estimated,
    is_redrawn,
    source,
    section_code,
    position
FROM computed
