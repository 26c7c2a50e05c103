"""Where a day stands in the cluster's year: which half-year is being collected, and what comes next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from catalogue.model import CalendarEntry, Catalogue

DAYS_OF_HURRY = 2  # the due date and so many days before it are collected every hour
Step = Literal["opens", "due", "closes", "meets"]


@dataclass(frozen=True, slots=True)
class Season:
    """A half-year whose returns are being collected on `day`."""

    entry: CalendarEntry
    day: dt.date

    @property
    def period_code(self) -> str:
        return self.entry.period_code

    @property
    def is_opening(self) -> bool:
        """Whether this is the first day, on which the system checks itself."""
        return self.day == self.entry.opens_on

    @property
    def is_hurried(self) -> bool:
        """Whether files are expected by the hour: the due date and the days before it."""
        return 0 <= (self.entry.due_on - self.day).days <= DAYS_OF_HURRY

    @property
    def is_closing(self) -> bool:
        """Whether the office is asked to approve: from the closing day to the meeting."""
        return self.entry.closes_on <= self.day <= self.entry.meets_on


@dataclass(frozen=True, slots=True)
class Milestone:
    """One dated step of a half-year."""

    step: Step
    on: dt.date
    period_code: str


def find_season(catalogue: Catalogue, day: dt.date) -> Season | None:
    """The half-year that is being collected on a day, from its opening to its meeting; None between two seasons."""
    for entry in catalogue.calendar.values():
        if entry.opens_on <= day <= entry.meets_on:
            return Season(entry, day)
    return None


def milestones(entries: Iterable[CalendarEntry], day: dt.date) -> tuple[Milestone, ...]:
    """The steps of half-years that are still to come on a day, that day's own included, in the order of time."""
    steps = [Milestone(step, on, entry.period_code) for entry in entries for step, on in _steps(entry) if on >= day]
    return tuple(sorted(steps, key=lambda m: (m.on, m.period_code)))


def _steps(entry: CalendarEntry) -> tuple[tuple[Step, dt.date], ...]:
    return ("opens", entry.opens_on), ("due", entry.due_on), ("closes", entry.closes_on), ("meets", entry.meets_on)
