"""Tables with indicators as rows and units, half-years or both as columns, under one or more header rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from catalogue.model import Catalogue
from transforms.division import Division, Key, why_not_taken
from transforms.heading_text import periods_in
from transforms.observation import Cell, Problem, cell_address
from transforms.sheets import is_figure
from transforms.table_header import (
    Cells,
    Column,
    Header,
    classify,
    header_texts,
    is_number_row,
    is_year,
)
from transforms.table_reading import claim_above, read_figures
from transforms.table_rows import Asked, Table
from transforms.unit_names import NamedCell, UnitName, is_beside_units, name_unit

FEWEST = 2
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_SHARED = ("number", "label", "unit", "note")


@dataclass(frozen=True)
class UnitColumns:
    """A table, the header row that names units (none where columns differ by half-year only)."""

    table: Table
    row: int | None


def find_unit_columns(cells: Cells, tables: Iterable[Table], named: Iterable[NamedCell]) -> list[UnitColumns]:
    """The tables whose header names at least two units; a table is parted where such a header comes again."""
    last_row: dict[int, int] = {}
    for (at, column), cell in cells.items():
        if is_figure(cell):
            last_row[column] = max(at, last_row.get(column, -1))
    heads = [one for one in named if one.unit.is_declared or last_row.get(one.cell.column, -1) > one.cell.row]
    found = []
    for table in tables:
        marked = _header_rows_of_units(table, heads)
        above = [row for row in marked if row < table.first]
        parts = [row for row in marked if row >= table.first]
        for row, end in zip([above[0] if above else None, *parts], [*parts, table.end], strict=True):
            if row is None:
                if parts:  # rows above the first header of units belong to nobody
                    table = replace(table, end=parts[0])
                continue
            found.append(UnitColumns(_table_below(cells, table, row, end), row))
    return found


def _header_rows_of_units(table: Table, heads: Iterable[NamedCell]) -> list[int]:
    named: dict[int, set[str]] = {}
    for one in heads:
        row, column = one.cell.row, one.cell.column
        if max(table.labels) < column < table.span[1] and table.top <= row < table.end:
            named.setdefault(row, set()).add(one.unit.province_id)
    return sorted(row for row, units in named.items() if len(units) >= FEWEST)


def _table_below(cells: Cells, table: Table, row: int, end: int) -> Table:
    """The table with the header that holds a row of units, down to its first row of figures or labels."""
    header = [r for r in table.header_rows if r < table.first and row < table.first] or [row]
    first = max(header[-1], row)
    while first + 1 < end and _is_header_row(cells, table, first + 1):
        first += 1
    top = min(header[0], row)
    rows = [r for r in range(top, first + 1) if any((r, c) in cells for c in range(*table.span))]
    while top - 1 >= table.top and row >= table.first and _is_header_row(cells, table, top - 1):
        top -= 1
        rows.insert(0, top)
    return replace(table, header_rows=rows, first=first + 1, end=end, top=min(table.top, top))


def _is_header_row(cells: Cells, table: Table, row: int) -> bool:
    """Whether a row holds only words or numbers of columns, and right of the labels."""
    held = [cells[row, c] for c in range(*table.span) if (row, c) in cells]
    if not held:
        return False
    if is_number_row(held):
        return True
    is_right = all(cell.column > max(table.labels) for cell in held)
    return is_right and all((cell.kind == "text" and not is_figure(cell)) or is_year(cell) for cell in held)


@dataclass(frozen=True)
class _Whose:
    """Whose figures a column holds and of when; empty for what all share. `name` is the cell that says so."""

    province_id: str = ""
    period: str = ""
    unit: UnitName | None = None
    name: Cell | None = None
    is_left: bool = False


def read_unit_columns(
    catalogue: Catalogue,
    cells: Cells,
    doubtful: frozenset[str],
    found: UnitColumns,
    asked: Asked,
    division: Division,
    *,
    has_periods: bool = False,
) -> None:
    """Reads the columns of each unit as a table of its own; `asked` is of whom and when where no header tells.

    With `has_periods` the half-years of headers part the columns too; without, another half-year's are set aside.
    """
    table = found.table
    money = claim_above(catalogue, cells, division.whole, table) or asked.money_unit
    whose, columns = _sort_columns(catalogue, cells, found, asked, division, has_periods)
    shared = {c for c in range(*table.span) if c not in whose and _is_shared(cells, doubtful, table, c, columns.get(c))}
    shared |= set(range(table.span[0], max(table.labels) + 1))
    _leave_others(cells, table, set(columns) - shared - set(whose), columns, division)
    for key, own in _keys(whose).items():
        kept = shared | own
        layout = division.share(*key, next(iter(whose[c].name for c in sorted(own)), None))
        declared = next((w.name for c in own if (w := whose[c]).unit and w.unit.is_declared), None)
        if declared is not None:
            layout.declared = declared
        header = Header(table.header_rows[0], table.first, {c: columns[c] for c in sorted(kept) if c in columns})
        part = replace(table, header=header)
        own_cells = {at: cell for at, cell in cells.items() if at[1] in kept}
        if declared is not None and not any(c in own and table.first <= r < table.end for r, c in own_cells):
            continue
        read_figures(catalogue, own_cells, doubtful, layout, part, Asked(*key, money))


def _leave_others(cells: Cells, table: Table, others: set[int], columns: dict[int, Column], division: Division) -> None:
    """Claims and tells the columns that are no unit's, such as a plan for all."""
    held = [c for c in sorted(others) if _figures(cells, table, c)]
    division.whole.claimed.update((table.sheet, r, c) for c in held for r in range(table.first, table.end))
    if held:
        at = cell_address(table.header_rows[0], held[0])
        told = ", ".join(f"“{columns[c].text}”" for c in held)
        division.whole.problems.append(Problem("columns_not_used", "", table.sheet, at, told))


