"""A half-year is closed by a decision about one very state; until then, and after corrections, tables are a draft."""

from __future__ import annotations

import datetime as dt
import json
import shlex
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest
from click.testing import CliRunner
from desk import BY, WHY, Desk, tables_of
from office import PERIOD

from flows.closing.closer import Closer
from flows.closing.question import ClosingError, Question, StateChangedError, check_word, step_for
from flows.closing.seal_folder import verify
from flows.command_line import cli
from flows.home_lock import one_at_a_time
from flows.word import Word
from transforms.operation import ClosingEvent
from warehouse import Warehouse

NOON = dt.datetime(2021, 7, 15, 5, tzinfo=dt.UTC)


def test_tables_are_a_draft_until_their_very_figures_are_sealed(desk: Desk) -> None:
    assert "DỰ THẢO" in desk.workbook_text()
    question = desk.ask()
    assert question.is_new and question.closing.is_pending and desk.steps() == ["asked"]
    assert not desk.ask().is_new and desk.steps() == ["asked"], "the same question is asked once"
    assert "DỰ THẢO" in desk.workbook_text()
    made = desk.decide()
    assert desk.steps() == ["asked", "publish_noted", "sealed"]
    assert made.sealed is not None and made.sealed.folder == desk.seal and not verify(desk.seal)
    text = desk.workbook_text()
    assert "DỰ THẢO" not in text and f"{BY} (tên tự ghi, chưa xác minh)" in text and WHY in text
    assert "Ghi nhận 1" in text, "what stood open is listed as noted"
    assert tables_of(desk.published) == tables_of(desk.seal / "bang")
    assert not desk.run().had_work and desk.ask().is_final
    assert desk.steps() == ["asked", "publish_noted", "sealed"], "what is sealed is not asked about again"


def test_approval_is_kept_with_who_why_and_that_nobody_verified_it(sealed: Desk) -> None:
    approval = json.loads((sealed.seal / "phe-duyet.json").read_bytes())
    assert (approval["decided_by"], approval["reason"], approval["step"]) == (BY, WHY, "publish_noted")
    assert "chưa xác minh" in approval["identity"]
    severities = {row["severity"] for row in approval["noted_findings"]}
    assert severities == {"critical", "warning"}
    assert "sha256sum -c SHA256SUMS" in (sealed.seal / "DOC-TOI.txt").read_text(encoding="utf-8")


def test_what_cannot_be_decided_is_refused_and_nothing_is_recorded(desk: Desk) -> None:
    with pytest.raises(ClosingError, match="chưa xin ý kiến"):
        desk.decide()
    desk.ask()
    with pytest.raises(ClosingError, match="chưa khép lại"):
        desk.decide("publish")
    with pytest.raises(ClosingError, match="họ và tên"):
        desk.decide(by=" ")
    for step in ("publish_noted", "wait"):
        with pytest.raises(ClosingError, match="lý do"):
            desk.decide(step, why="")  # type: ignore[arg-type]
    with pytest.raises(ClosingError, match="chưa có quyết định"):
        desk.reopen()
    assert desk.steps() == ["asked"] and not desk.settings.seals.exists()


def test_without_open_findings_nothing_can_be_noted() -> None:
    info = {"status": "open", "severity": "info", "impact_weight": None}
    closed = {"status": "explained", "severity": "critical", "impact_weight": None}
    question = Question(PERIOD, [], {"findings": [info, closed]})
    assert step_for(question, "publish_noted") == step_for(question, "publish") == "publish"
    check_word("publish", Word(BY, "", NOON))
    question = Question(PERIOD, [], {"findings": [{**info, "severity": "warning"}]})
    assert step_for(question, "publish_noted") == "publish_noted" and step_for(question, "wait") == "wait"


def test_a_decision_holds_for_the_state_that_was_asked_about_and_no_other(desk: Desk) -> None:
    first = desk.ask()
    desk.correct("Ninh Bình", {"f_new_jobs": 9999})
    with pytest.raises(StateChangedError, match=r"Ninh Bình gửi “ninh-binh_2021H1\.xlsx” \(lần 2\).*9\.999") as refused:
        desk.decide()
    assert refused.value.question.closing_id != first.closing_id
    assert desk.steps() == ["asked", "asked"] and not desk.settings.seals.exists()
    desk.decide()
    assert desk.steps() == ["asked", "asked", "publish_noted", "sealed"]


