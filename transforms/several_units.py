"""A table that holds the figures of several provinces, as rows or as columns: seen and told, never read."""

from __future__ import annotations

import re
from collections.abc import Iterable

from catalogue.model import Catalogue
from transforms.identification import find_province
from transforms.observation import Cell, Problem
from transforms.sheets import Workbook

FEWEST = 2
LONGEST_NAME = 60
_FIGURE = re.compile(r"(?=.*\d)[\d.,%/ ()+−-]{1,25}")


def find_several_units(catalogue: Catalogue, workbook: Workbook) -> Problem | None:
    """The problem of the first table in which at least two provinces stand each with figures of its own."""
    names = {p.province_id: p.name for p in catalogue.provinces if not p.is_cluster}
    for sheet in workbook.sheets:
        cells = workbook.cells[sheet]
        rows: dict[int, dict[str, Cell]] = {}
        columns: dict[int, dict[str, Cell]] = {}
        for cell in cells.values():
            if cell.kind != "text" or len(cell.raw) > LONGEST_NAME or cell.raw[0].isdigit():
                continue
            province = find_province(catalogue, cell.raw.rpartition(".")[2] or cell.raw)
            if province in names:
                rows.setdefault(cell.row, {}).setdefault(province or "", cell)
                columns.setdefault(cell.column, {}).setdefault(province or "", cell)
        last_column, last_row = _ends_of_figures(cells.values())
        for lines, is_column in ((columns, True), (rows, False)):
            for named in lines.values():
                found = {
                    province: cell
                    for province, cell in named.items()
                    if (
                        last_column.get(cell.row, -1) > cell.column
                        if is_column
                        else last_row.get(cell.column, -1) > cell.row
                    )
                }
                if len(found) >= FEWEST:
                    first = next(iter(found.values()))
                    told = ", ".join(names[province] for province in found)
                    return Problem("several_units", "", sheet, first.address, told)
    return None


def _ends_of_figures(cells: Iterable[Cell]) -> tuple[dict[int, int], dict[int, int]]:
    """The last column with a figure of every row, and the last row with one of every column."""
    last_column: dict[int, int] = {}
    last_row: dict[int, int] = {}
    for cell in cells:
        if is_figure(cell):
            last_column[cell.row] = max(cell.column, last_column.get(cell.row, -1))
            last_row[cell.column] = max(cell.row, last_row.get(cell.column, -1))
    return last_column, last_row


def is_figure(cell: Cell) -> bool:
    """Whether a cell holds a number, or a text that is nothing else."""
    return cell.kind == "number" or (cell.kind == "text" and _FIGURE.fullmatch(cell.raw) is not None)
