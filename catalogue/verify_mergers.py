"""What must hold between provinces and mergers, so that every day has one whole map."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from catalogue import model
from catalogue.verify import Located


def verify_mergers(provinces: Sequence[Located[model.Province]], mergers: Sequence[Located[model.Merger]]) -> None:
    """Raises CatalogueError where a province has a gap, ends without a successor, or a merger fits no versions."""
    versions: dict[str, list[Located[model.Province]]] = {}
    for located in sorted(provinces, key=lambda p: p.row.valid_from):
        versions.setdefault(located.row.province_id, []).append(located)
    starts = {(p.row.province_id, p.row.valid_from) for p in provinces}
    ends = {(p.row.province_id, p.row.valid_to) for p in provinces}
    seen: set[tuple[str, object]] = set()
    for merger in mergers:
        row = merger.row
        if (row.predecessor_id, row.merged_on) in seen:
            raise merger.refuse(f"{row.predecessor_id!r} merges twice on {row.merged_on}: territory is not divided")
        seen.add((row.predecessor_id, row.merged_on))
        if (row.predecessor_id, row.merged_on) not in ends:
            raise merger.refuse(f"no version of {row.predecessor_id!r} ends on {row.merged_on}")
        if (row.successor_id, row.merged_on) not in starts:
            raise merger.refuse(f"no version of {row.successor_id!r} starts on {row.merged_on}")
        if row.predecessor_id != row.successor_id and (row.predecessor_id, row.merged_on) in starts:
            raise merger.refuse(f"{row.predecessor_id!r} goes on after it merged into {row.successor_id!r}")
        if (row.successor_id, row.merged_on) in ends and not any(
            m.row.predecessor_id == m.row.successor_id == row.successor_id and m.row.merged_on == row.merged_on
            for m in mergers
        ):
            raise merger.refuse(f"{row.successor_id!r} was there before: it has to be among its own predecessors")
    for chain in versions.values():
        for first, second in itertools.pairwise(chain):
            if first.row.valid_to != second.row.valid_from:
                raise second.refuse(f"leaves a gap after the version in line {first.line}")
        last = chain[-1]
        if last.row.valid_to is not None and (last.row.province_id, last.row.valid_to) not in seen:
            raise last.refuse("ends without a merger that says where its territory went")
