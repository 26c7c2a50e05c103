"""The form's first page: who reports, for which half-year, and whether the figures are final."""

from __future__ import annotations

from typing import Any

from catalogue.form import CoverField
from transforms.numbers_vi import format_date
from transforms.placement import COVER_FIRST_ROW, COVER_LABEL_COLUMN, COVER_VALUE_COLUMN
from transforms.template.book import FormBook
from transforms.template.styles import CLOSED_FILL, DARK, GREY, set_up_page
from transforms.template.validation import LONGEST_LIST

HINT_COLUMN = COVER_VALUE_COLUMN + 1
GIVEN = ("m_period", "m_form_version")  # they belong to the copy, not to the officer


def write_cover(book: FormBook, sheet: Any, unit_range: str) -> None:
    """Fills the cover sheet; its texts above the fields are headings, as the reader takes them.

    `unit_range` is where the names of the reporting units are listed, for a drop-down too long to be spelt out.
    """
    form, styles = book.catalogue.form, book.styles
    sheet.set_column(0, 0, 2)
    sheet.set_column(COVER_LABEL_COLUMN, COVER_LABEL_COLUMN, 30)
    sheet.set_column(COVER_VALUE_COLUMN, COVER_VALUE_COLUMN, 38)
    sheet.set_column(HINT_COLUMN, HINT_COLUMN, 46)
    headings = (
        (form.organisation, styles.get(bold=True, align="center", font_color=GREY), 22),
        (form.title, styles.get(bold=True, align="center", font_size=18, font_color=DARK), 36),
        (book.entry.name.capitalize(), styles.get(bold=True, align="center", font_size=14), 24),
        (_windows(book), styles.get(italic=True, align="center", text_wrap=True, font_color=GREY), 38),
    )
    for row, (text, cell_format, height) in enumerate(headings):
        sheet.set_row(row, height)
        sheet.merge_range(row, COVER_LABEL_COLUMN, row, HINT_COLUMN, text, cell_format)
    for offset, field in enumerate(form.cover):
        _write_field(book, sheet, COVER_FIRST_ROW + offset, field, unit_range)
    last_row = COVER_FIRST_ROW + len(form.cover) - 1
    set_up_page(sheet, last_row, HINT_COLUMN, is_landscape=True, footer=book.footer)
    sheet.set_selection(COVER_FIRST_ROW, COVER_VALUE_COLUMN, COVER_FIRST_ROW, COVER_VALUE_COLUMN)
    sheet.activate()


def _windows(book: FormBook) -> str:
    entry = book.entry
    assumed = " (dự kiến)" if entry.is_assumed else ""
    return (
        f"Số liệu thống kê: từ {format_date(entry.starts_on)} đến {format_date(entry.ends_on)}. "
        f"Báo cáo hành chính: từ {format_date(entry.admin_starts_on)} đến {format_date(entry.admin_ends_on)}.\n"
        f"Hạn gửi: {format_date(entry.due_on)}{assumed}."
    )


def _write_field(book: FormBook, sheet: Any, row: int, field: CoverField, unit_range: str) -> None:
    styles = book.styles
    sheet.set_row(row, 32)
    sheet.write_string(row, COVER_LABEL_COLUMN, field.label, styles.bordered(bold=field.is_required, indent=1))
    sheet.write_string(
        row,
        HINT_COLUMN,
        field.hint,
        styles.bordered(italic=True, font_color=GREY, text_wrap=True, indent=1, font_size=11),
    )
    properties: dict[str, Any] = {"bold": True, "indent": 1, "align": "left", "text_wrap": True}
    if field.name == "m_date":
        properties["num_format"] = "dd/mm/yyyy"
    if field.name in GIVEN:
        cell_format = styles.bordered(bg_color=CLOSED_FILL, **properties)
    else:
        cell_format = styles.input(field.is_required, **properties)
    book.fill(sheet, book.slots[field.name], cell_format)
    options = _validation(book, field, unit_range)
    if options is not None:
        sheet.data_validation(row, COVER_VALUE_COLUMN, row, COVER_VALUE_COLUMN, options)


def _validation(book: FormBook, field: CoverField, unit_range: str) -> dict[str, Any] | None:
    prompt = {"input_title": field.label[:32], "input_message": f"{field.hint}."}
    if field.name == "m_province":
        names = [unit.name for unit in book.units]
        source = names if len(",".join(names)) <= LONGEST_LIST else f"={unit_range}"
        title, message = "Không có đơn vị này", "Chọn tên đơn vị trong danh sách."
        return {"validate": "list", "source": source, "error_title": title, "error_message": message, **prompt}
    if field.name == "m_finality":
        return {
            "validate": "list",
            "source": list(book.catalogue.form.choices["finality"]),
            "error_title": "Không có trong danh sách",
            "error_message": "Chọn “Chính thức” hoặc “Ước tính”.",
            **prompt,
        }
    if field.name == "m_date":
        return {
            "validate": "date",
            "criteria": ">=",
            "value": book.entry.starts_on,
            "error_type": "warning",
            "error_title": "Xem lại ngày",
            "error_message": f"Ghi ngày/tháng/năm, từ ngày {format_date(book.entry.starts_on)} trở đi.",
            **prompt,
        }
    return None if field.name in GIVEN else {"validate": "any", **prompt}
