"""A section's sheet: one row per indicator, what to fill in, and what the figures are checked against."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from catalogue.model import Indicator, Section
from transforms.placement import FIRST_ROW, HEADER_ROW, field_column, section_sheet
from transforms.template.book import FormBook
from transforms.template.checks import Check, reference
from transforms.template.styles import (
    CLOSED_FILL,
    DARK,
    GREY,
    HEADER_FILL,
    OPTIONAL_FILL,
    REQUIRED_FILL,
    WRONG_FILL,
    number_format,
    set_up_page,
)
from transforms.template.validation import check_validation, choice_validation, note_validation, value_validation

WIDTHS = {
    "number": 5,
    "label": 45,
    "unit": 14,
    "value": 21,
    "estimate": 8,
    "basis": 14,
    "state": 17,
    "note": 26,
    "check": 12,
}

LOWEST_ROW = 36  # room for two lines of a note, since a row of fixed height does not grow while one types


def write_section(book: FormBook, section: Section, indicators: Sequence[Indicator], checks: dict[str, Check]) -> None:
    """The sheet of a section, in the columns of the form's fields."""
    fields = book.catalogue.form.fields
    sheet = book.add_sheet(section_sheet(section.section_code, section.name))
    last_column = len(fields) - 1
    for column, field in enumerate(fields):
        sheet.set_column(column, column, WIDTHS.get(field.name, 15))
    _write_heading(book, sheet, section, last_column)
    header = book.styles.bordered(bold=True, align="center", text_wrap=True, bg_color=HEADER_FILL)
    numbers = book.styles.bordered(italic=True, align="center", font_size=10, font_color=GREY)
    sheet.set_row(HEADER_ROW, 34)
    for column, field in enumerate(fields):
        sheet.write_string(HEADER_ROW, column, field.header, header)
        sheet.write_string(HEADER_ROW + 1, column, f"({column + 1})", numbers)
    for offset, indicator in enumerate(indicators):
        _write_indicator(book, sheet, FIRST_ROW + offset, indicator, checks.get(indicator.indicator_code))
    sheet.freeze_panes(FIRST_ROW, field_column(book.catalogue.form, "label") + 1)
    sheet.repeat_rows(HEADER_ROW, HEADER_ROW + 1)
    set_up_page(sheet, FIRST_ROW + len(indicators) - 1, last_column, is_landscape=True, footer=book.footer)
    first_input = field_column(book.catalogue.form, "value")
    sheet.set_selection(FIRST_ROW, first_input, FIRST_ROW, first_input)


def _write_heading(book: FormBook, sheet: Any, section: Section, last_column: int) -> None:
    styles, form = book.styles, book.catalogue.form
    middle = field_column(form, "value")
    sheet.merge_range(0, 0, 0, middle - 1, form.organisation, styles.get(font_color=GREY))
    sheet.merge_range(
        0, middle, 0, last_column, book.entry.name.capitalize(), styles.get(align="right", font_color=GREY)
    )
    title = f"{section.section_code}. {section.name.upper()}"
    sheet.merge_range(1, 0, 1, last_column, title, styles.get(bold=True, font_size=16, align="center", font_color=DARK))
    sheet.set_row(1, 30)
    province = reference(book.slots["m_province"], "")
    unit_line = f'=IF({province}="","Đơn vị báo cáo: ………………………","Đơn vị báo cáo: "&{province})'
    sheet.merge_range(2, 0, 2, last_column, "", styles.get(align="center", bold=True))
    sheet.write_formula(2, 0, unit_line, styles.get(align="center", bold=True))
    sheet.set_row(2, 20)
    small = {"font_size": 10, "font_color": GREY, "align": "center"}
    label = field_column(form, "label")
    sheet.write_string(3, label, "Ô cần điền:", styles.get(**{**small, "align": "right"}))
    sheet.write_string(3, label + 1, book.wanted_word, styles.bordered(**small, bg_color=REQUIRED_FILL))
    sheet.write_string(3, label + 2, "có thì điền", styles.bordered(**small, bg_color=OPTIONAL_FILL))
    sheet.set_row(3, 20)


def _write_indicator(book: FormBook, sheet: Any, row: int, indicator: Indicator, check: Check | None) -> None:
    catalogue, styles = book.catalogue, book.styles
    is_wanted = book.is_wanted(indicator)
    unit = catalogue.unit_of(indicator).name
    note = book.text(f"n_{indicator.indicator_code}")
    lines = max(math.ceil(len(text) / width) for text, width in ((indicator.label, 46), (unit, 13), (note, 26)))
    sheet.set_row(row, max(LOWEST_ROW, 17 * lines + 4))
    for column, field in enumerate(catalogue.form.fields):
        slot = book.slots.get(f"{field.prefix}{indicator.indicator_code}") if field.prefix else None
        if field.name == "number":
            sheet.write_string(row, column, indicator.number, styles.bordered(align="center"))
        elif field.name == "label":
            sheet.write_string(row, column, indicator.label, styles.bordered(text_wrap=True, bold=is_wanted, indent=1))
        elif field.name == "unit":
            sheet.write_string(row, column, unit, styles.bordered(text_wrap=True, align="center"))
        elif field.name == "check":
            _write_check(book, sheet, row, column, indicator, check)
        elif slot is None:
            sheet.write_blank(row, column, None, styles.bordered(bg_color=CLOSED_FILL))
        elif field.name == "value":
            shown = styles.input(
                is_wanted, num_format=number_format(indicator), align="right", indent=1, text_wrap=True
            )
            book.fill(sheet, slot, shown)
            opening = f"{book.wanted_word.capitalize()}." if is_wanted else "Có thì ghi."
            options = value_validation(catalogue, indicator, book.period_code, opening)
            sheet.data_validation(row, column, row, column, options)
        elif field.name in catalogue.form.choices:
            book.fill(sheet, slot, styles.input(align="center", text_wrap=True))
            options = choice_validation(field.name, catalogue.form.choices[field.name])
            sheet.data_validation(row, column, row, column, options)
        else:
            book.fill(sheet, slot, styles.input(text_wrap=True, font_size=11))
            sheet.data_validation(row, column, row, column, note_validation())


def _write_check(book: FormBook, sheet: Any, row: int, column: int, indicator: Indicator, check: Check | None) -> None:
    styles = book.styles
    if check is None:
        sheet.write_blank(row, column, None, styles.bordered(bg_color=CLOSED_FILL))
        return
    shown = styles.bordered(num_format=number_format(indicator), align="right", indent=1, italic=True)
    sheet.write_formula(row, column, check.formula, shown)
    wrong = {
        "type": "formula",
        "criteria": check.mismatch,
        "format": book.workbook.add_format({"bg_color": WRONG_FILL}),
    }
    sheet.conditional_format(row, column, row, column, wrong)
    numbers = [book.catalogue.indicators[code].number for code in check.operands]
    sheet.data_validation(row, column, row, column, check_validation(numbers))
