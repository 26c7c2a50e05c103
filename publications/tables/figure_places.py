"""Where a figure stands in what is published: table, cell of the workbook, row and column of the CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from catalogue.model import Catalogue
from publications.files.publish import WORKBOOK
from publications.tables.build import draw_tables
from publications.tables.figures import index_marts
from publications.workbook.book import CONTENTS, COVER, NOTES, sheet_names
from publications.workbook.table_sheet import FIRST_ROW, MOST_ROWS


@dataclass(frozen=True, slots=True)
class FigurePlace:
    """One published figure; `line` counts from 1 with the header, `written` is what the CSV there says.

    `written` is None where the CSV is not there or has no such row.
    """

    table_code: str
    title: str
    workbook: str
    sheet: str
    cell: str
    csv_name: str
    line: int
    column: str
    written: str | None


def find_figure(
    catalogue: Catalogue,
    period_code: str,
    marts: dict[str, list[dict[str, Any]]],
    folder: Path,
    province_id: str,
    indicator_code: str,
) -> FigurePlace | None:
    """The place of a unit's figure in the tables that are drawn of these marts; None where no table has it.

    `folder` is that of the published period, whose CSV is looked into to tell what really stands there.
    """
    figures = index_marts(catalogue, period_code, marts)
    tables = draw_tables(figures)
    names = sheet_names((t.table_code for t in tables), taken=(COVER, CONTENTS, NOTES))
    wanted = catalogue.indicators[indicator_code].table_code
    for table, sheet in zip(tables, names, strict=True):
        if table.table_code != wanted:
            continue
        is_province = table.layout == "provinces"
        key, column = ("province_id", indicator_code) if is_province else ("indicator_code", "value")
        keyed, place = table.column(key), table.column(column)
        rows = table.rows if table.cluster is None else (*table.rows, table.cluster)
        value = province_id if is_province else indicator_code
        if not is_province and province_id != catalogue.cluster_id:
            return None
        number = next((n for n, row in enumerate(rows) if row[keyed].value == value), None)
        if number is None or number >= MOST_ROWS:
            return None
        shown = [n for n, c in enumerate(table.columns) if c.is_shown]
        cell = xl_rowcol_to_cell(FIRST_ROW + number, shown.index(place))
        name = f"csv/{table.table_code}.csv"
        line, written = _look(folder / name, key, value, column)
        return FigurePlace(table.table_code, table.title, WORKBOOK, sheet, cell, name, line, column, written)
    return None


def _look(path: Path, key: str, value: str, column: str) -> tuple[int, str | None]:
    """The line of a CSV whose key has a value, and what stands there in a column."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError:
        return 0, None
    for number, row in enumerate(csv.DictReader(io.StringIO(text, newline="")), start=2):
        if row.get(key) == value:
            return number, row.get(column)
    return 0, None
