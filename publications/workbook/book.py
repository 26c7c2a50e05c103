"""The consolidated tables as one workbook: cover, contents, notes, a sheet per table, comparison and lineage."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

from publications.labels import SYNTHETIC
from publications.standing import Standing
from publications.tables.figures import Figures
from publications.tables.same_period import SAME_PERIOD_TABLE, SamePeriod, compare_same_period
from publications.tables.shape import PublishedTable
from publications.workbook.check_row import find_checks
from publications.workbook.contents_sheet import Entry, describe_table, write_contents
from publications.workbook.formats import FONT, RED, FormatBook
from publications.workbook.front_sheets import TITLE, cluster_name, write_cover
from publications.workbook.lineage import LINEAGE_TABLE, PRINTED, Lineage, trace_figures
from publications.workbook.notes_sheet import write_notes
from publications.workbook.sheet_chart import draw_chart, plan_chart
from publications.workbook.table_sheet import FIRST_ROW, MOST_ROWS, Surroundings, TableSheet

COVER, CONTENTS, NOTES = "bia", "muc-luc", "ghi-chu"
_NOT_SAFE = re.compile(r"[^0-9A-Za-z _-]+")
_NOT_NAME = re.compile(r"[^0-9A-Za-z_]")


def render_workbook(
    figures: Figures, tables: Sequence[PublishedTable], made_at: dt.datetime, standing: Standing
) -> bytes:
    """The bytes of the workbook; equal input gives equal bytes."""
    out = io.BytesIO()
    options = {"in_memory": True, "default_format_properties": {"font_name": FONT, "font_size": 11}}
    with xlsxwriter.Workbook(out, options) as workbook:
        _describe(workbook, figures, made_at, standing)
        _Book(workbook, figures, tuple(tables), standing).write(made_at)
    return out.getvalue()


class _Book:
    """The state of one workbook being written."""

    def __init__(self, workbook: Any, figures: Figures, tables: tuple[PublishedTable, ...], standing: Standing) -> None:
        self.workbook = workbook
        self.figures = figures
        self.standing = standing
        self.formats = FormatBook(workbook)
        self.same: SamePeriod | None = compare_same_period(figures, tables)
        codes = [t.table_code for t in tables] + ([SAME_PERIOD_TABLE] if self.same else []) + [LINEAGE_TABLE]
        self.names = sheet_names(codes, taken=(COVER, CONTENTS, NOTES))
        self.lineage: Lineage = trace_figures(figures, tables, self.names[: len(tables)], FIRST_ROW)
        self.tables = (*tables, *([self.same.table] if self.same else []), self.lineage.table)
        self.charts = [plan_chart(figures, table, self.same) for table in self.tables]

    def write(self, made_at: dt.datetime) -> None:
        front = [self.workbook.add_worksheet(name) for name in (COVER, CONTENTS, NOTES)]
        links = {"Mục lục": CONTENTS, "Ghi chú chung": NOTES, "Nguồn của từng số liệu": self.names[-1]}
        write_cover(front[0], self.formats, self.figures, made_at, self.standing, links)
        write_contents(front[1], self.formats, self._entries(), self._footer("Mục lục"))
        write_notes(front[2], self.formats, self.figures, self.standing, CONTENTS, self._footer("Ghi chú chung"))
        for number in range(len(self.tables)):
            self._write_table(number)
        if self.figures.banner:
            _label(self.workbook, self.formats, front, self.figures.banner)

    def _entries(self) -> list[Entry]:
        found = []
        for number, (table, name, chart) in enumerate(zip(self.tables, self.names, self.charts, strict=True), start=1):
            found.append(Entry(str(number), table.title, describe_table(self.figures, table, chart is not None), name))
        others = [
            Entry("", "Bìa", "Kỳ báo cáo, tình trạng, cách dùng, nơi liên hệ", COVER),
            Entry("", "Ghi chú chung", "Ký hiệu, cách xếp hạng và làm tròn, khung số liệu", NOTES),
        ]
        return found + others

    def _write_table(self, number: int) -> None:
        table, name, plan = self.tables[number], self.names[number], self.charts[number]
        start = self.lineage.starts.get(table.table_code)
        period = self.figures.catalogue.calendar[self.figures.period_code].name
        around = Surroundings(
            number=number + 1,
            subtitle=f"{cluster_name(self.figures.catalogue, self.figures.period_code)} – {period}",
            contents_sheet=CONTENTS,
            lineage_sheet="" if start is None else f"'{self.names[-1]}'!A{FIRST_ROW + 1 + min(start, MOST_ROWS)}",
            table_name=f"bang_{_NOT_NAME.sub('_', name)}",
            footer=self._footer(f"{number + 1}. {table.title}"),
            banner=self.figures.banner,
        )
        sheet = TableSheet(
            self.workbook.add_worksheet(name), self.formats, table, find_checks(self.figures, table), plan
        )
        drawn = None
        if plan is not None:
            shown = [column.code for _, column in sheet.shown]
            column = shown.index(table.sorted_by)
            same = ("", 0, 0)
            if self.same is not None:
                codes = [c.code for c in self.same.table.columns]
                same = (self.names[-2], FIRST_ROW, codes.index("earlier_value"))
            drawn = draw_chart(self.workbook, plan, name, FIRST_ROW, shown.index("province_name"), column, same)
        sheet.write(around, drawn)
        if table is self.lineage.table:
            self._link_lineage(sheet)

    def _link_lineage(self, sheet: TableSheet) -> None:
        """Each row's first cell leads to the figure; columns for machines stand outside the printed page."""
        style = self.formats.bordered(font_size=10, font_color="#0563C1", underline=1, indent=1, text_wrap=True)
        rows = self.lineage.table.rows[:MOST_ROWS]
        for offset, (place, row) in enumerate(zip(self.lineage.places, rows, strict=False)):
            sheet.sheet.write_url(FIRST_ROW + offset, 0, f"internal:{place}", style, str(row[0].value))
        sheet.sheet.print_area(0, 0, max(FIRST_ROW, FIRST_ROW + len(rows) - 1), PRINTED - 1)

    def _footer(self, title: str) -> str:
        """A page footer within the 255 characters that a workbook allows.

        The space after a font size keeps a number that follows from being read as part of it.
        """
        text = title[:100].replace("&", "&&")
        return f'&L&"{FONT},Italic"&9 {text}&C&9 {self.standing.headline}&R&9 Trang &P/&N'


