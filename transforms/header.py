"""Which column of a table holds which field: by its header, else by workbook names, labels, or the form's order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from catalogue.model import Catalogue
from transforms.lexicon import Lexicon
from transforms.observation import Cell, Problem, cell_address
from transforms.placement import field_column
from transforms.text import fold
from transforms.workbook import Workbook

SEARCH_ROWS = 40
MIN_HEADERS = 2
_BY_ORDER = ("number", "unit", "check")  # a value is never read for its place alone


@dataclass(frozen=True)
class Header:
    """The row of the header, None where none was found, the column of each field, and what is strange in them."""

    row: int | None
    columns: dict[str, int]
    problems: list[Problem] = field(default_factory=list)


def find_header(catalogue: Catalogue, lexicon: Lexicon, workbook: Workbook, sheet: str) -> Header:
    """The header of a sheet's table. A field found without its header is told as a changed header."""
    cells = workbook.cells[sheet]
    row, columns = _known_headers(lexicon, cells)
    missing = [f for f in catalogue.form.fields if f.name not in columns]
    if not missing:
        return Header(row, columns)
    named = _columns_of_names(catalogue, workbook, sheet)
    if "label" not in columns:
        labels = Counter(c for (_, c), cell in cells.items() if fold(cell.raw) in lexicon.labels)
        if not labels and not named:
            return Header(None, {})
        if labels:
            named["label"] = labels.most_common(1)[0][0]
    used = {column for _, column in cells}
    problems = []
    for form_field in missing:
        column = named.get(form_field.name)
        if column is None and row is not None and form_field.name in _BY_ORDER:
            column = field_column(catalogue.form, form_field.name)
        if column is None or column in columns.values() or column not in used:
            continue
        columns[form_field.name] = column
        if row is not None:
            cell = cells.get((row, column))
            observed = "(trống)" if cell is None else cell.raw
            at = cell_address(row, column)
            problems.append(Problem("header_changed", "", sheet, at, observed, form_field.header))
    return Header(row, columns, problems)


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
    for (row, column), cell in cells.items():
        if row < SEARCH_ROWS and cell.kind == "text":
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
