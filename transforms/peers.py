"""A figure against those of the other provinces: slips of a power of ten, and a share written for a rise."""

from __future__ import annotations

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


def measure_peers(catalogue: Catalogue, period_code: str, units: tuple[UnitFigures, ...]) -> list[Measurement]:
    """What can be said of each figure by those of the other provinces of the period."""
    return [
        m
        for i in catalogue.indicators_of(period_code)
        if is_comparable(i)
        for m in measure_peers_of(catalogue, i, units)
    ]


def is_comparable(indicator: Indicator) -> bool:
    """Whether provinces can be held against each other: what is summed, and percentages."""
    return indicator.aggregation == "sum" or indicator.unit_code == "percent"


def measure_peers_of(catalogue: Catalogue, indicator: Indicator, units: tuple[UnitFigures, ...]) -> list[Measurement]:
    """One indicator over the provinces: its orders of magnitude, or where it is a growth, its way of comparing."""
    if indicator.is_growth:
        return _measure_growths(catalogue, indicator, units)
    return _measure_magnitudes(catalogue, indicator, units)


def _measure_magnitudes(
    catalogue: Catalogue, indicator: Indicator, units: tuple[UnitFigures, ...]
) -> list[Measurement]:
    """How many times nearer to its peers a factor of 1000 (of a percentage 100 or 10) would bring a figure.

    A figure's distance is its ratio to the nearest peer, the largest or the smallest, and 1 among them. Peers that
    stand nearer to a slip than to the middle are left out, so that two provinces with one slip do not hide each other.
    """
    code = indicator.indicator_code
    bound = catalogue.rules["magnitude_of_peers"].parameter or THOUSAND
    reported = [(v, u) for u in units if (v := u.reported(code)) is not None and v > 0]
    values: Ranked = sorted(reported, key=lambda pair: pair[0])
    if len(values) <= MIN_PEERS:
        return []
    ranked = [v for v, _ in values]
    centre = ranked[len(ranked) // 2]
    factors = [THOUSAND] if indicator.aggregation == "sum" else []
    sound: dict[Decimal, list[Decimal]] = {}
    for factor in (THOUSAND, *SMALLER):
        near = factor.sqrt()  # half the way, in orders of magnitude, to the slip
        sound[factor] = [v for v in ranked if max(v / centre, centre / v) < near]
    for factor in SMALLER if indicator.aggregation != "sum" else ():
        inner = sound[factor]
        if len(inner) >= max(MIN_PEERS, len(ranked) - 1) and (inner[-1] / inner[0]) ** 4 < factor:
            factors.append(factor)
    found = []
    for value, unit in values:
        ratio, factor = max(
            ((_slip_ratio(value, sound[f], f), f) for f in factors if len(sound[f]) >= MIN_PEERS),
            default=(Decimal(1), THOUSAND),
        )
        found.append(
            measure_figure(
                unit,
                "magnitude_of_peers",
                code,
                float(ratio),
                high=float(bound),
                reference=centre,
                detail=format_number(factor),
            )
        )
    return found


def _slip_ratio(value: Decimal, sound: list[Decimal], factor: Decimal) -> Decimal:
    """How many times nearer to its peers a factor would bring a value."""
    low = sound[1] if value == sound[0] else sound[0]
    high = sound[-2] if value == sound[-1] else sound[-1]
    corrected = value / factor if value > high else value * factor
    return _ratio_outside(value, low, high) / _ratio_outside(corrected, low, high)


def _ratio_outside(value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    return max(value / high, low / value, Decimal(1))


def _measure_growths(catalogue: Catalogue, indicator: Indicator, units: tuple[UnitFigures, ...]) -> list[Measurement]:
    """How much nearer to the rises of its peers a rise would be if it were a share of the base: 107 for 7 %.

    Measured where the figure less 100 lies among them or within half the bound of them; in points of a percent.
    """
    code = indicator.indicator_code
    bound = catalogue.rules["index_among_peers"].parameter or HUNDRED
    values: Ranked = sorted(((v, u) for u in units if (v := u.reported(code)) is not None), key=lambda pair: pair[0])
    if len(values) <= MIN_PEERS:
        return []
    found, half = [], (len(values) - 1) // 2
    for number, (value, unit) in enumerate(values):
        low, high = values[1 if number == 0 else 0][0], values[-2 if number == len(values) - 1 else -1][0]
        middle = values[half if half < number else half + 1][0]  # of the others
        nearer = _points_outside(value, low, high) - _points_outside(value - HUNDRED, low, high)
        is_far = _points_outside(value - HUNDRED, low, high) > bound / 2
        found.append(
            measure_figure(
                unit,
                "index_among_peers",
                code,
                0.0 if is_far else float(nearer),
                high=float(bound),
                reference=middle,
            )
        )
    return found


def _points_outside(value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    return max(value - high, low - value, Decimal(0))
