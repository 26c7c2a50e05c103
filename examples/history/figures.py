"""The figures of one return out of what is so: summed over the parts of a merged province, rates and growth derived."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from examples.history.ranks import PLACES
from examples.history.rounding import round_to
from examples.history.spans import year_of
from examples.history.truth import PRIZES, Figures, Truth
from transforms.comparison import same_half_before

NOTHING: Mapping[str, Decimal] = {}
FIRST_PLACE = "par_index_rank"
ICT = "ict_index_rank"  # the form asks of it only the rank


def tell_figures(
    truth: Truth,
    province_id: str,
    period_code: str,
    shifts: Mapping[str, Decimal] = NOTHING,
    base_shifts: Mapping[str, Decimal] = NOTHING,
) -> Figures:
    """What a province's return says of a half-year: every figure that is asked then and that it has.

    `shifts` are added to what is so before anything is derived; `base_shifts` to last year's figures, for the growth.
    """
    parts = truth.parts_of(province_id, period_code)
    own = _sum_counts(truth, parts, period_code)
    own |= _mean_shares(truth, parts, period_code)
    own |= _tell_ranks(truth, province_id, period_code)
    for code, shift in shifts.items():
        own[code] += shift
    own["national_student_prizes_total"] = sum((own[f"national_student_prizes_{kind}"] for kind in PRIZES), Decimal(0))
    own |= derive_rates(truth, own)
    base = _sum_counts(truth, parts, same_half_before(period_code))
    for indicator in truth.catalogue.indicators_of(period_code):
        of = indicator.growth_of
        if of in own and base.get(of):
            before = base[of] + base_shifts.get(of, Decimal(0))
            own[indicator.indicator_code] = round_to((own[of] / before - 1) * 100, 2)
    asked = {i.indicator_code for i in truth.catalogue.indicators_of(period_code)}
    return {code: value for code, value in own.items() if code in asked}


def derive_rates(truth: Truth, own: Mapping[str, Decimal]) -> Figures:
    """The rates that follow from counts, by the catalogue's formulas."""
    derived = {code: formula.formula.evaluate(dict(own)) for code, formula in truth.catalogue.formulas.items()}
    return {code: round_to(value, 2) for code, value in derived.items() if value is not None}


def _sum_counts(truth: Truth, parts: Iterable[str], period_code: str) -> Figures:
    """Sums over the parts, of what every part has."""
    of_parts = [truth.counts.get((part, period_code), {}) for part in parts]
    shared = [code for code in of_parts[0] if all(code in of_part for of_part in of_parts)]
    return {code: sum((of_part[code] for of_part in of_parts), Decimal(0)) for code in shared}


def _mean_shares(truth: Truth, parts: Iterable[str], period_code: str) -> Figures:
    """Means over the parts by their size, of what every part has."""
    of_parts = [(truth.shares.get((part, period_code), {}), float(truth.anchors.weights[part])) for part in parts]
    size = sum(weight for _, weight in of_parts)
    shared = [code for code in of_parts[0][0] if all(code in of_part for of_part, _ in of_parts)]
    return {code: round_to(sum(of_part[code] * weight for of_part, weight in of_parts) / size, 2) for code in shared}


def _tell_ranks(truth: Truth, province_id: str, period_code: str) -> Figures:
    """The ranks of the year before; after the merger still those of the province that bore the name."""
    year, told = year_of(period_code), {}
    for code in truth.rules["rank"]["codes"]:
        place = truth.ranks[code, province_id, year]
        told[code] = Decimal(place)
        if code != ICT:
            told[f"{code}_out_of"] = Decimal(PLACES)
            told[f"{code}_change"] = Decimal(truth.ranks[code, province_id, year - 1] - place)
    years = 0
    while truth.ranks.get((FIRST_PLACE, province_id, year - years)) == 1:
        years += 1
    if years:
        told["par_index_consecutive_years_first"] = Decimal(years)
    return told
