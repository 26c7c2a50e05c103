"""Loading twice is loading once; what was stored comes back; a failure leaves nothing behind."""

from __future__ import annotations

import dataclasses
import datetime as dt
import secrets
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from seasons import (
    IN_TIME,
    LATE,
    PERIOD,
    READER,
    Season,
    accepted,
    contents,
    finding,
    number,
    reading,
    submission,
    total,
)

from catalogue.model import Catalogue
from transforms.checks import Check
from transforms.observation import (
    DerivedFigure,
    Explanation,
    Observation,
    Problem,
    Reading,
    Revision,
    Ruling,
    WrittenFile,
)
from transforms.operation import ClosingEvent, RunChange, RunRecord
from warehouse import Assessment, AssessmentEntry, Warehouse, WarehouseError

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["", "Hưng Yên", "Hòa Bình", "tr\u0103m", "x\u0000y", "'; DROP TABLE fact_finding; --", "1.030", "🌾"]
)
VALUES = st.decimals(
    min_value=Decimal(-(10**27)), max_value=Decimal(10**27), places=10, allow_nan=False
) | st.sampled_from([Decimal("0"), Decimal("-0.0000000001"), Decimal("1E+5"), Decimal("19044.40"), Decimal(10) ** 27])
CODES = ["new_jobs", "grdp_growth", "new_enterprises", "par_index_rank"]


@st.composite
def readings(draw: st.DrawFn, may_have_parts: bool = True) -> Reading:
    if may_have_parts and draw(st.integers(0, 3)) == 0:
        whole = dataclasses.replace(draw(readings(may_have_parts=False)), observations=())
        keys = st.tuples(st.sampled_from(["", "hung-yen", "ha-nam"]), st.sampled_from([PERIOD, "2020H1"]))
        parts = [
            dataclasses.replace(
                draw(readings(may_have_parts=False)), sha256=whole.sha256, province_id=unit, period_code=period
            )
            for unit, period in draw(st.lists(keys, min_size=1, max_size=3, unique=True))
        ]
        return dataclasses.replace(whole, parts=tuple(parts))
    observations = []
    for code in draw(st.permutations(CODES))[: draw(st.integers(0, 4))]:
        state: Any = draw(st.sampled_from(["number", "blank", "none_arising", "not_yet_available", "unreadable"]))
        value = draw(VALUES) if state == "number" else None
        texts = [draw(TEXTS) for _ in range(4)]
        observations.append(Observation(code, state, value, draw(st.booleans()), *texts))
    problems = draw(st.lists(st.builds(Problem, st.just("cell_unclaimed"), *[TEXTS] * 6), max_size=3))
    day = draw(st.none() | st.dates())
    unit = draw(st.sampled_from(["", "hung-yen", "toan-cum"]))
    sha256 = draw(st.binary(min_size=32, max_size=32)).hex()
    return Reading(sha256, unit, draw(st.sampled_from(["", PERIOD])), draw(TEXTS), day, tuple(observations),
                   tuple(problems), draw(st.booleans()))  # fmt: skip


def renamed(one: Reading, sha256: str) -> Reading:
    parts = tuple(dataclasses.replace(part, sha256=sha256) for part in one.parts)
    return dataclasses.replace(one, sha256=sha256, parts=parts)


@given(read=st.lists(readings(), max_size=3, unique_by=lambda r: r.sha256))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_stored_reading_comes_back_equal(warehouse: Warehouse, read: list[Reading]) -> None:
    # all examples share one warehouse, and content once read is not read again
    read = [renamed(one, secrets.token_hex(32)) for one in read]
    warehouse.add_readings(read[1:], READER, "catalogue", IN_TIME)
    for one in read[:1]:
        warehouse.add_reading(one, READER, "catalogue", IN_TIME)
    wanted = {one.sha256: one for one in read}
    assert warehouse.readings([*wanted, "unknown"], READER, "catalogue") == wanted
    assert warehouse.readings(wanted, READER, "another catalogue") == {}
    assert warehouse.readings(wanted, "another reader", "catalogue") == {}


