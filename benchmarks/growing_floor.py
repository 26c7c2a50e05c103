"""What a good analyst would write by hand for each documented question, over the star's tables or Parquet of them.

Each gives the rows of the macro's answer, in any order, and of its columns those that carry figures: reasons in words
are left to the macro. A hand that knows the question joins by surrogate keys and asks for its half-years alone.

Left out besides, so that the macros are compared with less than they tell: units that sent nothing, older versions of
an indicator, and whether the members or the boundaries changed between two half-years.
"""

from __future__ import annotations

from benchmarks.growing_maps import on_map
from benchmarks.growing_returns import CURRENT, JUDGED, STATUS, taken


def _figures(code: str, where: str = "TRUE") -> str:
    """CTEs ending in `figures`: the current figures of one indicator, of the returns that `where` lets through."""
    return f"""WITH {taken(where)},
read AS (
    SELECT
        taken.*,
        figure.state,
        figure.value AS read_value,
        figure.raw_text,
        figure.sheet,
        figure.cell,
        figure.province_key,
        derived.value AS derived_value,
        {STATUS} AS status
    FROM fact_observation AS figure
    JOIN taken ON figure.reading_key = taken.reading_key
    {JUDGED}
    WHERE figure.indicator_key = (
        SELECT indicator_key FROM dim_indicator WHERE indicator_code = '{code}' AND is_current
    )
),
figures AS (
    SELECT
        read.*,
        province.name AS province_name,
        province.province_code,
        CASE
            WHEN status IN ('reported', 'disputed') THEN read_value
            WHEN status = 'derived' THEN derived_value
        END AS value,
        CASE WHEN status = 'reported' THEN read_value WHEN status = 'derived' THEN derived_value
            WHEN status = 'none_arising' THEN 0 END AS amount,
        CASE WHEN state = 'none_arising' THEN 0 ELSE coalesce(read_value, derived_value) END AS counted_value
    FROM read
    JOIN dim_province AS province ON read.province_key = province.province_key
)"""


_IN_2021H1 = "sent.period_code = '2021H1'"
_SINCE = """
SELECT later.province_name, {columns}
FROM figures AS later
LEFT JOIN figures AS earlier ON later.province_id = earlier.province_id AND earlier.period_code = '{earlier}'
WHERE later.period_code = '{later}'
"""


def _since(code: str, later: str, earlier: str, columns: str) -> str:
    figures = _figures(code, f"sent.period_code IN ('{later}', '{earlier}')")
    return figures + _SINCE.format(columns=columns, later=later, earlier=earlier)


def _percent(above: str, below: str) -> str:
    return f"round((100 * ({above}))::DECIMAL(38, 10)::DOUBLE / nullif({below}, 0)::DOUBLE, 2)"


_YEAR = "later.value, later.amount + earlier.amount AS year_value"
_GROWTH = (
    "later.value, earlier.value AS earlier_value, later.amount - earlier.amount AS difference, "
    + _percent("later.amount - earlier.amount", "earlier.amount")
    + " AS growth_percent"
)


