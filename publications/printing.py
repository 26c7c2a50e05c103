"""Print set-up that every sheet of the workbook shares."""

from __future__ import annotations

from typing import Any

A4 = 9


def set_up_page(sheet: Any, last_row: int, last_column: int, footer: str = "") -> None:
    """A4 landscape, one page wide, as many pages long as needed."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, last_row, last_column)
    sheet.hide_gridlines(2)
    if footer:
        sheet.set_footer(footer)