def test_stored_figures_carry_no_zeros_or_powers(season: Season) -> None:
    read = reading("hung-yen", number("new_jobs", "1E+5"), number("grdp_growth", "19044.40"))
    season.receive(read)
    [stored] = season.warehouse.readings([read.sha256], READER, season.catalogue.content_hash).values()
    assert [str(o.value) for o in stored.observations] == ["100000", "19044.4"]


def test_a_figure_of_too_many_decimals_is_rounded_half_up(season: Season) -> None:
    read = reading("hung-yen", number("grdp_growth", "7.12345678905"), number("new_jobs", "-0.00000000005"))
    season.receive(read)
    [stored] = season.warehouse.readings([read.sha256], READER, season.catalogue.content_hash).values()
    assert [o.value for o in stored.observations] == [Decimal("7.1234567891"), Decimal("-0.0000000001")]


def test_submissions_come_back_equal(season: Season) -> None:
    made = [
        season.receive(reading("nam-dinh", salt="2"), version=2, is_taken=False, held_because="tệp cũ hơn"),
        season.receive(reading("nam-dinh", salt="1"), form_version=""),
        season.receive(reading("ha-nam")),
    ]
    assert season.warehouse.submissions(PERIOD) == [made[2], made[1], made[0]]
    assert season.warehouse.submissions("2020H1") == []


RULING = Ruling("R-1", "waive", PERIOD, "hung-yen", "quy tắc chưa đúng", "Trần Thị Hoa", IN_TIME, rule_code="x")
REFUSAL = Ruling("R-2", "refuse", PERIOD, "", "chưa rõ", "Trần Thị Hoa", LATE, finding_id="f1", figure_hash="h1")
WRITTEN = WrittenFile("ab" * 32, "hung-yen", PERIOD, "2021H1/Biên nhận.html", "/x", "receipt", "k", IN_TIME)
RUN = RunRecord("r", "collect", PERIOD, "command", IN_TIME, None, "running", "", "may-1", "thidua 0.1.0")


def load(season: Season, problem: Problem) -> None:
    season.counter = 0
    said = Explanation("f1", "h1", "Đúng theo phụ lục", "Việc cần làm", "J5")
    repeated = dataclasses.replace(
        number("new_jobs", "1"), previous=Decimal("7.50"), previous_text="7,50", previous_cell="F9"
    )
    first = season.receive(reading("hung-yen", repeated, problems=(problem,), explanations=(said,)))
    second = season.receive(reading("ha-nam", number("new_jobs", "2")))
    cluster = season.receive(reading("toan-cum", number("new_jobs", "4")))
    season.judge(
        accepted(first.submission_id),
        accepted(second.submission_id),
        accepted(cluster.submission_id),
        findings=(finding("hung-yen", disputed=("new_jobs",)), finding("", "announced_equals_sum")),
        derived=(DerivedFigure("hung-yen", "grdp_growth", Decimal("7.5")),),
        totals=(total("new_jobs", "3", control_value=Decimal(4), control_submission_id=cluster.submission_id),),
        revisions=(Revision("hung-yen", "new_jobs", "2020H1", Decimal(7), Decimal("7.5"), first.submission_id),),
        checks=(Check("amount_in_range", "hung-yen", "new_jobs", Decimal(1), 1.0, 0.0, None, None, True),),
    )
    if not season.warehouse.rulings():
        season.warehouse.add_ruling(RULING)
        season.warehouse.add_ruling(REFUSAL)
        season.warehouse.add_written([WRITTEN])
        season.warehouse.start_run(RUN)
        season.warehouse.end_run(
            RUN.run_id, LATE, "completed", changes=[RunChange(RUN.run_id, 0, "file", "", "tệp mới")]
        )
        season.warehouse.add_closing(ClosingEvent("c", PERIOD, "asked", "f", "g", LATE))


