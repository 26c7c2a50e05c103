"""What the views say of small cases made by hand."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from seasons import IN_TIME, LATE, PERIOD, READER, Season, accepted, finding, number, reading, total

from transforms.observation import DerivedFigure, Observation
from warehouse import Assessment, AssessmentEntry, WarehouseError

RATE = "ntm_communes_certified_rate"
CERTIFIED = "ntm_communes_certified"


def test_nothing_is_shown_before_the_first_assessment(season: Season) -> None:
    season.receive(reading("hung-yen", number(CERTIFIED, "139")))
    marts = season.warehouse.marts(PERIOD)
    assert marts["observations"] == marts["completeness"] == []
    [came] = marts["submissions"]
    assert (came["verdict"], came["is_current"]) == (None, False)


def test_a_row_per_member_and_required_indicator_even_without_returns(season: Season) -> None:
    season.judge()
    rows = season.view("observations")
    required = [i for i in season.catalogue.indicators_of(PERIOD) if i.is_required]
    assert len(rows) == 9 * len(required)
    assert {row["status"] for row in rows} == {"blank"}
    assert {row["value"] for row in rows} == {None}
    assert "toan-cum" not in {row["province_id"] for row in rows}
    hung_yen = [row for row in rows if row["province_id"] == "hung-yen"]
    assert [row["indicator_code"] for row in hung_yen] == [i.indicator_code for i in required]


def test_each_state_has_its_status(season: Season) -> None:
    read = reading(
        "hung-yen",
        number(CERTIFIED, "139", is_estimated=True, note="ước"),
        Observation("ntm_communes_total", "none_arising", raw_text="không phát sinh", sheet="A", cell="D8"),
        Observation("new_jobs", "not_yet_available", raw_text="chưa có số liệu", sheet="E", cell="D9"),
        Observation("grdp_growth", "unreadable", raw_text="bảy phẩy", sheet="D", cell="D2"),
        Observation(RATE, "blank", sheet="A", cell="D9"),
        number("new_branches", "3"),
        Observation("ict_index_rank", "blank"),
        number("budget_revenue", "1030"),
    )
    came = season.receive(read)
    season.judge(
        accepted(came.submission_id),
        findings=(finding("hung-yen", "amount_in_range", "critical", disputed=("budget_revenue", "tourist_visits")),),
        derived=(
            DerivedFigure("hung-yen", RATE, Decimal("95.8620689655")),
            DerivedFigure("hung-yen", CERTIFIED, Decimal(1)),
            DerivedFigure("hung-yen", "new_enterprises_growth", Decimal("0.5")),
        ),
    )
    rows = {row["indicator_code"]: row for row in season.view("observations", province_id="hung-yen")}
    seen = {code: (row["status"], row["value"]) for code, row in rows.items()}
    assert seen[CERTIFIED] == ("reported", Decimal(139))
    assert seen["ntm_communes_total"] == ("none_arising", None)
    assert seen["new_jobs"] == ("not_yet_available", None)
    assert seen["grdp_growth"] == ("disputed", None)
    assert seen[RATE] == ("derived", Decimal("95.8620689655"))
    assert seen["new_branches"] == ("reported", Decimal(3))
    assert seen["new_enterprises_growth"] == ("derived", Decimal("0.5"))
    assert seen["budget_revenue"] == ("disputed", Decimal(1030))
    assert seen["tourist_visits"] == ("disputed", None)
    assert seen["poverty_rate"] == ("blank", None)
    assert "ict_index_rank" not in seen
    row = rows[CERTIFIED]
    assert row["is_estimated"] and row["is_required"] and not rows["new_branches"]["is_required"]
    assert (row["province_code"], row["province_name"]) == ("33", "Hưng Yên")
    assert (row["sheet"], row["cell"], row["raw_text"], row["note"]) == ("A. Nông thôn mới", "D7", "139", "ước")
    assert (row["file_name"], row["version"], row["received_at"]) == ("biểu 1.xlsx", 1, IN_TIME)
    assert (row["unit"], row["section_code"], row["submission_id"]) == ("xã", "A", came.submission_id)
    assert rows["poverty_rate"]["raw_text"] is None
    figures = season.warehouse.figures([PERIOD])
    assert figures == {(PERIOD, "hung-yen", CERTIFIED): 139, (PERIOD, "hung-yen", "new_branches"): 3}


def test_the_cluster_itself_is_in_no_row_of_provinces(season: Season) -> None:
    came = season.receive(reading("toan-cum", number("new_enterprises", "5824")))
    season.judge(
        accepted(came.submission_id),
        findings=(finding("", "announced_equals_sum"), finding("toan-cum", file_name="")),
        totals=(
            total(
                "new_enterprises",
                "5761",
                control_value=Decimal(5824),
                control_sheet="B",
                control_cell="D5",
                control_submission_id=came.submission_id,
            ),
            total("par_index_rank", None),
        ),
    )
    assert {row["province_id"] for row in season.view("observations")}.isdisjoint({"toan-cum"})
    assert len(season.view("completeness")) == 9
    assert [row["province_code"] for row in season.view("findings")] == [None, None]
    assert [row["province_id"] for row in season.view("findings")] == [None, None]
    sent = season.one("submissions")
    assert (sent["province_code"], sent["province_name"], sent["is_current"]) == (None, "Toàn Cụm", True)
    row = season.one("cluster_totals", indicator_code="new_enterprises")
    assert (row["value"], row["control_value"], row["unit"]) == (5761, 5824, "doanh nghiệp")
    assert (row["control_sheet"], row["control_cell"], row["control_file_name"]) == ("B", "D5", "biểu 1.xlsx")
    assert season.one("cluster_totals", indicator_code="par_index_rank")["value"] is None


def test_findings_carry_their_place_and_empty_texts_are_null(season: Season) -> None:
    came = season.receive(reading("nam-dinh"))
    found = finding(
        "nam-dinh",
        indicator_code="new_jobs",
        sheet="E",
        cell="D3",
        submission_id=came.submission_id,
        file_name="b.xlsx",
    )
    season.judge(accepted(came.submission_id), findings=(found, finding("ha-nam", "return_missing")))
    here, missing = season.view("findings")
    assert (here["province_code"], here["province_name"], here["rule_title"]) == (
        "36",
        "Nam Định",
        "Thiếu số liệu bắt buộc",
    )
    assert (here["sheet"], here["cell"], here["submission_id"]) == ("E", "D3", came.submission_id)
    assert (here["observed"], here["expected"]) == (None, None)
    assert (missing["province_code"], missing["cell"], missing["submission_id"]) == ("35", None, None)


def test_a_new_version_becomes_current_through_the_assessment_and_the_old_stays(season: Season) -> None:
    first = season.receive(reading("ninh-binh", number(CERTIFIED, "100")))
    season.judge(accepted(first.submission_id))
    second = season.receive(reading("ninh-binh", number(CERTIFIED, "101")), version=2)
    assert season.one("observations", province_id="ninh-binh", indicator_code=CERTIFIED)["value"] == 100
    season.judge(accepted(first.submission_id, is_current=False), accepted(second.submission_id))
    row = season.one("observations", province_id="ninh-binh", indicator_code=CERTIFIED)
    assert (row["value"], row["version"]) == (101, 2)
    assert [(s["version"], s["is_current"]) for s in season.view("submissions")] == [(1, False), (2, True)]
    assert len(season.tables()["fact_observation"]) == 2


def test_a_rejected_file_shows_its_verdict_and_the_last_accepted_stays(season: Season) -> None:
    good = season.receive(reading("ha-nam", number(CERTIFIED, "83")))
    broken = season.receive(reading("ha-nam", salt="broken", is_rejected=True), version=2)
    season.judge(accepted(good.submission_id), AssessmentEntry(broken.submission_id, "rejected", False))
    assert season.one("observations", province_id="ha-nam", indicator_code=CERTIFIED)["value"] == 83
    assert [s["verdict"] for s in season.view("submissions")] == ["accepted", "rejected"]


def test_completeness_counts_cells_and_findings(season: Season) -> None:
    read = reading(
        "hung-yen",
        number(CERTIFIED, "139"),
        Observation("ntm_communes_total", "none_arising"),
        Observation("new_jobs", "not_yet_available"),
        Observation("grdp_growth", "unreadable"),
        number("budget_revenue", "1030"),
        number("new_branches", "3"),
    )
    came = season.receive(read)
    season.judge(
        accepted(came.submission_id),
        findings=(
            finding("hung-yen", "amount_in_range", "critical", disputed=("budget_revenue",)),
            finding("hung-yen"),
            finding("hung-yen"),
            finding("hung-yen", "rate_rounding", "info"),
            finding("ha-nam"),
        ),
        derived=(DerivedFigure("hung-yen", RATE, Decimal(95)),),
    )
    row = season.one("completeness", province_id="hung-yen")
    assert row["is_submitted"] and row["is_on_time"] is True
    assert row["cells_expected"] == sum(i.is_required for i in season.catalogue.indicators_of(PERIOD))
    assert row["cells_received"] == 4
    assert (row["critical_count"], row["warning_count"], row["info_count"]) == (1, 2, 1)
    other = season.one("completeness", province_id="ha-nam")
    assert (other["is_submitted"], other["cells_received"], other["warning_count"]) == (False, 0, 1)


def test_on_time_is_unknown_where_collecting_began_after_the_due_date(season: Season) -> None:
    came = season.receive(reading("hung-yen", number(CERTIFIED, "139")), received_at=LATE)
    season.judge(accepted(came.submission_id), assessed_at=LATE)
    assert {row["is_on_time"] for row in season.view("completeness")} == {None}


def test_on_time_is_told_by_the_first_file_that_was_not_rejected(season: Season) -> None:
    season.judge(assessed_at=IN_TIME)
    assert {row["is_on_time"] for row in season.view("completeness")} == {None}
    early = season.receive(reading("hung-yen", number(CERTIFIED, "139")))
    again = season.receive(reading("hung-yen", number(CERTIFIED, "140")), version=2, received_at=LATE)
    broken = season.receive(reading("ha-nam", is_rejected=True))
    mended = season.receive(reading("ha-nam", number(CERTIFIED, "83")), version=2, received_at=LATE)
    season.judge(
        accepted(early.submission_id, is_current=False),
        accepted(again.submission_id),
        AssessmentEntry(broken.submission_id, "rejected", False),
        accepted(mended.submission_id),
        assessed_at=LATE,
    )
    on_time = {row["province_id"]: row["is_on_time"] for row in season.view("completeness")}
    assert on_time["hung-yen"] is True
    assert on_time["ha-nam"] is False
    assert on_time["nam-dinh"] is False


@pytest.mark.parametrize(("minute", "is_on_time"), [(59, True), (60, False)])
def test_the_due_date_ends_at_midnight_in_vietnam(season: Season, minute: int, is_on_time: bool) -> None:
    due_on = season.catalogue.calendar[PERIOD].due_on
    moment = dt.datetime.combine(due_on, dt.time(16), dt.UTC) + dt.timedelta(minutes=minute)
    season.judge(assessed_at=IN_TIME)
    came = season.receive(reading("hung-yen", number(CERTIFIED, "139")), received_at=moment)
    season.judge(accepted(came.submission_id), assessed_at=LATE)
    assert season.one("completeness", province_id="hung-yen")["is_on_time"] is is_on_time


def test_an_assessment_of_what_was_never_recorded_is_refused(season: Season) -> None:
    with pytest.raises(WarehouseError, match="never recorded"):
        season.judge(accepted("nobody-1"))
    with pytest.raises(WarehouseError, match="another catalogue"):
        season.warehouse.add_assessment(Assessment(PERIOD, "key", IN_TIME, "another hash", READER))
    came = season.receive(reading("ha-nam", number(CERTIFIED, "83")))
    with pytest.raises(WarehouseError, match="without a stored reading"):
        season.warehouse.add_assessment(
            Assessment(PERIOD, "key", IN_TIME, season.catalogue.content_hash, "reader 2", (accepted("ha-nam-1"),))
        )
    rival = season.receive(reading("ha-nam", number(CERTIFIED, "84")), version=2)
    with pytest.raises(WarehouseError, match="two current returns for ha-nam"):
        season.judge(accepted(came.submission_id), accepted(rival.submission_id))


@pytest.mark.parametrize(("period_code", "code", "members"), [("2025H1", "27", 9), ("2025H2", "24", 6)])
def test_a_province_has_the_code_and_the_cluster_the_members_of_the_time(
    season: Season, period_code: str, code: str, members: int
) -> None:
    missing = dataclasses.replace(finding("bac-ninh", "return_missing"), period_code=period_code)
    season.warehouse.add_assessment(
        Assessment(period_code, "key", LATE, season.catalogue.content_hash, READER, findings=(missing,))
    )
    marts = season.warehouse.marts(period_code)
    assert len(marts["completeness"]) == members
    for name in ("completeness", "observations", "findings"):
        assert {row["province_code"] for row in marts[name] if row["province_id"] == "bac-ninh"} == {code}
