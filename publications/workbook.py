"""The consolidated tables as one workbook: cover, contents, notes, a sheet per table."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

from publications.figures import Figures
from publications.formats import FONT, RED, FormatBook
from publications.front_sheets import TITLE, cluster_name, write_contents, write_cover
from publications.labels import SYNTHETIC
from publications.notes_sheet import write_notes
from publications.standing import Standing
from publications.table_sheet import TableSheet
from publications.tables import PublishedTable

COVER, CONTENTS, NOTES = "bia", "muc-luc", "ghi-chu"
_NOT_SAFE = re.compile(r"[^0-9A-Za-z _-]+")


def render_workbook(
    figures: Figures, tables: Sequence[PublishedTable], made_at: dt.datetime, standing: Standing
) -> bytes:
    """The bytes of the workbook; equal input gives equal bytes."""
    period = figures.catalogue.calendar[figures.period_code].name
    subtitle = f"{cluster_name(figures.catalogue, figures.period_code)} – {period}"
    out = io.BytesIO()
    options = {"in_memory": True, "default_format_properties": {"font_name": FONT, "font_size": 11}}
    with xlsxwriter.Workbook(out, options) as workbook:
        marks = {"category": SYNTHETIC, "keywords": figures.banner} if figures.banner else {}
        created = made_at.astimezone(dt.UTC).replace(tzinfo=None)
        workbook.set_properties({"title": f"{TITLE.capitalize()} {period}", "created": created, **marks})
        formats = FormatBook(workbook)
        front = [workbook.add_worksheet(name) for name in (COVER, CONTENTS, NOTES)]
        names = sheet_names((t.table_code for t in tables), taken=(COVER, CONTENTS, NOTES))
        write_cover(front[0], formats, figures, made_at, standing, CONTENTS)
        write_contents(front[1], formats, tables, names, {"Bìa": COVER, "Ghi chú chung": NOTES})
        write_notes(front[2], formats, figures, standing, CONTENTS, _footer("Ghi chú chung", standing))
        for number, (table, name) in enumerate(zip(tables, names, strict=True), start=1):
            footer = _footer(f"{number}. {table.title}", standing)
            TableSheet(workbook.add_worksheet(name), formats, table).write(
                number, subtitle, CONTENTS, footer, figures.banner
            )
        if figures.banner:
            _label(workbook, formats, front, figures.banner)
    return out.getvalue()


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


def _footer(title: str, standing: Standing) -> str:
    """A page footer within the 255 characters that a workbook allows.

    The space after a font size keeps a number that follows from being read as part of it.
    """
    text = title[:100].replace("&", "&&")
    return f'&L&"{FONT},Italic"&9 {text}&C&9 {standing.headline}&R&9 Trang &P/&N'