def test_loading_twice_is_loading_once(season: Season, problem: Problem) -> None:
    load(season, problem)
    once = season.tables()
    assert all(once[name] for name in once), "the case reaches every table"
    load(season, problem)
    assert season.tables() == once
    season.warehouse.close()
    with Warehouse.open(season.warehouse.path) as again:
        again.sync_catalogue(season.catalogue)
        load(Season(again, season.catalogue), problem)
        assert Season(again, season.catalogue).tables() == once


def test_a_known_submission_may_get_a_reading_by_another_reader(season: Season) -> None:
    read = reading("hung-yen", number("new_jobs", "1"))
    came = season.receive(read)
    better = dataclasses.replace(read, observations=(number("new_jobs", "1000"),))
    for _ in range(2):
        season.warehouse.add_submission(came, better, "reader 2", season.catalogue.content_hash, LATE)
    assert len(season.tables()["dim_submission"]) == 1
    assert len(season.tables()["dim_reading"]) == 2
    season.warehouse.add_assessment(
        Assessment(PERIOD, "k", LATE, season.catalogue.content_hash, "reader 2", (accepted(came.submission_id),))
    )
    assert season.warehouse.figures([PERIOD]) == {(PERIOD, "hung-yen", "new_jobs"): 1000}


def test_the_current_assessment_is_the_latest(season: Season) -> None:
    assert season.warehouse.current_assessment(PERIOD) is None
    season.judge(assessed_at=LATE)
    made = season.judge(assessed_at=IN_TIME)
    stored = season.warehouse.current_assessment(PERIOD)
    assert stored is not None
    assert (stored.input_key, stored.assessed_at) == (made.input_key, IN_TIME)
    assert (stored.catalogue_hash, stored.reader_version) == (made.catalogue_hash, READER)
    season.warehouse.add_assessment(dataclasses.replace(made, assessed_at=LATE))
    assert season.warehouse.current_assessment(PERIOD) == stored


def test_a_former_judgement_may_come_back(season: Season) -> None:
    first = season.judge()
    season.judge()
    season.warehouse.add_assessment(first)
    stored = season.warehouse.current_assessment(PERIOD)
    assert stored is not None and stored.input_key == first.input_key


@pytest.mark.parametrize("broken", ["total", "message"])
def test_a_failing_statement_inside_an_assessment_leaves_nothing_behind(season: Season, broken: str) -> None:
    came = season.receive(reading("hung-yen", number("new_jobs", "1")))
    before = season.tables()
    message: Any = None
    bad_finding = dataclasses.replace(finding("hung-yen"), message=message)
    with pytest.raises((WarehouseError, duckdb.Error)):
        season.judge(
            accepted(came.submission_id),
            findings=(finding("hung-yen", disputed=("new_jobs",)), *([bad_finding] if broken == "message" else [])),
            totals=(total("new_jobs", "3"), *([total("no_such_indicator", "3")] if broken == "total" else [])),
        )
    assert season.tables() == before
    season.judge(accepted(came.submission_id))
    assert season.warehouse.figures([PERIOD]) == {(PERIOD, "hung-yen", "new_jobs"): 1}


def test_a_reading_of_an_unknown_indicator_records_neither_file_nor_reading(season: Season) -> None:
    before = season.tables()
    read = reading("hung-yen", number("new_jobs", "1"), number("no_such_indicator", "1"))
    with pytest.raises(WarehouseError, match="no_such_indicator"):
        season.receive(read)
    assert season.tables() == before
    season.receive(reading("hung-yen", number("new_jobs", "1")))
    assert len(season.tables()["dim_submission"]) == 1