def _describe(workbook: Any, figures: Figures, made_at: dt.datetime, standing: Standing) -> None:
    """The properties of the document: what programs and screen readers say of it."""
    cluster = cluster_name(figures.catalogue, figures.period_code)
    period = figures.catalogue.calendar[figures.period_code].name
    state = f"bản chốt số {standing.seal_no}" if standing.is_final else standing.headline
    words = ["thi đua", figures.period_code, period]
    properties = {
        "title": f"{TITLE.capitalize()} {period}",
        "subject": f"{cluster}, {period}",
        "author": cluster,
        "company": cluster,
        "keywords": "; ".join([figures.banner, *words] if figures.banner else words),
        "status": state,
        "created": made_at.astimezone(dt.UTC).replace(tzinfo=None),
    }
    workbook.set_properties({**properties, **({"category": SYNTHETIC} if figures.banner else {})})
    workbook.set_custom_property("Language", "vi-VN")


def _label(workbook: Any, formats: FormatBook, front: Sequence[Any], banner: str) -> None:
    """The banner at the head of every printed page, and on the sheets before the tables, which have their own."""
    style = formats.get(bold=True, font_color=RED, font_size=14)
    cover, *others = front
    cover.merge_range(0, 1, 0, 2, banner, formats.get(bold=True, font_color=RED, font_size=16, align="center"))
    cover.set_row(0, 26)
    for sheet in others:
        sheet.write_string(0, 1, banner, style)
    for sheet in workbook.worksheets():
        sheet.set_header(f'&C&"{FONT},Bold"&12&K{RED.lstrip("#")} {banner}')


def sheet_names(codes: Iterable[str], taken: Iterable[str]) -> list[str]:
    """Names for sheets made from table codes: plain letters, at most 31 of them, unique whatever their case."""
    used = {name.casefold() for name in taken}
    names = []
    for code in codes:
        plain = _NOT_SAFE.sub("-", code)[:31].strip() or "bang"
        name, count = plain, 2
        while name.casefold() in used:
            name = f"{plain[:27]}-{count}"
            count += 1
        used.add(name.casefold())
        names.append(name)
    return names