def test_whoever_waits_is_asked_the_same_again(desk: Desk) -> None:
    first = desk.ask()
    assert desk.decide("wait", why="chờ Hà Nam").sealed is None
    assert desk.ask().closing_id == first.closing_id and "DỰ THẢO" in desk.workbook_text()
    desk.decide()
    assert desk.steps() == ["asked", "wait", "publish_noted", "sealed"]


def test_who_waits_for_the_home_while_another_approves_is_refused(desk: Desk) -> None:
    """Both look at the same open question; the one that comes second must not be recorded over the first."""
    desk.ask()
    now = desk.now
    with ThreadPoolExecutor() as threads:
        with one_at_a_time(desk.settings):  # until both have seen that something else is at work
            approving = threads.submit(desk.closer.decide, "publish_noted", Word(BY, WHY, now))
            time.sleep(0.3)
            waiting = [
                threads.submit(desk.closer.decide, "wait", Word("Người khác", "Chờ Hà Nam", now)),
                threads.submit(desk.closer.decide, "publish_noted", Word("Người thứ ba", WHY, now)),
            ]
            time.sleep(0.3)
        done = [approving, *waiting]
        for one in done:
            one.exception(timeout=120)
    refused = [one.exception() for one in done if one.exception() is not None]
    steps = desk.steps()
    assert steps.count("sealed") == 1 and steps[-1] == "sealed", steps
    assert steps.count("publish_noted") == 1 and all(isinstance(error, ClosingError) for error in refused)
    assert desk.closer.look().is_final


