"""What differs between the figures that were sealed and those of today, figure by figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Marts = Mapping[str, Sequence[Mapping[str, Any]]]
Key = tuple[str, str]
State = tuple[Decimal | None, str, bool]

WITH_FIGURE = ("reported", "derived", "disputed")


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that is not what it was in the seal; `province_id` is empty for the cluster's own.

    A state is an observation's status, or where a cluster figure comes from; "" is not in the tables at all. File,
    sheet and cell are where the figure of today stands.
    """

    province_id: str
    province_name: str
    indicator_code: str
    indicator_name: str
    unit: str
    sealed: Decimal | None
    sealed_state: str
    now: Decimal | None
    state: str
    file_name: str = ""
    sheet: str = ""
    cell: str = ""

    @property
    def change(self) -> Decimal | None:
        """Today's figure less the sealed one, where both are figures."""
        return None if self.sealed is None or self.now is None else self.now - self.sealed


def compare_with_seal(sealed: Marts, now: Marts) -> tuple[Difference, ...]:
    """Every figure of a province, then every figure of the cluster, whose value or state is another than sealed."""
    return (
        *_differences(_rows(sealed["observations"]), _rows(now["observations"]), _state),
        *_differences(_rows(sealed["cluster_totals"]), _rows(now["cluster_totals"]), _source),
    )


def _rows(rows: Sequence[Mapping[str, Any]]) -> dict[Key, Mapping[str, Any]]:
    return {(row.get("province_id") or "", row["indicator_code"]): row for row in rows}


def _state(row: Mapping[str, Any] | None) -> State:
    return (None, "", False) if row is None else (row["value"], row["status"], bool(row["is_estimated"]))


def _source(row: Mapping[str, Any] | None) -> State:
    return (None, "", False) if row is None else (row["value"], row["value_source"], False)


def _differences(
    sealed: Mapping[Key, Mapping[str, Any]], now: Mapping[Key, Mapping[str, Any]], state_of: Any
) -> Iterator[Difference]:
    for key in {**now, **sealed}:
        before, after = sealed.get(key), now.get(key)
        was, is_now = state_of(before), state_of(after)
        if was == is_now:
            continue
        row: Mapping[str, Any] = after or before or {}
        place = after or {}
        yield Difference(
            key[0],
            row.get("province_name") or "",
            key[1],
            row["indicator_name"],
            row["unit"] or "",
            was[0],
            _name(was),
            is_now[0],
            _name(is_now),
            place.get("file_name") or "",
            place.get("sheet") or "",
            place.get("cell") or "",
        )


def _name(state: State) -> str:
    return f"{state[1]}_estimated" if state[2] and state[1] in WITH_FIGURE else state[1]
