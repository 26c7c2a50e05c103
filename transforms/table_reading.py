"""One table of a sender's own into a layout: its column of figures, its rows, and what is set aside of it."""

from __future__ import annotations

import re
from dataclasses import replace

from catalogue.model import Catalogue
from transforms.heading_text import is_numbering_of_document, is_titled
from transforms.layout import Layout
from transforms.numerals import NUMERAL
from transforms.observation import Problem, cell_address
from transforms.previous_column import find_previous_column
from transforms.table_header import Cells, is_number_row, is_year, line_unit, read_columns, unit_of_line
from transforms.table_rows import Asked, Table, choose_value_column, read_rows

_NOT_THE_FIGURES = ("plan", "previous", "comparison", "year")
_NUMBERED = re.compile(
    r"\s*(?:(?:bảng|biểu|phụ lục|mục|phần)\s+[\dIVXivx.]{1,6}(?:[.):\s-]+|$)|[\dIVXivx.]{1,6}[.):\s-]+)", re.IGNORECASE
)


def read_table(
    catalogue: Catalogue, cells: Cells, doubtful: frozenset[str], layout: Layout, table: Table, asked: Asked
) -> None:
    """Reads a table into a layout by its header rows; `asked` gives a unit for money where no line above does."""
    table.header = read_columns(catalogue, cells, table.header_rows, table.span, asked.period)
    money_unit = claim_above(catalogue, cells, layout, table) or asked.money_unit
    read_figures(catalogue, cells, doubtful, layout, table, replace(asked, money_unit=money_unit))


def read_figures(
    catalogue: Catalogue, cells: Cells, doubtful: frozenset[str], layout: Layout, table: Table, asked: Asked
) -> None:
    """Reads the rows of a table whose header is known; without one column of figures the layout says why."""
    sheet = table.sheet
    layout.sheets[sheet] = min(table.first, layout.sheets.get(sheet, table.first))
    value, candidates = choose_value_column(catalogue, cells, doubtful, table)
    if value is None:
        at = cell_address(table.header_rows[0] if table.header_rows else table.first, table.labels[0])
        others = [f"“{c.text}”" for c in table.header.columns.values() if c.kind in _NOT_THE_FIGURES]
        others = [] if candidates else others
        detail = _tell_rivals(candidates, others)
        layout.problems.append(
            Problem("value_column_unclear", "", sheet, at, ", ".join(candidates), ", ".join(others), detail)
        )
        layout.claimed.update((sheet, r, c) for r in range(table.first, table.end) for c in range(*table.span))
        return
    previous = find_previous_column(catalogue, table.header, value, asked.period)
    read_rows(catalogue, cells, doubtful, table, value, asked, layout, previous)
    _set_columns_aside(cells, layout, table, value, previous)


def _tell_rivals(candidates: list[str], others: list[str]) -> str:
    """What a table has instead of one column of figures."""
    if candidates:
        return f"{len(candidates)} cột có thể chứa số liệu ({', '.join(candidates)})"
    return f"các cột {', '.join(others)}" if others else "tên chỉ tiêu mà không có cột số liệu"


def _set_columns_aside(cells: Cells, layout: Layout, table: Table, value: int, previous: int | None) -> None:
    """Claims the columns that a header names as something else, and serial numbers; the former are told."""
    aside: list[tuple[int, str]] = []
    rows = [row for row in range(table.first, table.end) if table.label(cells, row) is not None]
    for at, column in table.header.columns.items():
        if at == value or at in table.labels or column.kind in ("unit", "note") or at < min(table.labels):
            continue
        left = [row for row in rows if (row, at) in cells and (table.sheet, row, at) not in layout.claimed]
        layout.claimed.update((table.sheet, row, at) for row in rows)
        if at == previous:  # a row that is no indicator's is asked about where it has a figure of the period too
            left = [row for row in left if (row, value) not in cells]
        if left:
            where = f" (ô {', '.join(cell_address(row, at) for row in left)})" if at == previous else ""
            aside.append((left[0], f"“{column.text}”{where}"))
    for row in rows:
        for at in range(table.span[0], min(table.labels)):
            if (row, at) in cells and len(cells[row, at].raw) < 7:
                layout.claimed.add((table.sheet, row, at))
    if aside:
        at_cell = cell_address(table.header_rows[0] if table.header_rows else table.first, table.labels[0])
        told = ", ".join(name for _, name in aside)
        layout.problems.append(Problem("columns_not_used", "", table.sheet, at_cell, told))


def claim_above(catalogue: Catalogue, cells: Cells, layout: Layout, table: Table) -> str:
    """Claims the header and the headings above it; the unit that a line there gives."""
    unit = ""
    top = max(table.top, min((row for row, _ in cells), default=0))
    places = ((row, column) for row in range(top, table.first) for column in range(*table.span))
    for row, column in places:
        cell = cells.get((row, column))
        if cell is None or cell.kind == "date":
            continue
        if row in table.header_rows and (cell.kind == "text" or is_year(cell)):
            layout.claimed.add((table.sheet, row, column))
        elif row in table.header_rows:
            held = [cells[row, c] for c in range(*table.span) if (row, c) in cells]
            if is_number_row(held):
                layout.claimed.add((table.sheet, row, column))
        elif cell.kind == "text":
            line = line_unit(cells, cell)
            if line and not unit_of_line(cell.raw):
                layout.claimed.add((table.sheet, row, column + 1))
            unit = line or unit
            plain = _NUMBERED.sub("", cell.raw, count=1)
            if (
                line
                or is_titled(catalogue, cell.raw)
                or is_numbering_of_document(cell.raw)
                or not NUMERAL.search(plain)
            ):
                layout.claimed.add((table.sheet, row, column))
    return unit
