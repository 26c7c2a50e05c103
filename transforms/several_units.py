"""A table that holds the figures of several provinces, as rows or as columns: seen and told, never read."""

from __future__ import annotations

import re

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
        for lines, is_column in ((columns, True), (rows, False)):
            for named in lines.values():
                found = {p: c for p, c in named.items() if _has_figures(cells, c, is_column)}
                if len(found) >= FEWEST:
                    first = next(iter(found.values()))
                    told = ", ".join(names[province] for province in found)
                    return Problem("several_units", "", sheet, first.address, told)
    return None


def _has_figures(cells: dict[tuple[int, int], Cell], name: Cell, is_column: bool) -> bool:
    """Whether figures stand in the row of a name (names in a column) or below it (names in a row)."""
    for cell in cells.values():
        is_beside = cell.row == name.row and cell.column > name.column
        is_below = cell.column == name.column and cell.row > name.row
        if (is_beside if is_column else is_below) and is_figure(cell):
            return True
    return False


def is_figure(cell: Cell) -> bool:
    """Whether a cell holds a number, or a text that is nothing else."""
    return cell.kind == "number" or (cell.kind == "text" and _FIGURE.fullmatch(cell.raw) is not None)
