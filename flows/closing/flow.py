"""The Prefect flow that closes a half-year: asks, waits for a person as long as it takes, seals."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact
from prefect.context import FlowRunContext
from prefect.flow_runs import suspend_flow_run
from prefect.input.run_input import keyset_from_base_key
from prefect.runtime import flow_run

from catalogue import Catalogue, load_catalogue
from flows.alarms.troubles import IDLE
from flows.closing.closer import Closer, Decided
from flows.closing.form import DecisionForm, form_for
from flows.closing.question import ClosingError, Question, StateChangedError
from flows.closing.report import question_markdown, say_standing
from flows.closing.waiting_runs import end_waiting, find_inputs, find_waiting, mark_run, period_of
from flows.local_time import today
from flows.runs.missed_runs import take_missed
from flows.runs.season_work import end_well, find_work, name_run
from flows.settings import Settings, find_settings, keep_silent

PATIENCE = dt.timedelta(weeks=8)  # a form that nobody answers; the question itself waits in the warehouse for ever
HOW_TO_ANSWER = (
    "Kỳ %s chờ quyết định: bấm Resume ở góc trên bên phải để mở biểu mẫu (hoặc dùng lệnh: thidua close %s). "
    "Trong lúc chờ không có gì chạy và bảng vẫn mang chữ “dự thảo”."
)
NOT_CHOSEN = "hãy chọn một quyết định trong danh sách"


def _name_run() -> str:
    resumed = period_of(flow_run.get_tags())
    return f"Chốt kỳ · {resumed}" if resumed else name_run("Chốt kỳ")


@flow(name="dong-ky", flow_run_name=_name_run, persist_result=False)
def close_period(period_code: str | None = None, home: str | None = None, catalogue_folder: str | None = None) -> Any:
    """Asks the office to approve one half-year, waits for its answer on the page, and seals what is approved.

    Without a period it is the one of which the calendar has come from the closing day to the meeting; on other days
    nothing is done. While it waits, nothing runs. An answer starts it again from here; the question, which lies in the
    warehouse, is then not asked anew, and nothing is collected but once, to see that the state is still the same.
    """
    keep_silent()
    settings = find_settings(home, catalogue_folder)
    catalogue = load_catalogue(settings.catalogue)
    period = period_of(flow_run.get_tags())
    is_resumed = bool(period)  # what marks a run is written when it is about to wait
    if not is_resumed:
        take_missed()
        period, reason = find_work(catalogue, period_code, "closing", today())
        if reason:
            return end_well(reason, name=IDLE)
    closer = Closer(settings, catalogue, period)
    question = closer.look() if is_resumed else closer.ask(dt.datetime.now(dt.UTC))
    return end_well(_Conversation(settings, catalogue, closer, question).hold())


class _Conversation:
    """The questions and answers of one flow run; a plain object, which Prefect does not walk."""

    def __init__(self, settings: Settings, catalogue: Catalogue, closer: Closer, question: Question) -> None:
        context = FlowRunContext.get()
        assert context is not None and context.flow_run is not None
        self.flow_run = context.flow_run
        self.settings = settings
        self.catalogue = catalogue
        self.closer = closer
        self.question = question
        self.attempt = 0  # how many answers to this question could not be taken

    def hold(self) -> str:
        """Asks until there is an answer that can be taken; returns what came of it. Leaves the process to wait."""
        trouble = ""
        while self.question.closing.is_pending and not self.question.is_final:
            other = self._other_waiting()
            if other:
                return other
            form = self._wait_for_answer(trouble)
            try:
                return self._take(form)
            except StateChangedError as changed:
                self.question, trouble, self.attempt = changed.question, str(changed), 0
            except ClosingError as refused:
                now, trouble = self.closer.look(), str(refused)
                self.attempt = self.attempt + 1 if now.closing_id == self.question.closing_id else 0
                self.question = now
            get_run_logger().warning("Chưa nhận quyết định: %s", trouble)
        self._end_others("Không còn phải quyết định câu này.")
        return say_standing(self.catalogue, self.question)

    def _other_waiting(self) -> str:
        """That another run waits for this very question; one that waits for an older question is ended."""
        ids = {event.closing_id for event in self.question.events} - {self.question.closing_id}
        end_waiting(ids, "Số liệu đã đổi; câu hỏi mới nằm ở lượt chạy sau.", self.flow_run.id)
        found = find_waiting([self.question.closing_id], self.flow_run.id).get(self.question.closing_id)
        return f"Lượt “{found[0].name}” đang chờ quyết định này trên trang Prefect." if found else ""

    def _wait_for_answer(self, trouble: str) -> DecisionForm:
        """The answer, if it was given; else leaves the process here, to be started again with it.

        What the server keeps is looked up first: of a run that was started again after it had ended, Prefect forgets
        that it was suspended, but keeps its forms, and refuses to keep another under the same key.
        """
        question = self.question.closing_id
        kept = find_inputs(self.flow_run.id, f"suspended-{question}-")
        while True:
            keys = keyset_from_base_key(f"suspended-{question}-{self.attempt}")
            if keys["response"] in kept:
                return cast(DecisionForm, DecisionForm.load(keys, flow_run_id=self.flow_run.id))
            if keys["schema"] not in kept:
                return self._suspend(trouble, f"{question}-{self.attempt}")
            self.attempt += 1  # a form that was shown, and can no longer be answered

    def _suspend(self, trouble: str, key: str) -> DecisionForm:
        period = self.closer.period_code
        text = question_markdown(self.catalogue, self.settings, self.question, trouble)
        mark_run(self.flow_run.id, self.flow_run.tags, period, self.question.closing_id)
        title = f"Chờ quyết định · {period}"
        create_markdown_artifact(markdown=text, key=f"chot-ky-{period.lower()}", description=title)
        form = form_for(self.question, text)
        get_run_logger().info(HOW_TO_ANSWER, period, period)
        return suspend_flow_run(wait_for_input=form, timeout=int(PATIENCE.total_seconds()), key=key)

    def _take(self, form: DecisionForm) -> str:
        if form.step is None:
            raise ClosingError(NOT_CHOSEN)
        made = self.closer.decide(form.step, form.word(dt.datetime.now(dt.UTC)), self.question.closing_id)
        self._end_others(f"{made.event.decided_by} (chưa xác minh) đã quyết định ở lượt khác.")
        return _say(made)

    def _end_others(self, message: str) -> None:
        end_waiting({event.closing_id for event in self.question.events}, message, self.flow_run.id)


def _say(made: Decided) -> str:
    who = f"{made.event.decided_by} (chưa xác minh)"
    if made.sealed is None:
        return f"{who} để chờ: {made.event.reason}"
    return (
        f"{who} đã duyệt; niêm phong bản số {made.sealed.seal_no}: {made.sealed.folder} ({made.sealed.manifest_hash})"
    )
