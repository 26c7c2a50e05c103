"""Figures as a return states them: exact decimals, rounded half up, without zeros at the end."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def round_to(value: float | Decimal, places: int) -> Decimal:
    """A number at so many places."""
    return to_step(value, str(Decimal(1).scaleb(-places)))


def to_step(value: float | Decimal, step: str) -> Decimal:
    """A number as a whole multiple of a step such as 0.1 or 100."""
    size = Decimal(step)
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    rounded = ((exact / size).quantize(Decimal(1), ROUND_HALF_UP) * size).normalize()
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded
