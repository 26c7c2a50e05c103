"""A run killed anywhere is mended by the next: warehouse, tables and answers are those of an undisturbed home."""

from __future__ import annotations

import datetime as dt
import shutil
import zipfile
from pathlib import Path

import duckdb
import pytest
from calling import EXAMPLES
from click.testing import CliRunner

from benchmarks.killing import STAGES, kill_at, kill_when
from benchmarks.likeness import compare_homes
from flows.command_line import cli
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


@pytest.mark.parametrize(
    "stage",
    [
        pytest.param("reading", marks=pytest.mark.long),
        "loading",
        pytest.param("judging", marks=pytest.mark.long),
        "publishing",
        pytest.param("answering", marks=pytest.mark.long),
    ],
)
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


# --- with a published report ---------------------------------------------------------------------------------------

REPORT = EXAMPLES.parent / "bao-cao-mau.md"
TAKEN_IN = ("import-report", str(REPORT), "--period", PERIOD, "--accept", "--by", "Lan", "--reason", "mất biểu")


@pytest.fixture(scope="module")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one return, and a report that was taken in for all others; no run has seen it yet."""
    home = tmp_path_factory.mktemp("accepted")
    shutil.copytree(EXAMPLES / "Hưng Yên", home / "returns" / "Hưng Yên")
    assert CliRunner().invoke(cli, [*TAKEN_IN, "--home", str(home)]).exit_code == 0
    return home


@pytest.fixture(scope="module")
def taken(accepted: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same after an undisturbed run."""
    home = shutil.copytree(accepted, tmp_path_factory.mktemp("taken"), dirs_exist_ok=True)
    run_undisturbed(home)
    return home


def archived(home: Path) -> list[str]:
    return sorted(p.relative_to(home).as_posix() for p in (home / "archive").rglob("*") if p.is_file())


def test_a_report_whose_taking_in_is_killed_counts_not_at_all_or_once(accepted: Path, tmp_path: Path) -> None:
    for number, kept in enumerate(archived(accepted)):  # the report, and the figures of it that are accepted
        home = tmp_path / str(number)
        home.mkdir()
        assert kill_when(TAKEN_IN, home, kept) in (None, 0)
        assert CliRunner().invoke(cli, [*TAKEN_IN, "--home", str(home)]).exit_code == 0
        assert archived(home) == archived(accepted)
        with Warehouse.open(home / "warehouse.duckdb") as warehouse:
            assert [(r.ruling_id, r.kind) for r in warehouse.rulings()] == [("QD-0001", "import")]


@pytest.mark.long
def test_a_run_killed_as_it_loads_a_report_is_mended_by_the_next(accepted: Path, taken: Path, tmp_path: Path) -> None:
    home = shutil.copytree(accepted, tmp_path, dirs_exist_ok=True)
    killed = kill_at(["run", PERIOD], home, STAGES["loading"])
    assert (killed.code, killed.orphans) == (None, ()), killed.said
    run_undisturbed(home)
    assert differences(taken, home) == []


@pytest.mark.long
@pytest.mark.parametrize("place", [".index.html.unfinished", "index.html"])
def test_a_page_and_a_report_are_whole_or_not_there_whenever_the_kill_comes(
    accepted: Path, taken: Path, tmp_path: Path, place: str
) -> None:
    home = shutil.copytree(accepted, tmp_path, dirs_exist_ok=True)
    published = Path("published") / PERIOD
    kill_when(["run", PERIOD], home, str(published / place))
    page, draft = home / published / "index.html", home / published / "bao-cao.docx"
    assert not page.exists() or page.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert not draft.exists() or zipfile.is_zipfile(draft)
    assert draft.exists() or not page.exists(), "the page comes last"
    run_undisturbed(home)
    assert differences(taken, home) == []


# --- lost and found ------------------------------------------------------------------------------------------------


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
