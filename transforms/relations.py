"""The rules as relations between figures of one return: which figures each is over, and whether it holds."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, lru_cache, partial

from catalogue.model import Catalogue, Indicator
from transforms.comparison import Past
from transforms.consolidation import UnitFigures
from transforms.history import measure_history_of
from transforms.measurement import Measurement, measure_order, measure_range, measure_rate, measure_total
from transforms.observation import Observation, State
from transforms.peers import comparable_figure, is_comparable, measure_among

EXACT = ("parts_sum_to_total", "rate_follows_counts", "change_fits_growth")
Values = Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Relation:
    """What is measured over these figures of a unit."""

    codes: tuple[str, ...]
    measure: Callable[[UnitFigures], list[Measurement]]


@dataclass(frozen=True)
class Ground:
    """What a figure can be held against: the rules of a period, the unit's own past, the other units."""

    catalogue: Catalogue
    period_code: str
    units: tuple[UnitFigures, ...] = ()
    past: Past | None = None

    def broken(self, unit: UnitFigures, codes: Iterable[str]) -> list[Measurement]:
        """The relations over any of these figures that do not hold, what is only for information left out."""
        return list(self._broken(unit, codes))

    def holds(self, unit: UnitFigures, codes: Iterable[str]) -> bool:
        """Whether every relation over any of these figures holds."""
        return next(iter(self._broken(unit, codes)), None) is None

    def exact(self, unit: UnitFigures, codes: Iterable[str]) -> list[Measurement]:
        """What totals, rates and growths say of these figures, broken or not."""
        codes = tuple(codes)
        found = [
            m
            for relation in dict(
                r for c in codes for r in _relations(self.catalogue, self.period_code).get(c, ())
            ).values()
            for m in relation.measure(unit)
            if m.rule_code in EXACT
        ]
        for code in self._with_growths(tuple(codes)) if self.past else ():
            if self.catalogue.indicators[code].growth_of:
                measured = measure_history_of(
                    self.catalogue, self.period_code, unit, self.catalogue.indicators[code], self.past or {}
                )
                found += [m for m in measured if m.rule_code in EXACT]
        return found

    def _broken(self, unit: UnitFigures, codes: Iterable[str]) -> Iterable[Measurement]:
        codes = tuple(codes)
        seen: set[int] = set()
        for code in codes:
            for number, relation in _relations(self.catalogue, self.period_code).get(code, ()):
                if number not in seen:
                    seen.add(number)
                    yield from (m for m in relation.measure(unit) if self._counts(m))
        for code in self._with_growths(codes):
            indicator = self.catalogue.indicators[code]
            if self.past:
                found = measure_history_of(self.catalogue, self.period_code, unit, indicator, self.past)
                yield from (m for m in found if self._counts(m))
            if code in codes and unit.province_id in self._by_province and is_comparable(indicator):
                compared = measure_among(self.catalogue, indicator, unit, self._others(indicator, unit.province_id))
                yield from (m for m in compared if self._counts(m))

    @cached_property
    def _by_province(self) -> dict[str, UnitFigures]:
        return {unit.province_id: unit for unit in self.units}

    @cached_property
    def _ranked(self) -> dict[str, list[Decimal]]:
        """The figures of all units in their order, by indicator, as they are asked for: sorted once, not per guess."""
        return {}

    def _others(self, indicator: Indicator, province_id: str) -> list[Decimal]:
        code = indicator.indicator_code
        if code not in self._ranked:
            figures = (comparable_figure(indicator, unit) for unit in self.units)
            self._ranked[code] = sorted(value for value in figures if value is not None)
        own = comparable_figure(indicator, self._by_province[province_id])
        others = list(self._ranked[code])
        if own is not None:
            del others[bisect_left(others, own)]
        return others

    def is_exact(self, unit: UnitFigures, measurement: Measurement) -> bool:
        """Whether a measurement says what the figure must be: a total of parts that are all there, a rate, a growth."""
        if measurement.rule_code not in EXACT:
            return False
        return all(unit.counted(code) is not None for code in operands_of(self.catalogue, measurement))

    def _counts(self, measurement: Measurement) -> bool:
        rule = self.catalogue.rule_in(measurement.rule_code, self.period_code)
        return rule is not None and rule.severity != "info" and measurement.is_broken

    def _with_growths(self, codes: tuple[str, ...]) -> list[str]:
        """The figures, those that say how these have grown, and those whose growth these say."""
        found = dict.fromkeys(codes)
        for indicator in self.catalogue.indicators_of(self.period_code):
            if indicator.growth_of in codes:
                found[indicator.indicator_code] = None
            elif indicator.indicator_code in codes and indicator.growth_of:
                found[indicator.growth_of] = None
        return list(found)


def operands_of(catalogue: Catalogue, measurement: Measurement) -> set[str]:
    """The indicators that a measurement is over."""
    code = measurement.indicator_code
    found = {code}
    if measurement.other is not None:
        found.add(measurement.other.indicator_code)
    if measurement.rule_code == "parts_sum_to_total":
        found.update(part.part_code for part in catalogue.totals[code])
    elif catalogue.rules[measurement.rule_code].family == "rate":
        found.update(catalogue.formulas[code].formula.names)
    elif measurement.rule_code == "change_fits_growth":
        found.add(catalogue.indicators[code].growth_of)
    return found


def with_values(unit: UnitFigures, values: Values) -> UnitFigures:
    """The unit as it would be with other figures in these cells; None leaves a cell blank."""
    changed: dict[str, Observation] = {}
    for code, value in values.items():
        before = unit.observations[code]
        state: State = "blank" if value is None else "number"
        changed[code] = replace(before, state=state, value=value, raw_text="" if value is None else str(value))
    return replace(unit, observations={**unit.observations, **changed})


@lru_cache(maxsize=16)
def _relations(catalogue: Catalogue, period_code: str) -> dict[str, list[tuple[int, Relation]]]:
    """The relations within one return under each of their figures."""
    asked = {i.indicator_code for i in catalogue.indicators_of(period_code)}
    all_of_them = [Relation((code,), partial(_range_of, catalogue, period_code, code)) for code in asked]
    for order in catalogue.orderings:
        all_of_them.append(Relation((order.smaller_code, order.larger_code), partial(measure_order, order=order)))
    for code, parts in catalogue.totals.items():
        codes = (code, *(part.part_code for part in parts))
        all_of_them.append(Relation(codes, partial(_total_of, catalogue, code)))
    for code, formula in catalogue.formulas.items():
        all_of_them.append(Relation((code, *formula.formula.names), partial(_rate_of, catalogue, code)))
    found: dict[str, list[tuple[int, Relation]]] = {}
    for number, relation in enumerate(all_of_them):
        for code in relation.codes:
            found.setdefault(code, []).append((number, relation))
    return found


def _range_of(catalogue: Catalogue, period_code: str, code: str, unit: UnitFigures) -> list[Measurement]:
    return measure_range(catalogue, period_code, unit, code)


def _total_of(catalogue: Catalogue, code: str, unit: UnitFigures) -> list[Measurement]:
    return measure_total(catalogue, unit, code)


def _rate_of(catalogue: Catalogue, code: str, unit: UnitFigures) -> list[Measurement]:
    return measure_rate(catalogue, unit, code)
