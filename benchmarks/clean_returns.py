"""Plausible returns of a whole period with their past, without an error: the examples, filled and shaken a little."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from catalogue import load_catalogue
from catalogue.model import Indicator
from transforms.comparison import half_before, same_half_before
from transforms.reading import read_return

CATALOGUE = load_catalogue()
PERIOD = "2021H1"
BEFORE = (same_half_before(PERIOD), half_before(PERIOD))
PROVINCES = tuple(p.province_id for p in CATALOGUE.members_of(PERIOD))
EXAMPLES = Path(__file__).resolve().parent.parent / "examples" / "returns"
Figures = dict[str, Decimal]


@dataclass(frozen=True)
class Season:
    """The true figures of every province of the period, and those of the two half-years to compare with."""

    number: int
    figures: Mapping[str, Figures]
    past: Mapping[tuple[str, str, str], Decimal]


@lru_cache(maxsize=64)
def make_season(number: int) -> Season:
    """The season of a number: the same number gives the same figures."""
    chance = random.Random(f"season {number}")
    figures: dict[str, Figures] = {}
    past: dict[tuple[str, str, str], Decimal] = {}
    for province_id in PROVINCES:
        own = {i.indicator_code: _draw(chance, i, province_id) for i in CATALOGUE.indicators_of(PERIOD)}
        _agree(chance, own)
        for period_code in BEFORE:
            earlier = {code: _earlier(chance, CATALOGUE.indicators[code], value) for code, value in own.items()}
            _derive(earlier)
            past |= {(period_code, province_id, code): value for code, value in earlier.items()}
        for indicator in CATALOGUE.indicators_of(PERIOD):
            if indicator.growth_of:
                base = past[BEFORE[0], province_id, indicator.growth_of]
                own[indicator.indicator_code] = _round((own[indicator.growth_of] / base - 1) * 100, 2)
        figures[province_id] = own
    for indicator in CATALOGUE.indicators_of(PERIOD):
        if indicator.unit_code == "rank":
            places = chance.sample(range(1, 61), len(PROVINCES))
            for province_id, rank in zip(PROVINCES, places, strict=True):
                figures[province_id][indicator.indicator_code] = Decimal(rank)
    return Season(number, figures, past)


@lru_cache(maxsize=1)
def _examples() -> dict[str, dict[str, Decimal]]:
    """The real figures by indicator and province."""
    found: dict[str, dict[str, Decimal]] = {}
    for path in sorted(EXAMPLES.glob("*/*.xlsx")):
        reading = read_return(CATALOGUE, path.read_bytes())
        for o in reading.observations:
            if o.value is not None:
                found.setdefault(o.indicator_code, {})[reading.province_id] = o.value
    return found


def _draw(chance: random.Random, indicator: Indicator, province_id: str) -> Decimal:
    known = _examples().get(indicator.indicator_code, {})
    others = [value for unit, value in sorted(known.items()) if unit != CATALOGUE.cluster_id]
    value = known.get(province_id)
    if indicator.unit_code == "ranked_province":
        return Decimal(CATALOGUE.rank_size(indicator, PERIOD) or 63)
    if value is None and others:
        value = chance.choice(others)
    if value is None:
        value = known.get(CATALOGUE.cluster_id, Decimal(40)) / 9
    if indicator.indicator_code in ("voter_turnout", "insurance_coverage_rate"):
        return _round(value + Decimal(chance.uniform(-0.4, 0.04)), 2)
    if indicator.is_growth:
        return _round(value * Decimal(chance.uniform(0.6, 1.2)), 2)
    if indicator.indicator_code.endswith("_total") and indicator.unit_code in ("commune", "district"):
        return value
    places = 0 if indicator.is_whole else 2 if indicator.unit_code == "percent" else 1
    shaken = _round(value * Decimal(chance.uniform(0.85, 1.15)), places)
    low, high = CATALOGUE.bounds_of(indicator, PERIOD)
    shaken = shaken if low is None else max(shaken, low)
    return shaken if high is None else min(shaken, high)


def _agree(chance: random.Random, own: Figures) -> None:
    """Counts below their totals, levels in order, and what follows."""
    for name in ("communes", "districts"):
        total = own[f"ntm_{name}_total"]
        own[f"ntm_{name}_certified"] = _round(total * Decimal(chance.uniform(0.8, 1)), 0)
    own["ntm_communes_advanced"] = _round(own["ntm_communes_certified"] * Decimal(chance.uniform(0.15, 0.4)), 0)
    own["ntm_communes_model"] = _round(own["ntm_communes_advanced"] * Decimal(chance.uniform(0.1, 0.4)), 0)
    _derive(own)


def _derive(own: Figures) -> None:
    """Rates from counts, totals from parts."""
    for code, formula in CATALOGUE.formulas.items():
        own[code] = _round(formula.formula.evaluate(dict(own)) or Decimal(0), 2)
    for code, parts in CATALOGUE.totals.items():
        own[code] = sum((own[part.part_code] for part in parts), Decimal(0))


def _earlier(chance: random.Random, indicator: Indicator, value: Decimal) -> Decimal:
    """What stood there half a year or a year before: a stock nearly the same, a flow or a growth another one."""
    if indicator.indicator_code.endswith("_total") and indicator.time_kind == "stock":
        return value
    if indicator.time_kind in ("stock", "event"):
        return _round(value * Decimal(chance.uniform(0.94, 1)), 0 if indicator.is_whole else 2)
    factor = chance.uniform(0.3, 1.6) if indicator.is_growth else chance.uniform(0.7, 1.2)
    if indicator.high is not None and indicator.unit_code == "percent" and value > indicator.high / 2:
        factor = chance.uniform(0.95, 0.999)
    places = 0 if indicator.is_whole else 2 if indicator.unit_code == "percent" else 1
    earlier = _round(value * Decimal(factor), places)
    if indicator.is_growth:
        earlier = max(earlier, Decimal("-95.5"))
    return earlier if earlier != value else earlier + Decimal(1).scaleb(-places)


def _round(value: Decimal, places: int) -> Decimal:
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding="ROUND_HALF_UP").normalize()
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded
