"""Returns to practise on: plausible figures for every unit of any half-year, drawn from the catalogue alone."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from catalogue.model import Catalogue, Indicator

Figures = dict[str, Decimal]


def practice_figures(catalogue: Catalogue, period_code: str) -> dict[str, Figures]:
    """Figures by unit and indicator that break no rule: within bounds, of one size, totals and rates as they follow.

    The same catalogue and period give the same figures; they are nobody's.
    """
    members = catalogue.members_of(period_code)
    return {
        province.province_id: _figures_of(catalogue, period_code, number, len(members))
        for number, province in enumerate(members)
    }


def form_values(figures: Mapping[str, Decimal | None]) -> dict[str, Decimal | str]:
    """The cells of a form that hold these figures."""
    return {f"f_{code}": value for code, value in figures.items() if value is not None}


def _figures_of(catalogue: Catalogue, period_code: str, number: int, members: int) -> Figures:
    asked = catalogue.indicators_of(period_code)
    own = {
        indicator.indicator_code: _draw(catalogue, period_code, indicator, row, number, members)
        for row, indicator in enumerate(asked)
    }
    for _ in catalogue.orderings:
        for order in catalogue.orderings:
            smaller, larger = order.smaller_code, order.larger_code
            if {smaller, larger} <= own.keys() and own[smaller] > own[larger]:
                own[smaller] = (own[larger] * Decimal("0.6")).to_integral_value()
    for code, formula in catalogue.formulas.items():
        if code in own and (rate := formula.formula.evaluate(dict(own))) is not None:
            own[code] = round(rate, formula.decimals)
    for code, parts in catalogue.totals.items():
        if code in own:
            own[code] = sum((own[part.part_code] for part in parts if part.part_code in own), Decimal(0))
    return own


def _draw(catalogue: Catalogue, period_code: str, indicator: Indicator, row: int, number: int, members: int) -> Decimal:
    low, high = catalogue.bounds_of(indicator, period_code)
    if indicator.unit_code == "ranked_province":
        return Decimal(catalogue.rank_size(indicator, period_code) or members)
    if indicator.unit_code == "rank":
        return Decimal((number + row) % members + 1)
    if indicator.is_growth:
        value = Decimal("6.25") + Decimal("0.41") * number
    elif indicator.unit_code == "percent":
        value = Decimal("71.5") + Decimal("0.37") * number
    else:
        value = Decimal(240 + 10 * (row % 7) + 13 * number)
    value = value if low is None else max(value, low)
    value = value if high is None else min(value, high)
    return value.to_integral_value() if indicator.is_whole else round(value, indicator.decimals)
