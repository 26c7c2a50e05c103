"""The likely culprit: the smallest change of a return that lets every rule over the changed figures hold."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalogue.model import Indicator
from transforms.comparison import half_before, same_half_before
from transforms.consolidation import UnitFigures
from transforms.history import find_witness
from transforms.measurement import Measurement
from transforms.placement import indicators_by_section
from transforms.relations import EXACT, Ground, operands_of, with_values
from transforms.slips import places_of, undo
from transforms.written import from_written, to_written

NAMED_FROM = 0.7  # the share of all explanations' plausibility from which one is named
POINTED = 30  # how much more plausible a slip is to which the broken rule itself points
UNTIDY = 0.05  # and how much less a figure of more decimal places than the indicator has
LONELY = 0.01  # and two cells exchanged of which only one breaks a rule
# how plausible it is that something else happened than any slip known here, by what the rule leaves to chance
ELSE = {"parts_sum_to_total": 0.3, "rate_follows_counts": 0.02, "change_fits_growth": 0.1}
ELSE_INEXACT = 2.0
PER_FINDING = 20  # one slip that explains two findings is so much more plausible than one that explains one
ROUNDED = 0.05  # and so much less one that leaves more than rounding between a growth or a rate and its counts
Change = tuple[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Culprit:
    """What would explain a broken rule: the slip, and the figure that each changed cell should hold.

    `is_sure` says that no other single slip explains it at all. Without `slip_code` several explanations are about as
    plausible; `changes` then holds the figures between which nothing decides, without values.
    """

    slip_code: str
    changes: tuple[Change, ...]
    is_sure: bool = False

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(code for code, _ in self.changes)


@dataclass(slots=True)
class _Case:
    """One explanation while its slips are added up; the likeliest of them names it."""

    changes: tuple[Change, ...]
    credibility: float
    slip_code: str
    best: float
    plausibility: float
    can_be_named: bool

    @property
    def weight(self) -> float:
        return self.plausibility * self.credibility


def find_culprit(ground: Ground, unit: UnitFigures, at: Measurement, broken: Sequence[Measurement]) -> Culprit | None:
    """The most plausible single slip behind a broken measurement; None where no slip explains it.

    `broken` holds all that is broken in the unit's return, `at` among it. A growth that the return's own earlier figure
    bears out is no slip of this return.
    """
    if at.rule_code == "change_fits_growth" and find_witness(ground.catalogue, unit, at.indicator_code) is not None:
        return None
    repeated = at.indicator_code if at.rule_code == "past_repeated" else _pasted_base(ground, unit, at)
    if repeated:
        return Culprit("past_pasted", ((repeated, None),))
    is_exact = ground.is_exact(unit, at)
    if at.rule_code in EXACT and not is_exact:
        return None  # parts are missing: nearly anything would fit
    suspects = sorted(operands_of(ground.catalogue, at) & set(unit.observations))
    touched = {code: [m for m in broken if code in operands_of(ground.catalogue, m)] for code in unit.observations}
    cases: dict[tuple[Change, ...], _Case] = {}
    for slip_code, share, changes in _hypotheses(ground, unit, suspects):
        slip = ground.catalogue.slips[slip_code]
        plausibility = share * slip.weight * (POINTED if slip.told_by == at.rule_code else 1)
        case = cases.get(changes)
        if case is None:
            credibility = _credibility(ground, unit, changes, touched, is_exact)
            case = cases[changes] = _Case(changes, credibility, slip_code, 0.0, 0.0, False)
        case.plausibility += plausibility
        case.can_be_named |= not slip.needs_exact or any(ground.is_exact(unit, m) for m in touched[changes[0][0]])
        if plausibility > case.best:
            case.slip_code, case.best = slip_code, plausibility
    otherwise = ELSE[at.rule_code] if is_exact else ELSE_INEXACT
    return _choose([case for case in cases.values() if case.weight], otherwise, is_exact)


def _pasted_base(ground: Ground, unit: UnitFigures, at: Measurement) -> str:
    """The figure whose growth does not fit, where it is the very figure of an earlier half-year; else nothing."""
    base = ground.catalogue.indicators[at.indicator_code].growth_of
    if at.rule_code != "change_fits_growth" or not ground.past:
        return ""
    periods = (same_half_before(ground.period_code), half_before(ground.period_code))
    earlier = [ground.past.get((period_code, unit.province_id, base)) for period_code in periods]
    return base if unit.reported(base) in [value for value in earlier if value is not None] else ""


def _choose(cases: list[_Case], otherwise: float, is_exact: bool) -> Culprit | None:
    if not cases:
        return None
    cases.sort(key=lambda case: -case.weight)
    first, total = cases[0], otherwise + sum(case.weight for case in cases)
    if first.can_be_named and first.weight >= NAMED_FROM * total:
        return Culprit(first.slip_code, first.changes, is_exact and len(cases) == 1)
    near = [case for case in cases if case.weight * 10 >= max(first.weight, otherwise)]
    if not near:
        return None
    return Culprit("", tuple((code, None) for code in sorted({code for case in near for code, _ in case.changes})))


def _hypotheses(
    ground: Ground, unit: UnitFigures, suspects: Iterable[str]
) -> Iterator[tuple[str, float, tuple[Change, ...]]]:
    """Every slip of one of the suspects, and every exchange of one with its neighbour or its whole."""
    catalogue = ground.catalogue
    for code in suspects:
        observation, indicator = unit.observations[code], catalogue.indicators[code]
        if observation.value is None or indicator.time_kind == "previous_year_rank":
            continue  # a place in a ranking is read off a list: nothing tells one from the next
        for guess in undo(to_written(observation), indicator):
            yield guess.slip_code, guess.share, ((code, from_written(observation, guess.value)),)
    for slip_code, one, other in _pairs(ground, set(suspects)):
        values = unit.reported(one), unit.reported(other)
        if None not in values and values[0] != values[1]:
            yield slip_code, 1.0, ((one, values[1]), (other, values[0]))


def _pairs(ground: Ground, suspects: set[str]) -> Iterator[tuple[str, str, str]]:
    """The cells that may have been exchanged, in the order of the form: neighbours, and a part with its whole."""
    catalogue = ground.catalogue
    for rows in indicators_by_section(catalogue, ground.period_code).values():
        for one, other in itertools.pairwise(rows):
            if {one.indicator_code, other.indicator_code} & suspects:
                yield "neighbours_swapped", one.indicator_code, other.indicator_code
        for row in rows:
            if row.fraction_of and {row.indicator_code, row.fraction_of} & suspects:
                yield "fraction_turned", row.indicator_code, row.fraction_of


def _credibility(
    ground: Ground,
    unit: UnitFigures,
    changes: tuple[Change, ...],
    touched: dict[str, list[Measurement]],
    is_exact: bool,
) -> float:
    """How well the changed figures fit; 0 where a rule over one of them would not hold."""
    codes = [code for code, _ in changes]
    changed = with_values(unit, dict(changes))
    if not ground.holds(changed, codes):
        return 0.0
    explained = {id(m) for code in codes for m in touched[code]}
    weight = float(PER_FINDING) ** (len(explained) - 1)
    if len(changes) > 1 and not is_exact and not all(touched[code] for code in codes):
        weight *= LONELY
    for m in ground.exact(changed, codes):
        weight *= ROUNDED if abs(m.value) > _rounding(changed, m) else 1.0
    for code, value in changes:
        indicator = ground.catalogue.indicators[code]
        weight *= _nearness(ground, unit, indicator, value)
        places = 2 if indicator.unit_code == "percent" else indicator.decimals
        if value is not None and len(changes) == 1 and places_of(value) > places:
            weight *= UNTIDY
        is_size = indicator.unit_code == "ranked_province"
        if is_size and value != ground.catalogue.rank_size(indicator, ground.period_code):
            return 0.0  # how many are ranked is known
    return weight


def _rounding(unit: UnitFigures, measurement: Measurement) -> float:
    """Half of the last place in which the figure is given, two for a rate."""
    value = unit.observations[measurement.indicator_code].value
    places = 0 if value is None else max(0, -int(value.normalize().as_tuple().exponent))
    if measurement.rule_code == "rate_follows_counts":
        places = max(places, 2)
    return 0.5001 * 10.0**-places


def _nearness(ground: Ground, unit: UnitFigures, indicator: Indicator, value: Decimal | None) -> float:
    """1 for what stood there a year or half a year before, less the further off; a stock hardly moves."""
    if not ground.past or not value or value < 0 or indicator.is_growth or indicator.rank_field:
        return 1.0
    for period_code in (same_half_before(ground.period_code), half_before(ground.period_code)):
        earlier = ground.past.get((period_code, unit.province_id, indicator.indicator_code))
        if earlier is not None and earlier > 0:
            ratio = float(max(value / earlier, earlier / value))
            return ratio ** (-20 if indicator.time_kind == "stock" else -3)
    return 1.0
