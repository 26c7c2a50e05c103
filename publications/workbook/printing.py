"""Print set-up that every sheet of the workbook shares."""

from __future__ import annotations

from typing import Any

A4 = 9
_INCH = 72.0
_WIDTH, _HEIGHT = 297 / 25.4 * _INCH, 210 / 25.4 * _INCH  # points of a landscape page
_LEFT, _RIGHT, _TOP, _BOTTOM = 0.5, 0.5, 0.6, 0.7
PRINTED_WIDTH = 128.0  # characters that A4 landscape takes across at the size of the text
SMALLEST_SCALE = 0.55  # smaller than that, text of 11 points is no longer read without effort


def set_up_page(
    sheet: Any, last_row: int, last_column: int, footer: str = "", size: tuple[float, float] | None = None
) -> None:
    """A4 landscape, one page wide, as many pages long as needed.

    Where the `size` of everything in points is given, it goes onto one page, upright if it is much larger so, unless it
    would become too small to read.
    """
    scale, is_upright = _fit(size) if size else (0.0, False)
    is_one_page = scale >= SMALLEST_SCALE
    if is_one_page and is_upright:
        sheet.set_portrait()
    else:
        sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=_LEFT, right=_RIGHT, top=_TOP, bottom=_BOTTOM)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 1 if is_one_page else 0)
    sheet.print_area(0, 0, last_row, last_column)
    sheet.hide_gridlines(2)
    if footer:
        sheet.set_footer(footer)


def fits_page(size: tuple[float, float]) -> bool:
    """Whether a width and a height in points go onto one page at a size that can be read."""
    return _fit(size)[0] >= SMALLEST_SCALE


def _fit(size: tuple[float, float]) -> tuple[float, bool]:
    """The scale at which a width and a height go onto one page, and whether upright is the better way."""
    across, down = (_LEFT + _RIGHT) * _INCH, (_TOP + _BOTTOM) * _INCH
    landscape = min(1.0, (_WIDTH - across) / size[0], (_HEIGHT - down) / size[1])
    upright = min(1.0, (_HEIGHT - across) / size[0], (_WIDTH - down) / size[1])
    return (upright, True) if upright > 1.15 * landscape else (landscape, False)
