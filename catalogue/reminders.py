"""When a province is reminded of its return, and in which words: a table of its own, which no figure depends on."""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from catalogue.load import DATA, _read_table

STATES = ("missing", "refused", "empty", "critical")
PLACEHOLDERS = frozenset(("unit", "report", "due", "days"))


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder to provinces whose return is in a state.

    It is due on `first_day`, counted from the due date (negative: before it), and every so many days after, up to and
    including `last_day`.
    """

    reminder_code: str
    state: str
    first_day: int
    last_day: int
    every: int
    subject: str
    opening: str

    def latest_day(self, day: int) -> int | None:
        """The last of its days that is not after a day; None before the first."""
        if day < self.first_day:
            return None
        return self.first_day + (min(day, self.last_day) - self.first_day) // self.every * self.every


@lru_cache(maxsize=4)
def load_reminders(folder: Path = DATA) -> tuple[Reminder, ...]:
    """The reminders of a folder of tables; raises CatalogueError with file and line."""
    seen: set[str] = set()
    rows = _read_table(folder / "reminders.csv", Reminder)
    for located in rows:
        row = located.row
        if row.reminder_code in seen:
            raise located.refuse(f"{row.reminder_code!r} stands already above")
        seen.add(row.reminder_code)
        if row.state not in STATES:
            raise located.refuse(f"column state: {row.state!r} is none of {', '.join(STATES)}")
        if row.every < 1 or row.last_day < row.first_day:
            raise located.refuse("the days must go forward")
        for name in ("subject", "opening"):
            try:
                names = {field for _, field, _, _ in string.Formatter().parse(getattr(row, name)) if field is not None}
            except ValueError as error:
                raise located.refuse(f"column {name}: {error}") from error
            if names - PLACEHOLDERS:
                raise located.refuse(f"column {name}: unknown placeholders {sorted(names - PLACEHOLDERS)}")
    return tuple(located.row for located in rows)


def find_due(
    reminders: Iterable[Reminder], state: str, due_on: dt.date, on: dt.date
) -> tuple[Reminder, dt.date] | None:
    """The reminder that a province in a state should have had by a day, with the day it was due; None for none.

    It is the newest one: a day on which nothing ran is caught up with, but never two at once, and nothing after the
    last day of all.
    """
    day = (on - due_on).days
    rows = [r for r in reminders if r.state == state]
    if not rows or day > max(r.last_day for r in rows):
        return None
    found = [(latest, r) for r in rows if (latest := r.latest_day(day)) is not None]
    if not found:
        return None
    latest, reminder = max(found, key=lambda pair: pair[0])
    return reminder, due_on + dt.timedelta(days=latest)
