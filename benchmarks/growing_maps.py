"""The figures on the map of another day, as a good analyst would write it by hand."""

from __future__ import annotations

from benchmarks.growing_returns import JUDGED, STATUS, taken


def on_map(day: str, where: str, codes: str, chosen: str) -> str:
    """Sums over mergers and rebuilt rates, for the indicators that `codes` names; the rest is refused."""
    return f"""WITH {taken()},
drawn AS (
    SELECT
        dim_period.period_code, boundary.province_id, boundary.drawn_id, boundary.drawn_name, boundary.expected,
        boundary.relation
    FROM dim_period
    JOIN bridge_boundary AS boundary
        ON boundary.reported_from <= dim_period.ends_on
        AND (boundary.reported_to IS NULL OR dim_period.ends_on < boundary.reported_to)
        AND boundary.drawn_from <= DATE '{day}' AND (boundary.drawn_to IS NULL OR DATE '{day}' < boundary.drawn_to)
    WHERE {where}
),
asked AS (
    SELECT dim_indicator.*, formula.factor, formula.numerator_code, formula.denominator_code, formula.decimals AS places
    FROM dim_indicator
    LEFT JOIN dim_formula AS formula ON dim_indicator.indicator_code = formula.indicator_code
    WHERE dim_indicator.is_current AND {codes}
),
told AS (
    SELECT
        taken.period_code, drawn.drawn_id, drawn.drawn_name, drawn.expected, drawn.relation, asked.indicator_code,
        CASE WHEN figure.state = 'none_arising' THEN 0 ELSE coalesce(figure.value, derived.value) END AS amount,
        {STATUS} AS status,
        figure.value AS read_value,
        asked.aggregation,
        asked.is_required OR figure.state <> 'blank' OR derived.value IS NOT NULL
            OR disputed.indicator_key IS NOT NULL AS is_told
    FROM fact_observation AS figure
    JOIN asked ON figure.indicator_key = asked.indicator_key
    JOIN taken ON figure.reading_key = taken.reading_key
    JOIN drawn ON taken.period_code = drawn.period_code AND taken.province_id = drawn.province_id
    {JUDGED}
),
gathered AS (
    SELECT
        period_code, drawn_id, drawn_name, indicator_code, expected, relation, aggregation,
        sum(amount) AS total,
        count(amount) AS known,
        any_value(status) AS a_status,
        any_value(
            CASE WHEN status IN ('reported', 'disputed') THEN read_value WHEN status = 'derived' THEN amount END
        ) AS a_value
    FROM told
    GROUP BY ALL
    HAVING bool_or(is_told)
),
answered AS (
    SELECT
        whole.period_code, whole.drawn_id AS province_id, whole.drawn_name AS province_name,
        asked.label AS indicator_name, asked.unit_name AS unit, whole.indicator_code, asked.section_code,
        CASE
            WHEN whole.relation = 'same' THEN whole.a_value
            WHEN whole.aggregation = 'sum' AND whole.known = whole.expected THEN whole.total
            WHEN whole.aggregation = 'rebuild' AND above.known = above.expected AND below.known = below.expected
                THEN round((asked.factor * above.total)::DOUBLE / nullif(below.total, 0)::DOUBLE, asked.places)
        END AS value,
        CASE
            WHEN whole.relation = 'same' THEN whole.a_status
            WHEN whole.aggregation = 'none' THEN 'refused'
            WHEN whole.aggregation = 'sum'
                THEN CASE WHEN whole.known = whole.expected THEN 'summed' ELSE 'incomplete' END
            WHEN above.known < above.expected OR below.known < below.expected THEN 'incomplete'
            WHEN below.total <> 0 THEN 'rebuilt'
            ELSE 'refused'
        END AS status
    FROM gathered AS whole
    JOIN asked ON whole.indicator_code = asked.indicator_code
    LEFT JOIN gathered AS above
        ON asked.numerator_code = above.indicator_code
        AND whole.period_code = above.period_code
        AND whole.drawn_id = above.drawn_id
    LEFT JOIN gathered AS below
        ON asked.denominator_code = below.indicator_code
        AND whole.period_code = below.period_code
        AND whole.drawn_id = below.drawn_id
)
{chosen}"""
