"""A whole home out of a history: every half-year collected when it was due, and again when files came later."""

from __future__ import annotations

import datetime as dt
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from catalogue.model import Catalogue
from examples.history.overlay import open_catalogue
from examples.history.sending import VIETNAM
from examples.history.writing import CATALOGUE, MARK, Received, read_received

INBOX = "inbox"
DUE_TIME = dt.time(17, 0)
LEEWAY = dt.timedelta(hours=1)  # what arrives within it is collected at once


@dataclass(frozen=True)
class Run:
    """One run over one half-year: at its moment all files that have arrived by then lie in the inbox."""

    period_code: str
    at: dt.datetime
    arrived: tuple[Received, ...]


def plan_runs(catalogue: Catalogue, received: Iterable[Received]) -> list[Run]:
    """All runs by their moments: one when a half-year is due, one for each later arrival."""
    by_period: dict[str, list[Received]] = {}
    for row in received:
        by_period.setdefault(row.period_code, []).append(row)
    runs = [run for code, rows in by_period.items() for run in _plan_period(catalogue, code, rows)]
    return sorted(runs, key=lambda run: (run.at, run.period_code))


def _plan_period(catalogue: Catalogue, period_code: str, rows: list[Received]) -> Iterator[Run]:
    due = dt.datetime.combine(catalogue.calendar[period_code].due_on, DUE_TIME, VIETNAM)
    waiting = sorted(rows, key=lambda row: row.received_at)
    at = due
    while waiting:
        arrived = tuple(row for row in waiting if row.received_at <= at)
        if arrived or at == due:
            yield Run(period_code, at, arrived)
        waiting = [row for row in waiting if row.received_at > at]
        at = waiting[0].received_at + LEEWAY if waiting else at


def build_home(history: Path, home: Path, tell: Callable[[str], None] = print) -> list[tuple[Run, float]]:
    """Collects a history into a home, run by run; returns each run with its seconds.

    A home that was built from it before is continued, and nothing in it is done twice. Raises ValueError for a home
    that holds anything else: synthetic and real data are never mixed.
    """
    _claim(history, home)
    from flows.period_run import collect
    from flows.settings import Settings

    settings = Settings(home=home, catalogue=history.resolve() / CATALOGUE)
    done = []
    for run in plan_runs(open_catalogue(settings.catalogue), read_received(history)):
        started = time.perf_counter()
        root = _arrive(history, home, run)
        outcome = collect(settings, run.period_code, root, run.at)
        done.append((run, time.perf_counter() - started))
        what = f"{len(run.arrived)} tệp" if outcome.had_work else "đã có"
        tell(f"{run.at:%Y-%m-%d %H:%M} {run.period_code}: {what}, {done[-1][1]:.1f} s")
    return done


def _claim(history: Path, home: Path) -> None:
    """Marks the home as a synthetic one of this very history; refuses any other."""
    mark, mine = home / MARK, (history / MARK).read_text(encoding="utf-8")
    if home.exists() and any(home.iterdir()) and (not mark.exists() or mark.read_text(encoding="utf-8") != mine):
        raise ValueError(
            f"{home} holds other data than this synthetic history; name an empty home, or take this one away"
        )
    home.mkdir(parents=True, exist_ok=True)
    mark.write_text(mine, encoding="utf-8")


def _arrive(history: Path, home: Path, run: Run) -> Path:
    """Puts the files that arrived into the inbox of the half-year, with their times; returns it."""
    root = home / INBOX / run.period_code
    root.mkdir(parents=True, exist_ok=True)
    for row in run.arrived:
        source = history / row.file
        target = home / INBOX / row.file
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            shutil.copy2(source, target)
    return root
