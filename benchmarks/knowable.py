"""Whether an error can be known at all: by the arithmetic of the catalogue's tables, apart from the code that judges.

A planted figure can be known where it breaks, beyond its tolerance, at least one relation in which it stands: its own
bounds, a total, a rate, an order, the growth reported with it, its size a year ago, its being the very figure of an
earlier half-year, the other provinces' figures, a rank that another province holds. What stands in no such relation,
or breaks none, nobody can know from the returns.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from benchmarks.clean_returns import BEFORE, CATALOGUE, PERIOD, PROVINCES, Figures, Season

FIVEFOLD, LARGE, PEER_BOUND = Decimal(5), Decimal(50), Decimal(3)
STEADY = ("stock", "stock_rate", "event", "previous_year_rank")


def is_knowable(season: Season, province_id: str, written: Mapping[str, Decimal]) -> bool:
    """Whether figures that differ from the true ones break a relation; `written` holds the changed ones."""
    own = {**season.figures[province_id], **written}
    return (
        any(_breaks_bounds(code, value) for code, value in written.items())
        or _breaks_arithmetic(own)
        or any(_breaks_past(season, province_id, own, code) for code in own)
        or any(_breaks_peers(season, province_id, code, value) for code, value in written.items())
    )


def _breaks_bounds(code: str, value: Decimal) -> bool:
    indicator = CATALOGUE.indicators[code]
    low, high = CATALOGUE.bounds_of(indicator, PERIOD)
    is_broken = indicator.is_whole and value != int(value)
    return is_broken or (low is not None and value < low) or (high is not None and value > high)


def _breaks_arithmetic(own: Figures) -> bool:
    for total, parts in CATALOGUE.totals.items():
        if own[total] != sum(own[part.part_code] for part in parts):
            return True
    for name in ("communes", "districts"):
        counted = own[f"ntm_{name}_certified"], own[f"ntm_{name}_total"]
        if counted[1] and abs(own[f"ntm_{name}_certified_rate"] - 100 * counted[0] / counted[1]) > Decimal("0.01"):
            return True
    return any(own[order.smaller_code] > own[order.larger_code] for order in CATALOGUE.orderings)


def _breaks_past(season: Season, province_id: str, own: Figures, code: str) -> bool:
    indicator, value = CATALOGUE.indicators[code], own[code]
    growths = [i.indicator_code for i in CATALOGUE.indicators_of(PERIOD) if i.growth_of == code]
    earlier = season.past[BEFORE[0], province_id, code]
    misfit = [abs(own[g] - (value / earlier - 1) * 100) > 1 for g in growths if earlier]
    if any(misfit):
        return True
    if misfit or value == season.figures[province_id][code]:
        return False
    is_long = indicator.time_kind not in STEADY and len(value.normalize().as_tuple().digits) >= 4
    if is_long and value in [season.past[period, province_id, code] for period in BEFORE]:
        return True
    is_sized = indicator.aggregation == "sum" or indicator.time_kind == "stock_rate"
    is_large = indicator.unit_code == "percent" or max(value, earlier) >= LARGE
    return bool(is_sized and is_large and value > 0 < earlier and max(value / earlier, earlier / value) > FIVEFOLD)


def _breaks_peers(season: Season, province_id: str, code: str, value: Decimal) -> bool:
    indicator = CATALOGUE.indicators[code]
    others = sorted(season.figures[p][code] for p in PROVINCES if p != province_id)
    if indicator.unit_code == "rank":
        return value in others
    low, high = others[0], others[-1]
    if indicator.is_growth:
        return low - 25 <= value - 100 <= high + 25 and max(value - high, low - value, Decimal(0)) > 75
    if low <= 0 or value <= 0:
        return False
    if indicator.aggregation == "sum":
        factors = [Decimal(1000)]
    else:
        factors = [Decimal(f) for f in (10, 100) if indicator.unit_code == "percent" and (high / low) ** 4 < f]
    return any(_outside(value, low, high) > PEER_BOUND * _outside(value * f, low, high) for f in factors) or any(
        _outside(value, low, high) > PEER_BOUND * _outside(value / f, low, high) for f in factors
    )


def _outside(value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    return max(value / high, low / value, Decimal(1))
