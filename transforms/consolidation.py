"""From the provinces' figures to the cluster's: derived where a figure follows, summed, rebuilt, or announced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from catalogue.model import Catalogue, Indicator
from transforms.numbers_vi import round_half_up
from transforms.observation import ClusterTotal, DerivedFigure, Observation

ZERO = Decimal(0)


@dataclass(frozen=True)
class UnitFigures:
    """The current figures of one reporting unit; `derived` fills what was not reported."""

    province_id: str
    submission_id: str
    observations: Mapping[str, Observation]
    derived: Mapping[str, Decimal]
    file_name: str = ""

    def figure(self, indicator_code: str) -> Decimal | None:
        """The number to count with: reported, zero for "none arising", derived; None where there is none."""
        counted = self.counted(indicator_code)
        return self.derived.get(indicator_code) if counted is None else counted

    def counted(self, indicator_code: str) -> Decimal | None:
        """The number that the unit itself stands for: what it wrote, or zero for "none arising"."""
        observation = self.observations.get(indicator_code)
        if observation is not None and observation.state == "none_arising":
            return ZERO
        return None if observation is None else observation.value

    def reported(self, indicator_code: str) -> Decimal | None:
        """The number that the unit itself wrote; None where it wrote none."""
        observation = self.observations.get(indicator_code)
        return None if observation is None else observation.value


def derive_figures(catalogue: Catalogue, observations: Mapping[str, Observation]) -> dict[str, Decimal]:
    """What follows from a unit's own figures for indicators it left blank: rates from counts, totals from parts."""
    derived: dict[str, Decimal] = {}
    counted = {code: ZERO if o.state == "none_arising" else o.value for code, o in observations.items()}
    for code, formula in catalogue.formulas.items():
        if _is_blank(observations, code):
            value = formula.formula.evaluate({name: counted.get(name) for name in formula.formula.names})
            if value is not None:
                derived[code] = round_half_up(value, formula.decimals)
    for code, parts in catalogue.totals.items():
        values = [counted.get(part.part_code) for part in parts]
        if _is_blank(observations, code) and all(v is not None for v in values):
            derived[code] = sum((v for v in values if v is not None), ZERO)
    return derived


def _is_blank(observations: Mapping[str, Observation], code: str) -> bool:
    observation = observations.get(code)
    return observation is not None and observation.state == "blank"


def derived_rows(units: Iterable[UnitFigures]) -> tuple[DerivedFigure, ...]:
    """The derived figures of all units as rows."""
    return tuple(DerivedFigure(u.province_id, code, value) for u in units for code, value in u.derived.items())


def consolidate(
    catalogue: Catalogue,
    period_code: str,
    provinces: tuple[UnitFigures, ...],
    chair: UnitFigures | None,
    expected: int,
    disputed: frozenset[tuple[str, str]] = frozenset(),
) -> tuple[ClusterTotal, ...]:
    """One row for every indicator that may be summed or rebuilt, and for every announced one.

    `disputed` holds (province_id, indicator_code); a disputed figure counts in `value` and is left out of
    `value_without_disputed`. Nothing is added that may not be: growth, ranks and rates are never summed.
    """
    rows: list[ClusterTotal] = []
    for indicator in catalogue.indicators_of(period_code):
        code = indicator.indicator_code
        control = chair.observations.get(code) if chair is not None else None
        control_value = None if control is None else control.value
        if indicator.aggregation == "none" and control_value is None:
            continue
        value, without, reporting, disputes = _aggregate(catalogue, indicator, provinces, disputed)
        is_estimated = any(_rests_on_estimate(catalogue, indicator, unit) for unit in provinces)
        source = {"sum": "sum", "rebuild": "rebuilt", "none": "announced"}[indicator.aggregation]
        if not reporting and control_value is not None:
            value, without, source = control_value, control_value, "announced"
        if source == "announced":
            is_estimated = control is not None and control.is_estimated
        located = control is not None and control_value is not None
        rows.append(
            ClusterTotal(
                code,
                value,
                source,
                reporting,
                expected,
                disputes,
                without,
                control_value,
                control.sheet if located and control else "",
                control.cell if located and control else "",
                chair.submission_id if located and chair else "",
                is_estimated and value is not None,
            )
        )
    return tuple(rows)


def _rests_on_estimate(catalogue: Catalogue, indicator: Indicator, unit: UnitFigures) -> bool:
    """Whether what a unit gives for an indicator that is summed or rebuilt is an estimate."""
    code = indicator.indicator_code
    names = catalogue.formulas[code].formula.names if indicator.aggregation == "rebuild" else (code,)
    return all(unit.figure(name) is not None for name in names) and any(
        o.is_estimated and o.value is not None for name in names if (o := unit.observations.get(name)) is not None
    )


def _aggregate(
    catalogue: Catalogue, indicator: Indicator, provinces: tuple[UnitFigures, ...], disputed: frozenset[tuple[str, str]]
) -> tuple[Decimal | None, Decimal | None, int, int]:
    """The value, the value without disputed figures, how many units report and how many of those are disputed."""
    code = indicator.indicator_code
    if indicator.aggregation == "none":
        return None, None, sum(unit.figure(code) is not None for unit in provinces), 0
    names = catalogue.formulas[code].formula.names if indicator.aggregation == "rebuild" else (code,)
    reporting = [u for u in provinces if all(u.figure(name) is not None for name in names)]
    sound = [u for u in reporting if not any((u.province_id, name) in disputed for name in names)]
    both = [combine(catalogue, indicator, units) for units in (reporting, sound)]
    return both[0], both[1], len(reporting), len(reporting) - len(sound)


def combine(catalogue: Catalogue, indicator: Indicator, units: Iterable[UnitFigures]) -> Decimal | None:
    """An indicator that is summed or rebuilt over the units that have all it needs; None where none has."""
    is_rebuilt = indicator.aggregation == "rebuild"
    code = indicator.indicator_code
    names = catalogue.formulas[code].formula.names if is_rebuilt else (code,)
    rows = [[unit.figure(name) for name in names] for unit in units]
    whole = [[value for value in row if value is not None] for row in rows if None not in row]
    if not whole:
        return None
    sums = {name: sum(column, ZERO) for name, column in zip(names, zip(*whole, strict=True), strict=True)}
    if not is_rebuilt:
        return sums[code]
    formula = catalogue.formulas[code]
    value = formula.formula.evaluate(sums)
    return None if value is None else round_half_up(value, formula.decimals)
