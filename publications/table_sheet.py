"""One sheet for one consolidated table, ready to print on A4 landscape."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from publications.formats import (
    CLUSTER_FILL,
    DISPUTED_FILL,
    GREY,
    HEADER_FILL,
    RED,
    WARNING_FILL,
    FormatBook,
    footnote_marks,
    lines_needed,
    number_format,
)
from publications.printing import set_up_page
from publications.tables import Cell, Column, PublishedTable
from publications.wording import local_time

PRINTED_WIDTH = 128.0  # characters that A4 landscape takes across at the size of the text
LONGEST_TEXT = 32_000
MOST_ROWS = 5_000
NARROW = 14.0  # texts of columns up to this width are centred
TITLE_ROW, SUBTITLE_ROW, REMARK_ROW, UNIT_ROW, HEADER_ROW = 0, 1, 2, 3, 4
FIRST_ROW = HEADER_ROW + 1

_FILLS = {
    "disputed": DISPUTED_FILL,
    "critical": DISPUTED_FILL,
    "warning": WARNING_FILL,
    "missing": WARNING_FILL,
}


class TableSheet:
    """Writes one table onto one worksheet."""

    def __init__(self, worksheet: Any, formats: FormatBook, table: PublishedTable) -> None:
        self.sheet = worksheet
        self.formats = formats
        self.table = table
        self.shown = [(n, column) for n, column in enumerate(table.columns) if column.is_shown]
        self.units = {column.unit for _, column in self.shown if column.unit}
        self.widest = self._marks()
        self.widths = [self._width(n, column, mark) for (n, column), mark in zip(self.shown, self.widest, strict=True)]
        self.last = len(self.shown) - 1
        self.is_list = table.layout == "findings"
        self.text_size = 10 if self.is_list else 11
        self._styles: dict[tuple[Any, ...], Any] = {}

    def write(self, number: int, subtitle: str, contents_sheet: str, footer: str, banner: str = "") -> None:
        """The whole sheet: title, units, header, rows, cluster line, footnotes and print set-up."""
        self._write_head(number, subtitle, contents_sheet, banner)
        self._write_header()
        row = self._write_rows()
        if self.table.cluster is not None:
            self._write_row(row, self.table.cluster, is_cluster=True)
            row += 1
        row = self._write_footnotes(row)
        self._set_up_page(row, footer)

    def _width(self, place: int, column: Column, widest: str) -> float:
        """The width of a column in characters; wide enough for its longest number."""
        if column.width:
            return column.width
        figures = sum(c.kind == "number" for _, c in self.shown)
        names = {1: 44.0, 2: 36.0}.get(figures, 24.0 if figures < 6 else 17.0)
        if column.kind == "rank":
            return 8.0
        if column.kind == "text":
            return names
        rows = self.table.rows if self.table.cluster is None else (*self.table.rows, self.table.cluster)
        largest = max((abs(v) for row in rows if isinstance(v := row[place].value, Decimal)), default=Decimal(0))
        needed = len(f"{largest:,.{column.decimals}f}") + 0.6 * len(widest) + 3
        return max(needed, 9.5, min(40.0 if figures == 1 else 28.0, (PRINTED_WIDTH - 8.0 - names) / figures))

    def _write_head(self, number: int, subtitle: str, contents_sheet: str, banner: str) -> None:
        for place, width in enumerate(self.widths):
            self.sheet.set_column(place, place, width)
        title = f"{number}. {self.table.title}"
        self._write_across(TITLE_ROW, title, self.formats.get(bold=True, font_size=14, text_wrap=True))
        self.sheet.set_row(TITLE_ROW, 20 * lines_needed(title, sum(self.widths), 15) + 2)
        self._write_across(SUBTITLE_ROW, subtitle, self.formats.get(font_color=GREY))
        if banner:
            text = f"{banner}. {self.table.remark}" if self.table.remark else banner
            self._write_across(REMARK_ROW, text, self.formats.get(bold=True, font_color=RED))
        elif self.table.remark:
            self._write_across(REMARK_ROW, self.table.remark, self.formats.get(italic=True))
        self.sheet.write_url(UNIT_ROW, 0, f"internal:'{contents_sheet}'!A1", self.formats.link(9), "← Mục lục")
        if len(self.units) == 1 and self.table.layout == "provinces":
            unit = f"Đơn vị: {next(iter(self.units))}"
            self.sheet.write_string(UNIT_ROW, self.last, unit, self.formats.get(italic=True, align="right"))

    def _write_across(self, row: int, text: str, style: Any) -> None:
        """A text over the whole width of the table."""
        if self.last:
            self.sheet.merge_range(row, 0, row, self.last, "", style)
        self.sheet.write_string(row, 0, text, style)

    def _write_header(self) -> None:
        header = self.formats.bordered(bold=True, align="center", text_wrap=True, bg_color=HEADER_FILL)
        has_own_units = len(self.units) > 1
        lines = 1
        for place, (_, column) in enumerate(self.shown):
            text = column.heading + footnote_marks(column.footnotes)
            if has_own_units and column.unit and column.unit.casefold() not in column.heading.casefold():
                text += f"\n({column.unit})"
            self.sheet.write_string(HEADER_ROW, place, text, header)
            lines = max(lines, lines_needed(text, self.widths[place], 13))
        self.sheet.set_row(HEADER_ROW, 15 * lines + 6)

    def _marks(self) -> list[str]:
        """The widest mark of each shown column, to which all its figures are padded."""
        rows = self.table.rows if self.table.cluster is None else (*self.table.rows, self.table.cluster)
        widest = []
        for place, column in self.shown:
            marks = {_mark(row[place]) for row in rows} if column.kind in ("number", "rank") else {""}
            widest.append(max(marks, key=lambda mark: (len(mark), mark), default=""))  # equal bytes in every process
        return widest

    def _write_rows(self) -> int:
        row = FIRST_ROW
        for cells in self.table.rows[:MOST_ROWS]:
            self._write_row(row, cells, is_cluster=False)
            row += 1
        return row

    def _write_row(self, row: int, cells: tuple[Cell, ...], is_cluster: bool) -> None:
        lines = 1
        for place, (n, column) in enumerate(self.shown):
            cell = cells[n]
            value = cell.value
            style = self._style(place, column, cell, is_cluster)
            if value is None or value == "":
                text = cell.sign + _mark(cell) if cell.sign else ""
                if text:
                    self.sheet.write_string(row, place, text, style)
                else:
                    self.sheet.write_blank(row, place, None, style)
            elif column.kind == "text":
                text = _fit(str(value))
                if cell.footnotes:
                    text += footnote_marks(cell.footnotes)
                self.sheet.write_string(row, place, text, style)
                if len(text) > self.widths[place]:
                    lines = max(lines, lines_needed(text, self.widths[place], self.text_size))
            elif column.kind == "time":
                self.sheet.write_datetime(row, place, local_time(value), style)  # type: ignore[arg-type]
            else:
                self.sheet.write_number(row, place, float(value), style)  # type: ignore[arg-type]
        self.sheet.set_row(row, min(400, 14 * lines + 4))

    def _style(self, place: int, column: Column, cell: Cell, is_cluster: bool) -> Any:
        key = (place, cell.status, cell.is_estimated, cell.footnotes, cell.value is None, cell.decimals, is_cluster)
        style = self._styles.get(key)
        if style is None:
            style = self._styles[key] = self._make_style(place, column, cell, is_cluster)
        return style

    def _make_style(self, place: int, column: Column, cell: Cell, is_cluster: bool) -> Any:
        properties: dict[str, Any] = {}
        if is_cluster:
            properties |= {"bold": True, "bg_color": CLUSTER_FILL}
        if cell.status in _FILLS:
            properties["bg_color"] = _FILLS[cell.status]
        if cell.is_estimated:
            properties["italic"] = True
        if column.kind == "text":
            properties |= {"text_wrap": True, "font_size": self.text_size}
            properties |= {"align": "center"} if 0 < column.width <= NARROW else {"indent": 1}
        elif column.kind == "time":
            properties |= {"num_format": "dd/mm/yyyy hh:mm", "align": "center"}
        else:
            decimals = column.decimals if cell.decimals is None else cell.decimals
            is_figure = column.kind == "number"
            margin = max(1, int((self.widths[place] - 13) / 2.4)) if is_figure else 0
            properties["align"] = "right" if is_figure else "center"
            properties["num_format"] = number_format(decimals, _mark(cell), self.widest[place], margin)
        return self.formats.bordered(**properties)

    def _write_footnotes(self, row: int) -> int:
        """The footnotes and what the sheet leaves out; returns the first row after them."""
        notes = [f"{footnote_marks((n,))} {text}" for n, text in enumerate(self.table.footnotes, start=1)]
        hidden = len(self.table.rows) - MOST_ROWS
        if hidden > 0:
            notes.append(
                f"Trang này ghi {MOST_ROWS} dòng đầu; còn {hidden} dòng nữa, đầy đủ trong tệp "
                f"csv/{self.table.table_code}.csv."
            )
        if not notes:
            return row
        row += 1
        width = sum(self.widths)
        style = self.formats.get(font_size=10, text_wrap=True, valign="top")
        for note in notes:
            self._write_across(row, note, style)
            self.sheet.set_row(row, 13 * lines_needed(note, width, 10) + 2)
            row += 1
        return row

    def _set_up_page(self, end: int, footer: str) -> None:
        sheet = self.sheet
        set_up_page(sheet, max(end - 1, FIRST_ROW), self.last, footer)
        sheet.repeat_rows(HEADER_ROW)
        names = [place for place, (_, c) in enumerate(self.shown) if c.code in ("province_name", "indicator_name")]
        sheet.freeze_panes(FIRST_ROW, names[0] + 1 if names and not self.is_list else 0)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(self.last)}{end}"})
        if self.is_list and self.table.rows:
            sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + min(len(self.table.rows), MOST_ROWS), self.last)


def _mark(cell: Cell) -> str:
    """What stands beside a figure: an asterisk where it is in dispute, then its footnotes."""
    star = "*" if cell.status == "disputed" else ""
    return star + footnote_marks(cell.footnotes) if cell.footnotes or star else ""


def _fit(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…"
