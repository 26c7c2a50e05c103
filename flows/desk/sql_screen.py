"""The result of a query on a screen: Vietnamese numbers and dates, cut to the width, with what was cut said."""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from transforms.numbers_vi import format_number

NOTHING = "∅"
MOST_WIDTH = 60
LEAST_WIDTH = 8
_SPACES = "  "


def show_value(value: Any) -> str:
    """A value as a Vietnamese reader writes it; ∅ where there is none."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, Decimal | int):
        return format_number(Decimal(value))
    if isinstance(value, float):
        is_plain = value == value and abs(value) not in (float("inf"),)
        return format_number(Decimal(repr(value))) if is_plain else str(value)
    if isinstance(value, dt.datetime):
        return f"{value:%d/%m/%Y %H:%M:%S}"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def width_of(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def cut(text: str, width: int) -> str:
    """The text within so many columns, with an ellipsis where it was longer."""
    if width_of(text) <= width:
        return text
    kept, used = [], 0
    for character in text:
        used += width_of(character)
        if used > width - 1:
            break
        kept.append(character)
    return "".join(kept) + "…"


def draw(names: Sequence[str], rows: Sequence[Sequence[Any]], screen_width: int) -> tuple[list[str], bool]:
    """The lines of a table that fits a screen, and whether any text had to be cut.

    Numbers stand at the right. Where even narrow columns do not fit, every row is told as a list of its values.
    """
    is_year = [_is_year_column([row[n] for row in rows]) for n in range(len(names))]
    texts = [
        [
            str(v) if plain and v is not None else " ".join(show_value(v).split())
            for v, plain in zip(row, is_year, strict=True)
        ]
        for row in rows
    ]
    is_number = [_is_number_column([row[n] for row in rows]) for n in range(len(names))]
    full = [max([width_of(name), *(width_of(row[n]) for row in texts)]) for n, name in enumerate(names)]
    widths = _fit([min(width, MOST_WIDTH) for width in full], screen_width)
    if widths is None:
        return _draw_records(names, texts), False
    lines = [_line(names, widths, is_number), _SPACES.join("─" * width for width in widths)]
    lines += [_line(row, widths, is_number) for row in texts]
    return lines, any(had > given for had, given in zip(full, widths, strict=True))


def _is_number_column(values: Sequence[Any]) -> bool:
    known = [v for v in values if v is not None]
    return bool(known) and all(isinstance(v, Decimal | int | float) and not isinstance(v, bool) for v in known)


def _is_year_column(values: Sequence[Any]) -> bool:
    """Whether whole numbers are years, which are not written 2.021; figures of the warehouse are decimals."""
    known = [v for v in values if v is not None]
    return bool(known) and all(type(v) is int and 1900 <= v <= 2100 for v in known)


def _fit(widths: list[int], screen_width: int) -> list[int] | None:
    """The widths made narrower, the widest first, until the table fits; None where it cannot."""
    room = screen_width - len(_SPACES) * (len(widths) - 1)
    while sum(widths) > room:
        widest = max(range(len(widths)), key=lambda n: widths[n])
        if widths[widest] <= LEAST_WIDTH:
            return None
        widths[widest] -= 1
    return widths


def _line(texts: Sequence[str], widths: Sequence[int], is_number: Sequence[bool]) -> str:
    cells = []
    for text, width, at_right in zip(texts, widths, is_number, strict=True):
        shown = cut(text, width)
        pad = " " * (width - width_of(shown))
        cells.append(pad + shown if at_right else shown + pad)
    return _SPACES.join(cells).rstrip()


def _draw_records(names: Sequence[str], texts: Sequence[Sequence[str]]) -> list[str]:
    width = max(map(width_of, names), default=0)
    lines = []
    for number, row in enumerate(texts, start=1):
        lines.append(f"── dòng {number} ──")
        lines += [f"{name}{' ' * (width - width_of(name))}  {text}" for name, text in zip(names, row, strict=True)]
    return lines
