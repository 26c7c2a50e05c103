"""The form's second page: how it is filled in, what is checked, where it goes; drawn from the catalogue."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from catalogue.model import Indicator
from transforms.placement import section_sheet
from transforms.template.book import FormBook
from transforms.template.checks import reference
from transforms.template.styles import (
    CLOSED_FILL,
    DARK,
    HEADER_FILL,
    LINK,
    OPTIONAL_FILL,
    REQUIRED_FILL,
    WRONG_FILL,
    set_up_page,
)
from transforms.template.wording import Entry, checked, filling, notes, numbers, sending, units

TERM, TEXT, LAST = 1, 2, 5
TEXT_CHARACTERS = 86  # that fit on one line of the merged text column


class _Page:
    """The sheet as it grows downwards."""

    def __init__(self, book: FormBook, sheet: Any) -> None:
        self.book, self.sheet, self.row = book, sheet, 0

    def heading(self, text: str) -> None:
        style = self.book.styles.get(bold=True, font_size=13, font_color=DARK, bottom=1, bottom_color=DARK)
        self.sheet.set_row(self.row, 26)
        self.sheet.merge_range(self.row, TERM, self.row, LAST, text, style)
        self.row += 1

    def entries(self, entries: Iterable[Entry], fill: str = "") -> None:
        for term, text in entries:
            self.entry(term, text, fill)

    def entry(self, term: str, text: str, fill: str = "") -> None:
        styles = self.book.styles
        colour = {"bg_color": fill, "border": 1} if fill else {}
        lines = max(math.ceil(len(text) / TEXT_CHARACTERS), math.ceil(len(term) / 27), 1)
        self.sheet.set_row(self.row, 17 * lines + 5)
        term_style = styles.get(bold=True, text_wrap=True, **colour)
        self.sheet.write_string(self.row, TERM, term, term_style)
        self.sheet.merge_range(self.row, TEXT, self.row, LAST, text, styles.get(text_wrap=True, indent=1))
        self.row += 1

    def table_row(self, cells: Sequence[str], *, is_header: bool = False) -> None:
        style: dict[str, Any] = {"bold": True, "bg_color": HEADER_FILL} if is_header else {}
        self.sheet.set_row(self.row, 34 if is_header else 20)
        for offset, text in enumerate(cells):
            align = {"align": "center"} if is_header or offset > 1 else {"align": "left", "indent": 1}
            cell_format = self.book.styles.bordered(text_wrap=True, **align, **style)
            if text.startswith("=") and not is_header:
                self.sheet.write_formula(self.row, TERM + offset, text, cell_format)
            else:
                self.sheet.write_string(self.row, TERM + offset, text, cell_format)
        self.row += 1

    def gap(self) -> None:
        self.sheet.set_row(self.row, 8)
        self.row += 1


def write_instructions(book: FormBook, sheet: Any, sections: Mapping[str, Sequence[Indicator]]) -> str:
    """Fills the instructions sheet; returns the range in which it names the reporting units."""
    for column, width in enumerate((2, 27, 30, 12, 12, 14)):
        sheet.set_column(column, column, width)
    page = _Page(book, sheet)
    title = book.styles.get(bold=True, font_size=16, align="center", font_color=DARK)
    sheet.set_row(0, 32)
    sheet.merge_range(0, TERM, 0, LAST, f"HƯỚNG DẪN ĐIỀN BIỂU {book.entry.name.upper()}", title)
    page.row = 1
    page.heading("1. Cách điền")
    page.entries(filling(book.catalogue, book.entry))
    wanted = f"{book.wanted_word.capitalize()} (nhãn in đậm). Không có số thì chọn ở cột Trạng thái."
    page.entry("Ô nền vàng", wanted, REQUIRED_FILL)
    page.entry("Ô nền xanh", "Có thì điền, không có thì để trống.", OPTIONAL_FILL)
    page.entry("Ô nền xám", "Không dùng ở dòng này.", CLOSED_FILL)
    page.entry("Ô Kiểm tra nền đỏ", "Số đã ghi chưa khớp với số tính từ các dòng liên quan.", WRONG_FILL)
    page.gap()
    page.heading("2. Các trang của biểu")
    _write_progress(page, sections)
    page.gap()
    page.heading("3. Cách ghi số liệu")
    page.entries(numbers(book.catalogue))
    page.gap()
    page.heading("4. Đơn vị tính và cách viết được chấp nhận")
    page.entries(units(book.catalogue, book.period_code))
    page.gap()
    remarks = notes(book.catalogue, book.period_code)
    if remarks:
        page.heading("5. Lưu ý về một số chỉ tiêu")
        page.entries(remarks)
        page.gap()
    page.heading(f"{6 if remarks else 5}. Những điều được kiểm tra khi nhận biểu")
    page.entries(checked(book.catalogue, book.period_code))
    page.gap()
    page.heading(f"{7 if remarks else 6}. Gửi biểu")
    page.entries(sending(book.catalogue, book.entry))
    page.table_row(("Đơn vị báo cáo", "Tên tệp"), is_header=True)
    first = page.row + 1
    for unit in book.units:
        page.table_row((unit.name, f"{unit.province_id}_{book.period_code}.xlsx"))
    set_up_page(sheet, page.row - 1, LAST, is_landscape=False, footer=book.footer)
    return f"'{book.catalogue.form.instructions_sheet}'!$B${first}:$B${page.row}"


def _write_progress(page: _Page, sections: Mapping[str, Sequence[Indicator]]) -> None:
    word = page.book.wanted_word.capitalize()
    page.table_row(("Trang", "Nội dung", "Số chỉ tiêu", "Đã điền", f"{word} còn trống"), is_header=True)
    names = {s.section_code: s.name for s in page.book.catalogue.sections}
    for code, indicators in sections.items():
        sheet_name = section_sheet(code, names[code])
        required = [i for i in indicators if page.book.is_wanted(i)]
        filled = "+".join(_is_filled(page.book, i) for i in indicators)
        missing = "-".join([str(len(required)), *(_is_filled(page.book, i) for i in required)])
        row = page.row
        page.table_row((sheet_name, _headline(indicators), str(len(indicators)), f"=0+{filled}", f"={missing}"))
        page.sheet.write_number(
            row, TERM + 2, len(indicators), page.book.styles.bordered(align="center", text_wrap=True)
        )
        link = page.book.styles.bordered(font_color=LINK, underline=1, indent=1)
        page.sheet.write_url(row, TERM, f"internal:'{sheet_name}'!A1", link, sheet_name)


def _headline(indicators: Sequence[Indicator]) -> str:
    first = indicators[0].number
    return f"Các dòng {first} đến {indicators[-1].number}" if len(indicators) > 1 else f"Dòng {first}"


def _is_filled(book: FormBook, indicator: Indicator) -> str:
    cells = [reference(book.slots[f"{prefix}{indicator.indicator_code}"], "") for prefix in ("f_", "s_")]
    return f"(LEN({cells[0]})+LEN({cells[1]})>0)"
