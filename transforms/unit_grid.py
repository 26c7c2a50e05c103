"""Tables with indicators as columns: a row for each unit (or half-year), or one row for the sender alone."""

from __future__ import annotations

from dataclasses import replace

from catalogue.model import Catalogue
from transforms.division import Division, why_not_taken
from transforms.fields import show_cell
from transforms.grid_header import GridColumn, read_grid_column
from transforms.grid_search import Grid
from transforms.label_match import propose
from transforms.layout import IndicatorRow, Layout, Told
from transforms.observation import Cell, Problem, cell_address
from transforms.row_kinds import ChosenRow, choose_row, tell_rival_rows, tell_rows_aside
from transforms.sheets import is_figure
from transforms.table_header import Cells, header_texts, is_year
from transforms.table_reading import claim_above
from transforms.table_rows import Asked, Table, fitting_unit, tell_assumed
from transforms.unit_names import is_beside_units, name_unit


def read_grid(
    catalogue: Catalogue,
    cells: Cells,
    grid: Grid,
    asked: Asked,
    division: Division,
    *,
    has_periods: bool = False,
) -> None:
    """Reads every row into the layout of its unit; names that are no unit's and strange columns are told once."""
    table = grid.table
    money = claim_above(catalogue, cells, division.whole, table) or asked.money_unit
    sheets = division.whole.sheets
    sheets[table.sheet] = min(table.first, sheets.get(table.sheet, table.first))
    texts = header_texts(cells, table.header_rows, table.span)
    columns = {
        at: read_grid_column(catalogue, list(parts.values()), "", asked.period, has_periods=has_periods)
        for at, parts in texts.items()
        if parts and at != grid.names
    }
    for at, column in columns.items():
        if column.indicator_code and not column.period:
            columns[at] = replace(column, indicator_code="", kind="year")  # of no half-year among those that are told
    spoken = [*columns, *([grid.names] if grid.names is not None else [])]
    rows = [row for row in range(table.first, table.end) if any((row, c) in cells for c in spoken)]
    _tell_columns(catalogue, cells, table, columns, rows, division.whole, asked)
    first = min((at for at, column in columns.items() if column.indicator_code), default=table.span[1])
    heads = _row_heads(catalogue, cells, grid, columns, rows, first)
    aside: dict[str, int] = {}
    for group in _group_rows(catalogue, cells, grid, heads, rows):
        name = cells.get((group[0], grid.names)) if grid.names is not None else None
        if name is None and grid.names is not None:
            continue  # a row without a name in a table of units: its cells are reported
        division.whole.claimed.update((table.sheet, cell.row, cell.column) for row in group for cell in heads[row])
        told = {row: [cell.raw for cell in heads[row]] for row in group if heads[row] or _speaks(cells, columns, row)}
        chosen = choose_row(catalogue, told, asked.period) if told else ChosenRow(group[0])
        if len(group) > 1 or chosen.row is None:
            said = [*columns, table.labels[0]]
            division.whole.claimed.update((table.sheet, row, c) for row in group for c in said if (row, c) in cells)
        aside.update((text, group[0]) for text in chosen.aside if text not in aside)
        _read_row(catalogue, cells, table, group[0], chosen, name, columns, replace(asked, money_unit=money), division)
    if aside:
        at = table.labels[0]
        division.whole.problems.append(tell_rows_aside(table.sheet, table.header_rows[0], at, aside))


def _row_heads(
    catalogue: Catalogue, cells: Cells, grid: Grid, columns: dict[int, GridColumn], rows: list[int], first: int
) -> dict[int, list[Cell]]:
    """The texts left of the figures that say what each row holds, besides the name of its unit."""
    silent = {at for at, column in columns.items() if column.kind in ("number", "note", "unit")} | {grid.names}
    heads: dict[int, list[Cell]] = {}
    for row in rows:
        held = [cells[row, c] for c in range(grid.table.span[0], first) if c not in silent and (row, c) in cells]
        held = [cell for cell in held if (cell.kind == "text" and not is_figure(cell)) or is_year(cell)]
        heads[row] = [cell for cell in held if name_unit(catalogue, cell.raw) is None]
    return heads


def _group_rows(
    catalogue: Catalogue, cells: Cells, grid: Grid, heads: dict[int, list[Cell]], rows: list[int]
) -> list[list[int]]:
    """The rows of each unit: that of its name, and those below it that have texts of their own but no other name."""
    groups: list[list[int]] = []
    for row in rows:
        name = cells.get((row, grid.names)) if grid.names is not None else None
        above = cells.get((groups[-1][0], grid.names)) if groups and grid.names is not None else None
        is_same = name is not None and above is not None and name.raw == above.raw
        if groups and (
            grid.names is None
            or (heads[row] and above is not None and (is_same or (name is None and row - groups[-1][-1] == 1)))
        ):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _speaks(cells: Cells, columns: dict[int, GridColumn], row: int) -> bool:
    return any(column.indicator_code and (row, at) in cells for at, column in columns.items())


