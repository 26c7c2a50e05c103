"""A run killed anywhere is mended by the next: warehouse, tables and answers are those of an undisturbed home."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import duckdb
import pytest
from calling import EXAMPLES

from benchmarks.killing import STAGES, kill_at
from benchmarks.likeness import compare_homes
from flows.runs.period_run import collect
from flows.settings import find_settings
from warehouse import Warehouse

pytestmark = pytest.mark.slow

PERIOD = "2021H1"
FEW = ("Hà Nam", "Hưng Yên", "Ninh Bình", "Toàn Cụm")


def run_undisturbed(home: Path) -> None:
    """A whole run in this process: the steps of the flow, without the seconds that a new process pays."""
    settings = find_settings(home)
    collect(settings, PERIOD, settings.returns, dt.datetime.now(dt.UTC))


@pytest.fixture
def few(home: Path) -> Path:
    """The home with a few of its units: what a kill may spoil is there, and marking workbooks is what costs."""
    keep_few(home)
    return home


def keep_few(home: Path) -> None:
    for folder in (home / "returns").iterdir():
        if folder.name not in FEW:
            shutil.rmtree(folder)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("undisturbed")
    shutil.copytree(EXAMPLES, home / "returns")
    keep_few(home)
    run_undisturbed(home)
    return home


def differences(undisturbed: Path, home: Path) -> list[str]:
    return compare_homes(undisturbed, home, undisturbed / "returns", home / "returns")


@pytest.mark.parametrize("stage", ["reading", "loading", "judging", "publishing", "answering"])
def test_a_run_killed_as_a_stage_begins_is_mended_by_the_next(few: Path, undisturbed: Path, stage: str) -> None:
    """With all it started, or while it reads the flow's process alone: its readers then have to notice."""
    killed = kill_at(["run", PERIOD], few, STAGES[stage], alone=stage == "reading")
    assert (killed.code, killed.orphans) == (None, ()), killed.said
    run_undisturbed(few)
    assert differences(undisturbed, few) == []
    with Warehouse(few / "warehouse.duckdb") as warehouse:
        now, killed_then = [run.state for run in warehouse.runs(PERIOD)]
    assert (now in ("completed", "nothing_new"), killed_then) == (True, "cut_short")


@pytest.fixture
def finished(few: Path, undisturbed: Path) -> Path:
    """A copy of the undisturbed home."""
    return shutil.copytree(undisturbed, few, dirs_exist_ok=True)


def test_a_published_file_that_was_lost_is_made_again(finished: Path, undisturbed: Path) -> None:
    shutil.rmtree(finished / "published" / PERIOD / "csv")
    (finished / "published" / "warehouse.duckdb").unlink()
    run_undisturbed(finished)
    assert differences(undisturbed, finished) == []


def test_the_comparison_names_what_differs(finished: Path, undisturbed: Path) -> None:
    with duckdb.connect(str(finished / "warehouse.duckdb")) as connection:
        connection.execute("DELETE FROM fact_observation WHERE raw_text = '10.4'")
    table = finished / "published" / PERIOD / "csv" / "grdp.csv"
    table.write_text(table.read_text(encoding="utf-8-sig").replace("10.4", "4.10"), encoding="utf-8")
    (finished / "archive" / ".new-half").touch()
    told = differences(undisturbed, finished)
    assert any("fact_observation lacks {" in line and "'raw_text': '10.4'" in line for line in told), told
    assert any("grdp.csv has also" in line and "4.10" in line for line in told), told
    assert any(".new-half" in line for line in told), told
    assert not any("dim_" in line for line in told), told