def _keys(whose: dict[int, _Whose]) -> dict[Key, set[int]]:
    keys: dict[Key, set[int]] = {}
    for column, w in whose.items():
        if not w.is_left:
            keys.setdefault((w.province_id, w.period), set()).add(column)
    return keys


def _sort_columns(
    catalogue: Catalogue,
    cells: Cells,
    found: UnitColumns,
    asked: Asked,
    division: Division,
    has_periods: bool,
) -> tuple[dict[int, _Whose], dict[int, Column]]:
    """Whose each column is and what it holds by the texts over it; names that are no unit's are told."""
    table = found.table
    whose: dict[int, _Whose] = {}
    columns: dict[int, Column] = {}
    left: dict[Cell, list[int]] = {}
    for column, parts in header_texts(cells, table.header_rows, table.span).items():
        name = parts.pop(found.row, "") if found.row is not None and column > max(table.labels) else ""
        unit = name_unit(catalogue, name) if name else None
        texts = list(parts.values())
        if name and unit is None and not _is_stranger(catalogue, cells, table, column, [*texts, name]):
            columns[column] = classify(catalogue, [*texts, name], asked.period)
            continue
        period = _period_of(catalogue, texts, asked, has_periods)
        if not name and not (found.row is None and period and has_periods):
            if texts:
                columns[column] = classify(catalogue, texts, asked.period)
            continue
        cell = _name_cell(cells, found.row, column) if found.row is not None else None
        reason = why_not_taken(catalogue, unit, period) if name else ""
        province_id = unit.province_id if unit is not None else asked.province_id
        whose[column] = _Whose(province_id, period, unit, cell, bool(reason))
        columns[column] = classify(catalogue, texts, period) if texts else Column(name, "", 1)
        if reason and cell is not None:
            left.setdefault(cell, []).append(column)
    for cell, own in left.items():
        taken = [(table.sheet, r, c) for c in own for r in range(table.first, table.end) if (r, c) in cells]
        division.whole.claimed.update(taken)
        unit = name_unit(catalogue, cell.raw)
        reason = why_not_taken(catalogue, unit, asked.period)
        if is_beside_units(catalogue, cell.raw):
            reason = "không phải số liệu của riêng đơn vị nào trong Cụm"
        division.leave(cell, reason, len(taken))
    return whose, columns


def _is_stranger(catalogue: Catalogue, cells: Cells, table: Table, column: int, texts: list[str]) -> bool:
    """Whether a text among the names of units can only be a name too, since no word tells another kind of column."""
    plain = [_BRACKETS.sub("", text) for text in texts]
    return bool(_figures(cells, table, column)) and not classify(catalogue, plain, "").kind


def _period_of(catalogue: Catalogue, texts: list[str], asked: Asked, has_periods: bool) -> str:
    named = periods_in(catalogue, " – ".join(texts)) if has_periods else []
    return named[0] if len(named) == 1 else asked.period


def _name_cell(cells: Cells, row: int, column: int) -> Cell:
    """The cell whose text stands over a column: its own, or the one merged over it from the left."""
    return cells[row, next(c for c in range(column, -1, -1) if (row, c) in cells)]


def _figures(cells: Cells, table: Table, column: int) -> int:
    return sum(is_figure(cells[r, column]) for r in range(table.first, table.end) if (r, column) in cells)


def _is_shared(cells: Cells, doubtful: frozenset[str], table: Table, column: int, known: Column | None) -> bool:
    """Whether a column beside those of the units is read with each: units, notes, numbers, or words without figures."""
    if known is not None and known.kind:
        return known.kind in _SHARED
    hidden = (cell_address(row, column) for row in range(table.first, table.end))
    return not _figures(cells, table, column) and not (doubtful and any(at in doubtful for at in hidden))


def has_period_columns(catalogue: Catalogue, cells: Cells, table: Table) -> bool:
    """Whether columns of figures are headed by different half-years, and none compares them."""
    texts = header_texts(cells, table.header_rows, table.span)
    periods: set[str] = set()
    for column, parts in texts.items():
        if column <= max(table.labels) or not parts:
            continue
        if classify(catalogue, list(parts.values()), "").basis:
            return False
        named = periods_in(catalogue, " – ".join(parts.values()))
        if len(named) == 1 and _figures(cells, table, column):
            periods.add(named[0])
    return len(periods) >= FEWEST
