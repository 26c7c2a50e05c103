"""What rules measure across returns: presence, announced against consolidated, ranks, peers, the past."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from catalogue.model import Catalogue, Indicator, Province
from transforms.consolidation import UnitFigures
from transforms.measurement import NAN, Measurement, measure_figure
from transforms.numbers_vi import format_number
from transforms.observation import ClusterTotal, Observation

THOUSAND = Decimal(1000)
MIN_PEERS = 3
NEAR = THOUSAND.sqrt()  # half the way, in orders of magnitude, to a slip of a thousand
Past = Mapping[tuple[str, str, str], Decimal]


def same_half_before(period_code: str) -> str:
    """The same half of the year before: 2021H1 gives 2020H1."""
    return f"{int(period_code[:4]) - 1}{period_code[4:]}"


def measure_presence(expected: tuple[Province, ...], submitted: set[str]) -> list[Measurement]:
    """One measurement per province that owes a return: how many it sent, at least one."""
    return [
        Measurement("return_missing", p.province_id, "", 1.0 if p.province_id in submitted else 0.0, 1.0)
        for p in expected
    ]


def measure_announced(
    catalogue: Catalogue, totals: tuple[ClusterTotal, ...], chair: UnitFigures | None
) -> list[Measurement]:
    """The announced figure minus what the provinces give. While provinces are missing, a sum may only fall short."""
    found = []
    for total in totals:
        if chair is None or total.control_value is None or total.value is None or total.value_source == "announced":
            continue
        code = total.indicator_code
        is_complete = total.provinces_reporting == total.provinces_expected
        difference = total.control_value - total.value
        detail = f"{total.provinces_reporting}/{total.provinces_expected} tỉnh có số"
        if total.value_source == "sum":
            rule_code, tolerance = "announced_equals_sum", 0.0
            detail = f"chênh {format_number(abs(difference))}; {detail}"
        else:
            rule_code = "announced_equals_rate"
            tolerance = float(catalogue.rules[rule_code].parameter or 0)
            if not is_complete:
                continue
        high = tolerance if is_complete else NAN
        found.append(
            measure_figure(
                chair,
                rule_code,
                code,
                float(difference),
                -tolerance,
                high,
                reference=total.value,
                detail=detail,
                province_id="",
            )
        )
    return found


def measure_ranks(catalogue: Catalogue, period_code: str, units: tuple[UnitFigures, ...]) -> list[Measurement]:
    """How many provinces hold each rank of each ranking, at most one."""
    found = []
    for indicator in catalogue.indicators_of(period_code):
        if indicator.unit_code != "rank" or not indicator.rank_field:
            continue
        holders: dict[Decimal, list[UnitFigures]] = {}
        for unit in units:
            rank = unit.reported(indicator.indicator_code)
            if rank is not None:
                holders.setdefault(rank, []).append(unit)
        for rank, sharing in holders.items():
            cells = ", ".join(_place(catalogue, period_code, u, indicator.indicator_code) for u in sharing)
            shown = Observation(indicator.indicator_code, "number", rank, raw_text=format_number(rank))
            found.append(
                Measurement(
                    "rank_held_once",
                    "",
                    indicator.indicator_code,
                    float(len(sharing)),
                    NAN,
                    1.0,
                    shown,
                    None,
                    None,
                    cells if len(sharing) > 1 else "",
                )
            )
    return found


def _place(catalogue: Catalogue, period_code: str, unit: UnitFigures, code: str) -> str:
    province = catalogue.province_in(unit.province_id, period_code)
    name = province.name if province is not None else unit.province_id
    return f"{name} ô {unit.observations[code].cell}"


def measure_peers(catalogue: Catalogue, period_code: str, units: tuple[UnitFigures, ...]) -> list[Measurement]:
    """How many times nearer to its peers a factor of 1000 would bring a figure that may be summed.

    A figure's distance is its ratio to the nearest peer, the largest or the smallest, and 1 among them. Peers that
    stand nearer to a slip than to the middle are left out, so that two provinces with one slip do not hide each other.
    """
    bound = catalogue.rules["magnitude_of_peers"].parameter or THOUSAND
    found = []
    for indicator in catalogue.indicators_of(period_code):
        code = indicator.indicator_code
        if indicator.aggregation != "sum":
            continue
        reported = [(v, u) for u in units if (v := u.reported(code)) is not None and v > 0]
        values = sorted(reported, key=lambda pair: pair[0])
        if len(values) <= MIN_PEERS:
            continue
        ranked = [v for v, _ in values]
        centre = ranked[len(ranked) // 2]
        sound = [v for v in ranked if max(v / centre, centre / v) < NEAR]
        for value, unit in values if len(sound) >= MIN_PEERS else ():
            low = sound[1] if value == sound[0] else sound[0]
            high = sound[-2] if value == sound[-1] else sound[-1]
            ratio = _slip_ratio(value, low, high)
            found.append(
                measure_figure(unit, "magnitude_of_peers", code, float(ratio), high=float(bound), reference=centre)
            )
    return found


def _slip_ratio(value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    """How many times nearer to its peers a factor of 1000 would bring a value."""
    corrected = value / THOUSAND if value > high else value * THOUSAND
    return _ratio_outside(value, low, high) / _ratio_outside(corrected, low, high)


def _ratio_outside(value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    return max(value / high, low / value, Decimal(1))


def measure_history(
    catalogue: Catalogue, period_code: str, units: tuple[UnitFigures, ...], past: Past
) -> list[Measurement]:
    """A figure against the province's own of the same half a year before, and the growth that it reports."""
    before = same_half_before(period_code)
    bound = catalogue.rules["magnitude_of_past"].parameter or THOUSAND
    tolerance = catalogue.rules["change_fits_growth"].parameter or Decimal(1)
    found = []
    for unit in units:
        for indicator in catalogue.indicators_of(period_code):
            if indicator.aggregation == "sum":
                found.extend(_measure_magnitude(unit, indicator, past, before, bound))
            if indicator.growth_of:
                found.extend(_measure_growth(unit, indicator, past, before, tolerance))
    return found


def _measure_magnitude(
    unit: UnitFigures, indicator: Indicator, past: Past, before: str, bound: Decimal
) -> list[Measurement]:
    code = indicator.indicator_code
    value, earlier = unit.reported(code), past.get((before, unit.province_id, code))
    if value is None or not earlier or value <= 0 or earlier <= 0:
        return []
    ratio = max(value / earlier, earlier / value)
    return [
        measure_figure(
            unit, "magnitude_of_past", code, float(ratio), high=float(bound), reference=earlier, detail=before
        )
    ]


def _measure_growth(
    unit: UnitFigures, indicator: Indicator, past: Past, before: str, tolerance: Decimal
) -> list[Measurement]:
    base = indicator.growth_of
    growth, value = unit.reported(indicator.indicator_code), unit.reported(base)
    earlier = past.get((before, unit.province_id, base))
    if growth is None or value is None or not earlier:
        return []
    computed = (value / earlier - 1) * 100
    code = indicator.indicator_code
    off, bound = float(growth - computed), float(tolerance)
    return [measure_figure(unit, "change_fits_growth", code, off, -bound, bound, reference=computed, detail=before)]
