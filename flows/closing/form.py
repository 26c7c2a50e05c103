"""The form that the Prefect page shows while a closing waits for a person."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

import pydantic
from prefect.input import RunInput
from pydantic import ConfigDict, Field

from flows.closing.question import Question, Step
from flows.word import Word

PUBLISH = "Công bố"
PUBLISH_NOTED = "Công bố kèm ghi chú các phát hiện còn mở"
WAIT = "Để chờ"
STEPS: dict[str, Step] = {PUBLISH: "publish", PUBLISH_NOTED: "publish_noted", WAIT: "wait"}
FILLED: dict[str, Any] = {"minLength": 1, "pattern": r"\S"}


class DecisionForm(RunInput):
    """What a person answers. What must be filled in is said in the schema, which the server checks at once; here a
    form is read leniently, so that what was sent before a restart never fails to be read again."""

    model_config = ConfigDict(extra="ignore", title="Quyết định chốt số liệu")

    decision: str = Field(default="", title="Quyết định")
    full_name: str = Field(default="", title="Họ và tên người quyết định")
    reason: str = Field(default="", title="Lý do")

    @property
    def step(self) -> Step | None:
        """The decision as it is recorded; None where it is none of those on the form."""
        return STEPS.get(self.decision)

    def word(self, now: dt.datetime) -> Word:
        """Who decides and why, in one line each."""
        return Word(" ".join(self.full_name.split()), " ".join(self.reason.split()), now)


def form_for(question: Question, description: str) -> type[DecisionForm]:
    """The form of one question: only what can be decided can be chosen, and the reason is needed where it is."""
    has_findings = bool(question.standing_findings)
    choices = [PUBLISH_NOTED, WAIT] if has_findings else [PUBLISH, WAIT]
    fields: dict[str, Any] = {
        "decision": (
            str,
            Field(
                title="Quyết định",
                description=_explain(len(question.standing_findings)),
                json_schema_extra=cast(Any, {"enum": choices}),
            ),
        ),
        "full_name": (
            str,
            Field(
                title="Họ và tên người quyết định",
                description="Bắt buộc. Được lưu là “chưa xác minh”: trang này không biết ai đang dùng.",
                json_schema_extra=dict(FILLED),
            ),
        ),
        "reason": (str, _reason_field(has_findings)),
    }
    form: type[DecisionForm] = pydantic.create_model("DecisionForm", __base__=DecisionForm, **fields)
    return form.with_initial_data(description=description)


def _explain(findings: int) -> str:
    """What each answer does, and why one of the three is not on the list."""
    wait = f"“{WAIT}”: bảng vẫn mang chữ “dự thảo”, lượt sau hỏi lại."
    if findings:
        return (
            f"“{PUBLISH_NOTED}”: niêm phong ngay, {findings} phát hiện được liệt kê trong bảng. {wait} "
            f"“{PUBLISH}” không ghi chú chỉ có trong danh sách khi không còn phát hiện nào mở."
        )
    return f"“{PUBLISH}”: niêm phong ngay số liệu này, không còn phát hiện nào phải ghi chú. {wait}"


def _reason_field(has_findings: bool) -> Any:
    """Required by the schema where it always is, so that the page does not call it optional."""
    if has_findings:
        words = "Bắt buộc; được lưu và in trong ghi chú của bảng."
        return Field(title="Lý do", description=words, json_schema_extra=dict(FILLED))
    return Field(default="", title="Lý do", description="Bắt buộc khi để chờ.")
