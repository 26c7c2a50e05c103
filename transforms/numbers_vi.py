"""Numbers and dates as Vietnamese readers write them: dot for thousands, comma for decimals."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal


def format_number(value: Decimal, decimals: int | None = None) -> str:
    """A number in Vietnamese form; all its digits, or rounded half up to `decimals` places."""
    if decimals is not None:
        value = round_half_up(value, decimals)
    text = f"{value:,f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(",", "\0").replace(".", ",").replace("\0", ".").replace("-", "−")


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """The value rounded as offices round: halves away from zero."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding="ROUND_HALF_UP")


def format_date(day: dt.date) -> str:
    """A date as offices write it: 05/7/2021 has its day padded, and its month padded only for 1 and 2."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"
