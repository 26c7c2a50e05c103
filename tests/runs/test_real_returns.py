"""The main job on the real returns: every figure of the report, and what is known to be wrong in it."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from office import EXAMPLES, Office, collect_examples

from transforms.figure_marks import read_bookmarks
from warehouse import query

pytestmark = pytest.mark.slow

FIGURES = EXAMPLES.parent / "figures_2021H1.csv"
GOLDEN_REPORT = Path(__file__).resolve().parents[1] / "golden" / "2021H1" / "bao-cao.md"
DIFFERENT = {
    "new_enterprises": (Decimal(5824), Decimal(5761)),
    "new_jobs": (Decimal(98238), Decimal(98591)),
    "ntm_districts_certified_rate": (Decimal("75.30"), Decimal("75.31")),
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, prepared: Callable[..., Path]) -> Office:
    made = prepared("collected", collect_examples)
    return Office(shutil.copytree(made, tmp_path_factory.mktemp("real"), dirs_exist_ok=True), hours=1)


def test_every_figure_of_the_report_is_there(office: Office) -> None:
    observations = {
        (code, indicator): (value, estimated)
        for code, indicator, value, estimated in office.sql(
            "SELECT province_code, indicator_code, value, is_estimated FROM observations WHERE status <> 'derived'"
        )
    }
    totals = {row[0]: row[1:] for row in office.sql("SELECT indicator_code, value, control_value FROM cluster_totals")}
    with FIGURES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 290
    for row in rows:
        value = Decimal(row["value"])
        if row["province_code"]:
            found = observations[row["province_code"], row["indicator"]]
            assert found == (value, row["estimated"] == "1"), row
        elif row["indicator"] in DIFFERENT:
            announced, computed = DIFFERENT[row["indicator"]]
            assert totals[row["indicator"]] == (computed, announced)
            assert value == announced
        else:
            assert totals[row["indicator"]] == (value, value), row


def test_a_row_for_every_expected_indicator(office: Office) -> None:
    [(rows, keys)] = office.sql(
        "SELECT count(*), count(DISTINCT (period_code, province_code, indicator_code)) FROM observations"
    )
    assert rows == keys
    assert office.sql("SELECT count(*) FROM observations WHERE is_required GROUP BY province_code") == [(28,)] * 9
    assert office.sql("SELECT count(*) FROM observations WHERE status = 'blank' AND value IS NOT NULL") == [(0,)]


def test_the_disputed_total_is_marked(office: Office) -> None:
    assert office.value("37", "national_student_prizes_total") == (Decimal(74), "disputed")
    assert office.value("37", "national_student_prizes_second") == (Decimal(3), "reported")
    [row] = office.sql(
        "SELECT value, disputed_count, value_without_disputed FROM cluster_totals "
        "WHERE indicator_code = 'national_student_prizes_total'"
    )
    assert row == (Decimal(549), 1, Decimal(475))


def test_completeness_of_a_province(office: Office) -> None:
    rows = office.sql(
        "SELECT is_submitted, is_on_time, cells_expected, cells_received, critical_count, info_count "
        "FROM completeness WHERE province_code = '37'"
    )
    assert rows == [(True, True, 28, 22, 1, 1)]


def test_the_tables_are_published(office: Office) -> None:
    folder = office.settings.published_period("2021H1")
    assert (folder / "bang-tong-hop.xlsx").stat().st_size > 10_000
    assert (folder / "csv" / "grdp.csv").exists()
    assert (folder / "parquet" / "phat-hien.parquet").exists()


def test_running_twice_changes_nothing_but_the_record_of_runs(office: Office) -> None:
    """The warehouse gains one row, that of the run itself, and the run page tells of it; every other byte stays."""
    noted = ("run.lock", "van-hanh.html", "warehouse.duckdb.wal")

    def files() -> dict[str, bytes]:
        found = [p for p in office.settings.home.rglob("*") if p.is_file() and p.name not in noted]
        return {str(p): p.read_bytes() for p in found if p != office.settings.warehouse}

    def tables() -> dict[str, list[tuple[Any, ...]]]:
        _, names = query(office.settings.warehouse, "SELECT table_name FROM duckdb_tables() ORDER BY 1")
        return {t: query(office.settings.warehouse, f"SELECT * FROM {t} ORDER BY ALL")[1] for (t,) in names}

    before, stored = files(), tables()
    outcome = office.run()
    assert not outcome.had_work
    assert files() == before
    after = tables()
    assert len(after.pop("fact_run")) == len(stored.pop("fact_run")) + 1
    assert after == stored


def test_originals_are_kept_by_content(office: Office) -> None:
    for (sha256,) in office.sql("SELECT sha256 FROM submissions"):
        kept = office.settings.archive / sha256[:2] / sha256
        assert kept.exists()
        assert not kept.stat().st_mode & 0o222


def test_examples_are_left_as_they_are(office: Office) -> None:
    assert sorted(p.suffix for p in Path(EXAMPLES).rglob("*") if p.is_file()) == [".xlsx"] * 10


def test_the_draft_of_the_report_reads_as_it_was_signed(office: Office) -> None:
    """What changes in it shows here: look at the difference, then copy the published file over the golden one."""
    drafted = office.settings.published_period("2021H1") / "bao-cao.md"
    assert drafted.read_text(encoding="utf-8").splitlines() == GOLDEN_REPORT.read_text(encoding="utf-8").splitlines()


def test_every_bookmark_of_the_report_names_a_cell_of_the_returns(office: Office) -> None:
    marks = read_bookmarks(office.settings.published_period("2021H1") / "bao-cao.docx")
    rows = office.sql("SELECT province_id, indicator_code, value, file_name, sheet, cell FROM observations")
    cells = {tuple(row[:2]): row[2:] for row in rows}
    reported = [mark for mark in marks.values() if mark.basis == "reported"]
    assert len(reported) > 450
    for mark in reported:
        expected = (mark.value, mark.file_name, mark.sheet, mark.cell)
        assert cells[mark.province_id, mark.indicator_code] == expected
    announced = [mark for mark in marks.values() if mark.basis == "announced"]
    assert announced
    assert {mark.file_name for mark in announced} == {"toan-cum_2021H1.xlsx"}
