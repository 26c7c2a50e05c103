"""How the blank form looks: cell formats, page set-up, protection, and formulas written without a result."""

from __future__ import annotations

from typing import Any

from xlsxwriter.worksheet import Worksheet

from catalogue.model import Indicator

FONT = "Times New Roman"
REQUIRED_FILL = "#FFF2CC"
OPTIONAL_FILL = "#E8F1FA"
HEADER_FILL = "#D9E2EC"
CLOSED_FILL = "#EDEDED"
WRONG_FILL = "#F8CBAD"
LINE = "#A6A6A6"
GREY = "#595959"
DARK = "#1F3864"
LINK = "#0563C1"
A4 = 9
PROTECTION = {"format_columns": True, "format_rows": True, "insert_hyperlinks": False}


class FormWorksheet(Worksheet):  # type: ignore[misc]
    """A worksheet whose formulas carry no cached result, so that nothing unread looks like a figure."""

    def _xml_formula_element(self, formula: str, result: object, attributes: list[tuple[str, str]]) -> None:
        kept = "".join(f' {key}="{self._escape_attributes(value)}"' for key, value in attributes if key != "t")
        self.fh.write(f"<c{kept}><f>{self._escape_data(formula)}</f></c>")


class FormStyles:
    """The formats of one workbook; equal properties give the same format."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._known: dict[tuple[tuple[str, Any], ...], Any] = {}

    def get(self, **properties: Any) -> Any:
        """A locked format in the form's font."""
        key = tuple(sorted(properties.items()))
        known = self._known.get(key)
        if known is None:
            known = self._workbook.add_format({"font_name": FONT, "font_size": 12, "valign": "vcenter", **properties})
            self._known[key] = known
        return known

    def bordered(self, **properties: Any) -> Any:
        return self.get(border=1, border_color=LINE, **properties)

    def input(self, is_required: bool = False, **properties: Any) -> Any:
        """An unlocked cell; what must be filled in stands out from what may be."""
        fill = REQUIRED_FILL if is_required else OPTIONAL_FILL
        return self.bordered(locked=False, bg_color=fill, **properties)


def number_format(indicator: Indicator) -> str:
    """The display of an indicator's figure; a change of rank shows its sign."""
    if indicator.is_whole and indicator.low is None:
        return "+#,##0;−#,##0;0"
    digits = "." + "0" * indicator.decimals if indicator.decimals else ""
    return "#,##0" + digits


def set_up_page(sheet: Any, last_row: int, last_column: int, *, is_landscape: bool, footer: str) -> None:
    """A4, one page wide, as long as needed, numbered at the foot; everything but inputs protected."""
    if is_landscape:
        sheet.set_landscape()
    else:
        sheet.set_portrait()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.6, right=0.4, top=0.6, bottom=0.7)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, last_row, last_column)
    sheet.set_footer(f'&L&"{FONT},Italic"&9{footer}&R&"{FONT},Regular"&9Trang &P/&N')
    sheet.hide_gridlines(2)
    sheet.protect("", PROTECTION)
