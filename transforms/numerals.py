"""A written number and what it can mean: dot and comma, Vietnamese or English, by evidence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Style = Literal["vi", "en"]

NUMERAL = re.compile(r"\d{1,3}(?:[ ']\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)*")
_GROUPS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
MAX_DIGITS = 27


@dataclass(frozen=True, slots=True)
class Numeral:
    """What a numeral may mean. `style` is what it proves of its writer; `other` is a second possible value."""

    vietnamese: Decimal
    other: Decimal | None = None
    style: Style | None = None


def read_numeral(token: str) -> Numeral | None:
    """The meaning of a numeral without sign; None where its dots and commas make no number.

    A numeral with one dot or comma before exactly three digits has two meanings: thousands or decimals. A lone
    decimal dot ("98.32") proves no English writer: machines write it into Vietnamese texts.
    """
    text = token.replace(" ", "").replace("'", "")
    dots, commas = text.count("."), text.count(",")
    if sum(c.isdigit() for c in text) > MAX_DIGITS:
        return None
    if not dots and not commas:
        return Numeral(Decimal(text))
    if dots and commas:
        decimal_mark = max(".", ",", key=text.rfind)
        whole, _, fraction = text.rpartition(decimal_mark)
        if decimal_mark in whole or not _GROUPS.fullmatch(whole):
            return None
        value = Decimal(f"{re.sub('[.,]', '', whole)}.{fraction}")
        return Numeral(value, style="vi" if decimal_mark == "," else "en")
    mark = "." if dots else ","
    if dots + commas > 1:
        if not _GROUPS.fullmatch(text):
            return None
        return Numeral(Decimal(text.replace(mark, "")), style="vi" if mark == "." else "en")
    whole, fraction = text.split(mark)
    as_decimal = Decimal(f"{whole}.{fraction}")
    if len(fraction) != 3 or len(whole) > 3 or whole.startswith("0"):
        return Numeral(as_decimal, style="vi" if mark == "," else None)
    as_thousands = Decimal(whole + fraction)
    if mark == ".":
        return Numeral(as_thousands, other=as_decimal)
    return Numeral(as_decimal, other=as_thousands)
