"""Which column of a table holds which field: by its header, else by workbook names, labels, or the form's order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from catalogue.model import Catalogue
from transforms.lexicon import Lexicon
from transforms.observation import Cell, Problem, cell_address
from transforms.placement import FIRST_ROW, HEADER_ROW, field_column
from transforms.text import fold
from transforms.workbook import Workbook

SEARCH_ROWS = 40
MIN_HEADERS = 2
BLANK = "(trống)"
_BY_ORDER = ("number", "unit", "check")  # a value is never read for its place alone


@dataclass(frozen=True)
class Header:
    """The row of the header, the column of each field, and what is strange in them; no columns where no table is."""

    row: int
    columns: dict[str, int]
    problems: list[Problem] = field(default_factory=list)


def find_header(catalogue: Catalogue, lexicon: Lexicon, workbook: Workbook, sheet: str) -> Header:
    """The header of a sheet's table. A field found without its header is told, all of them in one problem."""
    cells = workbook.cells[sheet]
    row, columns = _known_headers(lexicon, cells)
    missing = [f for f in catalogue.form.fields if f.name not in columns]
    if row is not None and not missing:
        return Header(row, columns)
    guesses = _columns_of_names(catalogue, workbook, sheet)
    labelled = [at for at, cell in cells.items() if cell.kind == "text" and fold(cell.raw) in lexicon.labels]
    if labelled:
        guesses.setdefault("label", Counter(column for _, column in labelled).most_common(1)[0][0])
    if row is None:
        rows = [r for r, _ in labelled] or list(names_of_rows(catalogue, workbook, sheet).values())
        if not rows:
            return Header(0, {})
        row = max(min(rows) - (FIRST_ROW - HEADER_ROW), 0)
    label_column = columns.get("label", guesses.get("label"))
    shift = 0 if label_column is None else label_column - field_column(catalogue.form, "label")
    guesses.update({name: field_column(catalogue.form, name) + shift for name in _BY_ORDER if name not in columns})
    used = {column for _, column in cells}
    strange = []
    for form_field in missing:
        column = guesses.get(form_field.name)
        if column is not None and column in used and column not in columns.values():
            columns[form_field.name] = column
            strange.append(form_field.header)
    return Header(row, columns, _tell(catalogue, cells, sheet, row, columns, strange))


def _tell(
    catalogue: Catalogue,
    cells: dict[tuple[int, int], Cell],
    sheet: str,
    row: int,
    columns: dict[str, int],
    strange: list[str],
) -> list[Problem]:
    names = {f.header: f.name for f in catalogue.form.fields}
    found = [(header, columns[names[header]]) for header in strange]
    if not found:
        return []
    texts = [cells[row, column].raw if (row, column) in cells else BLANK for _, column in found]
    expected = "; ".join(header for header, _ in found)
    return [Problem("header_changed", "", sheet, cell_address(row, found[0][1]), "; ".join(texts), expected)]


def names_of_rows(catalogue: Catalogue, workbook: Workbook, sheet: str) -> dict[str, int]:
    """The row of each indicator whose value cell carries its workbook-scoped name."""
    return {
        name[2:]: row
        for name, (where, row, _) in workbook.names.items()
        if where == sheet and name.startswith("f_") and name[2:] in catalogue.indicators
    }


def _known_headers(lexicon: Lexicon, cells: dict[tuple[int, int], Cell]) -> tuple[int | None, dict[str, int]]:
    """The row with the most headers of the form, at least two of them, and their columns."""
    rows: dict[int, dict[str, int]] = {}
    end = min((row for row, _ in cells), default=0) + SEARCH_ROWS  # a sheet of a .csv begins where its lines do
    for (row, column), cell in cells.items():
        if row < end and cell.kind == "text":
            name = lexicon.header(cell.raw)
            if name:
                rows.setdefault(row, {}).setdefault(name, column)
    best = max(rows, key=lambda r: len(rows[r]), default=None)
    if best is None or len(rows[best]) < MIN_HEADERS:
        return None, {}
    return best, rows[best]


def _columns_of_names(catalogue: Catalogue, workbook: Workbook, sheet: str) -> dict[str, int]:
    """The column that most of a field's workbook-scoped names point at."""
    prefixes = {f.prefix: f.name for f in catalogue.form.fields if f.prefix}
    found: dict[str, Counter[int]] = {}
    for name, (where, _, column) in workbook.names.items():
        field_name = prefixes.get(name[:2])
        if where == sheet and field_name is not None:
            found.setdefault(field_name, Counter())[column] += 1
    return {name: columns.most_common(1)[0][0] for name, columns in found.items()}
