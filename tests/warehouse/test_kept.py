"""What is kept of who is asked, who answers, on which map they lie, what was refused: what other tables say."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random

import pytest
from seasons import IN_TIME, LATE, PERIOD, Season, accepted, number, reading, total

from catalogue.model import Catalogue
from transforms.observation import Ruling
from warehouse import AssessmentEntry
from warehouse.kept import keep_all

KEPT = (
    "bridge_assessment_member",
    "bridge_assessment_part",
    "bridge_period_boundary",
    "bridge_period_drawing",
    "mart_cluster_total",
)


def judged_twice(season: Season) -> None:
    """Hưng Yên sends twice and Hà Nam once; each time a total is made."""
    first = season.receive(reading("hung-yen", number("new_jobs", "1")))
    season.judge(accepted(first.submission_id), totals=(total("new_jobs", "1"),))
    second = season.receive(reading("hung-yen", number("new_jobs", "2")), 2, LATE)
    other = season.receive(reading("ha-nam", number("new_jobs", "5"), source="synthetic"))
    season.judge(
        accepted(first.submission_id, is_current=False),
        accepted(second.submission_id),
        AssessmentEntry(other.submission_id, "accepted_with_findings", True),
        assessed_at=LATE,
        totals=(total("new_jobs", "7"), total("new_enterprises", "3", value_source="announced")),
    )


def kept(season: Season) -> dict[str, object]:
    tables = season.tables()
    return {name: tables[name] for name in KEPT}


def test_an_assessment_keeps_every_member_and_the_return_that_answers(season: Season) -> None:
    judged_twice(season)
    asked = {province.province_id for province in season.catalogue.members_of(PERIOD)}
    rows = season.warehouse._opened().rows(
        "SELECT province_id, assessment_key, submission_key IS NOT NULL, verdict, source, half_after, "
        "same_half_next_year FROM bridge_assessment_member ORDER BY ALL"
    )
    assert {row[0] for row in rows} == asked and len(rows) == 2 * len(asked)
    answers = [(unit, key, verdict, source) for unit, key, has_answer, verdict, source, *_ in rows if has_answer]
    assert answers == [
        ("ha-nam", 2, "accepted_with_findings", "synthetic"),
        ("hung-yen", 1, "accepted", "reported"),
        ("hung-yen", 2, "accepted", "reported"),
    ]
    assert {row[5:] for row in rows} == {("2021H2", "2022H1")}


def test_a_total_keeps_whose_figures_it_is_made_of(season: Season) -> None:
    judged_twice(season)
    rows = season.warehouse._opened().rows(
        "SELECT assessment_key, value_source, source_mix FROM mart_cluster_total ORDER BY ALL"
    )
    assert rows == [(1, "sum", "reported"), (2, "announced", None), (2, "sum", "mixed")]


def test_filling_all_again_gives_what_each_step_added(season: Season) -> None:
    judged_twice(season)
    before = kept(season)
    assert all(before.values())
    session = season.warehouse._opened()
    with session.transaction():
        keep_all(session)
    assert kept(season) == before


def test_a_catalogue_with_other_members_changes_past_assessments_too(season: Season) -> None:
    judged_twice(season)
    before, shown = kept(season), season.view("observations")
    without = _without(season.catalogue, "ha-nam")
    season.warehouse.sync_catalogue(without)
    assert {row["province_id"] for row in shown} - {row["province_id"] for row in season.view("observations")} == {
        "ha-nam"
    }
    assert season.one("cluster_totals", indicator_code="new_jobs")["source_mix"] == "reported"
    assert before["bridge_period_boundary"] != kept(season)["bridge_period_boundary"]
    season.warehouse.sync_catalogue(season.catalogue)
    assert kept(season) == before
    assert season.view("observations") == shown


def _without(catalogue: Catalogue, province_id: str) -> Catalogue:
    others = tuple(m for m in catalogue.memberships if m.province_id != province_id)
    return dataclasses.replace(catalogue, memberships=others, content_hash="another")


def test_the_latest_assessment_has_a_part_for_each_member_and_map(season: Season) -> None:
    judged_twice(season)
    missing = season.warehouse._opened().rows(
        "SELECT member.province_id, map.drawn_from FROM bridge_assessment_member AS member "
        "CROSS JOIN (SELECT DISTINCT drawn_from FROM bridge_boundary) AS map "
        "LEFT JOIN bridge_assessment_part AS part ON member.assessment_key = part.assessment_key "
        "AND member.province_id = part.province_id AND map.drawn_from = part.drawn_from "
        f"WHERE member.period_code = '{PERIOD}' AND member.assessment_key = 2 AND part.drawn_id IS NULL"
    )
    assert missing == []
    assert season.warehouse._opened().rows("SELECT DISTINCT assessment_key FROM bridge_assessment_part") == [(2,)]


def test_of_two_assessments_the_later_recorded_holds_though_the_clock_went_back(season: Season) -> None:
    hours = [dt.timedelta(hours=n) for n in (1, 10, 9, 20)]
    for after in hours:
        season.judge(assessed_at=IN_TIME + after)
    ask = season.warehouse._opened().rows
    for at, expected in ((0.5, None), (1, 1), (8.5, 1), (9, 3), (10, 3), (19, 3), (20, 4), (99, 4)):
        moment = IN_TIME + dt.timedelta(hours=at)
        [(known,)] = ask("SELECT max(assessment_key) FROM dim_assessment WHERE assessed_at <= ?", [moment])
        assert known == expected
        rows = ask("SELECT assessment_key, first_assessed_at FROM assessments_as_of(?)", [moment])
        assert rows == ([] if expected is None else [(expected, IN_TIME + hours[0])])


@pytest.mark.parametrize("seed", range(3))
def test_a_refusal_stands_exactly_while_it_is_the_last_word(season: Season, seed: int) -> None:
    chance = random.Random(seed)
    said: list[Ruling] = []
    for n in range(24):
        at = IN_TIME + dt.timedelta(hours=chance.randrange(40))
        known = [r.ruling_id for r in said if r.kind != "revoke"]
        if known and chance.random() < 0.3:
            ruling = _ruling(f"R-{n}", "revoke", at, revokes=chance.choice(known))
        else:
            ruling = _ruling(f"R-{n}", chance.choice(["accept", "refuse"]), at, finding_id=chance.choice("fg"))
        said.append(ruling)
        season.warehouse.add_ruling(ruling)
    ask = season.warehouse._opened().rows
    standing = 0
    for hour in range(-1, 42):
        moment = IN_TIME + dt.timedelta(hours=hour, minutes=30 * chance.randrange(2))
        found = ask(
            "SELECT finding_id, reason FROM bridge_refusal "
            "WHERE refused_from <= $1 AND (refused_to IS NULL OR $1 < refused_to) ORDER BY ALL",
            [moment],
        )
        expected = [(name, word.reason) for name in "fg" if (word := _last_word(said, name, moment)) is not None]
        assert found == expected
        standing += len(found)
    assert standing


def _ruling(ruling_id: str, kind: str, at: dt.datetime, **more: str) -> Ruling:
    return Ruling(ruling_id, kind, PERIOD, "", f"lý do {ruling_id}", "Hoa", at, figure_hash="h", **more)  # type: ignore[arg-type]


def _last_word(said: list[Ruling], finding_id: str, moment: dt.datetime) -> Ruling | None:
    """The refusal that holds at a moment, found by looking through all rulings."""
    revoked = {r.revokes for r in said if r.kind == "revoke" and r.decided_at <= moment}
    words = [r for r in said if r.finding_id == finding_id and r.decided_at <= moment and r.ruling_id not in revoked]
    last = max(words, key=lambda r: (r.decided_at, r.ruling_id), default=None)
    return last if last is not None and last.kind == "refuse" else None
