"""A figure against the province's own of earlier periods: its size, its growth, and whether it is the same again."""

from __future__ import annotations

from decimal import Decimal

from catalogue.model import Catalogue, Indicator
from transforms.comparison import Past, comparable_past, half_before, same_half_before
from transforms.consolidation import UnitFigures
from transforms.measurement import Measurement, measure_figure
from transforms.observation import Observation

LARGE = Decimal(50)  # smaller counts may well grow fivefold
STEADY = ("stock", "stock_rate", "event", "previous_year_rank")  # what may stay as it was


def measure_history(
    catalogue: Catalogue, period_code: str, units: tuple[UnitFigures, ...], past: Past
) -> list[Measurement]:
    """Every figure against the province's own earlier ones; over a change of its boundaries nothing is compared."""
    past = comparable_past(catalogue, period_code, past)
    if not past:
        return []
    indicators = catalogue.indicators_of(period_code)
    return [m for u in units for i in indicators for m in measure_history_of(catalogue, period_code, u, i, past)]


def measure_history_of(
    catalogue: Catalogue, period_code: str, unit: UnitFigures, indicator: Indicator, past: Past
) -> list[Measurement]:
    """One figure against the same half a year before, the growth that it reports, and what stood there last."""
    found: list[Measurement] = []
    if unit.reported(indicator.indicator_code) is None:
        return found
    before = same_half_before(period_code)
    if indicator.aggregation == "sum" or indicator.time_kind == "stock_rate":
        found += _measure_magnitude(catalogue, period_code, unit, indicator, past, before)
    if indicator.growth_of:
        found += _measure_growth(catalogue, unit, indicator, past, before)
    if indicator.time_kind not in STEADY:
        for earlier in (before, half_before(period_code)):
            found += _measure_repeated(catalogue, period_code, unit, indicator, past, earlier)
    return found


def _measure_magnitude(
    catalogue: Catalogue, period_code: str, unit: UnitFigures, indicator: Indicator, past: Past, before: str
) -> list[Measurement]:
    """The ratio of the larger to the smaller; not where the province's own growth explains it."""
    code = indicator.indicator_code
    value, earlier = unit.reported(code), past.get((before, unit.province_id, code))
    if value is None or not earlier or value <= 0 or earlier <= 0:
        return []
    is_count = indicator.unit_code != "percent"
    if (is_count and max(value, earlier) < LARGE) or _explains_itself(catalogue, period_code, unit, code, past, before):
        return []
    bound = catalogue.rules["magnitude_of_past"].parameter or LARGE
    ratio = max(value / earlier, earlier / value)
    return [
        measure_figure(
            unit, "magnitude_of_past", code, float(ratio), high=float(bound), reference=earlier, detail=before
        )
    ]


def _explains_itself(
    catalogue: Catalogue, period_code: str, unit: UnitFigures, code: str, past: Past, before: str
) -> bool:
    """Whether a growth is reported with the figure, and fits it."""
    growths = [i for i in catalogue.indicators_of(period_code) if i.growth_of == code]
    measured = [m for i in growths for m in _measure_growth(catalogue, unit, i, past, before)]
    return bool(measured) and not any(m.is_broken for m in measured)


def _measure_growth(
    catalogue: Catalogue, unit: UnitFigures, indicator: Indicator, past: Past, before: str
) -> list[Measurement]:
    base, code = indicator.growth_of, indicator.indicator_code
    growth, value = unit.reported(code), unit.reported(base)
    earlier = past.get((before, unit.province_id, base))
    if growth is None or value is None or not earlier:
        return []
    computed = (value / earlier - 1) * 100
    off, bound = float(growth - computed), float(catalogue.rules["change_fits_growth"].parameter or Decimal(1))
    return [measure_figure(unit, "change_fits_growth", code, off, -bound, bound, reference=computed, detail=before)]


def find_witness(catalogue: Catalogue, unit: UnitFigures, growth_code: str) -> Observation | None:
    """The base of a reported growth where the earlier figure that the return repeats beside it bears the growth out."""
    growth = unit.reported(growth_code)
    base = unit.observations.get(catalogue.indicators[growth_code].growth_of)
    if growth is None or base is None or base.value is None or not base.previous:
        return None
    bound = catalogue.rules["change_fits_growth"].parameter or Decimal(1)
    return base if abs(growth - (base.value / base.previous - 1) * 100) <= bound else None


def _measure_repeated(
    catalogue: Catalogue, period_code: str, unit: UnitFigures, indicator: Indicator, past: Past, earlier: str
) -> list[Measurement]:
    """How many digits a figure has in common with what stood there before, where it is the very same figure; not where
    the growth reported with it says so."""
    code = indicator.indicator_code
    value = unit.reported(code)
    if value is None or past.get((earlier, unit.province_id, code)) != value:
        return []
    if earlier == same_half_before(period_code):
        growths = [i.indicator_code for i in catalogue.indicators_of(period_code) if i.growth_of == code]
        is_told = any(unit.reported(growth) == 0 for growth in growths)
    else:
        is_told = _explains_itself(catalogue, period_code, unit, code, past, same_half_before(period_code))
    if is_told:
        return []
    bound = catalogue.rules["past_repeated"].parameter or Decimal(3)
    digits = len(value.normalize().as_tuple().digits)
    return [
        measure_figure(
            unit, "past_repeated", code, float(digits), high=float(bound - 1), reference=value, detail=earlier
        )
    ]
