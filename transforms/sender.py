"""Who sends a free table and for which half-year: what the lines around the tables add to the cover."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from catalogue.model import Catalogue
from transforms.heading_text import (
    Named,
    declares_no_data,
    name_period,
    name_province,
    name_stranger,
    periods_in,
    time_in_brackets,
)
from transforms.identification import find_period, find_province
from transforms.layout import Layout
from transforms.observation import Cell, Problem
from transforms.sheets import TEXT_SHEET, Workbook
from transforms.table_rows import Asked, Table


def name_sender(catalogue: Catalogue, workbook: Workbook, layout: Layout, tables: Iterable[Table]) -> Asked:
    """Fills what the cover lacks from the texts around the tables; two different names refuse the file."""
    tables = list(tables)
    texts = list(texts_around(workbook, tables))
    beside = {
        cell: workbook.cells[cell.sheet][cell.row, cell.column + 1]
        for cell in texts
        if (cell.row, cell.column + 1) in workbook.cells[cell.sheet]
    }
    if "m_period" not in layout.cover:
        named = name_period(catalogue, texts, beside)
        if not named.found:
            headers = [
                cell
                for table in tables
                for row in table.header_rows
                for column in range(*table.span)
                if (cell := workbook.cells[table.sheet].get((row, column))) is not None
            ]
            named = name_period(catalogue, [cell for cell in headers if periods_in(catalogue, cell.raw)])
        names = {code: entry.name for code, entry in catalogue.calendar.items()}
        _take(layout, "m_period", named, names, "kỳ báo cáo", "period_unknown")
    if "m_province" not in layout.cover:
        names = {p.province_id: p.name for p in catalogue.provinces}
        _take(
            layout, "m_province", name_province(catalogue, texts, beside), names, "đơn vị báo cáo", "province_unknown"
        )
    if "m_province" not in layout.cover and layout.refusal is None:
        _take_stranger(layout, name_stranger(catalogue, texts, beside))
    period, province = layout.cover.get("m_period"), layout.cover.get("m_province")
    period_code = find_period(period.raw) if period is not None else None
    province_id = find_province(catalogue, province.raw, period_code) if province is not None else None
    return Asked(province_id or "", period_code or "")


def _take(layout: Layout, name: str, named: Named, names: dict[str, str], what: str, rule_code: str) -> None:
    if len(named.found) > 1:
        found = [(names[code], cell) for code, cell in named.found]
        layout.refusal = layout.refusal or tell_several(rule_code, what, found)
    elif named.only is not None:
        code, cell = named.only
        other = time_in_brackets(cell.raw) if name == "m_province" else ""
        if other:
            detail = f"“{cell.raw}”: số liệu của {other}, không phải của một kỳ 6 tháng trong lịch của Cụm"
            layout.refusal = Problem("period_unknown", "", cell.sheet, cell.address, cell.raw, "", detail)
        suffix = " (chưa có số liệu)" if name == "m_province" and declares_no_data(cell.raw) else ""
        layout.cover[name] = replace(cell, raw=names[code] + suffix)
        layout.cover_address[name] = (cell.sheet, cell.address)
        layout.claimed.update((cell.sheet, cell.row, c) for c in (cell.column, cell.column - 1) if c >= 0)
        if not named.is_labelled:
            told = f"{what} là {names[code]}"
            layout.problems.append(Problem("cover_from_text", "", cell.sheet, cell.address, cell.raw, told))


def _take_stranger(layout: Layout, cell: Cell | None) -> None:
    """A sender that is no unit of the cluster is told as such, and nobody else's name stands in for it."""
    if cell is not None:
        layout.cover["m_province"] = cell
        layout.cover_address["m_province"] = (cell.sheet, cell.address)


def tell_several(rule_code: str, what: str, found: list[tuple[str, Cell]]) -> Problem:
    """The refusal of a file that names several senders or half-years, with the cells that do."""
    places = ", ".join(f"{name} ({_place(cell)})" for name, cell in found)
    first, observed = found[0][1], ", ".join(name for name, _ in found)
    detail = f"tệp nêu nhiều {what} khác nhau: {places}"
    return Problem(rule_code, "", first.sheet, first.address, observed, "", detail)


def _place(cell: Cell) -> str:
    """Where to look for a text: its cell, or in the running text of a document, its line's own words."""
    if cell.sheet == TEXT_SHEET:
        return f"chỗ ghi “{cell.raw[:60]}{'…' if len(cell.raw) > 60 else ''}” trong văn bản"
    return f"ô {cell.address} trang “{cell.sheet}”"


def texts_around(workbook: Workbook, tables: list[Table], sheets: Iterable[str] = ()) -> Iterator[Cell]:
    """The texts outside the tables, in the order of the file; of some sheets where they are given."""
    taken: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for table in tables:
        for row in range(table.header_rows[0] if table.header_rows else table.first, table.end):
            taken.setdefault((table.sheet, row), []).append(table.span)
    for sheet in sheets or workbook.sheets:
        for (row, column), cell in sorted(workbook.cells[sheet].items()):
            spans = taken.get((sheet, row), ())
            if cell.kind == "text" and not any(start <= column < end for start, end in spans):
                yield cell
