"""Blocks of one sheet below each other, each headed by its unit's name, with a header of their own or one for all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from catalogue.model import Catalogue
from transforms.division import Division, why_not_taken
from transforms.free_layout import find_layout
from transforms.heading_text import declares_no_data, name_province
from transforms.label_match import match_surely
from transforms.observation import Cell
from transforms.sheets import Workbook, is_figure
from transforms.table_reading import read_table
from transforms.table_rows import Asked, Table, label_rows
from transforms.table_search import find_tables
from transforms.unit_names import NamedCell, UnitName

FEWEST = 2


@dataclass(frozen=True)
class Block:
    """The rows of a unit from its heading up to the next."""

    unit: UnitName
    heading: Cell
    stop: int

    @property
    def start(self) -> int:
        return self.heading.row


def find_blocks(
    catalogue: Catalogue,
    workbook: Workbook,
    sheet: str,
    tables: Iterable[Table],
    named: list[NamedCell],
    lines: list[Cell],
) -> list[Block]:
    """The blocks of a sheet, of at least two units; headings without rows of their own head nothing."""
    cells, tables = workbook.cells[sheet], list(tables)
    last_figure: dict[int, int] = {}
    for (row, column), cell in cells.items():
        if is_figure(cell):
            last_figure[row] = max(column, last_figure.get(row, -1))
    headers = {row for table in tables for row in table.header_rows}
    headings: dict[int, tuple[UnitName, Cell]] = {}
    for one in named:
        unit, cell = one.unit, one.cell
        is_heading = not (unit.is_listed or unit.is_total) and cell.row not in headers
        if is_heading and last_figure.get(cell.row, -1) < cell.column:
            headings.setdefault(cell.row, (unit, cell))
    beside = {c: cells[c.row, c.column + 1] for c in lines if (c.row, c.column + 1) in cells}
    for line in lines:
        found = name_province(catalogue, [line], beside).only
        if found is not None:
            headings.setdefault(line.row, (UnitName(found[0], declares_no_data(found[1].raw)), found[1]))
    labelled = {
        row for table in tables for row, label in label_rows(cells, table) if match_surely(catalogue, label.raw).is_sure
    }
    order = sorted(headings)
    if len(order) < FEWEST:
        return []
    end = max((row for row, _ in cells), default=0) + 1
    blocks = []
    for row, stop in zip(order, [*order[1:], end], strict=True):
        unit, cell = headings[row]
        if unit.is_declared or any(row < r < stop for r in labelled):
            blocks.append(Block(unit, cell, stop))
    return blocks if len({block.unit.province_id for block in blocks}) >= FEWEST else []


def read_blocks(
    catalogue: Catalogue,
    workbook: Workbook,
    sheet: str,
    blocks: list[Block],
    tables: Iterable[Table],
    asked: Asked,
    division: Division,
) -> None:
    """Reads each block into the layout of its unit, by its own header or by that of the table that it is a part of."""
    cells, whole = workbook.cells[sheet], division.whole
    doubtful = workbook.doubtful.get(sheet, frozenset())
    tables = list(tables)
    for block in blocks:
        whole.claimed.update(
            (sheet, block.start, c) for c in (block.heading.column, block.heading.column - 1) if c >= 0
        )
        rows = range(block.start + 1, block.stop)
        own = {at: cell for at, cell in cells.items() if at[0] in rows}
        reason = why_not_taken(catalogue, block.unit, asked.period)
        if reason:
            whole.claimed.update((sheet, *at) for at, cell in own.items() if is_figure(cell))
            division.leave(block.heading, reason, sum(map(is_figure, own.values())))
            continue
        of = replace(asked, province_id=block.unit.province_id)
        if block.unit.is_declared:
            division.declare(of.province_id, of.period, block.heading)
        layout = division.share(of.province_id, of.period, block.heading)
        if any(table.header_rows for table in find_tables(catalogue, own, sheet, of)):
            part = cut(workbook, {sheet: own})
            division.add((of.province_id, of.period), find_layout(catalogue, part, of))
            continue
        for table in tables:
            shared = replace(table, first=max(table.first, rows.start), end=min(table.end, rows.stop))
            if shared.first < shared.end:
                read_table(catalogue, cells, doubtful, layout, shared, of)
    first = min(block.start for block in blocks)
    strays = [(r, c) for table in tables for r, label in label_rows(cells, table) for c in (label.column,) if r < first]
    figures = [(r, c) for (r, c), cell in cells.items() if is_figure(cell) and any(r == row for row, _ in strays)]
    if strays and figures:
        whole.claimed.update((sheet, *at) for at in (*strays, *figures))
        division.leave(cells[strays[0]], "không rõ là số liệu của đơn vị nào", len(figures))


def cut(workbook: Workbook, cells: dict[str, dict[tuple[int, int], Cell]]) -> Workbook:
    """The workbook with some of its cells only, at their own addresses, and the names that point at them."""
    names = {
        name: place
        for name, place in workbook.names.items()
        if place[0] in cells and (place[1:] in cells[place[0]] or len(cells[place[0]]) == len(workbook.cells[place[0]]))
    }
    sheets = tuple(sheet for sheet in workbook.sheets if sheet in cells)
    doubtful = {sheet: workbook.doubtful[sheet] for sheet in sheets if sheet in workbook.doubtful}
    return replace(workbook, sheets=sheets, cells=cells, names=names, doubtful=doubtful, has_prose=False)
