"""What stands around one cell of a file: the rows and columns beside it, as read."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.addresses import parse_address
from transforms.observation import cell_address, column_letters
from transforms.workbook import read_workbook

ROWS_AROUND, COLUMNS_AROUND = 8, 5
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A part of a sheet: letters of its columns, numbers of its rows, texts by row; `row`, `column` mark the cell."""

    sheet: str
    cell: str
    columns: tuple[str, ...]
    rows: tuple[int, ...]
    texts: tuple[tuple[str, ...], ...]
    row: int
    column: int
    kind: str


def look_around(data: bytes, sheet: str, address: str) -> Surroundings | None:
    """The surroundings of a cell of a file's bytes; None where there is no such sheet. Raises UnreadableFileError."""
    workbook = read_workbook(data)
    cells = workbook.cells.get(sheet)
    if cells is None:
        return None
    row, column = parse_address(address)
    last_row = max((r for r, _ in cells), default=row)
    last_column = max((c for _, c in cells), default=column)
    rows = range(max(0, row - ROWS_AROUND), min(max(last_row, row), row + ROWS_AROUND) + 1)
    columns = range(max(0, column - COLUMNS_AROUND), min(max(last_column, column), column + COLUMNS_AROUND) + 1)
    texts = tuple(tuple(cells[r, c].raw[:LONGEST] if (r, c) in cells else "" for c in columns) for r in rows)
    found = cells.get((row, column))
    return Surroundings(
        sheet,
        cell_address(row, column),
        tuple(map(column_letters, columns)),
        tuple(r + 1 for r in rows),
        texts,
        rows.index(row),
        columns.index(column),
        "blank" if found is None else found.kind,
    )
