"""What a lake says of itself, and whether it really holds what the published copy holds."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.lake import tables
from warehouse.lake.attached import open_beside, open_lake, say_trouble
from warehouse.lake.place import ALIAS, LakeError, LakePlace
from warehouse.lake.push import measure


@dataclass(frozen=True, slots=True)
class LakeState:
    """Who writes the lake, since when it is as it is, how much it holds, and by what its contents are known."""

    home_id: str
    home_name: str
    pushed_at: dt.datetime
    rows: int
    contents: str
    snapshot: int


def look(place: LakePlace) -> LakeState:
    """What the lake says of itself; a matter of one short question. Raises LakeError."""
    with closing(open_lake(place)) as connection:
        try:
            rows: list[Any] = connection.execute(_STATE).fetchall()
        except duckdb.CatalogException:
            rows = []
        except duckdb.Error as error:
            raise LakeError(say_trouble(place, error)) from error
    if not rows:
        raise LakeError(f"ở {place.catalogue} có một hồ dữ liệu, nhưng không phải của thidua")
    return LakeState(*rows[0])


def compare(place: LakePlace, copy: Path) -> list[tuple[str, int, int]]:
    """The tables in which lake and published copy differ, with the rows of both; every row of the lake is read."""
    found = []
    with closing(open_beside(place, copy)) as connection:
        try:
            there, wanted = (tables.structure(connection, name) for name in (ALIAS, "copy"))
            for table in tables.STAR:
                ours = measure(connection, table, "copy")
                if there.get(table.name) != wanted[table.name]:
                    found.append((table.name, 0, ours.rows))
                    continue
                theirs = measure(connection, table, ALIAS)
                if theirs != ours:
                    found.append((table.name, theirs.rows, ours.rows))
        except duckdb.Error as error:
            raise LakeError(say_trouble(place, error)) from error
    return found


_STATE = f"""
SELECT home_id, home_name, pushed_at, (SELECT sum(row_count)::BIGINT FROM lake_table), contents,
    (SELECT max(snapshot_id) FROM ducklake_snapshots('{ALIAS}'))
FROM lake_home
"""
