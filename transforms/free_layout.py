"""Where a file holds what is asked, whoever drew its tables: the form by `locate`, all others by their labels."""

from __future__ import annotations

from dataclasses import replace

from catalogue.model import Catalogue
from transforms.heading_text import declares_no_data
from transforms.layout import Layout, locate, locate_cover
from transforms.lexicon import lexicon_of
from transforms.observation import Cell, Problem
from transforms.sender import name_sender
from transforms.sheets import Workbook
from transforms.table_header import line_unit
from transforms.table_reading import read_table
from transforms.table_rows import Asked
from transforms.table_search import find_tables
from transforms.text import fold

_OWN_FIELDS = ("basis", "state", "check")  # whose headers no table but the form's has


def find_layout(catalogue: Catalogue, workbook: Workbook, known: Asked | None = None) -> Layout:
    """The layout of any file; `refusal` says why nothing of it may be used, empty `rows` that it has no table.

    Where whose it is and of when is `known`, no line is asked for it.
    """
    if _is_form(catalogue, workbook):
        return locate(catalogue, workbook)
    return _locate_free(catalogue, workbook, known)


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


def _locate_free(catalogue: Catalogue, workbook: Workbook, known: Asked | None) -> Layout:
    layout = Layout(is_free=True)
    tables = [table for sheet in workbook.sheets for table in find_tables(catalogue, workbook.cells[sheet], sheet)]
    if not tables:
        layout = locate(catalogue, workbook)
        if not layout.rows:
            name_sender(catalogue, workbook, layout, [])
            _refuse_declared(catalogue, layout)
        return layout
    locate_cover(catalogue, workbook, layout)
    asked = known or name_sender(catalogue, workbook, layout, tables)
    if layout.refusal is not None:
        return layout
    if catalogue.label_answers:
        found = (find_tables(catalogue, workbook.cells[sheet], sheet, asked) for sheet in workbook.sheets)
        tables = [table for on_sheet in found for table in on_sheet]
    around = asked.money_unit or unit_around(workbook, {table.sheet for table in tables})
    for table in tables:
        doubtful = workbook.doubtful.get(table.sheet, frozenset())
        money = replace(asked, money_unit=around)
        read_table(catalogue, workbook.cells[table.sheet], doubtful, layout, table, money)
    if not layout.rows:
        layout.refusal = next((p for p in layout.problems if p.rule_code == "value_column_unclear"), None)
    layout.problems = [soften(p) for p in layout.problems]
    return layout


def soften(problem: Problem) -> Problem:
    """A table of plans or of other periods beside one that was read is no trouble: its columns are not used."""
    if problem.rule_code != "value_column_unclear" or not problem.expected:
        return problem
    return Problem("columns_not_used", "", problem.sheet, problem.cell, problem.expected)


def unit_around(workbook: Workbook, tabled: set[str]) -> str:
    """The one unit that lines outside all sheets with tables give, as a Word document's do; empty for several."""
    found: set[str] = set()
    for sheet in workbook.sheets:
        cells = {} if sheet in tabled else workbook.cells[sheet]
        found.update(line_unit(cells, cell) for cell in cells.values() if cell.kind == "text")
    found.discard("")
    return found.pop() if len(found) == 1 else ""


def declare(layout: Layout, name: Cell, filled: int) -> None:
    """Keeps that a name cell says that there are no figures yet, and tells it once."""
    detail = f"Tuy vậy tệp vẫn có {filled} ô số liệu, đã được đọc." if filled else "Tệp không có số liệu nào."
    layout.declared = name
    layout.problems.append(Problem("declared_empty", "", name.sheet, name.address, name.raw, "", detail))


def count_figures(workbook: Workbook, layout: Layout) -> int:
    """The cells of figures that are not empty."""
    return sum((r.row, r.columns["value"]) in workbook.cells[r.sheet] for rows in layout.rows.values() for r in rows)


def _refuse_declared(catalogue: Catalogue, layout: Layout) -> None:
    """A file of words alone that says that there are no figures yet is told as such."""
    name = layout.cover.get("m_province")
    layout.problems.clear()
    if name is not None and declares_no_data(name.raw):
        detail = f"ô {name.address} ghi “{name.raw}” và tệp không có bảng số liệu nào"
        layout.refusal = Problem("file_not_a_return", "", name.sheet, name.address, name.raw, "", detail)
