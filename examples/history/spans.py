"""The half-years of the history, and where they lie in time."""

from __future__ import annotations

FIRST, LAST = "2016H1", "2025H2"
REAL = "2021H1"
SEED = 2021  # of the history that the documents speak of


def make_period(year: int, half: int) -> str:
    return f"{year}H{half}"


def year_of(period_code: str) -> int:
    return int(period_code[:4])


def half_of(period_code: str) -> int:
    return int(period_code[5])


def number_of(period_code: str) -> int:
    """Where a half-year lies: 0 is 2016H1, 1 is 2016H2; the ones before are negative."""
    return (year_of(period_code) - year_of(FIRST)) * 2 + half_of(period_code) - 1


def period_at(number: int) -> str:
    """The half-year of a number; the inverse of `number_of`."""
    return make_period(year_of(FIRST) + number // 2, number % 2 + 1)


def list_periods(first: str = FIRST, last: str = LAST) -> tuple[str, ...]:
    """All half-years from one to another; raises ValueError where they are not of the history, or in no order."""
    known = [period_at(n) for n in range(number_of(LAST) + 1)]
    if first not in known or last not in known or first > last:
        raise ValueError(f"the history goes from {FIRST} to {LAST}; asked was {first} to {last}")
    return tuple(p for p in known if first <= p <= last)
