"""One sheet for one consolidated table, ready to print on A4."""

from __future__ import annotations

from typing import Any, NamedTuple

from xlsxwriter.utility import xl_col_to_name

from publications.tables.shape import Cell, PublishedTable
from publications.wording import local_time
from publications.workbook.chart_place import pixels, points, put_below, put_beside
from publications.workbook.check_row import Check
from publications.workbook.formats import GREY, HEADER_FILL, RED, FormatBook, footnote_marks, lines_needed
from publications.workbook.printing import PRINTED_WIDTH, set_up_page
from publications.workbook.sheet_chart import ChartPlan
from publications.workbook.sheet_columns import SheetColumns, mark_of

LONGEST_TEXT = 32_000
MOST_ROWS = 5_000
TITLE_ROW, SUBTITLE_ROW, REMARK_ROW, UNIT_ROW, HEADER_ROW = 0, 1, 2, 3, 4
FIRST_ROW = HEADER_ROW + 1
CHECK_LABEL = "Tính lại (công thức)"
_GAP = 2.0  # blank characters between a table and the chart beside it
_BUTTON = 3.0  # characters that the button of a filter takes from a heading


class Surroundings(NamedTuple):
    """What a table's sheet says besides the table: its number, the line under the title, links, footer, banner."""

    number: int
    subtitle: str
    contents_sheet: str
    lineage_sheet: str
    table_name: str
    footer: str
    banner: str = ""