def test_no_fact_points_to_a_dimension_row_that_is_not_there(season: Season, problem: Problem) -> None:
    load(season, problem)
    rows = season.warehouse._opened().rows
    tables = season.tables()
    for fact in (name for name in tables if name.startswith(("fact_", "bridge_", "mart_"))):
        for (key,) in rows(
            "SELECT column_name FROM duckdb_columns() WHERE table_name = ? AND column_name LIKE '%key'", [fact]
        ):
            target = "submission_key" if key == "control_submission_key" else key
            own = {"finding_key": "fact_finding", "ruling_key": "fact_ruling", "written_key": "fact_written_file"}
            own |= {"run_key": "fact_run", "closing_key": "fact_closing"}
            home = own.get(key, f"dim_{target.removesuffix('_key')}")
            orphans = rows(f"SELECT {key} FROM {fact} WHERE {key} NOT IN (SELECT {target} FROM {home})")
            assert orphans == [], (fact, key)


def test_moments_are_stored_with_their_zone(season: Season) -> None:
    hanoi = dt.timezone(dt.timedelta(hours=7))
    read = reading("hung-yen")
    moment = dt.datetime(2021, 7, 6, 0, 30, 1, 123456, tzinfo=hanoi)
    came = submission(read, received_at=moment)
    season.warehouse.add_submission(came, read, READER, season.catalogue.content_hash, moment)
    [stored] = season.warehouse.submissions(PERIOD)
    assert stored.received_at == moment and stored.received_at.utcoffset() == dt.timedelta(hours=7)


def test_shuffled_provinces_change_nothing_but_keys(template: Path, tmp_path: Path, catalogue: Catalogue) -> None:
    seen = []
    for order in (("hung-yen", "ha-nam", "nam-dinh"), ("nam-dinh", "hung-yen", "ha-nam")):
        path = tmp_path / order[0] / "w.duckdb"
        path.parent.mkdir()
        path.write_bytes(template.read_bytes())
        with Warehouse.open(path) as opened:
            season = Season(opened, catalogue)
            came = [season.receive(reading(p, number("new_jobs", "7"))) for p in order]
            season.judge(*(accepted(c.submission_id) for c in came))
            seen.append(opened.marts(PERIOD))
    assert seen[0] == seen[1]


def test_many_files_together_are_loaded_as_one_by_one(
    template: Path, tmp_path: Path, catalogue: Catalogue, problem: Problem
) -> None:
    read = [
        reading("hung-yen", number("new_jobs", "1"), number("grdp_growth", "7.5"), problems=(problem, problem)),
        reading("ha-nam", number("new_jobs", "2")),
        reading("nam-dinh", is_rejected=True),
    ]
    received = [(submission(one), one) for one in read]
    received.append((submission(read[1], version=2, path="the same bytes elsewhere"), read[1]))
    seen = []
    for name in ("together", "apart"):
        path = tmp_path / f"{name}.duckdb"
        shutil.copyfile(template, path)
        with Warehouse.open(path) as opened:
            for batch in [received, received] if name == "together" else [[one] for one in received]:
                opened.add_submissions(batch, READER, catalogue.content_hash, IN_TIME)
            seen.append(contents(opened))
    assert seen[0] == seen[1]
    assert (len(seen[0]["dim_submission"]), len(seen[0]["dim_reading"])) == (4, 3)


def test_a_failure_among_many_files_keeps_those_before_it(season: Season) -> None:
    path: Any = None
    good, bad = reading("hung-yen", number("new_jobs", "1")), reading("ha-nam", number("new_jobs", "2"))
    received = [(submission(good), good), (submission(bad, path=path), bad)]
    with pytest.raises(duckdb.Error):
        season.warehouse.add_submissions(received, READER, season.catalogue.content_hash, IN_TIME)
    assert [s.province_id for s in season.warehouse.submissions(PERIOD)] == ["hung-yen"]
    assert len(season.tables()["fact_observation"]) == len(season.tables()["dim_reading"]) == 1
    received = [(submission(good), good), (submission(bad), bad)]
    season.warehouse.add_submissions(received, READER, season.catalogue.content_hash, IN_TIME)
    assert len(season.tables()["dim_submission"]) == len(season.tables()["fact_observation"]) == 2


