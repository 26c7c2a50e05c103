"""What is kept of who is asked, who answers and which map they are on: always what the other tables say."""

from __future__ import annotations

import dataclasses

from seasons import LATE, PERIOD, Season, accepted, number, reading, total

from catalogue.model import Catalogue
from warehouse import AssessmentEntry
from warehouse.members import refill_members

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
        refill_members(session)
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


def test_each_assessed_half_year_has_a_part_for_each_member_and_map(season: Season) -> None:
    judged_twice(season)
    missing = season.warehouse._opened().rows(
        "SELECT member.province_id, map.drawn_from FROM bridge_assessment_member AS member "
        "CROSS JOIN (SELECT DISTINCT drawn_from FROM bridge_boundary) AS map "
        "LEFT JOIN bridge_assessment_part AS part ON member.assessment_key = part.assessment_key "
        "AND member.province_id = part.province_id AND map.drawn_from = part.drawn_from "
        f"WHERE member.period_code = '{PERIOD}' AND part.drawn_id IS NULL"
    )
    assert missing == []
