"""What a workbook file tells of its cells beside their values: names, formulas, errors, numbers shown as percent."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from transforms.observation import column_letters
from transforms.sheets import MAX_CELLS, HiddenLines, UnreadableFileError

_WRITTEN = re.compile(r'"[^"]*"|\\.|_.')

_SCALED = re.compile(r"[0#?],+(?![,0#?])")

Names = dict[str, tuple[str, int, int]]
Addresses = dict[str, frozenset[str]]


@dataclass(frozen=True)
class CellMarks:
    """Workbook-scoped names of single cells; by sheet the A1 addresses of cells that hide something.

    `doubtful` are cells with a formula or an error value, `errors` the latter, `percents` numbers shown as percent,
    `scaled` numbers shown in thousands or millions of what is stored, `struck` cells that are wholly struck through.
    `hidden` are the rows and columns, from zero, that are hidden by hand or by a filter.
    """

    names: Names = field(default_factory=dict)
    doubtful: Addresses = field(default_factory=dict)
    errors: Addresses = field(default_factory=dict)
    percents: Addresses = field(default_factory=dict)
    scaled: Addresses = field(default_factory=dict)
    struck: Addresses = field(default_factory=dict)
    hidden: HiddenLines = field(default_factory=dict)


def shows_percent(number_format: str) -> bool:
    """Whether a number format multiplies by a hundred: a % in quotes or behind a backslash is only written."""
    return "%" in _WRITTEN.sub("", number_format)


def shows_scaled(number_format: str) -> bool:
    """Whether a number format divides by thousands: commas behind its last digit (`#,##0,,`)."""
    return _SCALED.search(_WRITTEN.sub("", number_format.partition(";")[0])) is not None


def check_extent(sheet: str, rows: int, columns: int) -> None:
    """Refuses a sheet that spans more cells than any return; readers lay such a sheet out in memory, blanks too."""
    if rows * columns > MAX_CELLS:
        last = f"{column_letters(columns - 1)}{rows}"
        raise UnreadableFileError(
            f"trang “{sheet}” rộng bất thường ({rows} dòng × {columns} cột); hãy xóa các dòng, cột thừa đến ô {last} "
            "rồi lưu lại"
        )
