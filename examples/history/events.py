"""The declared events: corrections, late and missing returns, an error, earlier figures told otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from examples.history.overlay import read_rows

CORRECTION, LATE, MISSING, CRITICAL, RESTATED = "correction", "late", "missing", "critical", "restated"
KINDS = (CORRECTION, LATE, MISSING, CRITICAL, RESTATED)


@dataclass(frozen=True, slots=True)
class Event:
    """One row of events.csv. What `amount` says depends on the kind:

    a correction's is the corrected figure less the one first sent; a critical error's the wrong figure as first sent;
    a restatement's last year's figure as repeated now less the one reported then.
    """

    event: str
    kind: str
    period_code: str
    province_id: str
    arrives_on: dt.date | None
    indicator_code: str
    amount: Decimal
    note: str


@lru_cache(maxsize=1)
def read_events() -> tuple[Event, ...]:
    """All declared events; raises ValueError for a kind that does not exist."""
    found = []
    for row in read_rows("events.csv"):
        if row["kind"] not in KINDS:
            raise ValueError(f"events.csv: {row['event']}: no kind {row['kind']!r}")
        day = dt.date.fromisoformat(row["arrives_on"]) if row["arrives_on"] else None
        place = (row["period_code"], row["province_id"], day, row["indicator_code"])
        found.append(Event(row["event"], row["kind"], *place, Decimal(row["amount"] or 0), row["note"]))
    return tuple(found)


def find_events(period_code: str, province_id: str, *kinds: str) -> list[Event]:
    """The events of some kinds in one return."""
    return [
        e for e in read_events() if (e.period_code, e.province_id) == (period_code, province_id) and e.kind in kinds
    ]


def arrival_of(events: Iterable[Event]) -> dt.date | None:
    """The day that events name, where they name one."""
    return next((e.arrives_on for e in events if e.arrives_on is not None), None)