def _read_row(
    catalogue: Catalogue,
    cells: Cells,
    table: Table,
    first: int,
    chosen: ChosenRow,
    name: Cell | None,
    columns: dict[int, GridColumn],
    asked: Asked,
    division: Division,
) -> None:
    """Reads the chosen row of a unit whose rows begin at `first`, or tells why none is chosen."""
    row = first if chosen.row is None else chosen.row
    periods = sorted({column.period for column in columns.values() if column.indicator_code})
    if name is not None:
        division.whole.claimed.add((table.sheet, name.row, name.column))
        unit = name_unit(catalogue, name.raw)
        reason = why_not_taken(catalogue, unit, periods[0] if periods else asked.period)
        if is_beside_units(catalogue, name.raw):
            reason = "không phải số liệu của riêng đơn vị nào trong Cụm"
        if reason or unit is None:
            held = [(table.sheet, row, c) for c in columns if (row, c) in cells]
            division.whole.claimed.update(held)
            division.leave(name, reason, len(held))
            return
        asked = replace(asked, province_id=unit.province_id)
        for period in periods if unit.is_declared else ():
            division.declare(unit.province_id, period, name)
    if chosen.row is None:
        for period in periods if chosen.rivals else ():
            problem = tell_rival_rows(table.sheet, first, table.labels[0], chosen.rivals)
            division.share(asked.province_id, period, name).problems.append(problem)
        return
    notes = [at for at, column in columns.items() if column.kind == "note"]
    for at, column in columns.items():
        if column.kind == "number":
            division.whole.claimed.add((table.sheet, row, at))
        if column.indicator_code:
            layout = division.share(asked.province_id, column.period, name)
            column = replace(column, is_estimated=column.is_estimated or chosen.is_estimated)
            _place(catalogue, cells, row, at, column, notes, asked, layout, table.sheet)


def _place(
    catalogue: Catalogue,
    cells: Cells,
    row: int,
    at: int,
    column: GridColumn,
    notes: list[int],
    asked: Asked,
    layout: Layout,
    sheet: str,
) -> None:
    code = column.indicator_code
    told = Told(basis=column.basis, is_compared=not column.basis)
    if column.is_change:
        grown = [i.indicator_code for i in catalogue.indicators.values() if i.growth_of == code]
        if len(grown) != 1 or (row, at) not in cells:
            return
        code = grown[0]
    else:
        indicator = catalogue.indicators[code]
        unit = fitting_unit(catalogue, indicator, column.unit, asked.money_unit)
        told = Told(unit=unit, is_estimated=column.is_estimated)
        if not unit and (row, at) in cells and is_figure(cells[row, at]):
            tell_assumed(catalogue, indicator, cells[row, at], layout)
    fields = {"value": at, **({"note": notes[0]} if notes else {})}
    layout.rows.setdefault(code, []).append(IndicatorRow(sheet, row, fields, told))
    layout.claimed.update((sheet, row, c) for c in fields.values())


def _tell_columns(
    catalogue: Catalogue,
    cells: Cells,
    table: Table,
    columns: dict[int, GridColumn],
    rows: list[int],
    whole: Layout,
    asked: Asked,
) -> None:
    """Columns that are something else are told together; those that may be an indicator are asked about, each once."""
    aside = []
    for at, column in columns.items():
        held = [cells[row, at] for row in rows if (row, at) in cells]
        if column.indicator_code or column.kind in ("number", "note", "label") or not any(map(is_figure, held)):
            continue
        whole.claimed.update((table.sheet, row, at) for row in rows)
        if column.kind:
            aside.append(f"“{column.text}”")
            continue
        lowest = max((r for r in table.header_rows if (r, at) in cells), default=table.header_rows[-1])
        address, shown = cell_address(lowest, at), show_cell(held[0])
        told = shown if len(held) == 1 else f"{shown} và {len(held) - 1} số nữa trong cột"
        code = propose(catalogue, column.text.replace(" – ", " "), "", asked.period)
        label = catalogue.indicators[code].label if code else ""
        rule = "label_proposed" if code else "label_unknown"
        whole.problems.append(Problem(rule, code, table.sheet, address, column.text, label, told))
    if aside:
        at_cell = cell_address(table.header_rows[0], table.labels[0])
        whole.problems.append(Problem("columns_not_used", "", table.sheet, at_cell, ", ".join(aside)))
