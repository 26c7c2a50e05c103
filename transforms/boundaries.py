"""The maps of the country: which province of one day's map a province of another day's lies in."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from catalogue.model import Merger, Province

Relation = Literal["same", "part", "cut"]


@dataclass(frozen=True, slots=True)
class BoundaryPart:
    """A province that reports, and a province of another day's map that shares territory with it.

    Holds for figures of days in [reported_from, reported_to) on the maps of days in [drawn_from, drawn_to). `relation`:
    same — they are one territory; part — it lies wholly in the drawn one; cut — only a part of it does, so that
    its figures cannot be told on that map. `expected` counts the provinces that share the drawn one.
    """

    reported_from: dt.date
    reported_to: dt.date | None
    drawn_from: dt.date
    drawn_to: dt.date | None
    province_id: str
    province_name: str
    drawn_id: str
    drawn_code: str
    drawn_name: str
    relation: Relation
    expected: int


def find_owners(provinces: Iterable[Province], mergers: Iterable[Merger], day: dt.date) -> dict[str, str]:
    """The province that holds each territory on a day; a territory is a province as it was before any merger."""
    lives: dict[str, tuple[dt.date, dt.date]] = {}
    for version in provinces:
        if not version.is_cluster:
            start, end = lives.get(version.province_id, (dt.date.max, dt.date.min))
            until = version.valid_to or dt.date.max
            lives[version.province_id] = min(start, version.valid_from), max(end, until)
    moves = {m.predecessor_id: m for m in mergers if m.predecessor_id != m.successor_id}
    made = {m.successor_id for m in moves.values() if lives.get(m.successor_id, (None,))[0] == m.merged_on}
    owners: dict[str, str] = {}
    for territory in lives.keys() - made:
        if day < lives[territory][0]:
            continue
        owner = territory
        while owner in moves and moves[owner].merged_on <= day:
            owner = moves[owner].successor_id
        if owner in lives and day < lives[owner][1]:
            owners[territory] = owner
    return owners


def compare_maps(provinces: Sequence[Province], mergers: Sequence[Merger]) -> tuple[BoundaryPart, ...]:
    """How every map lies on every other: between two changes of any province's code, name or extent one map holds."""
    versions = [p for p in provinces if not p.is_cluster]
    days = sorted({p.valid_from for p in versions} | {p.valid_to for p in versions if p.valid_to is not None})
    epochs = list(itertools.pairwise([*days, None]))
    owners = {start: find_owners(versions, mergers, start) for start, _ in epochs if start is not None}
    named = {start: _versions_on(versions, start) for start in owners}
    rows: list[BoundaryPart] = []
    for (then, then_end), (now, now_end) in itertools.product(epochs, epochs):
        if then is None or now is None:
            continue
        shared = Counter((owners[now][t], owner) for t, owner in owners[then].items() if t in owners[now])
        extents = Counter(owners[then].values())
        expected = Counter(drawn for drawn, _ in shared)
        for (drawn, reporter), territories in sorted(shared.items()):
            is_cut = territories < extents[reporter]
            relation: Relation = "cut" if is_cut else "part" if expected[drawn] > 1 else "same"
            on_map = named[now][drawn]
            rows.append(
                BoundaryPart(
                    then,
                    then_end,
                    now,
                    now_end,
                    reporter,
                    named[then][reporter].name,
                    drawn,
                    on_map.province_code,
                    on_map.name,
                    relation,
                    expected[drawn],
                )
            )
    return tuple(rows)


def _versions_on(provinces: Iterable[Province], day: dt.date) -> dict[str, Province]:
    return {p.province_id: p for p in provinces if p.valid_from <= day and (p.valid_to is None or day < p.valid_to)}
