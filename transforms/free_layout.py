"""Where a file holds what is asked, whoever drew its tables: the form by `locate`, all others by their labels."""

from __future__ import annotations

import re
from dataclasses import replace

from catalogue.model import Catalogue
from transforms.heading_text import declares_no_data, is_numbering_of_document, is_titled
from transforms.layout import Layout, locate, locate_cover
from transforms.lexicon import lexicon_of
from transforms.numerals import NUMERAL
from transforms.observation import Cell, Problem, cell_address
from transforms.sender import name_sender
from transforms.several_units import find_several_units
from transforms.sheets import Workbook
from transforms.table_header import Cells, is_number_row, is_year, line_unit, read_columns, unit_of_line
from transforms.table_rows import Asked, Table, choose_value_column, read_rows
from transforms.table_search import find_tables
from transforms.text import fold

_OWN_FIELDS = ("basis", "state", "check")  # whose headers no table but the form's has
_NOT_THE_FIGURES = ("plan", "previous", "comparison", "year")
_NUMBERED = re.compile(r"\s*(?:(?:bảng|biểu|phụ lục|mục|phần)\s+)?[\dIVXivx.]{1,6}[.):\s-]+", re.IGNORECASE)


def find_layout(catalogue: Catalogue, workbook: Workbook) -> Layout:
    """The layout of any file; `refusal` says why nothing of it may be used, empty `rows` that it has no table."""
    layout = locate(catalogue, workbook) if _is_form(catalogue, workbook) else _locate_free(catalogue, workbook)
    name = layout.cover.get("m_province")
    if name is not None and layout.refusal is None and declares_no_data(name.raw):
        _tell_declared(workbook, layout, name)
    return layout


def _is_form(catalogue: Catalogue, workbook: Workbook) -> bool:
    """Whether a file is of the form's family: by its workbook names, or by a header that only the form has."""
    if any(name.startswith("f_") and name[2:] in catalogue.indicators for name in workbook.names):
        return True
    lexicon = lexicon_of(catalogue)
    own = {fold(f.header) for f in catalogue.form.fields if f.name in _OWN_FIELDS}
    for cells in workbook.cells.values():
        marked = {row for (row, _), cell in cells.items() if cell.kind == "text" and fold(cell.raw) in own}
        for row in marked:
            if sum(bool(lexicon.header(c.raw)) for (r, _), c in cells.items() if r == row and c.kind == "text") > 1:
                return True
    return False


def _locate_free(catalogue: Catalogue, workbook: Workbook) -> Layout:
    layout = Layout()
    refusal = find_several_units(catalogue, workbook)
    tables = [table for sheet in workbook.sheets for table in find_tables(catalogue, workbook.cells[sheet], sheet)]
    if refusal is not None:
        layout.refusal = refusal
        return layout
    if not tables:
        layout = locate(catalogue, workbook)
        if not layout.rows:
            name_sender(catalogue, workbook, layout, [])
            _refuse_declared(catalogue, layout)
        return layout
    locate_cover(catalogue, workbook, layout)
    asked = name_sender(catalogue, workbook, layout, tables)
    if layout.refusal is not None:
        return layout
    if catalogue.label_answers:
        found = (find_tables(catalogue, workbook.cells[sheet], sheet, asked) for sheet in workbook.sheets)
        tables = [table for on_sheet in found for table in on_sheet]
    around = _unit_around(workbook, {table.sheet for table in tables})
    for table in tables:
        _read_table(catalogue, workbook, layout, table, replace(asked, money_unit=around))
    if not layout.rows:
        layout.refusal = next((p for p in layout.problems if p.rule_code == "value_column_unclear"), None)
    layout.problems = [_soften(p) for p in layout.problems]
    return layout


def _soften(problem: Problem) -> Problem:
    """A table of plans or of other periods beside one that was read is no trouble: its columns are not used."""
    if problem.rule_code != "value_column_unclear" or not problem.expected:
        return problem
    return Problem("columns_not_used", "", problem.sheet, problem.cell, problem.expected)


