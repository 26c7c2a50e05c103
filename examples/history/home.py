"""A whole home out of a history: every half-year collected when it was due, and again when files came later."""

from __future__ import annotations

import datetime as dt
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from catalogue.model import Catalogue
from examples.history.overlay import open_catalogue
from examples.history.sending import VIETNAM
from examples.history.spans import SEED, list_periods
from examples.history.writing import CATALOGUE, MARK, Received, read_received, write_history

if TYPE_CHECKING:
    from flows.reading.pool import ReadingPool
    from flows.settings import Settings
    from warehouse import Warehouse

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


def build_history(
    home: Path,
    periods: Iterable[str] = list_periods(),
    seed: int = SEED,
    publishes: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> list[tuple[Run, float]]:
    """A home of some half-years, quickly: by default no tables, pages and answers, only the analysts' copy.

    The files lie in the folder `HOME-files` beside it. What else it promises, `build_home` does.
    """
    files = home.with_name(f"{home.name}-files")
    write_history(files, seed, periods, tell=tell)
    return build_home(files, home, tell, publishes)


def build_home(
    history: Path, home: Path, tell: Callable[[str], None] = print, publishes: bool = True
) -> list[tuple[Run, float]]:
    """Collects a history into a home, run by run; returns each run with its seconds.

    Versions and judgements are those of every run; tables, pages and answers are made with the last run of a half-year,
    or not at all. The analysts' copy is put in place at the end. A home that was built from it before is continued, and
    nothing in it is done twice. Raises ValueError for a home that holds anything else: synthetic and real data are
    never mixed.
    """
    _claim(history, home)
    from flows.home_lock import one_at_a_time
    from flows.reading.pool import ReadingPool
    from flows.runs.publishing import publish_warehouse
    from flows.settings import Settings
    from warehouse import Warehouse

    settings = Settings(home=home, catalogue=history.resolve() / CATALOGUE)
    catalogue = open_catalogue(settings.catalogue)
    runs = plan_runs(catalogue, read_received(history))
    last = {run.period_code: run for run in runs}
    done = []
    with (
        one_at_a_time(settings),
        Warehouse.open(settings.warehouse) as warehouse,
        ReadingPool(settings.catalogue) as pool,
    ):
        for run in runs:
            started = time.perf_counter()
            is_published = publishes and run is last[run.period_code]
            had_work = _collect((settings, catalogue, warehouse), run, _arrive(history, home, run), pool, is_published)
            done.append((run, time.perf_counter() - started))
            what = f"{len(run.arrived)} tệp" if had_work else "đã có"
            tell(f"{run.at:%Y-%m-%d %H:%M} {run.period_code}: {what}, {done[-1][1]:.1f} s")
        publish_warehouse(warehouse, settings)
    return done


def _collect(
    of_home: tuple[Settings, Catalogue, Warehouse], run: Run, root: Path, pool: ReadingPool, is_published: bool
) -> bool:
    """One run; whether it had anything to judge."""
    from flows.runs.period_run import PeriodRun, carry_out, take_in
    from flows.telling.watched_run import watched_run

    with PeriodRun(*of_home, run.period_code, root, run.at, pool=pool) as one:
        if not is_published:
            take_in(one)
        else:
            with watched_run(one):
                carry_out(one)
        return not one.is_judged


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
