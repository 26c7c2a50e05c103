"""The columns of a table's sheet: headings, widths, and the styles of their cells."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import Any

from publications.tables.shape import Cell, Column, PublishedTable
from publications.workbook.formats import (
    CLUSTER_FILL,
    DISPUTED_FILL,
    GREY,
    WARNING_FILL,
    FormatBook,
    footnote_marks,
    number_format,
)
from publications.workbook.printing import PRINTED_WIDTH
from publications.workbook.sheet_chart import MOST_FIGURES_BESIDE

NARROW = 14.0  # texts of columns up to this width are centred
RANK_WIDTH = 8.0

_FILLS = {
    "disputed": DISPUTED_FILL,
    "critical": DISPUTED_FILL,
    "warning": WARNING_FILL,
    "missing": WARNING_FILL,
}


class SheetColumns:
    """What is shown of a table and how; a table with a chart beside it is drawn narrow."""

    def __init__(self, formats: FormatBook, table: PublishedTable, has_chart: bool) -> None:
        self.formats = formats
        self.table = table
        self.shown = [(n, column) for n, column in enumerate(table.columns) if column.is_shown]
        self.last = len(self.shown) - 1
        self.units = {column.unit for _, column in self.shown if column.unit}
        self.figure_count = sum(c.kind == "number" for _, c in self.shown)
        self.has_chart_beside = has_chart and self.figure_count <= MOST_FIGURES_BESIDE
        self.is_list = table.layout in ("findings", "lineage", "same-period")
        self.text_size = 10 if self.is_list else 11
        self.widest = self._marks()
        self.widths = [self._width(n, column, mark) for (n, column), mark in zip(self.shown, self.widest, strict=True)]
        self._styles: dict[tuple[Any, ...], Any] = {}

    @cached_property
    def shared_unit(self) -> str:
        """The unit of all figures, where they have one in common and it is not said beside each."""
        return next(iter(self.units)) if len(self.units) == 1 and self.table.layout == "provinces" else ""

    @cached_property
    def headings(self) -> list[str]:
        """The headings with their marks and units; no two are equal, which a spreadsheet's table does not allow."""
        found: list[str] = []
        for _, column in self.shown:
            text = column.heading
            known = {other.casefold() for other in found}
            says_unit = column.unit and column.unit.casefold() not in text.casefold()
            if says_unit and (len(self.units) > 1 or text.casefold() in known):
                text += f" ({column.unit})"
            text += footnote_marks(column.footnotes)
            plain, count = text, 2
            while text.casefold() in known:
                text, count = f"{plain} ({count})", count + 1
            found.append(text)
        return found

    def style(self, place: int, column: Column, cell: Cell, is_cluster: bool) -> Any:
        key = (place, cell.status, cell.is_estimated, cell.footnotes, cell.value is None, cell.decimals, is_cluster)
        style = self._styles.get(key)
        if style is None:
            style = self._styles[key] = self._make_style(place, column, cell, is_cluster)
        return style

    def check_style(self, place: int) -> Any:
        """The style of a figure in the row that recomputes the cluster's figures."""
        column = self.shown[place][1]
        shown = number_format(column.decimals, "", self.widest[place], self._margin(place))
        return self.formats.bordered(italic=True, font_size=10, font_color=GREY, align="right", num_format=shown)

    def _width(self, place: int, column: Column, widest: str) -> float:
        """The width of a column in characters; wide enough for its longest number."""
        if column.width:
            return column.width
        if column.kind == "rank":
            return RANK_WIDTH
        figures = self.figure_count
        names = 22.0 if self.has_chart_beside else {1: 44.0, 2: 36.0}.get(figures, 24.0 if figures < 6 else 17.0)
        if column.kind == "text":
            return names
        rows = self.table.rows if self.table.cluster is None else (*self.table.rows, self.table.cluster)
        largest = max((abs(v) for row in rows if isinstance(v := row[place].value, Decimal)), default=Decimal(0))
        needed = max(len(f"{largest:,.{column.decimals}f}") + 0.6 * len(widest) + 3, 9.5)
        if self.has_chart_beside:
            return max(needed, 19.0, len(self.shared_unit) + 8.0)
        return max(needed, min(40.0 if figures == 1 else 28.0, (PRINTED_WIDTH - RANK_WIDTH - names) / max(figures, 1)))

    def _marks(self) -> list[str]:
        """The widest mark of each shown column, to which all its figures are padded."""
        rows = self.table.rows if self.table.cluster is None else (*self.table.rows, self.table.cluster)
        widest = []
        for place, column in self.shown:
            marks = {mark_of(row[place]) for row in rows} if column.kind in ("number", "rank") else {""}
            widest.append(max(marks, key=lambda mark: (len(mark), mark), default=""))  # equal bytes in every process
        return widest

    def _margin(self, place: int) -> int:
        return max(1, int((self.widths[place] - 13) / 2.4))

    def _make_style(self, place: int, column: Column, cell: Cell, is_cluster: bool) -> Any:
        properties: dict[str, Any] = {}
        if is_cluster:
            properties |= {"bold": True, "bg_color": CLUSTER_FILL}
        if cell.status in _FILLS:
            properties["bg_color"] = _FILLS[cell.status]
        if cell.is_estimated:
            properties["italic"] = True
        if self.is_list:
            properties["font_size"] = self.text_size
        if column.kind == "text":
            properties |= {"text_wrap": True, "font_size": self.text_size}
            properties |= {"align": "center"} if 0 < column.width <= NARROW else {"indent": 1}
        elif column.kind == "time":
            properties |= {"num_format": "dd/mm/yyyy hh:mm", "align": "center"}
        else:
            decimals = column.decimals if cell.decimals is None else cell.decimals
            is_figure = column.kind == "number"
            margin = self._margin(place) if is_figure else 0
            properties["align"] = "right" if is_figure else "center"
            properties["num_format"] = number_format(decimals, mark_of(cell), self.widest[place], margin)
        return self.formats.bordered(**properties)


def mark_of(cell: Cell) -> str:
    """What stands beside a figure: an asterisk where it is in dispute, then its footnotes."""
    star = "*" if cell.status == "disputed" else ""
    return star + footnote_marks(cell.footnotes) if cell.footnotes or star else ""
