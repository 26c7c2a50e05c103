"""Places in a list, best first: ties share a place, and what has no figure comes last without one."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal


def rank(values: Sequence[Decimal | None], is_descending: bool) -> list[tuple[int, int | None]]:
    """Where each value stands, as pairs of its index and its place, best first.

    Standard competition ranking (1, 2, 2, 4); values that tie, and those that are missing, keep their order.
    """
    known = [(value, index) for index, value in enumerate(values) if value is not None]
    known.sort(key=lambda pair: pair[0], reverse=is_descending)
    places: list[tuple[int, int | None]] = []
    previous: Decimal | None = None
    place = 0
    for count, (value, index) in enumerate(known, start=1):
        if value != previous:
            place, previous = count, value
        places.append((index, place))
    places.extend((index, None) for index, value in enumerate(values) if value is None)
    return places
