"""Closing a half-year: the office is asked about one very state, a person decides, the state is sealed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from catalogue.model import Catalogue
from flows.closing.question import (
    ClosingError,
    Marts,
    Question,
    StateChangedError,
    Step,
    check_word,
    refuse_idle,
    refuse_other,
    refuse_undecided,
    standing_findings,
    step_for,
)
from flows.closing.sealing import Sealed
from flows.closing.standings import is_state
from flows.home_lock import one_at_a_time
from flows.runs.period_run import PeriodRun, carry_out
from flows.runs.publishing import publish_warehouse
from flows.settings import Settings
from flows.shares.settings import find_shares
from flows.telling.run_log import KeptRun, find_flow_run, kept_run
from flows.telling.run_page import refresh_run_page
from flows.word import Word
from transforms.operation import ClosingEvent, RunState, digest_figures, digest_findings
from warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision came to; `sealed` is None where the office waits."""

    event: ClosingEvent
    sealed: Sealed | None


class Closer:
    """The closing of one period of one home; every call holds the home for its own time.

    `root` and `shares_file` say where the provinces file, as for a run.
    """

    def __init__(
        self,
        settings: Settings,
        catalogue: Catalogue,
        period_code: str,
        root: Path | None = None,
        shares_file: Path | None = None,
    ) -> None:
        self.settings = settings
        self.catalogue = catalogue
        self.period_code = period_code
        self.root = root or settings.returns
        self.shares_file = shares_file if root is not None else find_shares(settings, shares_file, None)

    def ask(self, now: dt.datetime) -> Question:
        """Collects as a run does, and records that the office is asked about what came of it.

        Nothing is recorded where the same question waits already, or these figures are sealed. What was approved and
        not sealed yet, because a run was killed, is sealed on the way.
        """
        with self._opened(now) as warehouse, kept_run(warehouse, "close", self.period_code) as kept:
            with self._run(warehouse, now) as run:
                carry_out(run)
            question = self._ask(warehouse, run.marts, now)
            _note(kept, run, question)
        return question

    def look(self) -> Question:
        """The question as it stands in the warehouse, without collecting."""
        if not self.settings.warehouse.is_file():
            raise ClosingError(
                f"chưa có kho dữ liệu ở “{self.settings.home}”; chạy trước: thidua close {self.period_code}"
            )
        with self._opened() as warehouse:
            return self._stands(warehouse)

    def decide(self, step: Step, word: Word, closing_id: str = "") -> Decided:
        """Takes a person's decision about the question that waits, and seals what is approved.

        The question is the one that `closing_id` names, else the one that waits now. The period is collected once more:
        where it is not the very state that was asked about, or another question waits by now, StateChangedError is
        raised, and what is then to be asked is recorded. While findings stand open that must be mended or looked at,
        only publish_noted approves; where none does, it counts as publish. Raises ClosingError.
        """
        check_word(step, word)
        question = self.look()
        refuse_idle(question)
        refuse_other(question, closing_id)
        closing_id = question.closing_id
        if step == "wait":
            return self._wait(word, closing_id)
        step_for(question, step)  # what cannot be approved as it lies there is refused before anything is collected
        with self._opened(word.decided_at) as warehouse, kept_run(warehouse, "close", self.period_code) as kept:
            with self._run(warehouse, word.decided_at) as run:
                made = self._approve(warehouse, run, step, word, closing_id)
            kept.finish(*_say(made), **_counts(run))
        if isinstance(made, ClosingError):
            raise made
        return made

    def _approve(
        self, warehouse: Warehouse, run: PeriodRun, step: Step, word: Word, closing_id: str
    ) -> Decided | ClosingError:
        """Collects, records and seals; a refusal is no failure of the run, so it is handed back."""
        carry_out(run)
        question = Question(self.period_code, warehouse.closings(self.period_code), run.marts)
        try:
            refuse_idle(question)
            refuse_other(question, closing_id)
            if not is_state(question.closing.asked, run.marts):
                return self._ask_anew(warehouse, question, word.decided_at)
            event = self._record(warehouse, question, step_for(question, step), word)
        except ClosingError as refusal:
            return refusal
        run.publish()
        run.share()
        assert run.sealed is not None  # the state was compared a moment ago, under the home's lock
        return Decided(event, run.sealed)

    def reopen(self, word: Word) -> ClosingEvent:
        """Takes a decision back: the seal stays where it is, but the tables are a draft again.

        Raises ClosingError where nothing is decided.
        """
        check_word("wait", word)
        refuse_undecided(self.look())
        with self._opened(word.decided_at) as warehouse, kept_run(warehouse, "close", self.period_code) as kept:
            question = self._stands(warehouse)
            refuse_undecided(question)
            event = self._record(warehouse, question, "reopened", word)
            with self._run(warehouse, word.decided_at) as run:
                carry_out(run)
            kept.finish("completed", f"Đã mở lại kỳ ({word.decided_by}, chưa xác minh): {word.reason}")
        return event

    def _wait(self, word: Word, closing_id: str) -> Decided:
        with self._opened(word.decided_at) as warehouse:
            question = self._stands(warehouse)
            refuse_idle(question)  # somebody may have approved while this waited for its turn
            refuse_other(question, closing_id)
            event = self._record(warehouse, question, "wait", word)
        return Decided(event, None)

    def _stands(self, warehouse: Warehouse) -> Question:
        return Question(self.period_code, warehouse.closings(self.period_code), warehouse.marts(self.period_code))

    def _ask(self, warehouse: Warehouse, marts: Marts, now: dt.datetime) -> Question:
        """The question about a state; recorded unless it waits already or there is nothing to ask."""
        question = Question(self.period_code, warehouse.closings(self.period_code), marts)
        closing = question.closing
        if question.is_final or (closing.is_pending and is_state(closing.asked, marts)):
            return question
        event = ClosingEvent(
            closing_id=uuid.uuid4().hex[:12],
            period_code=self.period_code,
            step="asked",
            figures_digest=digest_figures(marts),
            findings_digest=digest_findings(marts),
            happened_at=now,
            flow_run_id=find_flow_run()[0],
        )
        warehouse.add_closing(event)
        return Question(self.period_code, warehouse.closings(self.period_code), marts, is_new=True)

    def _ask_anew(self, warehouse: Warehouse, old: Question, now: dt.datetime) -> StateChangedError:
        from flows.closing.report import say_what_came_between

        changes = say_what_came_between(old, warehouse.rulings())
        question = self._ask(warehouse, old.marts, now)
        return StateChangedError(
            f"số liệu hoặc phát hiện đã đổi từ lúc xin ý kiến nên chưa duyệt gì: {changes}", question
        )

    def _record(
        self,
        warehouse: Warehouse,
        question: Question,
        step: Literal["publish", "publish_noted", "wait", "reopened"],
        word: Word,
    ) -> ClosingEvent:
        about = question.closing.asked or question.closing.seal
        assert about is not None
        event = replace(
            about,
            step=step,
            happened_at=word.decided_at,
            decided_by=word.decided_by,
            reason=word.reason,
            flow_run_id=find_flow_run()[0],
            seal_no=None,
            manifest_hash="",
        )
        warehouse.add_closing(event)
        return event

    def _run(self, warehouse: Warehouse, now: dt.datetime) -> PeriodRun:
        return PeriodRun(self.settings, self.catalogue, warehouse, self.period_code, self.root, now, self.shares_file)

    @contextmanager
    def _opened(self, now: dt.datetime | None = None) -> Iterator[Warehouse]:
        """The warehouse under the home's lock; with `now`, copy and run page afterwards say how the closing stands."""
        self.settings.home.mkdir(parents=True, exist_ok=True)
        with one_at_a_time(self.settings), Warehouse.open(self.settings.warehouse) as warehouse:
            try:
                yield warehouse
                if now is not None:
                    publish_warehouse(warehouse, self.settings)
            finally:
                if now is not None:
                    refresh_run_page(self.settings, self.catalogue, warehouse, self.period_code, now)


def _say(made: Decided | ClosingError) -> tuple[RunState, str]:
    if isinstance(made, ClosingError):
        return "waiting", f"Chưa duyệt: {made}"
    seal_no = made.sealed.seal_no if made.sealed is not None else 0
    return "completed", f"{made.event.decided_by} (chưa xác minh) đã duyệt; đã niêm phong bản số {seal_no}."


def _counts(run: PeriodRun) -> dict[str, Any]:
    findings = standing_findings(run.marts)
    critical = sum(row["severity"] == "critical" for row in findings)
    return {"new_files": len(run.decision.new), "open_critical": critical, "open_warning": len(findings) - critical}


def _note(kept: KeptRun, run: PeriodRun, question: Question) -> None:
    counts = _counts(run)
    if run.sealed is not None:
        kept.finish("completed", f"Niêm phong nốt bản số {run.sealed.seal_no} đã được duyệt.", **counts)
    elif question.is_final:
        kept.finish("nothing_new", "Kỳ đã chốt, số liệu không đổi.", **counts)
    else:
        kept.finish("waiting", "Chờ người của văn phòng quyết định.", **counts)