_ONE = "dim_indicator.indicator_code = 'new_enterprises'"
_BY_STATUS = """SELECT indicator_code, status, count(*) AS row_count, sum(value)::DOUBLE AS total
FROM answered GROUP BY indicator_code, status"""
_TRACE = """,
total AS (
    SELECT total.*, sent.file_name, told.raw_text
    FROM mart_cluster_total AS total
    JOIN dim_indicator AS asked ON total.indicator_key = asked.indicator_key
    LEFT JOIN dim_submission AS sent ON total.control_submission_key = sent.submission_key
    LEFT JOIN bridge_assessment_submission AS used
        ON total.control_submission_key = used.submission_key AND total.assessment_key = used.assessment_key
    LEFT JOIN fact_observation AS told
        ON used.reading_key = told.reading_key AND total.indicator_key = told.indicator_key
    WHERE asked.indicator_code = 'new_enterprises'
        AND total.assessment_key = (SELECT max(assessment_key) FROM dim_assessment WHERE period_code = '2021H1')
)
SELECT 'part' AS step, value, file_name, sheet, cell, raw_text FROM figures
UNION ALL
SELECT 'total', value, NULL, NULL, NULL, NULL FROM total
UNION ALL
SELECT unnest(['file', 'choice', 'cell']), unnest([NULL, NULL, control_value]), unnest([file_name, NULL, file_name]),
    unnest([NULL, NULL, control_sheet]), unnest([NULL, NULL, control_cell]), unnest([NULL, NULL, raw_text])
FROM total WHERE control_cell IS NOT NULL
UNION ALL
SELECT 'finding', NULL, file_name, sheet, cell, observed FROM fact_finding
WHERE province_key IS NULL AND indicator_code = 'new_enterprises'
    AND assessment_key = (SELECT max(assessment_key) FROM dim_assessment WHERE period_code = '2021H1')
UNION ALL
SELECT 'closing', NULL, NULL, NULL, NULL, NULL FROM fact_closing WHERE period_code = '2021H1'
UNION ALL
SELECT 'table', NULL, NULL, NULL, NULL, NULL
"""
_SHARE_TOTAL = """(SELECT total.value_without_disputed FROM mart_cluster_total AS total
    JOIN dim_indicator USING (indicator_key)
    WHERE indicator_code = 'new_enterprises' AND assessment_key = (SELECT max(assessment_key) FROM dim_assessment
        WHERE period_code = '2021H1'))"""
_REVISED = """
WITH versions AS (
    SELECT sent.*, judged.reading_key,
        lag(judged.reading_key) OVER (PARTITION BY sent.province_id ORDER BY sent.version) AS before_key
    FROM dim_submission AS sent
    JOIN bridge_assessment_submission AS judged ON sent.submission_key = judged.submission_key
    WHERE sent.period_code = '2021H1' AND judged.verdict <> 'rejected' AND coalesce(judged.is_taken, sent.is_taken)
        AND judged.assessment_key = (SELECT max(assessment_key) FROM dim_assessment WHERE period_code = '2021H1')
),
told AS (
    SELECT 'correction' AS kind, later.province_key, later.indicator_key, earlier.value AS value_before,
        later.value AS value_after, versions.period_code AS told_in_period, versions.file_name, later.cell
    FROM versions
    JOIN fact_observation AS later ON versions.reading_key = later.reading_key
    JOIN fact_observation AS earlier
        ON versions.before_key = earlier.reading_key AND later.indicator_key = earlier.indicator_key
    WHERE later.state <> earlier.state OR later.value IS DISTINCT FROM earlier.value
    UNION ALL
    SELECT 'restatement', revised.province_key, revised.indicator_key, revised.value_then, revised.value_now,
        sent.period_code, sent.file_name, revised.cell
    FROM fact_revision AS revised
    JOIN dim_submission AS sent ON revised.submission_key = sent.submission_key
    WHERE revised.earlier_period = '2021H1'
        AND revised.assessment_key IN (SELECT max(assessment_key) FROM dim_assessment GROUP BY period_code)
)
SELECT told.kind, province.name AS province_name, asked.indicator_code, asked.label AS indicator_name,
    told.value_before, told.value_after, told.value_after - told.value_before AS difference,
    told.told_in_period, told.file_name, told.cell
FROM told
JOIN dim_province AS province ON told.province_key = province.province_key
JOIN dim_indicator AS asked ON told.indicator_key = asked.indicator_key
"""
_TOTALS = """
SELECT asked.indicator_code, asked.label AS indicator_name, total.value, total.value_source, total.provinces_reporting,
    total.provinces_expected, total.control_value, total.control_value - total.value AS difference,
    sent.file_name AS control_file_name, total.control_cell
FROM mart_cluster_total AS total
JOIN dim_indicator AS asked ON total.indicator_key = asked.indicator_key
LEFT JOIN dim_submission AS sent ON total.control_submission_key = sent.submission_key
WHERE total.assessment_key = (SELECT max(assessment_key) FROM dim_assessment WHERE period_code = '2021H1')
"""
_FOUND = """
SELECT finding.severity, province.name AS province_name, finding.indicator_code, finding.status, finding.cell,
    finding.observed, finding.expected, finding.position
FROM fact_finding AS finding
JOIN dim_province AS province ON finding.province_key = province.province_key
WHERE finding.assessment_key = (SELECT max(assessment_key) FROM dim_assessment WHERE period_code = '2021H1')
"""
_RANKED = """,
placed AS (
    SELECT period_code, province_id, province_name, value, status,
        CASE
            WHEN ranked IS NOT NULL THEN rank() OVER (PARTITION BY period_code ORDER BY ranked DESC NULLS LAST)
        END AS place
    FROM (SELECT *, CASE WHEN status = 'none_arising' THEN 0 ELSE value END AS ranked FROM figures)
)
SELECT now.place, now.province_name, now.value, last_year.place AS place_last_year,
    last_year.place - now.place AS change_from_last_year, before.place - now.place AS change_from_half_before
FROM placed AS now
LEFT JOIN placed AS last_year ON now.province_id = last_year.province_id AND last_year.period_code = '{last_year}'
LEFT JOIN placed AS before ON now.province_id = before.province_id AND before.period_code = '{before}'
WHERE now.period_code = '{now}'
"""


