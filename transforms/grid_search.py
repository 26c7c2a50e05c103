"""Where on a sheet indicators stand as columns: the rows of units below them, or the one row of the sender."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.model import Catalogue
from transforms.grid_header import read_grid_column
from transforms.observation import Cell
from transforms.sheets import is_figure
from transforms.table_header import Cells, header_texts, is_number_row, is_year
from transforms.table_rows import Table
from transforms.text import fold
from transforms.unit_names import NamedCell, is_beside_units, name_unit

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
        for run in _runs(catalogue, cells, sorted(in_column), column, width):
            if any(_holds(g, run[0], column) for g in found):
                continue
            beside = [g for g in found if g.table.first <= run[0] < g.table.end]
            if any(_head(cells, g.table, g.names) != _head(cells, g.table, column) for g in beside):
                continue  # names that head no block of their own; what stands right of them is reported
            units = {in_column[r].unit.province_id for r in run}
            if len(units) < 2 and not is_single and not beside:
                continue
            end = _block_end(cells, rows, column, run, width)
            found.extend(_grid_of(catalogue, cells, sheet, column, run, (column if beside else 0, end)))
    if not found and is_single:
        found.extend(_single_row(catalogue, cells, sheet, width))
    for grid in found:
        grid.table.top = max((g.table.end for g in found if g.table.end <= grid.table.header_rows[0]), default=0)
    return found


def _holds(grid: Grid, row: int, column: int) -> bool:
    return grid.table.first <= row < grid.table.end and grid.table.span[0] <= column < grid.table.span[1]


def _head(cells: Cells, table: Table, column: int | None) -> str:
    """The lowest text over a column of names."""
    held = [cells[row, column] for row in table.header_rows if column is not None and (row, column) in cells]
    return fold(held[-1].raw) if held else ""


def _block_end(cells: Cells, rows: dict[int, dict[int, NamedCell]], column: int, run: list[int], width: int) -> int:
    """Where a second column of other units' names, with figures at its right, begins a block beside this one."""
    for other in sorted(c for c in rows if c > column):
        for row, one in rows[other].items():
            own = rows[column].get(row)
            is_repeated = own is not None and own.unit.province_id == one.unit.province_id
            is_beside = run[0] <= row <= run[-1] and not is_repeated
            if is_beside and any((row, c) in cells and is_figure(cells[row, c]) for c in range(other + 1, width)):
                return other
    return width


def _runs(catalogue: Catalogue, cells: Cells, rows: list[int], column: int, width: int) -> list[list[int]]:
    runs: list[list[int]] = []
    for row in rows:
        if runs and (
            row - runs[-1][-1] <= MOST_GAP
            or all(_continues(catalogue, cells, r, column, (0, width)) for r in range(runs[-1][-1] + 1, row))
        ):
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


def _grid_of(
    catalogue: Catalogue, cells: Cells, sheet: str, column: int, run: list[int], span: tuple[int, int]
) -> list[Grid]:
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
        while _is_data_row(cells, end, column) or _continues(catalogue, cells, end, column, span):
            end += 1
        header = _header_above(cells, first, column)
        if not header:
            continue
        table = Table(sheet, (column,), span, header[0], header, first, end)
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
        end = row + 1
        while figures.get(end, 0) or figures.get(end + 1, 0):  # whose figures these are is asked of each row
            end += 1
        table = Table(sheet, (0,), (0, width), header[0] if header else row, header, row, end)
        if header and _count_labels(catalogue, cells, table) >= FEWEST_LABELS:
            names = [c for c in range(width) if (row, c) in cells and name_unit(catalogue, cells[row, c].raw)]
            return [Grid(table, names[0] if names else None)]
    return []


def _continues(catalogue: Catalogue, cells: Cells, row: int, column: int, span: tuple[int, int]) -> bool:
    """Whether a row of figures has a text of its own but no name, since the name above is merged over it."""
    if (row, column) in cells:
        return False
    held = [cells[row, c] for c in range(*span) if (row, c) in cells]
    texts = [cell for cell in held if cell.kind == "text" and not is_figure(cell)]
    are_units = (name_unit(catalogue, c.raw) is not None or is_beside_units(catalogue, c.raw) for c in texts)
    return bool(texts) and any(map(is_figure, held)) and not any(are_units)


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
