"""What is going on in a half-year, as plain values: the run page and the artifacts in Prefect say the same of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalogue.model import CalendarEntry, Catalogue
from publications.labels import find_banner
from publications.office.status_page import provinces_to_call, say_reason
from publications.standing import Standing
from publications.tables.figures import SEVERITY_ORDER, Marts, Row, is_open
from publications.tables.progress import Progress, find_progress
from publications.wording import VIETNAM, legal_text
from transforms.operation import Closing, RunChange, RunRecord


@dataclass(frozen=True, slots=True)
class Call:
    """A province that is to be called, and about what."""

    province: Progress
    contact: str
    reason: str


@dataclass(frozen=True, slots=True)
class Step:
    """Something that comes, or has come, on a day: a milestone of the calendar, or work that runs by itself."""

    at: dt.datetime | dt.date
    title: str
    period_code: str
    is_past: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """A half-year as it stands at a moment. Runs are the newest first.

    `changes` are those of the newest run that found any, `changed_by`. `answers_kept` says of answers to provinces why
    they do not lie in the province's folder. `banner` is what must stand above, where any figure is made up.
    """

    catalogue: Catalogue
    entry: CalendarEntry
    now: dt.datetime
    provinces: tuple[Progress, ...]
    findings: tuple[Row, ...]
    calls: tuple[Call, ...]
    contacts: Mapping[str, str]
    standing: Standing
    closing: Closing
    steps: tuple[Step, ...]
    runs: tuple[RunRecord, ...]
    changes: tuple[RunChange, ...]
    changed_by: RunRecord | None
    answers_kept: tuple[str, ...] = ()
    banner: str = ""

    @property
    def period_code(self) -> str:
        return self.entry.period_code

    @property
    def day(self) -> dt.date:
        """The day it is in Việt Nam."""
        return self.now.astimezone(VIETNAM).date()

    @property
    def collected(self) -> RunRecord | None:
        """The last run that collected, or tried to."""
        return next((run for run in self.runs if run.kind == "collect"), None)

    @property
    def is_closing_time(self) -> bool:
        """Whether the office is asked to approve on this day."""
        return self.entry.closes_on <= self.day <= self.entry.meets_on

    def count(self, severity: str) -> int:
        """How many findings of a severity are open."""
        return sum(row["severity"] == severity for row in self.findings)


def find_situation(
    catalogue: Catalogue,
    period_code: str,
    marts: Marts,
    now: dt.datetime,
    contacts: Mapping[str, str],
    standing: Standing,
    closing: Closing,
    steps: Sequence[Step] = (),
    runs: Sequence[RunRecord] = (),
    changes: Sequence[RunChange] = (),
    changed_by: RunRecord | None = None,
    answers_kept: Sequence[str] = (),
) -> Situation:
    """The situation at `now`, which carries a zone. Raises KeyError for a period that the calendar does not know."""
    provinces = find_progress(catalogue, period_code, marts, now.astimezone(VIETNAM).date())
    known = {unit: legal_text(text) for unit, text in contacts.items()}
    return Situation(
        catalogue,
        catalogue.calendar[period_code],
        now,
        provinces,
        order_by_impact(marts["findings"]),
        tuple(Call(p, known.get(p.province_id, ""), say_reason(p)) for p in provinces_to_call(provinces)),
        known,
        standing,
        closing,
        tuple(steps),
        tuple(runs),
        tuple(changes),
        changed_by,
        tuple(answers_kept),
        find_banner(marts),
    )


def order_by_impact(findings: Sequence[Row]) -> tuple[Row, ...]:
    """The open findings, gravest first, of equal gravity by how much they would change at the meeting."""
    several = (row for row in findings if is_open(row))
    return tuple(
        sorted(
            several,
            key=lambda row: (
                SEVERITY_ORDER.get(row["severity"], 3),
                -(row["impact_weight"] or 0),
                row["rule_code"] == "required_present",
                row["position"],
            ),
        )
    )
