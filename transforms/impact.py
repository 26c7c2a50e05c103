"""What a finding would change for the cluster: totals and places with a figure as reported, without it, and mended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from catalogue.model import Catalogue, Indicator, Table
from catalogue.ranking import ranked_by
from transforms.consolidation import UnitFigures, combine
from transforms.numbers_vi import format_number
from transforms.observation import Finding
from transforms.relations import Values, with_values

ZERO = Decimal(0)
PLACES = Decimal("1e-6")
Units = tuple[UnitFigures, ...]


@dataclass(frozen=True, slots=True)
class _Effect:
    """One sentence on a total or a place, and how much it is."""

    text: str
    weight: Decimal


def weigh_findings(
    catalogue: Catalogue,
    units: Units,
    findings: Iterable[Finding],
    mended: Mapping[str, Values],
    names: Mapping[str, str],
) -> list[Finding]:
    """The findings in their order, those that are open and about a province's figures with their impact.

    `mended` gives the proposed figures by finding, `names` the provinces' names by identifier.
    """
    by_id = {unit.province_id: unit for unit in units}
    return [
        _weigh(catalogue, units, by_id[f.province_id], f, mended.get(f.finding_id, {}), names[f.province_id])
        if f.province_id in by_id and f.status == "open" and f.severity != "info"
        else f
        for f in findings
    ]


def _weigh(
    catalogue: Catalogue, units: Units, unit: UnitFigures, finding: Finding, mended: Values, name: str
) -> Finding:
    doubted = [code for code, value in mended.items() if unit.reported(code) is not None or value is not None]
    if not doubted:
        named = (finding.suspect_indicator,) if finding.suspect_indicator else finding.disputed
        doubted = [code for code in named or (finding.indicator_code,) if code and unit.reported(code) is not None]
    if not doubted:
        return finding
    own = finding.indicator_code
    without = with_values(unit, dict.fromkeys(doubted))
    proposed = with_values(unit, mended) if mended else None
    totals = [
        _weigh_total(catalogue, indicator, units, unit, without, proposed, is_own=indicator.indicator_code == own)
        for indicator in _totals_over(catalogue, doubted)
    ]
    ranked = [(table, ranked_by(catalogue, table, finding.period_code)) for table in catalogue.tables]
    tables = [replace(table, sort_by=code) for table, code in ranked if code in doubted]
    places = [_weigh_place(table, units, unit, proposed, name) for table in tables]
    told = [max(e, key=lambda effect: effect.weight) for e in (totals, places) if e]
    weight = sum((effect.weight for effect in told), ZERO).quantize(PLACES)
    return replace(finding, impact="; ".join(effect.text for effect in told if effect.text), impact_weight=weight)


def _totals_over(catalogue: Catalogue, codes: Sequence[str]) -> list[Indicator]:
    """The indicators with a figure for the whole cluster that is made of any of these."""
    found = [catalogue.indicators[code] for code in codes if catalogue.indicators[code].aggregation == "sum"]
    for code, formula in catalogue.formulas.items():
        if catalogue.indicators[code].aggregation == "rebuild" and set(formula.formula.names) & set(codes):
            found.append(catalogue.indicators[code])
    return found


def _weigh_total(
    catalogue: Catalogue,
    indicator: Indicator,
    units: Units,
    unit: UnitFigures,
    without: UnitFigures,
    proposed: UnitFigures | None,
    *,
    is_own: bool,
) -> _Effect:
    """What becomes of one total; it is named where it is not that of the finding's own indicator."""
    now = combine(catalogue, indicator, units)
    left = combine(catalogue, indicator, _exchanged(units, unit, without))
    then = None if proposed is None else combine(catalogue, indicator, _exchanged(units, unit, proposed))
    if now is None:
        return _Effect("", ZERO)
    named = "Tổng cụm" if is_own else f"Tổng cụm của “{indicator.label}”"
    what = named if indicator.aggregation == "sum" else f"{indicator.heading} toàn cụm"
    text = f"{what} {_show(indicator, now)}"
    rest = "không còn số nào" if left is None else f"còn {_show(indicator, left)}"
    text += f", bỏ số này {rest}" if then is None else f" → {_show(indicator, then)} (bỏ số này {rest})"
    other = left if then is None else then
    change = abs(now - (other or ZERO))
    return _Effect(text, change / abs(now) if now else change)


def _weigh_place(table: Table, units: Units, unit: UnitFigures, proposed: UnitFigures | None, name: str) -> _Effect:
    now = _place(table, units, unit)
    then = None if proposed is None else _place(table, units, proposed)
    if now is None:
        return _Effect("", ZERO)
    if then is None:
        return _Effect(f"{name} đang xếp thứ {now}", ZERO)
    if then == now:
        return _Effect(f"{name} vẫn xếp thứ {now}", ZERO)
    way = "xuống" if then > now else "lên"
    return _Effect(f"{name} từ thứ {now} {way} thứ {then}", Decimal(abs(then - now)) / len(units))


def _place(table: Table, units: Units, unit: UnitFigures) -> int | None:
    """The place of a unit in a table: how many others stand before it, and one."""
    own = unit.figure(table.sort_by)
    if own is None:
        return None
    others = (u.figure(table.sort_by) for u in units if u.province_id != unit.province_id)
    is_rising = table.direction == "ascending"
    return 1 + sum(other < own if is_rising else other > own for other in others if other is not None)


def _exchanged(units: Units, unit: UnitFigures, other: UnitFigures) -> Units:
    return tuple(other if u.province_id == unit.province_id else u for u in units)


def _show(indicator: Indicator, value: Decimal) -> str:
    text = format_number(value, max(indicator.decimals, 0))
    return f"{text}%" if indicator.unit_code == "percent" else text