class TableSheet:
    """Writes one table onto one worksheet."""

    def __init__(
        self,
        worksheet: Any,
        formats: FormatBook,
        table: PublishedTable,
        checks: dict[str, Check] | None = None,
        chart: ChartPlan | None = None,
    ) -> None:
        self.sheet = worksheet
        self.formats = formats
        self.table = table
        self.checks = checks if checks and len(table.rows) <= MOST_ROWS else {}
        self.chart = chart
        self.columns = SheetColumns(formats, table, chart is not None)
        self.shown = self.columns.shown
        self.widths = self.columns.widths
        self.last = self.columns.last
        self.across = list(self.widths)
        if self.columns.has_chart_beside:
            self.across += [_GAP, PRINTED_WIDTH - sum(self.widths) - _GAP]
        self.heights: list[float] = []  # of all rows written, in points

    def write(self, around: Surroundings, drawn: Any = None) -> None:
        """The whole sheet: title, links, units, header, rows, cluster line, check, footnotes, chart, print set-up.

        `drawn` is the chart that was planned.
        """
        self._write_head(around)
        self._write_header(around)
        row = self._write_rows()
        if self.table.cluster is not None:
            self._write_row(row, self.table.cluster, is_cluster=True)
            row += 1
        if self.checks:
            self._write_check(row)
            row += 1
        if self.chart is not None and self.columns.has_chart_beside:
            place, height = len(self.across) - 1, sum(self.heights[HEADER_ROW:])
            beyond = put_beside(self.sheet, drawn, self.chart, HEADER_ROW, place, self.across[-1], height)
            row = self._skip(row, [beyond] if beyond else [])
        row = self._write_footnotes(row)
        if self.chart is not None and not self.columns.has_chart_beside:
            row = self._skip(row, [10.0])
            row = self._skip(row, put_below(self.sheet, drawn, self.chart, row, self.across))
        self._set_up_page(row, around.footer)

    def _set_row(self, row: int, height: float) -> None:
        self.sheet.set_row(row, height)
        self.heights.append(height)

    def _skip(self, row: int, heights: list[float]) -> int:
        for height in heights:
            self._set_row(row, height)
            row += 1
        return row

    def _write_head(self, around: Surroundings) -> None:
        for place, width in enumerate(self.across):
            self.sheet.set_column(place, place, width)
        title = f"{around.number}. {self.table.title}"
        self._write_across(TITLE_ROW, title, self.formats.get(bold=True, font_size=14, text_wrap=True))
        self._set_row(TITLE_ROW, 20 * lines_needed(title, sum(self.across), 15) + 2)
        self._write_across(SUBTITLE_ROW, around.subtitle, self.formats.get(font_color=GREY))
        self._set_row(SUBTITLE_ROW, 16)
        remark = f"{around.banner}. {self.table.remark}".strip() if around.banner else self.table.remark
        style = {"bold": True, "font_color": RED} if around.banner else {"italic": True}
        lines = 1
        if remark:
            self._write_across(REMARK_ROW, remark, self.formats.get(text_wrap=True, **style))
            lines = lines_needed(remark, sum(self.across))
        self._set_row(REMARK_ROW, 15 * lines + 1)
        link = self.formats.link(9)
        self.sheet.write_url(UNIT_ROW, 0, f"internal:'{around.contents_sheet}'!A1", link, "← Mục lục")
        if around.lineage_sheet:
            self.sheet.write_url(UNIT_ROW, 1, f"internal:{around.lineage_sheet}", link, "Nguồn từng số →")
        if self.columns.shared_unit:
            unit = f"Đơn vị: {self.columns.shared_unit}"
            self.sheet.write_string(UNIT_ROW, self.last, unit, self.formats.get(italic=True, align="right"))
        self._set_row(UNIT_ROW, 16)

    def _write_across(self, row: int, text: str, style: Any) -> None:
        """A text over the whole width of the sheet."""
        if len(self.across) > 1:
            self.sheet.merge_range(row, 0, row, len(self.across) - 1, "", style)
        self.sheet.write_string(row, 0, text, style)

    def _write_header(self, around: Surroundings) -> None:
        """The headings; with the rows below they are a table of the spreadsheet, which programs find by its name."""
        style = self.formats.bordered(bold=True, align="center", text_wrap=True, bg_color=HEADER_FILL)
        button = _BUTTON if self.columns.is_list else 0.0
        headings = self.columns.headings
        lines = 1
        for place, text in enumerate(headings):
            self.sheet.write_string(HEADER_ROW, place, text, style)
            lines = max(lines, lines_needed(text, max(self.widths[place] - button, 4.0), 12))
        self._set_row(HEADER_ROW, 15 * lines + 6)
        count = min(len(self.table.rows), MOST_ROWS)
        if count:
            options = {
                "name": around.table_name,
                "columns": [{"header": text, "header_format": style} for text in headings],
                "autofilter": self.columns.is_list,
                "style": None,
                "title": self.table.title,
                "description": f"{self.table.title}, {around.subtitle}",
            }
            self.sheet.add_table(HEADER_ROW, 0, HEADER_ROW + count, self.last, options)

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
            style = self.columns.style(place, column, cell, is_cluster)
            if value is None or value == "":
                text = cell.sign + mark_of(cell) if cell.sign else ""
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
                    lines = max(lines, lines_needed(text, self.widths[place], self.columns.text_size))
            elif column.kind == "time":
                self.sheet.write_datetime(row, place, local_time(value), style)  # type: ignore[arg-type]
            else:
                self.sheet.write_number(row, place, float(value), style)  # type: ignore[arg-type]
        self._set_row(row, min(400, (14 if self.columns.text_size > 10 else 12.5) * lines + 4))

    def _write_check(self, row: int) -> None:
        """The cluster's figures computed by the spreadsheet itself, to be seen beside those that are published."""
        label = self.formats.bordered(italic=True, font_size=10, font_color=GREY, text_wrap=True, indent=1)
        places = {column.code: place for place, (_, column) in enumerate(self.shown)}
        for place, (_, column) in enumerate(self.shown):
            check = self.checks.get(column.code)
            if check is None:
                text = CHECK_LABEL if column.code == "province_name" else ""
                self.sheet.write_string(row, place, text, label) if text else self.sheet.write_blank(
                    row, place, None, label
                )
                continue
            formula = check.formula(
                xl_col_to_name(place),
                FIRST_ROW + 1,
                FIRST_ROW + len(self.table.rows),
                lambda code: f"{xl_col_to_name(places[code])}{row + 1}",
            )
            self.sheet.write_formula(row, place, formula, self.columns.check_style(place), float(check.value))
        self._set_row(row, 14 * lines_needed(CHECK_LABEL, self.widths[places["province_name"]], 10) + 4)

    def _write_footnotes(self, row: int) -> int:
        """The footnotes and what the sheet leaves out; returns the first row after them."""
        notes = [f"{footnote_marks((n,))} {text}" for n, text in enumerate(self.table.footnotes, start=1)]
        hidden = len(self.table.rows) - MOST_ROWS
        if hidden > 0:
            notes.append(f"Trang này ghi {MOST_ROWS} dòng đầu; còn {hidden} dòng nữa, đầy đủ trong {self._rest()}.")
        if not notes:
            return row
        row = self._skip(row, [10.0])
        width = sum(self.across)
        style = self.formats.get(font_size=10, text_wrap=True, valign="top")
        for note in notes:
            self._write_across(row, note, style)
            self._set_row(row, 13 * lines_needed(note, width, 10) + 2)
            row += 1
        return row

    def _rest(self) -> str:
        if self.table.layout in ("lineage", "same-period"):
            return "kho dữ liệu warehouse.duckdb (khung nhìn observations)"
        return f"tệp csv/{self.table.table_code}.csv"

    def _set_up_page(self, end: int, footer: str) -> None:
        sheet = self.sheet
        size = (points(sum(pixels(width) for width in self.across)), sum(self.heights))
        page = size if self.chart is not None else None
        set_up_page(sheet, max(end - 1, FIRST_ROW), len(self.across) - 1, footer, page)
        sheet.repeat_rows(HEADER_ROW)
        names = [place for place, (_, c) in enumerate(self.shown) if c.code in ("province_name", "indicator_name")]
        sheet.freeze_panes(FIRST_ROW, names[0] + 1 if names and not self.columns.is_list else 0)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(self.last)}{end}"})


def _fit(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…"
