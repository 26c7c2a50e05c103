"""A home built out of the synthetic history: versions and judgements at the moments when they would have been."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from examples.history.events import RESTATED, find_events, read_events
from examples.history.home import Run, build_history, build_home
from examples.history.sending import VIETNAM
from publications.labels import SYNTHETIC_BANNER

pytestmark = [pytest.mark.slow, pytest.mark.long]

PERIODS = ("2021H1", "2021H2", "2022H1")
Built = tuple[Path, Path, list[tuple[Run, float]]]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The real half-year and the two synthetic ones after it."""
    folder = tmp_path_factory.mktemp("built")
    runs = build_history(folder / "home", PERIODS)
    return folder / "home-files", folder / "home", runs


def ask(built: Built, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(built[1] / "published" / "warehouse.duckdb"), read_only=True) as connection:
        return connection.sql(sql).fetchall()


def test_every_half_year_is_collected_when_it_was_due_and_again_when_a_file_came(built: Built) -> None:
    runs = [run for run, _ in built[2]]
    assert [(run.period_code, run.at.date().isoformat()) for run in runs] == [
        ("2021H1", "2021-07-05"),
        ("2021H2", "2022-01-05"),
        ("2021H2", "2022-01-27"),
        ("2022H1", "2022-07-05"),
    ]
    received = ask(built, "SELECT DISTINCT received_at FROM submissions ORDER BY ALL")
    assert [at for (at,) in received] == [run.at for run in runs]
    assert runs[0].at == dt.datetime(2021, 7, 5, 17, 0, tzinfo=VIETNAM)


def test_2021h1_is_the_real_one_and_what_was_restated_of_it_is_a_ledger(built: Built) -> None:
    declared = {
        (e.province_id, e.indicator_code, e.amount)
        for e in read_events()
        if (e.kind, e.period_code) == (RESTATED, "2022H1")
    }
    found = ask(built, "SELECT province_id, indicator_code, difference FROM revisions WHERE earlier_period = '2021H1'")
    assert set(found) == declared
    [(value,)] = ask(
        built,
        "SELECT sum(value) FROM observations WHERE period_code = '2021H1' AND indicator_code = 'new_enterprises' "
        "AND province_id <> 'toan-cum'",
    )
    assert value == Decimal(5761)


def test_a_correction_is_a_version_with_the_declared_difference(built: Built) -> None:
    changes = ask(
        built,
        "SELECT indicator_code, value - value_before FROM changes WHERE period_code = '2021H2' "
        "AND province_id = 'hung-yen' AND indicator_code IN ('new_jobs', 'new_enterprises')",
    )
    assert set(changes) == {(e.indicator_code, e.amount) for e in find_events("2021H2", "hung-yen", "correction")}


def test_synthetic_returns_break_no_rule_but_where_it_is_declared(built: Built) -> None:
    found = ask(
        built,
        "SELECT DISTINCT severity, rule_code, period_code FROM findings WHERE period_code <> '2021H1' ORDER BY ALL",
    )
    assert found == [("info", "figure_revised", "2022H1"), ("warning", "change_fits_growth", "2022H1")]


def test_real_figures_stay_told_as_reported_among_synthetic_ones(built: Built) -> None:
    sources = ask(built, "SELECT DISTINCT period_code, source FROM observations WHERE source IS NOT NULL ORDER BY ALL")
    assert sources == [("2021H1", "reported"), ("2021H2", "synthetic"), ("2022H1", "synthetic")]
    assert ask(built, "SELECT DISTINCT source_mix FROM cluster_totals ORDER BY ALL") == [("reported",), ("synthetic",)]


def test_building_again_only_publishes_and_no_other_home_is_touched(built: Built, tmp_path: Path) -> None:
    history, home, _ = built
    assert not list(home.glob("published/*/*"))
    before = ask(built, "SELECT * FROM dim_assessment ORDER BY ALL")
    build_home(history, home, tell=lambda _: None)
    assert ask(built, "SELECT * FROM dim_assessment ORDER BY ALL") == before
    for period, says_so in zip(PERIODS, (False, True, True), strict=True):
        for page in ("tinh-hinh.html", "van-hanh.html"):
            assert (SYNTHETIC_BANNER in (home / "published" / period / page).read_text("utf-8")) is says_so
        assert (home / "published" / period / "bang-tong-hop.xlsx").exists()
    assert list((home / "inbox" / "2022H1").glob("*/Phản hồi của Cụm/2022H1/Lần 01 - Biên nhận.html"))
    (tmp_path / "warehouse.duckdb").write_bytes(b"")
    with pytest.raises(ValueError, match="other data"):
        build_home(history, tmp_path, tell=lambda _: None)
