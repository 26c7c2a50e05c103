"""The consolidated tables as the page shows them: texts that are ready, how columns sort, which figure is whose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from publications.files.flat_files import exact_text
from publications.page.traces import TraceBook
from publications.tables.figures import Figures
from publications.tables.shape import Cell, Column, PublishedTable
from publications.wording import local_time, one_line
from transforms.numbers_vi import format_date, format_number
from transforms.observation import name_place

Sorting = Literal["number", "text", "none"]

LARGE = 70  # a cluster of more units than this is shown by its first rows
SHOWN_OF_LARGE = 25
MOST_FINDINGS = 150
SHORT_NAME = 16  # a name that is never broken into two lines
WIDE = 9  # columns from which on a table needs small print on paper
LONG = 20  # rows from which on a table may be divided between sheets of paper
NARROW = 5  # columns up to which a chart has room beside the table
_STATES = {"disputed": "disputed", "critical": "state critical", "warning": "state warning", "missing": "state missing"}
_NAMED = ("place", "advice", "impact", "status_name")
_FINDINGS = ("severity_name", "province_name", "indicator_name", "place", "message", "advice", "impact", "status_name")


@dataclass(frozen=True, slots=True)
class PageCell:
    """One cell; `key` names the figure's trace, `sort` is what the script sorts by, empty where nothing is known.

    `name` is its column's, where it has to be said in the cell on a narrow screen.
    """

    text: str
    style: str = ""
    sort: str = ""
    marks: str = ""
    key: str = ""
    state: str = ""
    is_head: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class PageColumn:
    heading: str
    sorting: Sorting
    is_figure: bool = False
    unit: str = ""
    marks: str = ""


@dataclass(frozen=True, slots=True)
class PageSheet:
    """One table of the page; `left_out` says in words what it does not show."""

    code: str
    title: str
    remark: str
    unit: str
    columns: tuple[PageColumn, ...]
    rows: tuple[tuple[PageCell, ...], ...]
    cluster: tuple[PageCell, ...] | None
    notes: tuple[str, ...]
    left_out: str = ""
    charts: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_wide(self) -> bool:
        return len(self.columns) >= WIDE

    @property
    def is_long(self) -> bool:
        return len(self.rows) >= LONG

    @property
    def is_narrow(self) -> bool:
        return len(self.columns) <= NARROW


def show_table(figures: Figures, table: PublishedTable, book: TraceBook) -> PageSheet:
    """A table for the page, with no more rows than can be read there."""
    limit = MOST_FINDINGS if table.layout == "findings" else SHOWN_OF_LARGE
    is_bounded = table.layout == "findings" or len(figures.members) > LARGE
    rows = table.rows[:limit] if is_bounded else table.rows
    show = _show_findings if table.layout == "findings" else _show_figures
    columns, shown = show(figures, table, rows, book)
    cluster = None
    if table.cluster is not None:
        cluster = show(figures, table, [table.cluster], book)[1][0]
    units = {c.unit for c in table.columns if c.is_shown and c.unit}
    is_one_unit = len(units) == 1 and table.layout == "provinces"
    left = len(table.rows) - len(rows)
    return PageSheet(
        table.table_code,
        table.title,
        table.remark,
        f"Đơn vị: {next(iter(units))}" if is_one_unit else "",
        tuple(c if not is_one_unit else PageColumn(c.heading, c.sorting, c.is_figure, "", c.marks) for c in columns),
        tuple(shown),
        cluster,
        table.footnotes,
        f"Trang này ghi {len(rows)} dòng đầu; còn {format_number(Decimal(left))} dòng nữa" if left else "",
    )


def marks_of(numbers: Sequence[int]) -> str:
    """Footnote numbers as they stand beside a figure."""
    return " ".join(f"{number})" for number in numbers)


def _show_figures(
    figures: Figures, table: PublishedTable, rows: Sequence[tuple[Cell, ...]], book: TraceBook
) -> tuple[list[PageColumn], list[tuple[PageCell, ...]]]:
    places = [(n, c) for n, c in enumerate(table.columns) if c.is_shown]
    find_key = _keys_of(figures, table, book)
    columns = [
        PageColumn(
            c.heading, "text" if c.kind == "text" else "number", c.kind != "text", _own_unit(c), marks_of(c.footnotes)
        )
        for _, c in places
    ]
    return columns, [tuple(_cell(column, row[n], find_key(row, column)) for n, column in places) for row in rows]


def _keys_of(figures: Figures, table: PublishedTable, book: TraceBook) -> Callable[[tuple[Cell, ...], Column], str]:
    """How a cell's trace is named: by the row's unit and the column's indicator, or by the row's indicator."""
    if table.layout == "provinces":
        unit = table.column("province_id")
        return lambda row, column: book.refer(str(row[unit].value), column.code) if column.kind == "number" else ""
    if table.layout == "indicators":
        code, cluster_id = table.column("indicator_code"), figures.catalogue.cluster_id
        return lambda row, column: book.refer(cluster_id, str(row[code].value)) if column.code == "value" else ""
    if table.layout == "differences":
        unit, code = table.column("province_id"), table.column("indicator_code")
        cluster_id = figures.catalogue.cluster_id
        return lambda row, column: (
            book.refer(str(row[unit].value or cluster_id), str(row[code].value)) if column.code == "value" else ""
        )
    return lambda row, column: ""


def _own_unit(column: Column) -> str:
    return column.unit if column.unit and column.unit.casefold() not in column.heading.casefold() else ""


def _cell(column: Column, cell: Cell, key: str) -> PageCell:
    is_head = column.code in ("province_name", "indicator_name")
    marks = marks_of(cell.footnotes)
    state = _STATES.get(cell.status, "")
    value = cell.value
    if value is None or value == "":
        return PageCell(cell.sign, "figure" if column.kind != "text" else "", "", marks, key, state, is_head)
    if isinstance(value, dt.datetime):
        local = local_time(value)
        return PageCell(f"{local:%H:%M} {format_date(local.date())}", "short", str(value.timestamp()), marks)
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        number = Decimal(value)
        text = format_number(number, column.decimals if cell.decimals is None else cell.decimals)
        style = "figure estimate" if cell.is_estimated else "figure"
        return PageCell(text, style, exact_text(number), marks, key, state)
    text = one_line(str(value), 600)
    style = "short" if column.code == "province_name" and len(text) <= SHORT_NAME else ""
    return PageCell(text, style, text, marks, key, state, is_head)


def _show_findings(
    figures: Figures, table: PublishedTable, rows: Sequence[tuple[Cell, ...]], book: TraceBook
) -> tuple[list[PageColumn], list[tuple[PageCell, ...]]]:
    """The findings in fewer columns: sheet and cell are one place, the explanation stands below the state."""
    at = {column.code: n for n, column in enumerate(table.columns)}
    units = {p.province_code: p.province_id for p in figures.members if p.province_code}
    headings = {column.code: column.heading for column in table.columns} | {"place": "Chỗ"}
    columns = [PageColumn(headings[code], "text") for code in _FINDINGS]

    def said(row: tuple[Cell, ...], code: str) -> str:
        return one_line(str(row[at[code]].value or ""), 600)

    shown = []
    for row in rows:
        code = said(row, "province_code")
        unit = units.get(code, "") if code else figures.catalogue.cluster_id
        key = book.refer(unit, said(row, "indicator_code")) if said(row, "indicator_code") else ""
        place = " · ".join(filter(None, (said(row, "sheet"), said(row, "cell") and name_place(said(row, "cell")))))
        status = ": ".join(filter(None, (said(row, "status_name"), said(row, "explanation"))))
        texts = {name: said(row, name) for name in _FINDINGS if name in at} | {"place": place, "status_name": status}
        shown.append(
            tuple(
                PageCell(
                    texts[name],
                    style="short" if name == "province_name" and len(texts[name]) <= SHORT_NAME else "",
                    sort=_gravity(said(row, "severity")) if name == "severity_name" else texts[name],
                    key=key if name == "indicator_name" else "",
                    state=_STATES.get(row[at["severity_name"]].status, "state") if name == "severity_name" else "",
                    is_head=name == "province_name",
                    name=headings[name] if name in _NAMED else "",
                )
                for name in _FINDINGS
            )
        )
    kept = [n for n, _ in enumerate(columns) if any(cells[n].text for cells in shown)]
    return [columns[n] for n in kept], [tuple(cells[n] for n in kept) for cells in shown]


def _gravity(severity: str) -> str:
    return str(("critical", "warning", "info").index(severity)) if severity in ("critical", "warning", "info") else "3"
