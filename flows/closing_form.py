"""The form that the Prefect page shows while a closing waits for a person."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

import pydantic
from prefect.input import RunInput
from pydantic import ConfigDict, Field

from flows.question import Question, Step, Word

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
    reason = "Bắt buộc; được lưu và in trong ghi chú của bảng." if has_findings else "Bắt buộc khi để chờ."
    fields: dict[str, Any] = {
        "decision": (
            str,
            Field(
                title="Quyết định",
                description="“Công bố” không kèm ghi chú chỉ chọn được khi không còn phát hiện nào mở."
                if has_findings
                else "Công bố thì niêm phong ngay số liệu này.",
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
        "reason": (
            str,
            Field(
                default="", title="Lý do", description=reason, json_schema_extra=dict(FILLED) if has_findings else {}
            ),
        ),
    }
    form: type[DecisionForm] = pydantic.create_model("DecisionForm", __base__=DecisionForm, **fields)
    return form.with_initial_data(description=description)
