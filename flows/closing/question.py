"""The question of a closing: what a person has to decide, and which decisions there are."""

from __future__ import annotations

from typing import Any, Literal

from flows.closing.standings import APPROVALS, approval_of
from flows.word import Word
from transforms.operation import Closing, ClosingEvent, digest_figures, follow_closing

Step = Literal["publish", "publish_noted", "wait"]
Marts = dict[str, list[dict[str, Any]]]


class ClosingError(Exception):
    """A decision that cannot be taken as it was given; the message says why and what to do, in Vietnamese."""


class StateChangedError(ClosingError):
    """What was asked about is no more; `question` is the new one, already recorded."""

    def __init__(self, message: str, question: Question) -> None:
        super().__init__(message)
        self.question = question


class Question:
    """What a person has to decide: the state of a period, and how far its closing has come.

    A plain object, which Prefect does not walk. `is_new` says that it was asked just now.
    """

    def __init__(self, period_code: str, events: list[ClosingEvent], marts: Marts, is_new: bool = False) -> None:
        self.period_code = period_code
        self.events = events
        self.closing: Closing = follow_closing(events)
        self.marts = marts
        self.is_new = is_new

    @property
    def is_final(self) -> bool:
        """Whether there is nothing to decide: these figures are sealed already."""
        return self.closing.is_final(digest_figures(self.marts))

    @property
    def closing_id(self) -> str:
        return self.closing.asked.closing_id if self.closing.asked is not None else ""

    @property
    def standing_findings(self) -> list[dict[str, Any]]:
        """The open findings that an approval would have to take note of, by what they would change at the meeting."""
        return standing_findings(self.marts)

    @property
    def approval(self) -> ClosingEvent | None:
        """Who approved the seal in force."""
        return approval_of(self.events, self.closing.seal)


def check_word(step: str, word: Word) -> None:
    """Raises ClosingError where a name, or a reason that is needed, is missing."""
    if not word.decided_by.strip():
        raise ClosingError("phải ghi họ và tên người quyết định")
    if step != "publish" and not word.reason.strip():
        raise ClosingError("phải ghi lý do (chỉ khi duyệt mà không còn phát hiện nào thì mới để trống được)")


def refuse_idle(question: Question) -> None:
    """Raises ClosingError where nothing waits for a decision, saying how it stands."""
    closing, code = question.closing, question.period_code
    if closing.is_pending and not question.is_final:
        return
    if question.is_final and question.approval is not None and closing.seal is not None:
        by = question.approval.decided_by
        raise ClosingError(
            f"kỳ {code} đã chốt rồi: bản số {closing.seal.seal_no}, người duyệt {by}; mở lại: thidua reopen {code}"
        )
    if closing.is_to_seal and closing.decision is not None:
        raise ClosingError(
            f"kỳ {code} đã được {closing.decision.decided_by} duyệt, đang chờ niêm phong; chạy: thidua close {code}"
        )
    raise ClosingError(f"chưa xin ý kiến về kỳ {code}; xem trước những gì phải quyết định bằng: thidua close {code}")


def refuse_other(question: Question, closing_id: str) -> None:
    """Raises StateChangedError where a decision names another question than the one that waits; "" names none."""
    if not closing_id or closing_id == question.closing_id:
        return
    if any(event.closing_id == closing_id for event in question.events):
        raise StateChangedError(
            f"câu hỏi {closing_id} đã được thay bằng câu hỏi mới {question.closing_id}, vì số liệu hoặc phát hiện đã "
            "đổi; xem lại rồi quyết định câu mới",
            question,
        )
    raise ClosingError(f"kỳ {question.period_code} không có câu hỏi nào mang mã {closing_id}; xem: thidua close")


def refuse_undecided(question: Question) -> None:
    """Raises ClosingError where there is no decision that could be taken back."""
    closing = question.closing
    if closing.decision is None and (closing.seal is None or not closing.seal.figures_digest):
        raise ClosingError(f"kỳ {question.period_code} chưa có quyết định nào để mở lại")


def step_for(question: Question, step: Step) -> Step:
    """The decision as it is recorded; raises ClosingError where it does not fit the findings that stand open."""
    findings = question.standing_findings
    if step == "publish" and findings:
        critical = sum(r["severity"] == "critical" for r in findings)
        raise ClosingError(
            f"còn {critical} phát hiện “Phải sửa” và {len(findings) - critical} “Cần xem lại” chưa khép lại; chỉ công "
            f"bố được kèm ghi chú các phát hiện đó (thidua approve {question.period_code} --with-findings), hoặc để chờ"
        )
    return "publish" if step in APPROVALS and not findings else step


def standing_findings(marts: Marts) -> list[dict[str, Any]]:
    """Open findings that must be mended or looked at, by what they would change at the meeting."""
    rows = [row for row in marts["findings"] if row["status"] == "open" and row["severity"] != "info"]
    return sorted(rows, key=lambda row: (row["severity"] != "critical", -(row["impact_weight"] or 0)))
