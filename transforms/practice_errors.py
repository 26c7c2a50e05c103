"""Known errors to practise on, each a single mistake in a return that is otherwise right, and who names it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from catalogue.model import Catalogue, Indicator
from transforms.observation import Finding
from transforms.placement import place
from transforms.practice import Figures


@dataclass(frozen=True, slots=True)
class PracticeError:
    """A mistake in one unit's return: the cells that are written otherwise, where it stands, what a message quotes."""

    title: str
    province_id: str
    cells: Mapping[str, Decimal | str]
    sheet: str = ""
    cell: str = ""
    says: str = ""


def practice_errors(
    catalogue: Catalogue, period_code: str, figures: Mapping[str, Figures]
) -> tuple[PracticeError, ...]:
    """One error of every kind that the catalogue's tables can know of, the units taking turns."""
    units = list(figures)
    slots = {slot.name: slot for slot in place(catalogue, period_code)}
    found = []
    kinds = (*_broken_relations(catalogue, period_code), *_wrong_figures(catalogue, period_code))
    for number, (title, code, make) in enumerate(kinds):
        unit, other = units[number % len(units)], units[(number + 1) % len(units)]
        slot = slots[f"f_{code}"]
        written = make(figures[unit][code], figures[other][code])
        found.append(PracticeError(title, unit, {slot.name: written}, slot.sheet, slot.address))
    return (*found, *_wrong_covers(catalogue, period_code))


def names_place(finding: Finding, sheet: str, address: str) -> bool:
    """Whether a finding points at a cell: its own, its suspect's, one it speaks for, or one that its words name."""
    if (finding.suspect_sheet, finding.suspect_cell) == (sheet, address):
        return True
    words = f"{finding.message} {finding.advice}"
    said = address in finding.alike or re.search(rf"\b{address}\b", words) is not None
    return finding.cell == address or said if finding.sheet in (sheet, "") else f"{address} trang “{sheet}”" in words


_Kind = tuple[str, str, Callable[[Decimal, Decimal], Decimal | str]]  # what is written for the true and another's value


def _broken_relations(catalogue: Catalogue, period_code: str) -> Iterator[_Kind]:
    asked = {i.indicator_code for i in catalogue.indicators_of(period_code)}
    for code in sorted(asked.intersection(catalogue.totals)):
        yield "tổng khác các phần cộng lại", code, lambda true, other: true + 3
    for code in sorted(asked.intersection(catalogue.formulas)):
        yield "tỷ lệ không khớp số đếm", code, lambda true, other: true - 7


def _wrong_figures(catalogue: Catalogue, period_code: str) -> Iterator[_Kind]:
    def first(wanted: Callable[[Indicator], bool]) -> str:
        free = (i for i in catalogue.indicators_of(period_code) if i.indicator_code not in related)
        return next((i.indicator_code for i in free if wanted(i)), "")

    parts = {part.part_code for row in catalogue.totals.values() for part in row}
    smaller = {order.smaller_code for order in catalogue.orderings}
    related = {*catalogue.formulas, *catalogue.totals, *parts}
    percent = first(lambda i: i.unit_code == "percent" and not i.is_growth and i.high is not None)
    growth = first(lambda i: i.is_growth and i.low is not None)
    count = first(lambda i: i.is_whole and i.aggregation == "sum" and i.time_kind == "flow")
    amount = first(lambda i: i.is_required and i.aggregation == "sum" and i.time_kind == "flow" and not i.is_whole)
    rank = first(lambda i: i.unit_code == "rank" and i.is_required)
    part = first(lambda i: i.indicator_code in smaller and i.aggregation == "sum")
    kinds: tuple[_Kind, ...] = (
        ("phần lớn hơn tổng thể", part, lambda true, other: true * 9),
        ("tỷ lệ quá 100%", percent, lambda true, other: Decimal(140)),
        ("giảm quá 100%", growth, lambda true, other: Decimal(-150)),
        ("số lẻ ở chỉ tiêu đếm", count, lambda true, other: true + Decimal("0.5")),
        ("số âm ở chỉ tiêu đếm", count, lambda true, other: -true),
        ("gấp nghìn lần các tỉnh khác", amount, lambda true, other: true * 1000),
        ("ô bắt buộc để trống", amount, lambda true, other: ""),
        ("chữ thay cho số", count, lambda true, other: "như trên"),
        ("thứ hạng ngoài phạm vi", rank, lambda true, other: Decimal(999)),
        ("thứ hạng của tỉnh khác", rank, lambda true, other: other),
    )
    yield from (kind for kind in kinds if kind[1])


def _wrong_covers(catalogue: Catalogue, period_code: str) -> Iterator[PracticeError]:
    one, other = catalogue.members_of(period_code)[:2]
    yield PracticeError("bìa ghi tỉnh khác", one.province_id, {"m_province": other.name}, says=other.name)
    before = max((code for code in catalogue.calendar if code < period_code), default="")
    if before:
        yield PracticeError("bìa ghi kỳ khác", other.province_id, {"m_period": before}, says=period_code)
