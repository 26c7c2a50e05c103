"""Cell formats of the workbook, each made once, and footnote marks that leave a number a number."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

FONT = "Times New Roman"
HEADER_FILL = "#DCE6F1"
DISPUTED_FILL = "#FCE4D6"
WARNING_FILL = "#FFF2CC"
CLUSTER_FILL = "#F2F2F2"
GREY = "#595959"
RED = "#C00000"
LINE = "#A6A6A6"
LINK = "#0563C1"

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class FormatBook:
    """The formats of one workbook; equal properties give the same format."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._known: dict[tuple[tuple[str, Any], ...], Any] = {}

    def get(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        known = self._known.get(key)
        if known is None:
            known = self._workbook.add_format({"font_name": FONT, "font_size": 11, "valign": "vcenter", **properties})
            self._known[key] = known
        return known

    def bordered(self, **properties: Any) -> Any:
        return self.get(border=1, border_color=LINE, **properties)

    def link(self, size: int) -> Any:
        return self.get(font_size=size, font_color=LINK, underline=1)


def footnote_marks(numbers: tuple[int, ...]) -> str:
    """Footnote numbers as they stand beside a figure: ¹⁾ ²⁾."""
    return " ".join(f"{number}".translate(_SUPERSCRIPTS) + "⁾" for number in numbers)


def number_format(decimals: int, mark: str, widest: str, margin: int = 0) -> str:
    """A number format that shows a mark after the number and keeps the digits of a column aligned.

    What the mark lacks to the column's widest, and a margin counted in digits, is left as blank space of the same
    width; signs that stand in place of a number keep the same margin. An indent would do, were it not that
    LibreOffice drops it from some cells.
    """
    digits = "#,##0" + ("." + "0" * decimals if decimals else "")
    blank = "".join(f"_{c}" for c in widest[len(mark) :]) + "_0" * margin
    tail = (f'"{mark}"' if mark else "") + blank
    return f"{digits}{tail};-{digits}{tail};{digits}{tail};@{blank}"


@lru_cache(maxsize=8192)
def lines_needed(text: str, width: float, size: int = 11) -> int:
    """How many lines a text takes in a cell of a width in characters, broken at its blanks; rather one too many.

    The font runs narrower than digits; a cell's indent takes one character.
    """
    per_line = max(1, int((width - 1) * 1.18 * 11 / size - 1))
    return sum(_wrapped(part, per_line) for part in text.split("\n"))


def _wrapped(line: str, per_line: int) -> int:
    if len(line) <= per_line:
        return 1
    count, room = 1, per_line
    for word in line.split(" "):
        length = len(word)
        if length > room:
            count += 1 if room < per_line else 0
            count += (length - 1) // per_line
            length = (length - 1) % per_line + 1
            room = per_line
        room -= length + 1
    return count
