"""On which days who is reminded, and a table that is wrong is refused by file and line."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from catalogue import DATA, CatalogueError
from catalogue.reminders import find_due, load_reminders

DUE = dt.date(2021, 7, 5)


def due(state: str, day: int) -> tuple[str, int] | None:
    found = find_due(load_reminders(), state, DUE, DUE + dt.timedelta(days=day))
    return None if found is None else (found[0].reminder_code, (found[1] - DUE).days)


def test_a_return_that_has_not_come_is_asked_for_before_on_and_after_the_day() -> None:
    assert due("missing", -8) is None
    assert [due("missing", d) for d in (-7, -3, -1, 0, 1, 4, 7)] == [
        ("due_in_a_week", -7),
        ("due_in_days", -3),
        ("due_tomorrow", -1),
        ("due_today", 0),
        ("late", 1),
        ("late", 4),
        ("late", 7),
    ]


def test_a_day_on_which_nothing_ran_is_caught_up_with() -> None:
    assert due("missing", -5) == ("due_in_a_week", -7)
    assert due("missing", 3) == ("late", 1)


def test_after_the_last_day_nobody_is_reminded_any_more() -> None:
    assert due("missing", 60) == ("late", 58)
    assert due("missing", 61) is None and due("critical", 2000) is None


def test_what_must_be_mended_is_told_every_third_day() -> None:
    assert [due("critical", d) for d in (-4, -3, 0, 2, 3)] == [
        ("mend", -6),
        ("mend", -3),
        ("mend", 0),
        ("mend", 0),
        ("mend", 3),
    ]
    assert due("warning", 0) is None and due("clean", 0) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("late,missing", "late,lost"),
        ("late,missing,1,60,3", "late,missing,1,60,0"),
        ("late,missing,1,60,3", "late,missing,1,0,3"),
        ("late,missing,1,60,3", "late,missing,1,soon,3"),
        ("quá hạn {days} ngày", "quá hạn {weeks} tuần"),
        ("quá hạn {days} ngày", "quá hạn {days ngày"),
        ("due_today,", "due_tomorrow,"),
    ],
)
def test_a_wrong_table_is_refused_by_file_and_line(tmp_path: Path, before: str, after: str) -> None:
    shutil.copy(DATA / "reminders.csv", tmp_path)
    path = tmp_path / "reminders.csv"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"reminders\.csv:\d"):
        load_reminders(tmp_path)
