"""What rules measure across returns: presence, announced against consolidated, ranks."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from catalogue.model import Catalogue, Province
from transforms.consolidation import UnitFigures
from transforms.measurement import NAN, Measurement, measure_figure
from transforms.numbers_vi import format_number
from transforms.observation import ClusterTotal, Observation

Past = Mapping[tuple[str, str, str], Decimal]


def same_half_before(period_code: str) -> str:
    """The same half of the year before: 2021H1 gives 2020H1."""
    return f"{int(period_code[:4]) - 1}{period_code[4:]}"


def half_before(period_code: str) -> str:
    """The half-year before: 2021H1 gives 2020H2."""
    return f"{period_code[:4]}H1" if period_code.endswith("H2") else f"{int(period_code[:4]) - 1}H2"


def comparable_past(catalogue: Catalogue, period_code: str, past: Past) -> Past:
    """The earlier figures of units that are still what they were: none over a change of boundaries or code."""
    told = {(earlier, unit) for earlier, unit, _ in past}
    changed = {
        (earlier, unit)
        for earlier, unit in told
        if catalogue.province_in(unit, earlier) != catalogue.province_in(unit, period_code)
    }
    return {key: value for key, value in past.items() if key[:2] not in changed} if changed else past


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
