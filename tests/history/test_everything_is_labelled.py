"""Whatever a home with made-up figures publishes, sends or prints says so: everything that lies there is looked at."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from catalogue import load_catalogue
from flows.closing.question import Question
from flows.closing.report import question_markdown
from flows.command_line import cli
from flows.reminders.reminding import deliver
from flows.reminders.report import find_due
from flows.runs.period_run import collect
from flows.settings import SYNTHETIC_MARK, Settings
from flows.telling.artifact_words import tell_all
from flows.telling.run_page import look_around, refresh_run_page
from publications.labels import SYNTHETIC_BANNER
from transforms.template.blank import render_template
from warehouse import Warehouse

pytestmark = pytest.mark.slow

PERIOD = "2021H1"
NOON = dt.datetime(2021, 7, 5, 12, tzinfo=dt.UTC)
LATE = dt.date(2021, 7, 9)
CATALOGUE = load_catalogue()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which a synthetic return came twice, was answered and reminded about, and whose half-year is sealed."""
    folder = tmp_path_factory.mktemp("made-up")
    (folder / SYNTHETIC_MARK).write_text("để thử", encoding="utf-8")
    settings = Settings(home=folder)
    for day, jobs in enumerate((1200, 99)):
        values: dict[str, Any] = {"m_finality": "Giả lập", "f_new_jobs": jobs, "f_poverty_rate": "130"}
        file = folder / "returns" / "Hà Nam" / f"biểu {day}.xlsx"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(render_template(CATALOGUE, PERIOD, "ha-nam", values))
        collect(settings, PERIOD, folder / "returns", NOON + dt.timedelta(days=day))
    with Warehouse.open(settings.warehouse) as warehouse:
        refresh_run_page(settings, CATALOGUE, warehouse, PERIOD, NOON)
    deliver(settings, PERIOD, find_due(CATALOGUE, settings, PERIOD, LATE) or (), (), LATE)
    return folder


def is_labelled(file: Path) -> bool:
    """Whether a file says that its figures are made up; a kind of file that nobody thought of has to be added here."""
    if file.suffix in (".html", ".md", ".txt", ".json"):
        return SYNTHETIC_BANNER in file.read_text("utf-8")
    if file.suffix == ".docx":
        with zipfile.ZipFile(file) as archive:
            return SYNTHETIC_BANNER in archive.read("word/document.xml").decode()
    if file.suffix == ".xlsx":
        book = openpyxl.load_workbook(file)
        sheets = book.worksheets if file.name == "bang-tong-hop.xlsx" else book.worksheets[:1]
        return all(any(SYNTHETIC_BANNER in text for text in _head(sheet)) for sheet in sheets)
    if file.suffix == ".csv":
        rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))
        return all("source" in row for row in rows) and any(row["source"] in ("synthetic", "mixed") for row in rows)
    if file.suffix == ".parquet":
        return not {"synthetic", "mixed"}.isdisjoint(pq.read_table(file)["source"].to_pylist())
    assert file.suffix == ".duckdb", f"how is {file.name} to be labelled?"
    with duckdb.connect(str(file), read_only=True) as copy:
        return ("synthetic",) in copy.execute("SELECT DISTINCT source FROM observations").fetchall()


def _head(sheet: Any) -> Iterator[str]:
    yield from (str(cell.value) for row in sheet.iter_rows(max_row=8) for cell in row)


def published(home: Path) -> list[Path]:
    folders = (home / "published", home / "returns" / "Hà Nam" / "Phản hồi của Cụm", home / "reminders")
    files = [f for folder in folders for f in folder.rglob("*") if f.is_file()]
    return [f for f in files if not f.name.startswith(".") and f.suffix != ".jsonl"]


def test_every_file_that_is_published_answered_or_sent_is_labelled(home: Path) -> None:
    files = published(home)
    kinds = {".html", ".xlsx", ".docx", ".md", ".csv", ".parquet", ".json", ".txt", ".duckdb"}
    assert {f.suffix for f in files} >= kinds
    assert [str(f.relative_to(home)) for f in files if not is_labelled(f)] == []
    letters = [f for f in files if f.suffix == ".txt"]
    assert letters and all(f.read_text("utf-8").startswith("[THỬ – số liệu giả lập] ") for f in letters)


def test_every_artifact_and_the_question_of_a_closing_are_labelled(home: Path) -> None:
    settings = Settings(home=home)
    with Warehouse.open(settings.warehouse) as warehouse:
        marts = warehouse.marts(PERIOD)
        situation = look_around(settings, CATALOGUE, warehouse, PERIOD, NOON, marts)
    from flows.runs.outcome import Outcome

    for told in tell_all(settings, situation, Outcome(PERIOD, marts)):
        assert told.title.startswith(SYNTHETIC_BANNER) and (told.rows or SYNTHETIC_BANNER in told.markdown), told.name
    assert SYNTHETIC_BANNER in question_markdown(CATALOGUE, settings, Question(PERIOD, [], marts))


@pytest.mark.parametrize(
    "words",
    [
        ["status", PERIOD],
        ["explain", PERIOD],
        ["diff", "Hà Nam", PERIOD],
        ["rulings", PERIOD],
        ["remind", PERIOD, "--on", "2021-07-12", "--dry-run"],
        ["runs", PERIOD],
        ["sql", "SELECT value FROM observations WHERE value IS NOT NULL"],
        ["trace", PERIOD, "Hà Nam", "new_jobs"],
        ["close", PERIOD],
    ],
)
def test_every_command_says_where_its_figures_come_from(home: Path, words: list[str]) -> None:
    done = CliRunner().invoke(cli, [*words, "--home", str(home)])
    assert done.exit_code == 0, done.output
    assert SYNTHETIC_BANNER in done.stderr
    if words[0] in ("status", "trace"):
        assert SYNTHETIC_BANNER in done.stdout


def test_the_page_of_a_source_cell_is_labelled(home: Path, tmp_path: Path) -> None:
    words = ["trace", PERIOD, "Hà Nam", "new_jobs", "--out", str(tmp_path), "--home", str(home)]
    assert CliRunner().invoke(cli, words).exit_code == 0
    [page] = tmp_path.iterdir()
    assert page.read_text("utf-8").count(SYNTHETIC_BANNER) == 1


@pytest.mark.long
def test_what_is_sealed_is_labelled_too(home: Path) -> None:
    words = ["approve", PERIOD, "--with-findings", "--by", "Lan", "--reason", "để thử", "--home", str(home)]
    assert CliRunner().invoke(cli, ["close", PERIOD, "--home", str(home)]).exit_code == 0
    assert CliRunner().invoke(cli, words).exit_code == 0
    [seal] = (home / "seals").rglob("1")
    made = [f for f in seal.rglob("*") if f.suffix in (".xlsx", ".csv", ".parquet", ".docx", ".html", ".duckdb")]
    made = [f for f in made if f.relative_to(seal).parts[0] not in ("catalogue", "originals")]
    assert {f.suffix for f in made} >= {".xlsx", ".csv", ".parquet", ".duckdb"}
    assert [str(f.relative_to(seal)) for f in made if not is_labelled(f)] == []
