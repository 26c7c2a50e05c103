"""Where each unit stands on a map of equal tiles, roughly as the provinces lie to each other."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from catalogue.verify import Located

MOST = 40
_PERIOD = re.compile(r"\d{4}H[12]")


@dataclass(frozen=True, slots=True)
class Tile:
    """The place of one unit in the periods from `valid_from` to `valid_to`; row 1 is the north, column 1 the west."""

    province_id: str
    row: int
    column: int
    valid_from: str
    valid_to: str

    def is_valid_in(self, period_code: str) -> bool:
        return self.valid_from <= period_code and (not self.valid_to or period_code <= self.valid_to)


def verify_tiles(tiles: Sequence[Located[Tile]], provinces: set[str]) -> None:
    """Raises CatalogueError where a tile is nobody's, lies nowhere, or two claim one place or one unit at a time."""
    for tile in tiles:
        row = tile.row
        if row.province_id not in provinces:
            raise tile.refuse(f"column province_id: {row.province_id!r} is unknown")
        if not (1 <= row.row <= MOST and 1 <= row.column <= MOST):
            raise tile.refuse(f"row {row.row}, column {row.column} lies outside 1 to {MOST}")
        for name, code in (("valid_from", row.valid_from), ("valid_to", row.valid_to or row.valid_from)):
            if not _PERIOD.fullmatch(code):
                raise tile.refuse(f"column {name}: {code!r} is no period such as 2021H1")
        if row.valid_to and row.valid_to < row.valid_from:
            raise tile.refuse("the tile ends before it starts")
    for first, second in itertools.combinations(tiles, 2):
        a, b = first.row, second.row
        if (not a.valid_to or b.valid_from <= a.valid_to) and (not b.valid_to or a.valid_from <= b.valid_to):
            if a.province_id == b.province_id:
                raise second.refuse(f"{b.province_id!r} has a tile at that time already in line {first.line}")
            if (a.row, a.column) == (b.row, b.column):
                raise second.refuse(f"the place is taken at that time by {a.province_id!r} in line {first.line}")