def test_a_wait_is_judged_by_how_the_question_stands_when_it_is_recorded(
    closed: Desk, sealed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Warehouse.open(sealed.settings.warehouse) as warehouse:
        events, marts = warehouse.closings(PERIOD), warehouse.marts(PERIOD)
    stale = Question(PERIOD, [event for event in events if event.step == "asked"], marts)
    assert stale.closing.is_pending
    monkeypatch.setattr(Closer, "look", lambda self: stale)
    with pytest.raises(ClosingError, match="đã chốt rồi"):
        closed.decide("wait", why="Chờ Hà Nam")
    assert closed.steps()[-1] == "sealed"


def test_a_later_correction_shows_what_differs_from_the_seal(closed: Desk) -> None:
    before = tables_of(closed.published)
    closed.correct("Ninh Bình", {"f_new_jobs": 20000})
    closed.run()
    assert "DỰ THẢO, có thay đổi so với bản đã chốt số 1" in closed.workbook_text()
    rows = closed.table("so-voi-ban-chot")
    [own] = [r for r in rows if r["province_id"] == "ninh-binh"]
    assert own["indicator_code"] == "new_jobs" and Decimal(own["value"]) == 20000
    assert Decimal(own["difference"]) == 20000 - Decimal(own["sealed_value"])
    assert (own["file_name"], own["sheet"], own["cell"]) == ("ninh-binh_2021H1.xlsx", "E. Văn hóa – xã hội", "D7")
    [total] = [r for r in rows if not r["province_id"] and r["indicator_code"] == "new_jobs"]
    assert total["difference"] == own["difference"] and total["province_name"] == "Toàn Cụm"
    said = CliRunner().invoke(cli, ["diff-seal", PERIOD, "--home", str(closed.settings.home)])
    assert said.exit_code == 0 and "20.000" in said.output and "số khác với bản đã chốt số 1" in said.output
    assert not verify(closed.seal), "a correction does not touch the seal"
    closed.withdraw_last("ninh-binh")
    closed.run()
    assert tables_of(closed.published) == before, "the figures of the seal are the final ones again"


def test_a_decision_is_taken_back_and_made_anew(closed: Desk) -> None:
    closed.reopen()
    assert "bản đã chốt đã được mở lại" in closed.workbook_text()
    assert not closed.run().had_work and "DỰ THẢO" in closed.workbook_text()
    assert closed.ask().is_new
    made = closed.decide(why="Đã xem lại")
    assert made.sealed is not None and made.sealed.seal_no == 2
    previous = json.loads((made.sealed.folder / "manifest.json").read_bytes())["previous"]
    said = CliRunner().invoke(cli, ["verify", f"{PERIOD}/2", "--home", str(closed.settings.home)])
    assert said.exit_code == 0 and "Nối đúng với bản trước, số 1" in said.output and previous["seal_no"] == 1
    said = CliRunner().invoke(cli, ["seals", "--home", str(closed.settings.home)])
    assert said.output.count("Niêm phong") == 2 and previous["manifest_hash"] in said.output


def record_approval(desk: Desk) -> ClosingEvent:
    """The decision alone, as a process leaves it that is killed right after recording it."""
    desk.ask()
    with Warehouse.open(desk.settings.warehouse) as warehouse:
        asked = warehouse.closings(PERIOD)[-1]
        event = replace(asked, step="publish_noted", decided_by=BY, reason=WHY, happened_at=desk.now)
        warehouse.add_closing(event)
    return event


def test_what_was_approved_and_not_sealed_is_sealed_by_the_next_run(desk: Desk) -> None:
    record_approval(desk)
    assert not desk.run().had_work
    assert desk.steps() == ["asked", "publish_noted", "sealed"] and not verify(desk.seal)
    assert tables_of(desk.published) == tables_of(desk.seal / "bang")


def test_what_was_approved_and_has_changed_since_is_not_sealed(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    record_approval(desk)
    desk.correct("Ninh Bình", {"f_new_jobs": 20000})
    desk.run()
    assert "xin duyệt lại" in caplog.text and not desk.settings.seals.exists()
    assert "DỰ THẢO" in desk.workbook_text()
    assert desk.ask().is_new and desk.steps() == ["asked", "publish_noted", "asked"]


def test_a_decision_about_an_older_question_decides_nothing(desk: Desk) -> None:
    old = desk.ask().closing_id
    desk.correct("Hà Nam", {"f_new_jobs": 7})
    new = desk.ask().closing_id
    word = Word(BY, WHY, desk.now)
    for step in ("publish_noted", "wait"):
        with pytest.raises(StateChangedError, match=f"{old} đã được thay bằng câu hỏi mới {new}"):
            desk.closer.decide(step, word, old)  # type: ignore[arg-type]
    assert desk.steps() == ["asked", "asked"]
    assert desk.closer.decide("wait", word, new).event.step == "wait"


def test_the_commands_ask_and_decide(desk: Desk) -> None:
    home = ["--home", str(desk.settings.home), "--returns", str(desk.returns)]
    said = CliRunner().invoke(cli, ["close", PERIOD, *home])
    assert said.exit_code == 0
    publish, hold = (shlex.split(line.partition("thidua ")[2]) for line in said.output.splitlines()[-2:])
    said = CliRunner().invoke(cli, ["approve", PERIOD, "--by", BY, *home])
    assert said.exit_code == 2 and "chưa khép lại" in said.output
    said = CliRunner().invoke(cli, ["hold", PERIOD, "--by", BY, "--reason", "chờ", "--question", "0000", *home])
    assert said.exit_code == 2 and "không có câu hỏi nào mang mã 0000" in said.output
    said = CliRunner().invoke(cli, hold)  # as it was printed, with the home and the folder of this call
    assert said.exit_code == 0 and desk.steps() == ["asked", "wait"]
    said = CliRunner().invoke(cli, publish)
    assert said.exit_code == 0 and "niêm phong bản số 1" in said.output, said.output
    assert "SHA-256 của manifest.json" in said.output
    said = CliRunner().invoke(cli, ["approve", PERIOD, "--with-findings", "--by", BY, "--reason", WHY, *home])
    assert said.exit_code == 2 and "đã chốt rồi" in said.output
    said = CliRunner().invoke(cli, ["reopen", PERIOD, "--by", BY, "--reason", "nhầm", *home])
    assert said.exit_code == 0 and desk.steps()[-1] == "reopened"
