"""Which rules look at which figure, and of those that were applied, whether they held."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from catalogue.model import Catalogue, Indicator
from transforms.consolidation import UnitFigures
from transforms.history import STEADY
from transforms.measurement import Measurement, range_rule
from transforms.peers import is_comparable

PRESENT = "required_present"
_ANSWERS = ("number", "none_arising", "not_yet_available")


@dataclass(frozen=True, slots=True)
class Reach:
    """A rule that, applied to the subject, looks at an indicator: the subject itself or an operand of it."""

    rule_code: str
    subject_code: str
    indicator_code: str


@dataclass(frozen=True, slots=True)
class Check:
    """One rule as it was applied to one figure: it holds where low ≤ measured ≤ high; None does not bind.

    `province_id` is empty for what was measured over the provinces together. `reference` is what the figure was
    measured against, in the indicator's unit.
    """

    rule_code: str
    province_id: str
    indicator_code: str
    figure: Decimal | None
    measured: float | None
    low: float | None
    high: float | None
    reference: Decimal | None
    is_held: bool


def list_checks(
    catalogue: Catalogue,
    period_code: str,
    units: Iterable[UnitFigures],
    measurements: Iterable[Measurement],
    broken: set[int],
) -> Iterator[Check]:
    """Every measurement by a rule in force, and that what is required was answered; `broken` holds their ids."""
    in_force = {code for code in catalogue.rules if catalogue.rule_in(code, period_code) is not None}
    for m in measurements:
        if m.indicator_code and m.rule_code in in_force:
            figure = None if m.subject is None else m.subject.value
            bounds = _bound(m.value), _bound(m.low), _bound(m.high)
            yield Check(m.rule_code, m.province_id, m.indicator_code, figure, *bounds, m.reference, id(m) not in broken)
    required = [i.indicator_code for i in catalogue.indicators_of(period_code) if i.is_required]
    if PRESENT not in in_force:
        return
    for unit in units:
        for code in required if unit.province_id != catalogue.cluster_id else ():
            answer = unit.observations.get(code)
            if answer is not None and answer.state in _ANSWERS:
                yield Check(PRESENT, unit.province_id, code, answer.value, None, None, None, None, True)


def _bound(value: float) -> float | None:
    return value if math.isfinite(value) else None


def list_reach(catalogue: Catalogue) -> tuple[Reach, ...]:
    """All rules that measure, with every indicator each looks at; what one file alone may say of a cell is not here."""
    found: dict[Reach, None] = {}
    for indicator in catalogue.indicators.values():
        code = indicator.indicator_code
        for rule_code in _of_indicator(catalogue, indicator):
            found[Reach(rule_code, code, code)] = None
        if indicator.growth_of:
            found.update(_over("change_fits_growth", code, (indicator.growth_of,)))
    for order in catalogue.orderings:
        found.update(_over(order.rule_code, order.smaller_code, (order.larger_code,)))
    for code, parts in catalogue.totals.items():
        found.update(_over("parts_sum_to_total", code, [part.part_code for part in parts]))
    for code, formula in catalogue.formulas.items():
        for rule_code in ("rate_follows_counts", "rate_rounding"):
            found.update(_over(rule_code, code, formula.formula.names))
        if catalogue.indicators[code].aggregation == "rebuild":
            found.update(_over("announced_equals_rate", code, formula.formula.names))
    return tuple(found)


def _over(rule_code: str, subject: str, operands: Iterable[str]) -> dict[Reach, None]:
    return {Reach(rule_code, subject, code): None for code in (subject, *operands)}


def _of_indicator(catalogue: Catalogue, indicator: Indicator) -> Iterator[str]:
    """The rules that look at an indicator by itself, among the provinces, and beside its own past."""
    yield range_rule(indicator)
    if indicator.is_whole:
        yield "whole_number"
    if indicator.is_required:
        yield PRESENT
    if indicator.aggregation == "sum":
        yield "announced_equals_sum"
        if indicator.is_required:
            yield "zero_among_peers"
    if indicator.unit_code == "rank" and indicator.rank_field:
        yield "rank_held_once"
    if is_comparable(indicator):
        yield "index_among_peers" if indicator.is_growth else "magnitude_of_peers"
    if indicator.aggregation == "sum" or indicator.time_kind == "stock_rate":
        yield "magnitude_of_past"
    if indicator.time_kind not in STEADY:
        yield "past_repeated"
