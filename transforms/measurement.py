"""What each rule measures: one number between two bounds, exact in Decimal, converted once to a float."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from catalogue.model import Catalogue, Indicator, Ordering
from transforms.consolidation import UnitFigures
from transforms.numbers_vi import format_number
from transforms.observation import Observation

NAN = float("nan")
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Measurement:
    """One rule applied to one subject: it holds where low ≤ value ≤ high; NaN bounds do not bind.

    A NaN value is a figure that is not there: only rules about presence measure that. `reference` is what the
    subject was measured against, in the indicator's unit; `other` the second operand of a comparison.
    """

    rule_code: str
    province_id: str
    indicator_code: str
    value: float
    low: float = NAN
    high: float = NAN
    subject: Observation | None = None
    other: Observation | None = None
    reference: Decimal | None = None
    detail: str = ""
    submission_id: str = ""

    @property
    def is_broken(self) -> bool:
        """Whether it does not hold; the suite asks Great Expectations the same."""
        return self.value != self.value or self.value < self.low or self.value > self.high


def measure_figure(
    unit: UnitFigures,
    rule_code: str,
    indicator_code: str,
    value: float,
    low: float = NAN,
    high: float = NAN,
    *,
    other: Observation | None = None,
    reference: Decimal | None = None,
    detail: str = "",
    province_id: str | None = None,
) -> Measurement:
    """The measurement of one of a unit's own figures; `province_id` "" makes it the cluster's."""
    return Measurement(
        rule_code,
        unit.province_id if province_id is None else province_id,
        indicator_code,
        value,
        low,
        high,
        unit.observations[indicator_code],
        other,
        reference,
        detail,
        unit.submission_id,
    )


@dataclass(frozen=True, slots=True)
class _Range:
    rule_code: str
    low: float
    high: float
    is_whole: bool
    is_required: bool
    shown: str


@lru_cache(maxsize=64)
def _ranges(catalogue: Catalogue, period_code: str) -> dict[str, _Range]:
    """The range rule of every indicator of a period, with its bounds."""
    found = {}
    for indicator in catalogue.indicators_of(period_code):
        low, high = catalogue.bounds_of(indicator, period_code)
        found[indicator.indicator_code] = _Range(
            range_rule(indicator),
            NAN if low is None else float(low),
            NAN if high is None else float(high),
            indicator.is_whole,
            indicator.is_required,
            _show_range(low, high),
        )
    return found


def range_rule(indicator: Indicator) -> str:
    """The rule that bounds an indicator."""
    if indicator.rank_field:
        return "rank_in_range"
    if indicator.is_growth:
        return "growth_in_range"
    return "share_in_range" if indicator.unit_code == "percent" and indicator.high == HUNDRED else "amount_in_range"


def _show_range(low: Decimal | None, high: Decimal | None) -> str:
    if low is not None and high is not None:
        return f"từ {format_number(low)} đến {format_number(high)}"
    if low is not None:
        return f"từ {format_number(low)} trở lên"
    return "" if high is None else f"không quá {format_number(high)}"


def describe_range(catalogue: Catalogue, period_code: str, indicator_code: str) -> str:
    """The bounds of an indicator in words for a message."""
    return _ranges(catalogue, period_code)[indicator_code].shown


def measure_unit(catalogue: Catalogue, period_code: str, unit: UnitFigures) -> list[Measurement]:
    """All that can be measured within one return. A rule with a blank operand is not measured."""
    found: list[Measurement] = []
    for code in _ranges(catalogue, period_code):
        found += measure_range(catalogue, period_code, unit, code)
    for order in catalogue.orderings:
        found += measure_order(unit, order)
    for code in catalogue.totals:
        found += measure_total(catalogue, unit, code)
    for code in catalogue.formulas:
        found += measure_rate(catalogue, unit, code)
    return found


def measure_range(catalogue: Catalogue, period_code: str, unit: UnitFigures, code: str) -> list[Measurement]:
    """One figure between its bounds, whole where it counts; where it is asked and left out, that it is not there."""
    observation = unit.observations.get(code)
    if observation is None:
        return []
    bounds, value = _ranges(catalogue, period_code)[code], observation.value
    if value is not None:
        found = [measure_figure(unit, bounds.rule_code, code, float(value), bounds.low, bounds.high)]
        if bounds.is_whole:
            found.append(measure_figure(unit, "whole_number", code, float(abs(value % 1)), high=0.0))
        return found
    is_asked = bounds.is_required and unit.province_id != catalogue.cluster_id and code not in unit.derived
    return [measure_figure(unit, "required_present", code, NAN)] if is_asked and _is_left_out(observation) else []


def _is_left_out(observation: Observation) -> bool:
    """Whether a cell that is there says nothing at all: a missing cell, or a strange word in it, is told elsewhere."""
    return observation.state == "blank" and bool(observation.cell) and not observation.raw_text


def measure_order(unit: UnitFigures, order: Ordering) -> list[Measurement]:
    """What the smaller figure has more than the larger one."""
    smaller, larger = unit.counted(order.smaller_code), unit.counted(order.larger_code)
    if smaller is None or larger is None:
        return []
    other, excess = unit.observations[order.larger_code], float(smaller - larger)
    return [measure_figure(unit, order.rule_code, order.smaller_code, excess, high=0.0, other=other, reference=larger)]


def measure_total(catalogue: Catalogue, unit: UnitFigures, total_code: str) -> list[Measurement]:
    """Total minus parts. With parts left blank the sum must still fit below the total, and what is left for the
    blanks may not exceed the share of the total that the catalogue allows; in between nothing is measured."""
    parts = catalogue.totals[total_code]
    total = unit.counted(total_code)
    if total is None:
        return []
    known = {part.part_code: unit.counted(part.part_code) for part in parts}
    values = [v for v in known.values() if v is not None]
    blanks = [code for code, v in known.items() if v is None]
    given = sum(values, Decimal(0))
    left = total - given
    if not values or (blanks and 0 <= left <= total * parts[0].max_blank_share):
        return []
    terms = " + ".join("(trống)" if v is None else format_number(v) for v in known.values())
    detail = terms
    if blanks and left > 0:
        labels = ", ".join(catalogue.indicators[code].heading for code in blanks)
        detail = f"{terms}; phần còn trống là {labels} sẽ phải tới {format_number(left)}"
    return [
        measure_figure(unit, "parts_sum_to_total", total_code, float(left), 0.0, 0.0, reference=given, detail=detail)
    ]


def measure_rate(catalogue: Catalogue, unit: UnitFigures, code: str) -> list[Measurement]:
    """Reported minus recomputed; within the tolerance, what rounding cannot explain is measured apart."""
    tolerance = catalogue.rules["rate_follows_counts"].parameter or Decimal(0)
    rounding = catalogue.rules["rate_rounding"].parameter or Decimal(0)
    formula = catalogue.formulas[code].formula
    reported = unit.reported(code)
    operands = {name: unit.counted(name) for name in formula.names}
    exact = None if reported is None else formula.evaluate(operands)
    if reported is None or exact is None:
        return []
    detail = "/".join(format_number(v) for v in operands.values() if v is not None)
    off, bound = float(reported - exact), float(tolerance)
    found = [measure_figure(unit, "rate_follows_counts", code, off, -bound, bound, reference=exact, detail=detail)]
    if abs(reported - exact) <= tolerance:
        found.append(
            measure_figure(unit, "rate_rounding", code, abs(off), high=float(rounding), reference=exact, detail=detail)
        )
    return found


def observations_by_code(observations: tuple[Observation, ...]) -> Mapping[str, Observation]:
    """The observations of one reading under their indicators' codes."""
    return {o.indicator_code: o for o in observations}
