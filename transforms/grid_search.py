"""Where on a sheet indicators stand as columns: the rows of units below them, or the one row of the sender."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.model import Catalogue
from transforms.grid_header import read_grid_column
from transforms.observation import Cell
from transforms.sheets import is_figure
from transforms.table_header import Cells, header_texts, is_number_row, is_year
from transforms.table_rows import Table
from transforms.unit_names import NamedCell, name_unit

MOST_HEADER_ROWS = 5
MOST_GAP = 3  # rows between two units of one table
FEWEST_LABELS = 2
LONGEST_HEADING = 120


@dataclass(frozen=True)
class Grid:
    """The place of such a table (its label column is the one of names), and the column of names, if it has one."""

    table: Table
    names: int | None


def find_grids(
    catalogue: Catalogue, cells: Cells, sheet: str, named: list[NamedCell], *, is_single: bool
) -> list[Grid]:
    """The tables of a sheet with names of units in a column and indicators over the columns right of it.

    With `is_single` also one with a single row of figures, whether a unit is named in it or not.
    """
    rows: dict[int, dict[int, NamedCell]] = {}
    for one in named:
        if not one.unit.is_listed:
            rows.setdefault(one.cell.column, {})[one.cell.row] = one
    width = max((c for _, c in cells), default=0) + 1
    found: list[Grid] = []
    for column, in_column in sorted(rows.items()):
        for run in _runs(sorted(in_column)):
            if any(g.table.first <= run[0] < g.table.end for g in found):
                continue
            units = {in_column[r].unit.province_id for r in run}
            if len(units) < 2 and not is_single:
                continue
            found.extend(_grid_of(catalogue, cells, sheet, column, run, width))
    if not found and is_single:
        found.extend(_single_row(catalogue, cells, sheet, width))
    top = 0
    for grid in sorted(found, key=lambda one: one.table.first):
        grid.table.top = max(top, 0)
        top = grid.table.end
    return found


def _runs(rows: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for row in rows:
        if runs and row - runs[-1][-1] <= MOST_GAP:
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


def _grid_of(catalogue: Catalogue, cells: Cells, sheet: str, column: int, run: list[int], width: int) -> list[Grid]:
    """The tables that a run of named rows makes; headers between them part it."""
    parts: list[list[int]] = [[run[0]]]
    for row in run[1:]:
        if any(_is_heading_row(cells, between, column) for between in range(parts[-1][-1] + 1, row)):
            parts.append([row])
        else:
            parts[-1].append(row)
    found = []
    for part in parts:
        first = part[0]
        while _is_data_row(cells, first - 1, column) and first > 0:
            first -= 1
        end = part[-1] + 1
        while _is_data_row(cells, end, column):
            end += 1
        header = _header_above(cells, first, column)
        if not header:
            continue
        table = Table(sheet, (column,), (0, width), header[0], header, first, end)
        if _count_labels(catalogue, cells, table) >= (1 if len(part) > 1 else FEWEST_LABELS):
            found.append(Grid(table, column))
    return found


def _single_row(catalogue: Catalogue, cells: Cells, sheet: str, width: int) -> list[Grid]:
    figures: dict[int, int] = {}
    for (row, _), cell in cells.items():
        figures[row] = figures.get(row, 0) + is_figure(cell)
    for row in sorted(r for r, count in figures.items() if count >= FEWEST_LABELS):
        if is_number_row([cells[row, c] for c in range(width) if (row, c) in cells]):
            continue
        header = _header_above(cells, row, -1)
        table = Table(sheet, (0,), (0, width), header[0] if header else row, header, row, row + 1)
        if header and _count_labels(catalogue, cells, table) >= FEWEST_LABELS:
            names = [c for c in range(width) if (row, c) in cells and name_unit(catalogue, cells[row, c].raw)]
            return [Grid(table, names[0] if names else None)]
    return []


def _count_labels(catalogue: Catalogue, cells: Cells, table: Table) -> int:
    texts = header_texts(cells, table.header_rows, table.span)
    columns = (read_grid_column(catalogue, list(parts.values()), "", "") for parts in texts.values() if parts)
    return len({c.indicator_code for c in columns if c.indicator_code})


def _is_data_row(cells: Cells, row: int, column: int) -> bool:
    """Whether a row has a name and a figure right of it."""
    name = cells.get((row, column))
    if name is None or name.kind != "text" or is_figure(name):
        return False
    held = [cell for (r, _), cell in sorted(cells.items()) if r == row]
    return not is_number_row(held) and any(cell.column > column and is_figure(cell) for cell in held)


def _is_heading_row(cells: Cells, row: int, column: int) -> bool:
    held = [cell for (r, c), cell in cells.items() if r == row and c > column]
    return len(held) > 1 and all(cell.kind == "text" and not is_figure(cell) for cell in held)


def _header_above(cells: Cells, first: int, column: int) -> list[int]:
    """The rows of words over the first row of figures, from the top; a blank row or a title ends them."""
    rows: list[int] = []
    by_row: dict[int, list[Cell]] = {}
    for (row, _), cell in cells.items():
        if first - MOST_HEADER_ROWS <= row < first:
            by_row.setdefault(row, []).append(cell)
    for row in range(first - 1, max(first - MOST_HEADER_ROWS, 0) - 1, -1):
        held = by_row.get(row, [])
        is_numbers = bool(held) and is_number_row(sorted(held, key=lambda cell: cell.column))
        is_words = all((c.kind == "text" and not is_figure(c)) or is_year(c) for c in held)
        is_title = len(held) == 1 and (not rows or held[0].column <= max(column, 0) or ":" in held[0].raw)
        if not held or is_title or not (is_numbers or is_words) or any(len(c.raw) > LONGEST_HEADING for c in held):
            break
        rows.insert(0, row)
    return rows
