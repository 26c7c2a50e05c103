"""The record of the work: runs end or are noted as cut short; a closing is followed from question to seal."""

from __future__ import annotations

import datetime as dt

from transforms.operation import ClosingEvent, RunChange, RunRecord, follow_closing
from warehouse import Warehouse

NOON = dt.datetime(2021, 7, 6, 5, tzinfo=dt.UTC)


def run(run_id: str, minutes: int = 0) -> RunRecord:
    started = NOON + dt.timedelta(minutes=minutes)
    return RunRecord(run_id, "collect", "2021H1", "schedule", started, None, "running", "", "may-1", "thidua 0.1.0")


def event(step: str, closing_id: str = "a", figures: str = "f1", **more: object) -> ClosingEvent:
    return ClosingEvent(closing_id, "2021H1", step, figures, "g1", NOON, **more)  # type: ignore[arg-type]


def test_a_run_is_kept_with_what_it_changed(warehouse: Warehouse) -> None:
    warehouse.start_run(run("r1"))
    changes = [RunChange("r1", 0, "state", "hung_yen", "Hưng Yên: Chưa gửi → Đạt"), RunChange("r1", 1, "file", "", "x")]
    ended = NOON + dt.timedelta(seconds=9)
    warehouse.end_run("r1", ended, "completed", "2 tệp mới", new_files=2, open_critical=0, changes=changes)
    (kept,) = warehouse.runs("2021H1")
    assert (kept.state, kept.message, kept.new_files, kept.open_critical, kept.open_warning) == (
        *("completed", "2 tệp mới"),
        *(2, 0, None),
    )
    assert kept.ended_at == ended
    assert warehouse.run_changes("r1") == changes


def test_a_run_that_never_ended_is_cut_short_when_the_next_begins(warehouse: Warehouse) -> None:
    warehouse.start_run(run("r1"))
    warehouse.start_run(run("r2", 1))
    assert [(r.run_id, r.state, r.ended_at) for r in warehouse.runs()] == [
        ("r2", "running", None),
        ("r1", "cut_short", None),
    ]


def test_a_closing_is_followed_from_question_to_seal(warehouse: Warehouse) -> None:
    for step in (event("asked"), event("wait", decided_by="Lan"), event("publish", decided_by="Lan", reason="đủ")):
        warehouse.add_closing(step)
    closing = follow_closing(warehouse.closings("2021H1"))
    assert not closing.is_pending
    assert closing.is_to_seal
    assert not closing.is_final("f1")
    warehouse.add_closing(event("sealed", seal_no=1, manifest_hash="m"))
    closing = follow_closing(warehouse.closings("2021H1"))
    assert closing.is_final("f1")
    assert not closing.is_final("f2")
    assert closing.next_seal_no == 2


def test_a_question_put_off_or_put_again_is_pending() -> None:
    assert follow_closing([event("asked")]).is_pending
    assert follow_closing([event("asked"), event("wait")]).is_pending
    sealed = [event("asked"), event("publish"), event("sealed", seal_no=1)]
    assert not follow_closing(sealed).is_pending
    later = follow_closing([*sealed, event("asked", "b", "f2")])
    assert later.is_pending
    assert later.is_final("f1")


def test_what_is_reopened_is_a_draft_again_and_keeps_its_number() -> None:
    closing = follow_closing([event("asked"), event("publish"), event("sealed", seal_no=1), event("reopened")])
    assert not closing.is_final("f1")
    assert not closing.is_pending
    assert not closing.is_to_seal
    assert closing.next_seal_no == 2
