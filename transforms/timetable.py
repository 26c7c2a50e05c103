"""When work that is on a schedule has something to do: the hours of the schedule on the days of the calendar."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from catalogue.model import CalendarEntry
from transforms.season import DAYS_OF_HURRY

Window = Literal["opening", "season", "hurry", "closing"]
_CRON = re.compile(r"(\d{1,2}) (\d{1,2})(?:-(\d{1,2}))? \* \* \*")


@dataclass(frozen=True, slots=True)
class Appointment:
    """Work with the times of day at which it starts, and the days of a half-year on which it acts."""

    title: str
    window: Window
    times: tuple[dt.time, ...]


def read_times(cron: str) -> tuple[dt.time, ...]:
    """The times of a daily schedule, such as `30 8 * * *` or `0 8-17 * * *`. Raises ValueError for another one."""
    found = _CRON.fullmatch(cron.strip())
    if found is None:
        raise ValueError(f"not a daily schedule: {cron!r}")
    minute, first, last = (int(part) if part else None for part in found.groups())
    assert minute is not None and first is not None
    return tuple(dt.time(hour, minute) for hour in range(first, (first if last is None else last) + 1))


def days_of(window: Window, entry: CalendarEntry) -> tuple[dt.date, dt.date]:
    """The first and the last day of a half-year on which such work acts."""
    if window == "opening":
        return entry.opens_on, entry.opens_on
    if window == "closing":
        return entry.closes_on, entry.meets_on
    if window == "hurry":
        first = max(entry.opens_on, entry.due_on - dt.timedelta(DAYS_OF_HURRY))
        return first, min(entry.due_on, entry.meets_on)
    return entry.opens_on, entry.meets_on


def next_start(
    appointment: Appointment, entries: Iterable[CalendarEntry], now: dt.datetime
) -> tuple[dt.datetime, str] | None:
    """When work next finds something to do, at `now` or later in its zone, and for which half-year; None is never."""
    starts = []
    for entry in entries:
        first, last = days_of(appointment.window, entry)
        for day in {max(first, now.date()), max(first, now.date()) + dt.timedelta(1)}:
            starts += [
                (start, entry.period_code)
                for time in appointment.times
                if first <= day <= last and (start := dt.datetime.combine(day, time, now.tzinfo)) >= now
            ]
    return min(starts, default=None)
