"""Rulings, files written, what changed between versions, revisions, and how rules fare."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from seasons import IN_TIME, LATE, PERIOD, Season, accepted, finding, number, reading

from transforms.observation import Observation, Revision, Ruling, WrittenFile
from warehouse import AssessmentEntry


def test_rulings_and_written_files_come_back_equal_and_in_order(season: Season) -> None:
    rulings = [
        Ruling("R-1", "choose", PERIOD, "hung-yen", "bản có dấu đỏ", "Hoa", IN_TIME, submission_id="s1"),
        Ruling("R-2", "waive", PERIOD, "", "chờ sửa quy tắc", "Hoa", LATE, rule_code="rank_held_once", valid_to="open"),
        Ruling("R-3", "revoke", PERIOD, "", "nhầm", "Nam", LATE, revokes="R-2"),
    ]
    for ruling in rulings:
        season.warehouse.add_ruling(ruling)
    assert season.warehouse.rulings() == rulings
    files = [
        WrittenFile(
            f"{n:064x}", "hung-yen", PERIOD, f"tệp {n}.html", "thư mục", "receipt", f"k{n}", IN_TIME, "", n == 2
        )
        for n in (1, 2)
    ]
    season.warehouse.add_written(files)
    season.warehouse.add_written([])
    assert season.warehouse.written() == files


def test_changes_are_between_the_versions_that_were_taken(season: Season) -> None:
    blank = Observation("poverty_rate", "blank", sheet="S", cell="D9")
    first = season.receive(reading("hung-yen", number("new_jobs", "1"), number("new_enterprises", "5"), blank))
    held = season.receive(reading("hung-yen", number("new_jobs", "9")), version=2, is_taken=False, held_because="x")
    last = season.receive(reading("hung-yen", number("new_jobs", "2"), blank), version=3)
    season.judge(
        accepted(first.submission_id, False),
        AssessmentEntry(held.submission_id, "accepted", False, False),
        accepted(last.submission_id),
    )
    rows = season.warehouse._opened().rows(
        "SELECT version, previous_version, indicator_code, state_before, value_before, state, value FROM changes "
        "ORDER BY section_code, position"
    )
    assert rows == [
        (3, 1, "new_enterprises", "number", Decimal(5), "blank", None),
        (3, 1, "new_jobs", "number", Decimal(1), "number", Decimal(2)),
    ]


def test_the_ledger_says_what_was_reported_then_and_what_is_told_now(season: Season) -> None:
    came = season.receive(reading("hung-yen", number("new_jobs", "1")))
    told = Revision(
        "hung-yen", "new_jobs", "2020H1", Decimal(70), Decimal("72.5"), came.submission_id, "S", "F9", "72,5"
    )
    season.judge(accepted(came.submission_id), revisions=(told,))
    [row] = season.warehouse._opened().rows(
        "SELECT earlier_period, province_id, indicator_code, value_then, value_now, difference, period_code, cell "
        "FROM revisions"
    )
    assert row == (
        "2020H1", "hung-yen", "new_jobs", Decimal(70), Decimal("72.5"), Decimal("2.5"), PERIOD, "F9",
    )  # fmt: skip


def test_health_tells_what_became_of_each_rules_findings(season: Season) -> None:
    def found(number: int, **more: object) -> object:
        return finding("hung-yen", finding_id=f"f{number}", figure_hash="h", **more)

    first = season.receive(reading("hung-yen", number("new_jobs", "1")))
    about = {"submission_id": first.submission_id}
    season.judge(
        accepted(first.submission_id),
        findings=tuple(found(n, **about) for n in range(5)),  # type: ignore[arg-type]
    )
    second = season.receive(reading("hung-yen", number("new_jobs", "2")), version=2)
    season.judge(
        accepted(first.submission_id, False),
        accepted(second.submission_id),
        assessed_at=IN_TIME + dt.timedelta(days=1),
        findings=(
            found(0, submission_id=second.submission_id),
            found(1, submission_id=second.submission_id, status="explained"),
            found(2, submission_id=second.submission_id, status="waived"),
            found(9, submission_id=second.submission_id),
        ),  # type: ignore[arg-type]
    )
    [row] = season.warehouse._opened().rows(
        "SELECT rule_code, fired_count, open_count, explained_count, waived_count, mended_count, gone_count "
        "FROM rule_health"
    )
    assert row == ("required_present", 6, 2, 1, 1, 2, 0)
    assert season.one("completeness", province_id="hung-yen")["warning_count"] == 2