def test_readings_by_another_reader_may_come_together(season: Season) -> None:
    read = [reading("hung-yen", number("new_jobs", "1")), reading("ha-nam")]
    for one in read:
        season.receive(one)
    season.warehouse.add_readings(read, "reader 2", season.catalogue.content_hash, LATE)
    stored = season.warehouse.readings([r.sha256 for r in read], "reader 2", season.catalogue.content_hash)
    assert stored == {r.sha256: r for r in read}


def consolidated(salt: str = "") -> Reading:
    whole = reading("", salt=f"consolidated{salt}", problems=(Problem("cell_unclaimed", observed="ghi chú"),))
    parts = [
        dataclasses.replace(reading(unit, number("new_jobs", jobs)), sha256=whole.sha256)
        for unit, jobs in (("toan-cum", "30"), ("hung-yen", "10"), ("ha-nam", "20"))
    ]
    before = dataclasses.replace(parts[1], period_code="2020H1", observations=(number("new_jobs", "9"),))
    return dataclasses.replace(whole, parts=(*parts, before))


def test_each_submission_of_a_consolidated_file_shows_its_part(season: Season) -> None:
    read = consolidated()
    came = [
        season.receive(read, province_id="toan-cum", submission_id="toan-cum-1"),
        season.receive(read, province_id="ha-nam", submission_id="ha-nam-1", sent_by="toan-cum"),
        season.receive(read, province_id="hung-yen", submission_id="hung-yen-1"),
    ]
    assert season.warehouse.submissions(PERIOD) == [came[1], came[2], came[0]]
    season.judge(*(accepted(c.submission_id) for c in came))
    assert season.warehouse.figures([PERIOD]) == {
        (PERIOD, "hung-yen", "new_jobs"): 10,
        (PERIOD, "ha-nam", "new_jobs"): 20,
    }
    tables = season.tables()
    assert (len(tables["dim_reading"]), len(tables["fact_observation"]), len(tables["fact_reading_problem"])) == (
        5,
        4,
        1,
    )
    told = season.warehouse._opened().rows(
        "SELECT province_id, period_code, value FROM fact_observation "
        "JOIN dim_province USING (province_key) JOIN dim_period USING (period_key) ORDER BY ALL"
    )
    assert told == [
        ("ha-nam", PERIOD, 20),
        ("hung-yen", "2020H1", 9),
        ("hung-yen", PERIOD, 10),
        ("toan-cum", PERIOD, 30),
    ]
    sent = {r["province_id"]: (r["is_submitted"], r["is_on_time"], r["cells_received"], r["sent_by"])
            for r in season.view("completeness") if r["submission_id"]}  # fmt: skip
    assert sent == {"ha-nam": (False, None, 1, "toan-cum"), "hung-yen": (True, True, 1, None)}


def test_a_part_without_a_unit_is_shown_for_the_unit_whose_file_it_is(season: Season) -> None:
    read = consolidated()
    nameless = dataclasses.replace(read, parts=tuple(dataclasses.replace(p, province_id="") for p in read.parts[2:]))
    came = season.receive(nameless, province_id="nam-dinh", submission_id="n")
    season.judge(accepted(came.submission_id))
    assert season.warehouse.figures([PERIOD]) == {(PERIOD, "nam-dinh", "new_jobs"): 20}


def test_a_submission_without_a_part_shows_no_figures(season: Season) -> None:
    came = season.receive(consolidated(), province_id="nam-dinh", submission_id="n")
    season.judge(AssessmentEntry(came.submission_id, "rejected", False))
    assert season.warehouse.figures([PERIOD]) == {}


def test_figures_are_of_the_periods_asked_for(season: Season) -> None:
    came = season.receive(reading("hung-yen", number("new_jobs", "7")))
    season.judge(accepted(came.submission_id))
    wanted = {(PERIOD, "hung-yen", "new_jobs"): 7}
    assert season.warehouse.figures([PERIOD, "2020H1", PERIOD]) == wanted
    assert season.warehouse.figures(["2020H1", "2020H2"]) == season.warehouse.figures([]) == {}
