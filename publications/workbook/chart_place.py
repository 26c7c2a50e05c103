"""Where a chart stands on a table's sheet: beside a narrow table or below a wide one, never over what cells say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from publications.workbook.sheet_chart import ChartPlan

_DOCKED = 6  # pixels between a chart and what comes after it
_LOOSEST = 1.3  # bars get no fatter than this beside a long table
_TALLEST_ROW = 300.0  # points; a spreadsheet allows 409


def pixels(width: float) -> int:
    """What a column of a width in characters takes on the screen."""
    return int(width * 7 + 0.5) + 5


def points(height: float) -> float:
    """A height in pixels as rows count it."""
    return height * 3 / 4


def put_beside(sheet: Any, chart: Any, plan: ChartPlan, row: int, column: int, width: float, height: float) -> float:
    """The chart from a cell on, as high as the rows beside it where that suits it; returns how far it reaches beyond.

    `width` is the column's, in characters; `height`, that of the rows, and what is returned are in points.
    """
    tall = max(float(plan.height), min(height * 4 / 3, plan.height * _LOOSEST))
    chart.set_size({"width": pixels(width) - _DOCKED, "height": int(tall) - _DOCKED})
    sheet.insert_chart(row, column, chart, _described(plan))
    return max(0.0, points(tall) - height)


def put_below(sheet: Any, chart: Any, plan: ChartPlan, row: int, widths: Sequence[float]) -> list[float]:
    """The chart under all columns; returns the heights of the rows that it takes, from `row` on."""
    chart.set_size({"width": sum(pixels(width) for width in widths) - _DOCKED, "height": plan.height})
    sheet.insert_chart(row, 0, chart, _described(plan))
    rest = points(plan.height + _DOCKED)
    full, left = divmod(rest, _TALLEST_ROW)
    return [_TALLEST_ROW] * int(full) + [left]


def _described(plan: ChartPlan) -> dict[str, Any]:
    return {"description": plan.description, "decorative": False, "object_position": 1}
