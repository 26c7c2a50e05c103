"""A figure against those of the other provinces: slips of a power of ten, and a share written for a rise."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Sequence
from decimal import Decimal

from catalogue.model import Catalogue, Indicator
from transforms.consolidation import UnitFigures
from transforms.measurement import Measurement, measure_figure
from transforms.numbers_vi import format_number

THOUSAND = Decimal(1000)
HUNDRED = Decimal(100)
SMALLER = (HUNDRED, Decimal(10))  # of percentages alone, where the peers' lie close together: provinces differ in size
MIN_PEERS = 3
Ranked = list[tuple[Decimal, UnitFigures]]
Scale = Callable[[Decimal, UnitFigures], Measurement]


def measure_peers(catalogue: Catalogue, period_code: str, units: tuple[UnitFigures, ...]) -> list[Measurement]:
    """What can be said of each figure by those of the other provinces of the period."""
    return [
        m
        for i in catalogue.indicators_of(period_code)
        if is_comparable(i)
        for m in measure_peers_of(catalogue, i, units)
    ]


def measure_zeros(catalogue: Catalogue, period_code: str, units: tuple[UnitFigures, ...]) -> list[Measurement]:
    """What the other province with the least has, for each zero in a required amount; a dash counts as zero too."""
    bound = catalogue.rules["zero_among_peers"].parameter or Decimal(0)
    found = []
    for indicator in catalogue.indicators_of(period_code):
        code = indicator.indicator_code
        if indicator.aggregation != "sum" or not indicator.is_required:
            continue
        counted = [(value, unit) for unit in units if (value := unit.counted(code)) is not None]
        others = sorted(value for value, _ in counted if value)
        if len(others) < MIN_PEERS:
            continue
        middle = others[len(others) // 2]
        for value, unit in counted:
            if not value:
                least = float(others[0])
                found.append(measure_figure(unit, "zero_among_peers", code, least, high=float(bound), reference=middle))
    return found


def is_comparable(indicator: Indicator) -> bool:
    """Whether provinces can be held against each other: what is summed, and percentages."""
    return indicator.aggregation == "sum" or indicator.unit_code == "percent"


def measure_peers_of(catalogue: Catalogue, indicator: Indicator, units: tuple[UnitFigures, ...]) -> list[Measurement]:
    """One indicator over the provinces: its orders of magnitude, or where it is a growth, its way of comparing."""
    figures = [(v, u) for u in units if (v := comparable_figure(indicator, u)) is not None]
    values: Ranked = sorted(figures, key=lambda pair: pair[0])
    measure = _scale_of(catalogue, indicator, [v for v, _ in values])
    return [measure(value, unit) for value, unit in values] if measure is not None else []


def measure_among(
    catalogue: Catalogue, indicator: Indicator, unit: UnitFigures, others: Sequence[Decimal]
) -> list[Measurement]:
    """The same for one unit alone, given the figures of the others in their order: few steps, however many they are."""
    value = comparable_figure(indicator, unit)
    if value is None:
        return []
    ranked = list(others)
    insort(ranked, value)
    measure = _scale_of(catalogue, indicator, ranked)
    return [measure(value, unit)] if measure is not None else []


def comparable_figure(indicator: Indicator, unit: UnitFigures) -> Decimal | None:
    """The figure by which a unit is held against the others; None where it has none for that."""
    value = unit.reported(indicator.indicator_code)
    return value if value is not None and (indicator.is_growth or value > 0) else None


def _scale_of(catalogue: Catalogue, indicator: Indicator, ranked: list[Decimal]) -> Scale | None:
    if len(ranked) <= MIN_PEERS:
        return None
    make = _growths_among if indicator.is_growth else _magnitudes_among
    return make(catalogue, indicator, ranked)


def _magnitudes_among(catalogue: Catalogue, indicator: Indicator, ranked: list[Decimal]) -> Scale:
    """How many times nearer to its peers a factor of 1000 (of a percentage 100 or 10) would bring a figure.

    A figure's distance is its ratio to the nearest peer, the largest or the smallest, and 1 among them. Peers that
    stand nearer to a slip than to the middle are left out, so that two provinces with one slip do not hide each other.
    """
    bound = catalogue.rules["magnitude_of_peers"].parameter or THOUSAND
    centre = ranked[len(ranked) // 2]
    factors = [THOUSAND] if indicator.aggregation == "sum" else []
    sound = {factor: _near_centre(ranked, factor.sqrt()) for factor in (THOUSAND, *SMALLER)}
    for factor in SMALLER if indicator.aggregation != "sum" else ():
        inner = sound[factor]
        if len(inner) >= max(MIN_PEERS, len(ranked) - 1) and (inner[-1] / inner[0]) ** 4 < factor:
            factors.append(factor)

    def measure(value: Decimal, unit: UnitFigures) -> Measurement:
        ratio, factor = max(
            ((_slip_ratio(value, sound[f], f), f) for f in factors if len(sound[f]) >= MIN_PEERS),
            default=(Decimal(1), THOUSAND),
        )
        return measure_figure(
            unit,
            "magnitude_of_peers",
            indicator.indicator_code,
            float(ratio),
            high=float(bound),
            reference=centre,
            detail=format_number(factor),
        )

    return measure


def _near_centre(ranked: list[Decimal], near: Decimal) -> list[Decimal]:
    """The figures less than `near` times above or below the middle one; half the way, in orders of magnitude, to a
    slip."""
    middle = len(ranked) // 2
    centre = ranked[middle]
    first = bisect_left(ranked, True, 0, middle, key=lambda v: centre / v < near)
    after = bisect_left(ranked, True, middle, key=lambda v: v / centre >= near)
    return ranked[first:after]


def _slip_ratio(value: Decimal, sound: list[Decimal], factor: Decimal) -> Decimal:
    """How many times nearer to its peers a factor would bring a value."""
    low = sound[1] if value == sound[0] else sound[0]
    high = sound[-2] if value == sound[-1] else sound[-1]
    corrected = value / factor if value > high else value * factor
    return _ratio_outside(value, low, high) / _ratio_outside(corrected, low, high)


def _ratio_outside(value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    return max(value / high, low / value, Decimal(1))


def _growths_among(catalogue: Catalogue, indicator: Indicator, ranked: list[Decimal]) -> Scale:
    """How much nearer to the rises of its peers a rise would be if it were a share of the base: 107 for 7 %.

    Measured where the figure less 100 lies among them or within half the bound of them; in points of a percent.
    """
    bound = catalogue.rules["index_among_peers"].parameter or HUNDRED
    half, last = (len(ranked) - 1) // 2, len(ranked) - 1

    def measure(value: Decimal, unit: UnitFigures) -> Measurement:
        low, high = ranked[1 if value == ranked[0] else 0], ranked[-2 if value == ranked[last] else -1]
        middle = ranked[half if ranked[half] < value else half + 1]  # of the others
        nearer = _points_outside(value, low, high) - _points_outside(value - HUNDRED, low, high)
        is_far = _points_outside(value - HUNDRED, low, high) > bound / 2
        return measure_figure(
            unit,
            "index_among_peers",
            indicator.indicator_code,
            0.0 if is_far else float(nearer),
            high=float(bound),
            reference=middle,
        )

    return measure


def _points_outside(value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    return max(value - high, low - value, Decimal(0))
