"""Whether figures are a unit's own or made up, in every view that shows any."""

from __future__ import annotations

from decimal import Decimal

from seasons import READER, Season, accepted, number, reading, total

from transforms.observation import Revision


def test_the_source_of_a_reading_comes_back_equal(season: Season) -> None:
    own, made_up = reading("ha-nam", number("new_jobs", "1")), reading("hung-yen", source="synthetic")
    season.receive(own)
    season.receive(made_up)
    wanted = [own.sha256, made_up.sha256]
    stored = season.warehouse.readings(wanted, READER, season.catalogue.content_hash)
    assert [stored[sha256].source for sha256 in wanted] == ["", "synthetic"]
    assert stored[made_up.sha256] == made_up


def test_every_view_of_figures_says_whose_they_are(season: Season) -> None:
    season.receive(reading("ha-nam", number("new_jobs", "5")))
    season.receive(reading("hung-yen", number("new_jobs", "7"), source="synthetic"))
    season.receive(reading("hung-yen", number("new_jobs", "8"), source="synthetic"), version=2)
    season.receive(reading("toan-cum", number("social_investment", "9")))
    revision = Revision("hung-yen", "new_jobs", "2020H1", Decimal(1), Decimal(2), "hung-yen-2")
    season.judge(
        accepted("ha-nam-1"),
        accepted("hung-yen-1", is_current=False),
        accepted("hung-yen-2"),
        accepted("toan-cum-1"),
        totals=(
            total("new_jobs", "13"),
            total("new_enterprises", None),
            total("social_investment", "9", value_source="announced", control_submission_id="toan-cum-1"),
        ),
        revisions=(revision,),
    )
    jobs = {row["province_id"]: row["source"] for row in season.view("observations", indicator_code="new_jobs")}
    assert (jobs["ha-nam"], jobs["hung-yen"], jobs["nam-dinh"]) == ("reported", "synthetic", None)
    sources = {row["submission_id"]: row["source"] for row in season.view("submissions")}
    assert sources == {
        "ha-nam-1": "reported",
        "hung-yen-1": "synthetic",
        "hung-yen-2": "synthetic",
        "toan-cum-1": "reported",
    }
    mixes = {row["indicator_code"]: row["source_mix"] for row in season.view("cluster_totals")}
    assert mixes == {"new_jobs": "mixed", "new_enterprises": "mixed", "social_investment": "reported"}
    change = season.one("changes", indicator_code="new_jobs")
    assert (change["source"], change["source_before"]) == ("synthetic", "synthetic")
    assert season.one("revisions")["source"] == "synthetic"


def test_totals_of_one_source_say_which(season: Season) -> None:
    season.receive(reading("hung-yen", number("new_jobs", "7"), source="synthetic"))
    season.judge(accepted("hung-yen-1"), totals=(total("new_jobs", "7"),))
    assert season.one("cluster_totals")["source_mix"] == "synthetic"


def test_what_was_stored_before_there_were_labels_is_reported(season: Season) -> None:
    season.receive(reading("ha-nam", number("new_jobs", "5")))
    season.judge(accepted("ha-nam-1"), totals=(total("new_jobs", "5"),))
    assert season.warehouse._opened().rows("SELECT DISTINCT source FROM dim_reading") == [(None,)]
    assert season.one("observations", province_id="ha-nam", indicator_code="new_jobs")["source"] == "reported"
    assert season.one("cluster_totals")["source_mix"] == "reported"
