"""The tables of a sheet, found by the labels in them: their columns, header rows and ends."""

from __future__ import annotations

import re

from catalogue.model import Catalogue
from transforms.identification import find_period
from transforms.label_match import match_surely
from transforms.lexicon import Lexicon, lexicon_of
from transforms.observation import Cell
from transforms.table_header import Cells, find_header_rows, is_year, word_kind
from transforms.table_rows import Asked, Table
from transforms.text import fold

FEWEST_LABELS = 2
_HALF = re.compile(r"(?:0?6|sau) ?t(?:hang)?(?: dau| cuoi)?(?: nam)?(?: 20\d\d)?")


def find_tables(catalogue: Catalogue, cells: Cells, sheet: str, asked: Asked | None = None) -> list[Table]:
    """The tables of a sheet: columns with at least two sure labels, parted where a header comes again."""
    asked = asked or Asked()
    sure: dict[int, dict[int, str]] = {}
    for (row, column), cell in sorted(cells.items()):
        if cell.kind == "text":
            match = match_surely(catalogue, cell.raw, "", asked.province_id, asked.period)
            if match.is_sure:
                sure.setdefault(column, {})[row] = match.indicator_code
    chosen = sorted(
        column
        for column, rows in sure.items()
        if len(set(rows.values())) >= FEWEST_LABELS or _has_header(catalogue, cells, column, min(rows))
    )
    groups: list[list[int]] = []
    for column in chosen:
        if groups and column == groups[-1][-1] + 1:
            groups[-1].append(column)
        else:
            groups.append([column])
    if not groups:
        return []
    width, height = max(c for _, c in cells) + 1, max(r for r, _ in cells) + 1
    tables: list[Table] = []
    start = 0
    for number, group in enumerate(groups):
        end = width
        if number + 1 < len(groups):
            end = _boundary(cells, sure, groups[number + 1][0])
        rows = sorted({row for column in group for row in sure[column]})
        tables.extend(_part(catalogue, cells, sheet, tuple(group), (start, end), rows, height))
        start = end
    return tables


def _has_header(catalogue: Catalogue, cells: Cells, column: int, row: int) -> bool:
    """Whether a single label stands right below a header of labels that has one of figures beside it."""
    for above in range(max(row - 3, 0), row):
        label = cells.get((above, column))
        if label is not None and word_kind(catalogue, label.raw) == "label":
            return any(r == above and c > column and word_kind(catalogue, cells[r, c].raw) == "value" for r, c in cells)
    return False


def _boundary(cells: Cells, sure: dict[int, dict[int, str]], column: int) -> int:
    """Where the columns of a table beside another begin: at its label column, or at its numbers left of it."""
    beside = [cells[row, column - 1] for row in sure[column] if (row, column - 1) in cells]
    is_numbered = bool(beside) and all(len(c.raw) < 4 and c.raw == str(n + 1) for n, c in enumerate(beside))
    return column - 1 if is_numbered else column


def _part(
    catalogue: Catalogue,
    cells: Cells,
    sheet: str,
    labels: tuple[int, ...],
    span: tuple[int, int],
    rows: list[int],
    height: int,
) -> list[Table]:
    lexicon = lexicon_of(catalogue)
    tables: list[Table] = []
    top, seen = 0, -1
    for row in rows:
        if seen >= 0 and row - seen < 2:
            seen = row
            continue
        header = find_header_rows(catalogue, cells, top if seen < 0 else seen + 1, row, span, max(labels))
        if seen < 0 or _is_new_header(catalogue, cells, header, span):
            first = header[-1] + 1 if header else row
            if tables:
                tables[-1].end = min(tables[-1].end, header[0])
            tables.append(Table(sheet, labels, span, top, header, first, height))
        seen = row
        top = row + 1
    for table in tables:
        table.end = _end_of(lexicon, cells, table)
    return tables


def _is_new_header(catalogue: Catalogue, cells: Cells, header: list[int], span: tuple[int, int]) -> bool:
    held = [cells[row, c] for row in header for c in range(*span) if (row, c) in cells]
    kinds = {word_kind(catalogue, cell.raw) for cell in held}
    if "label" in kinds and ("number" in kinds or any(_is_bare_time(catalogue, cell) for cell in held)):
        return True
    return "value" in kinds and bool(kinds & {"label", "unit", "number", "plan", "previous"})


def _is_bare_time(catalogue: Catalogue, cell: Cell) -> bool:
    """Whether a header is a half-year and nothing else: "6 tháng 2021", "6T/2021", 2021."""
    return is_year(cell) or find_period(cell.raw) in catalogue.calendar or bool(_HALF.fullmatch(fold(cell.raw)))


def _end_of(lexicon: Lexicon, cells: Cells, table: Table) -> int:
    """The row of the first signature below the table's start, or its end; notes and blank rows end nothing."""
    for row in range(table.first, table.end):
        held = [cells[row, c] for c in range(*table.span) if (row, c) in cells and cells[row, c].kind == "text"]
        if any(lexicon.ignored_as(cell.raw) in ("signature", "date_line", "note") for cell in held):
            label = table.label(cells, row)
            if label is None or lexicon.ignored_as(label.raw) or len(held) == 1:
                return row
    return table.end
