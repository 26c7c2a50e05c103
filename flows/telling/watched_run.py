"""A run of collecting that is noted in our log, told on the run page, and compared with the run before it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flows.runs.outcome import Outcome, say_outcome
from flows.telling.period_state import PeriodState, load_state, observe, save_state
from flows.telling.run_changes import find_changes
from flows.telling.run_log import KeptRun, kept_run
from flows.telling.run_page import look_around, refresh_run_page, write_run_page

if TYPE_CHECKING:
    from flows.runs.period_run import PeriodRun
    from publications.office.situation import Situation

PROGRESS = logging.getLogger("thidua.progress")


class WatchedRun:
    """What is known of a run after its block: what it came to, and the situation it leaves; None where it failed."""

    def __init__(self) -> None:
        self.outcome: Outcome | None = None
        self.situation: Situation | None = None


@contextmanager
def watched_run(run: PeriodRun) -> Iterator[WatchedRun]:
    """Wraps all steps of a run, under the home's lock.

    However it ends, that is noted and the run page says so. What changed is told against the last run that ended,
    so what a killed run had loaded is told by the next.
    """
    watched = WatchedRun()
    before = _seen_before(run)
    try:
        with kept_run(run.warehouse, "collect", run.period_code) as kept:
            yield watched
            watched.outcome = run.outcome()
            after = observe(run.catalogue, run.period_code, run.marts)
            _finish(run, kept, watched.outcome, before, after)
    except Exception:
        refresh_run_page(run.settings, run.catalogue, run.warehouse, run.period_code, run.now)
        raise
    if after != load_state(run.settings, run.period_code):
        save_state(run.settings, run.period_code, after)
    watched.situation = _show(run)


def _seen_before(run: PeriodRun) -> PeriodState | None:
    """What the last run saw; without its note, what the warehouse holds before this one judges."""
    kept = load_state(run.settings, run.period_code)
    if kept is not None or run.warehouse.current_assessment(run.period_code) is None:
        return kept
    return observe(run.catalogue, run.period_code, run.warehouse.marts(run.period_code))


def _finish(run: PeriodRun, kept: KeptRun, outcome: Outcome, before: PeriodState | None, after: PeriodState) -> None:
    changes = find_changes(run.catalogue, run.period_code, before, after)
    message = say_outcome(outcome)
    if changes and not outcome.had_work:
        message = f"Làm tiếp lượt bị ngắt trước đó: {message}"
    kept.finish(
        "completed" if outcome.had_work or changes else "nothing_new",
        message,
        new_files=len(outcome.new_files),
        open_critical=outcome.count("critical"),
        open_warning=outcome.count("warning"),
        changes=changes,
    )


def _show(run: PeriodRun) -> Situation | None:
    """Writes the run page; a failure is told, and does not undo the run."""
    try:
        situation = look_around(run.settings, run.catalogue, run.warehouse, run.period_code, run.now, run.marts)
        write_run_page(run.settings, situation)
    except Exception:
        PROGRESS.warning("Không ghi được trang vận hành kỳ %s", run.period_code, exc_info=True)
        return None
    return situation
