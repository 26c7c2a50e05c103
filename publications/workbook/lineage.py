"""Where every figure of the tables comes from: file, sheet, cell and raw text, one figure a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from catalogue.model import Indicator
from publications.page.formula_words import say_formula
from publications.tables.difference_table import STATES
from publications.tables.figures import Figures, Row
from publications.tables.shape import EMPTY, MOST_UNITS, WHOLE_CLUSTER, Cell, Column, PublishedTable
from publications.wording import legal_text, one_line
from transforms.numbers_vi import format_number

LINEAGE_TABLE = "nguon-so-lieu"

COLUMNS = (
    Column("place", "Ô trong bảng", width=23),
    Column("province_name", "Đơn vị", width=13),
    Column("indicator_name", "Chỉ tiêu", width=38),
    Column("value", "Giá trị", kind="number", width=15),
    Column("unit", "Đơn vị tính", width=14),
    Column("state", "Trạng thái", width=20),
    Column("raw_text", "Ghi trong ô", width=15),
    Column("file_name", "Tệp", width=25),
    Column("sheet", "Trang", width=18),
    Column("cell", "Ô", width=7),
    Column("how", "Cách có số của Cụm", width=36),
    Column("period_code", "Kỳ", width=9),
    Column("province_id", "Định danh đơn vị", width=18),
    Column("indicator_code", "Mã chỉ tiêu", width=40),
    Column("version", "Lần gửi", kind="count", width=10),
    Column("received_at", "Nhận lúc", kind="time", width=18),
    Column("sha256", "SHA-256 của tệp", width=68),
)
ALL = "Mỗi dòng một số; số của Cụm đứng sau các số của tỉnh. Các cột sau “Cách có số của Cụm” không in."
CLUSTER_ONLY = (
    f"Trên {MOST_UNITS} đơn vị nên chỉ liệt kê số của Cụm; nguồn số của đơn vị: kho dữ liệu warehouse.duckdb, khung "
    "nhìn observations. Các cột sau “Cách có số của Cụm” không in."
)
PRINTED = 11  # the columns after these are for machines and wider than a page


@dataclass(frozen=True, slots=True)
class Lineage:
    """The table, the cell of the workbook that each of its rows speaks of, and the first row of each table."""

    table: PublishedTable
    places: tuple[str, ...]
    starts: dict[str, int]


def trace_figures(figures: Figures, tables: Sequence[PublishedTable], sheets: Sequence[str], first_row: int) -> Lineage:
    """Every figure of the tables of provinces and of the cluster in their order, the cluster's after its parts.

    Of too many units only the cluster's are listed; the warehouse has the others.
    `sheets` are the tables' sheets, `first_row` is where their rows begin, counted from 0.
    """
    files = {row["submission_id"]: row for row in figures.submissions.values()}
    rows: list[tuple[Cell, ...]] = []
    places: list[str] = []
    starts: dict[str, int] = {}
    for table, sheet in zip(tables, sheets, strict=True):
        if table.layout not in ("provinces", "indicators"):
            continue
        starts[table.table_code] = len(rows)
        shown = [n for n, column in enumerate(table.columns) if column.is_shown]
        for offset, column, unit, code in _cells_of(figures, table):
            made = _row(figures, figures.catalogue.indicators[code], unit, files)
            if made is not None:
                place = xl_rowcol_to_cell(first_row + offset, shown.index(column))
                places.append(f"'{sheet}'!{place}")
                rows.append((Cell(f"{sheet}!{place}"), *made))
    remark = ALL if len(figures.members) <= MOST_UNITS else CLUSTER_ONLY
    return Lineage(
        PublishedTable(
            table_code=LINEAGE_TABLE,
            title="Nguồn của từng số liệu",
            layout="lineage",
            columns=COLUMNS,
            rows=tuple(rows),
            remark=remark if rows else "Chưa có số liệu nào.",
        ),
        tuple(places),
        starts,
    )


def _cells_of(figures: Figures, table: PublishedTable) -> list[tuple[int, int, str, str]]:
    """Of each figure the row, the column among all, the unit (empty for the cluster) and the indicator.

    In a table of the cluster's figures what a province gave is a part of the figure there.
    """
    own = len(table.rows)
    is_listed = len(figures.members) <= MOST_UNITS
    if table.layout == "indicators":
        codes, value = table.column("indicator_code"), table.column("value")
        asked = [(n, str(row[codes].value)) for n, row in enumerate(table.rows)]
        parts = [p.province_id for p in figures.members] if is_listed else []
        return [
            (n, value, unit, code)
            for n, code in asked
            for unit in [*(u for u in parts if _says_something(figures.observations.get((u, code)))), ""]
        ]
    units = [str(row[table.column("province_id")].value) for row in table.rows] if is_listed else []
    return [
        (n, place, unit, column.code)
        for place, column in enumerate(table.columns)
        if column.kind == "number"
        for n, unit in enumerate([*units, ""], start=own - len(units))
    ]


def _says_something(row: Row | None) -> bool:
    return row is not None and row["status"] != "blank"


def _row(figures: Figures, indicator: Indicator, unit: str, files: dict[str, Row]) -> tuple[Cell, ...] | None:
    """All cells but the first; None where the tables have neither a figure nor anything to say of it."""
    code = indicator.indicator_code
    if unit:
        row = figures.observations.get((unit, code))
        if row is None:
            return None
        name = str(row["province_name"])
        file = files.get(row.get("submission_id") or "") or _same_file(figures.submissions.get(unit), row["file_name"])
        source = (row["file_name"], row["version"], row["sheet"], row["cell"], row["received_at"])
        how, status, raw = _how_of_unit(figures, indicator, row), row["status"], row["raw_text"]
    else:
        row = figures.totals.get(code)
        if row is None or (row["value"] is None and row["control_value"] is None):
            return None
        unit, name = figures.catalogue.cluster_id, WHOLE_CLUSTER
        how, status, raw = _how_of_cluster(figures, indicator, row), row["value_source"], ""
        file, source = None, ("", None, "", "", None)
        if status == "announced":
            own = figures.submissions.get(unit)
            file = files.get(row.get("control_submission_id") or "") or _same_file(own, row["control_file_name"])
            of_file = (file["version"], file["received_at"]) if file else (None, None)
            source = (row["control_file_name"], of_file[0], row["control_sheet"], row["control_cell"], of_file[1])
    file_name, version, sheet, cell, received_at = source
    is_estimated = bool(row.get("is_estimated"))
    return (
        Cell(name),
        Cell(indicator.label),
        Cell(row["value"], "disputed" if status == "disputed" else "", is_estimated, decimals=indicator.decimals),
        Cell(figures.catalogue.unit_of(indicator).name),
        Cell(_state(status, is_estimated)),
        Cell(one_line(raw)),
        Cell(legal_text(file_name)),
        Cell(legal_text(sheet)),
        Cell(cell or ""),
        Cell(how),
        Cell(figures.period_code),
        Cell(unit),
        Cell(code),
        Cell(version if file_name else None),
        Cell(received_at) if file_name and received_at else EMPTY,
        Cell(file["sha256"] if file else ""),
    )


def _state(status: str, is_estimated: bool) -> str:
    known = f"{status}_estimated" if is_estimated else status
    return STATES.get(known, STATES.get(status, status))


def _same_file(submission: Row | None, file_name: Any) -> Row | None:
    return submission if submission is not None and submission["file_name"] == file_name else None


def _how_of_unit(figures: Figures, indicator: Indicator, row: Row) -> str:
    return _computed(figures, indicator) if row["status"] == "derived" else ""


def _how_of_cluster(figures: Figures, indicator: Indicator, total: Row) -> str:
    """How the cluster's figure was made, and what the chair announced beside it."""
    source, control = total["value_source"], total["control_value"]
    if source == "announced":
        return "Cụm trưởng công bố"
    made = {
        "sum": f"cộng số của {total['provinces_reporting']}/{total['provinces_expected']} tỉnh ở các dòng trên",
        "rebuilt": f"{_computed(figures, indicator)}, với số cộng của Cụm",
    }.get(source, "không tính số chung")
    if not isinstance(control, Decimal):
        return made
    place = ", ".join(one_line(total[name]) for name in ("control_file_name", "control_sheet", "control_cell"))
    return f"{made}; Cụm trưởng công bố {format_number(control, indicator.decimals)} ({place})"


def _computed(figures: Figures, indicator: Indicator) -> str:
    return f"= {say_formula(figures.catalogue, indicator.indicator_code) or 'tính lại'}"