def _read_table(catalogue: Catalogue, workbook: Workbook, layout: Layout, table: Table, asked: Asked) -> None:
    cells, sheet = workbook.cells[table.sheet], table.sheet
    doubtful = workbook.doubtful.get(sheet, frozenset())
    table.header = read_columns(catalogue, cells, table.header_rows, table.span, asked.period)
    money_unit = _claim_above(catalogue, cells, layout, table) or asked.money_unit
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
    read_rows(catalogue, cells, doubtful, table, value, replace(asked, money_unit=money_unit), layout)
    _set_columns_aside(cells, layout, table, value)


def _tell_rivals(candidates: list[str], others: list[str]) -> str:
    """What a table has instead of one column of figures."""
    if candidates:
        return f"{len(candidates)} cột có thể chứa số liệu ({', '.join(candidates)})"
    return f"các cột {', '.join(others)}" if others else "tên chỉ tiêu mà không có cột số liệu"


def _set_columns_aside(cells: Cells, layout: Layout, table: Table, value: int) -> None:
    """Claims the columns that a header names as something else, and serial numbers; the former are told."""
    aside: list[tuple[int, str]] = []
    rows = [row for row in range(table.first, table.end) if table.label(cells, row) is not None]
    for at, column in table.header.columns.items():
        if at == value or at in table.labels or column.kind in ("unit", "note") or at < min(table.labels):
            continue
        left = [row for row in rows if (row, at) in cells and (table.sheet, row, at) not in layout.claimed]
        layout.claimed.update((table.sheet, row, at) for row in rows)
        if left:
            aside.append((left[0], f"“{column.text}”"))
    for row in rows:
        for at in range(table.span[0], min(table.labels)):
            if (row, at) in cells and len(cells[row, at].raw) < 7:
                layout.claimed.add((table.sheet, row, at))
    if aside:
        at_cell = cell_address(table.header_rows[0] if table.header_rows else table.first, table.labels[0])
        told = ", ".join(name for _, name in aside)
        layout.problems.append(Problem("columns_not_used", "", table.sheet, at_cell, told))


def _claim_above(catalogue: Catalogue, cells: Cells, layout: Layout, table: Table) -> str:
    """Claims the header and the headings above it; the unit that a line there gives."""
    unit = ""
    places = ((row, column) for row in range(table.top, table.first) for column in range(*table.span))
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


def _unit_around(workbook: Workbook, tabled: set[str]) -> str:
    """The one unit that lines outside all sheets with tables give, as a Word document's do; empty for several."""
    found: set[str] = set()
    for sheet in workbook.sheets:
        cells = {} if sheet in tabled else workbook.cells[sheet]
        found.update(line_unit(cells, cell) for cell in cells.values() if cell.kind == "text")
    found.discard("")
    return found.pop() if len(found) == 1 else ""


def _tell_declared(workbook: Workbook, layout: Layout, name: Cell) -> None:
    filled = sum((r.row, r.columns["value"]) in workbook.cells[r.sheet] for rows in layout.rows.values() for r in rows)
    detail = f"Tuy vậy tệp vẫn có {filled} ô số liệu, đã được đọc." if filled else "Tệp không có số liệu nào."
    layout.problems.append(Problem("declared_empty", "", name.sheet, name.address, name.raw, "", detail))


def _refuse_declared(catalogue: Catalogue, layout: Layout) -> None:
    """A file of words alone that says that there are no figures yet is told as such."""
    name = layout.cover.get("m_province")
    layout.problems.clear()
    if name is not None and declares_no_data(name.raw):
        detail = f"ô {name.address} ghi “{name.raw}” và tệp không có bảng số liệu nào"
        layout.refusal = Problem("file_not_a_return", "", name.sheet, name.address, name.raw, "", detail)
