"""The contents of the workbook: every sheet with a link and what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from publications.tables.figures import Figures
from publications.tables.shape import PublishedTable
from publications.wording import lower_first
from publications.workbook.chart_place import pixels, points
from publications.workbook.formats import GREY, HEADER_FILL, LINK, FormatBook, lines_needed
from publications.workbook.printing import set_up_page

_WIDTHS = (6.0, 52.0, 72.0, 26.0)
_OF_LAYOUTS = {
    "differences": "Số nào khác với bản đã chốt, khác bao nhiêu, lấy ở đâu",
    "submissions": "Đơn vị nào đã gửi, gửi lúc nào, đủ số liệu đến đâu",
    "findings": "Chỗ phải sửa, cần xem lại và đã giải trình, nặng nhất đứng đầu",
    "same-period": "Từng số bên số của cùng kỳ năm trước, chênh lệch, tăng giảm",
    "lineage": "Từng số lấy từ tệp nào, trang nào, ô nào; số của Cụm tính thế nào",
}


class Entry(NamedTuple):
    """One line of the contents."""

    number: str
    title: str
    description: str
    sheet: str


def describe_table(figures: Figures, table: PublishedTable, has_chart: bool) -> str:
    """What a table holds, in one line."""
    if table.layout == "provinces":
        count = sum(column.kind == "number" for column in table.columns)
        text = f"{count} chỉ tiêu theo tỉnh"
        if table.sorted_by:
            text += f", xếp theo {lower_first(figures.catalogue.indicators[table.sorted_by].heading)}"
        return text + ("; có biểu đồ" if has_chart else "")
    if table.layout == "indicators":
        return f"{len(table.rows)} hạng mục của toàn Cụm"
    return _OF_LAYOUTS.get(table.layout, "")


def write_contents(sheet: Any, formats: FormatBook, entries: Sequence[Entry], footer: str) -> None:
    """Every sheet by its title, which is a link to it."""
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.write_string(0, 0, "Mục lục", formats.get(bold=True, font_size=14))
    sheet.set_row(0, 22)
    header = formats.bordered(bold=True, align="center", bg_color=HEADER_FILL)
    for column, text in enumerate(("Số", "Bảng", "Nội dung", "Trang tính")):
        sheet.write_string(2, column, text, header)
    link = formats.bordered(font_color=LINK, underline=1, indent=1, text_wrap=True)
    plain = formats.bordered(indent=1, text_wrap=True)
    row, height = 3, 22.0 + 2 * 15
    for entry in entries:
        sheet.write_string(row, 0, entry.number or "–", formats.bordered(align="center"))
        sheet.write_url(row, 1, f"internal:'{entry.sheet}'!A1", link, entry.title)
        sheet.write_string(row, 2, entry.description, plain)
        sheet.write_string(row, 3, entry.sheet, formats.bordered(font_color=GREY, indent=1))
        lines = max(lines_needed(entry.title, _WIDTHS[1]), lines_needed(entry.description, _WIDTHS[2]))
        sheet.set_row(row, 15 * lines + 4)
        height += 15 * lines + 4
        row += 1
    size = (points(sum(pixels(width) for width in _WIDTHS)), height)
    set_up_page(sheet, row - 1, 3, footer, size)
    sheet.repeat_rows(2)