def _ranked(code: str, now: str, last_year: str, before: str) -> str:
    figures = _figures(code, f"sent.period_code IN ('{now}', '{last_year}', '{before}')")
    return figures + _RANKED.format(now=now, last_year=last_year, before=before)


def _then(day: str, period: str, unit: str, code: str) -> str:
    return f"""
    SELECT figure.value, sent.version
    FROM bridge_assessment_submission AS judged
    JOIN dim_submission AS sent ON judged.submission_key = sent.submission_key
    JOIN fact_observation AS figure ON judged.reading_key = figure.reading_key
    JOIN dim_indicator AS asked ON figure.indicator_key = asked.indicator_key
    WHERE judged.is_current AND sent.province_id = '{unit}' AND asked.indicator_code = '{code}'
        AND judged.assessment_key = (SELECT max(assessment_key) FROM dim_assessment
            WHERE period_code = '{period}' AND assessed_at <= '{day}'::TIMESTAMPTZ)"""


def floors(day: str) -> dict[str, str]:
    """The SQL by the name of its question; `day` is that of the newer map."""
    one = _figures("new_enterprises", _IN_2021H1)
    return {
        "assessments_as_of": "SELECT period_code, max_by(assessed_at, assessment_key) AS assessed_at "
        "FROM dim_assessment WHERE assessed_at <= '2021-07-10'::TIMESTAMPTZ GROUP BY period_code",
        "returns_as_of": f"WITH {taken(_IN_2021H1)} "
        "SELECT taken.period_code, province.name AS province_name, version, verdict "
        "FROM taken JOIN dim_province AS province ON taken.province_id = province.province_id "
        "WHERE province.valid_from <= DATE '2021-06-30' "
        "AND (province.valid_to IS NULL OR DATE '2021-06-30' < province.valid_to)",
        "as_of": one + "SELECT province_name, value, status, version FROM figures",
        "cluster_totals_as_of": _TOTALS + "AND asked.section_code = 'B'",
        "findings_as_of": _FOUND + "AND finding.severity = 'critical'",
        "standing_findings": _FOUND
        + "AND finding.status = 'open' ORDER BY CASE finding.severity WHEN 'critical' THEN 0 "
        "WHEN 'warning' THEN 1 ELSE 2 END, finding.impact_weight DESC NULLS LAST, finding.position LIMIT 3",
        "figures_of": _figures("tourist_visits", _IN_2021H1)
        + "SELECT province_name, value, status, amount FROM figures",
        "same_period": _since("new_enterprises", "2021H1", "2020H1", _GROWTH),
        "within_year": _since("new_jobs", "2021H2", "2021H1", _YEAR),
        "ranking": _ranked("new_enterprises", "2021H1", "2020H1", "2020H2"),
        "share_of_cluster": one
        + f"SELECT province_name, value, {_percent('amount', _SHARE_TOTAL)} AS share_percent FROM figures",
        "index_to": _since(
            "new_enterprises",
            "2021H1",
            "2020H1",
            "later.period_code, later.value, earlier.value AS base_value, "
            f"{_percent('later.amount', 'earlier.amount')} AS index_value",
        ),
        "findings_over_time": f"""
WITH found AS (
    SELECT assessment.period_code, rule.rule_code, rule.title, finding.severity, finding.status, finding.province_key
    FROM fact_finding AS finding
    JOIN dim_assessment AS assessment ON finding.assessment_key = assessment.assessment_key
    JOIN dim_rule AS rule ON finding.rule_key = rule.rule_key
    WHERE finding.assessment_key IN {CURRENT}
)
SELECT rules.rule_title, rules.severity, count(found.rule_code) AS finding_count,
    count(*) FILTER (WHERE found.status = 'open') AS open_count,
    count(*) FILTER (WHERE found.status = 'explained') AS explained_count,
    count(*) FILTER (WHERE found.status = 'waived') AS waived_count,
    count(DISTINCT found.province_key) AS province_count
FROM (SELECT rule_code, max_by(title, period_code) AS rule_title, max_by(severity, period_code) AS severity
    FROM found GROUP BY rule_code) AS rules
LEFT JOIN found ON rules.rule_code = found.rule_code AND found.period_code = '2021H1'
GROUP BY rules.rule_code, rules.rule_title, rules.severity""",
        "revised_figures": _REVISED,
        "on_boundaries_of": on_map(
            day,
            "boundary.drawn_id IN ('tinh-0000', 'tinh-0003')",
            _ONE,
            "SELECT period_code, province_name, value, status FROM answered",
        ),
        "on_boundaries": on_map(
            day,
            "dim_period.period_code = '2021H1' AND boundary.drawn_id = 'tinh-0000'",
            "dim_indicator.section_code = 'A'",
            "SELECT indicator_name, value, unit, status FROM answered",
        ),
        "on_boundaries_of, all units": on_map(
            day, "TRUE", _ONE, "SELECT period_code, province_id, province_name, value, status FROM answered"
        ),
        "on_boundaries, all figures": on_map(day, "TRUE", "TRUE", _BY_STATUS),
        "trace": one + _TRACE,
        "question 1": _since(
            "ntm_communes_certified",
            "2025H1",
            "2018H1",
            "earlier.value AS in_2018, later.value AS in_2025, later.value - earlier.value AS more_communes",
        ),
        "question 2": on_map(
            day, "boundary.drawn_id = 'tinh-0000'", _ONE, "SELECT period_code, value, status FROM answered"
        ),
        "question 3": _REVISED,
        "question 4": one + "SELECT province_name, counted_value, raw_text, file_name, sheet, cell, "
        "sum(counted_value) OVER (ORDER BY province_code) AS running_total FROM figures",
        "question 5": _TOTALS + "AND total.control_value <> total.value",
        "question 6": _since("new_enterprises", "2021H1", "2020H1", _GROWTH),
        "question 7": _since("new_jobs", "2024H2", "2024H1", "later.value AS second_half, " + _YEAR),
        "question 8": _ranked("grdp_growth", "2023H1", "2022H1", "2022H2"),
        "question 9": _then("2018-07-10", "2018H1", "tinh-0002", "ntm_communes_certified")
        + "\nUNION ALL"
        + _then("infinity", "2018H1", "tinh-0002", "ntm_communes_certified"),
        "question 10": _since("new_enterprises", "2025H2", "2024H2", _GROWTH),
    }
