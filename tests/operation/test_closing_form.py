"""The form that a closing shows: what the office reads above it and beside its fields."""

from __future__ import annotations

import pytest
from desk import Desk
from office import PERIOD

from catalogue import load_catalogue
from flows.closing.form import PUBLISH, PUBLISH_NOTED, WAIT, form_for
from flows.closing.question import Question
from flows.closing.report import question_markdown

pytestmark = pytest.mark.slow


@pytest.fixture
def question(judged: Desk) -> Question:
    return judged.closer.look()


def test_what_is_needed_is_not_called_optional_by_the_page(
    question: Question,
) -> None:
    schema = form_for(question, "").model_json_schema()
    assert schema["required"] == ["decision", "full_name", "reason"]
    clean = Question(PERIOD, question.events, {**question.marts, "findings": []})
    assert form_for(clean, "").model_json_schema()["required"] == ["decision", "full_name"]


def test_each_answer_is_explained_also_the_one_that_cannot_be_given(question: Question) -> None:
    decision = form_for(question, "").model_json_schema()["properties"]["decision"]
    assert decision["enum"] == [PUBLISH_NOTED, WAIT]
    for answer in (PUBLISH, PUBLISH_NOTED, WAIT):
        assert f"“{answer}”" in decision["description"]
    assert "khi không còn phát hiện nào mở" in decision["description"]


def test_the_text_fits_the_narrow_form(judged: Desk, question: Question) -> None:
    text = question_markdown(load_catalogue(judged.settings.catalogue), judged.settings, question)
    tables = [line for line in text.splitlines() if line.startswith("| ")]
    assert tables[0] == "| Tỉnh | Trạng thái | Số liệu nhận/cần |" and len(tables) == 2 + 9
    assert "ô bắt buộc để trống ở" in text and "để trống." not in text, "blanks are one line"
    assert text.index("Phát hiện còn mở") < text.index("kèm ghi chú") < text.index(tables[0])
