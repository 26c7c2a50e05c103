"""In a home of real figures a synthetic file is refused whole, and what was accepted before stays; a marked home takes
it, and then everything that is published says so."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from catalogue import load_catalogue
from flows.reminders.status_report import print_status
from flows.runs.outcome import Outcome
from flows.runs.period_run import collect
from flows.settings import SYNTHETIC_MARK, Settings
from flows.summary import print_outcome
from flows.telling.run_page import refresh_run_page
from publications.labels import SYNTHETIC_BANNER
from transforms.template.blank import render_template
from warehouse import Warehouse

pytestmark = pytest.mark.slow

PERIOD = "2021H1"
NOON = dt.datetime(2021, 7, 5, 12, tzinfo=dt.UTC)


def run(home: Path, days: int = 0) -> Outcome:
    return collect(Settings(home=home), PERIOD, home / "inbox", NOON + dt.timedelta(days=days))


def send(home: Path, name: str, finality: str, jobs: int) -> None:
    values: Any = {"m_finality": finality, "f_new_jobs": jobs}
    file = home / "inbox" / "Hà Nam" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(render_template(load_catalogue(), PERIOD, "ha-nam", values))


def jobs_of(outcome: Outcome) -> dict[str, Any]:
    [row] = [
        row
        for row in outcome.marts["observations"]
        if (row["province_id"], row["indicator_code"]) == ("ha-nam", "new_jobs")
    ]
    return row


def labelled(home: Path, outcome: Outcome, answered: bool = True) -> dict[str, bool]:
    """Of everything that was published whether it says that its figures are made up."""
    folder = home / "published" / PERIOD
    found = {page: SYNTHETIC_BANNER in (folder / page).read_text("utf-8") for page in ("tinh-hinh.html",)}
    book = openpyxl.load_workbook(folder / "bang-tong-hop.xlsx")
    for sheet in book.worksheets:
        head = [str(cell.value) for row in sheet.iter_rows(max_row=4) for cell in row]
        found[sheet.title] = any(SYNTHETIC_BANNER in text for text in head)
        found[f"{sheet.title}, printed"] = SYNTHETIC_BANNER in (sheet.oddHeader.center.text or "")
    with (folder / "csv" / "viec-lam.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["province_name"]: row.get("source") for row in csv.DictReader(file)}
    found["csv"] = (rows["Hà Nam"], rows["Toàn Cụm"], rows["Nam Định"]) == ("synthetic", "synthetic", "")
    found["package"] = SYNTHETIC_BANNER in (folder / "datapackage.json").read_text("utf-8")
    settings, catalogue = Settings(home=home), load_catalogue()
    with Warehouse.open(settings.warehouse) as warehouse:
        refresh_run_page(settings, catalogue, warehouse, PERIOD, NOON)
    found["run page"] = SYNTHETIC_BANNER in (folder / "van-hanh.html").read_text("utf-8")
    with CliRunner().isolation() as (out, *_):
        print_outcome(catalogue, outcome, settings)
        print_status(catalogue, settings, PERIOD, NOON.date())
        printed = out.getvalue().decode()
    found["printed"] = printed.count(SYNTHETIC_BANNER) == 2
    if answered:
        answers = home / "inbox" / "Hà Nam" / "Phản hồi của Cụm" / PERIOD
        for file in answers.glob("Lần 02 - *.html"):
            found[file.name] = SYNTHETIC_BANNER in file.read_text("utf-8")
        [marked] = answers.glob("Lần 02 - Biểu đã đánh dấu*.xlsx")
        todo = openpyxl.load_workbook(marked).worksheets[0]
        found["marked"] = any(SYNTHETIC_BANNER in str(cell.value) for row in todo.iter_rows(max_row=8) for cell in row)
    return found


def test_a_synthetic_file_is_refused_in_a_real_home_and_taken_once_the_home_is_marked(tmp_path: Path) -> None:
    send(tmp_path, "bieu.xlsx", "Chính thức", 1200)
    run(tmp_path)
    (tmp_path / "inbox" / "Hà Nam" / "bieu.xlsx").unlink()
    send(tmp_path, "thu.xlsx", "Giả lập", 99)
    refused = run(tmp_path, 1)
    row = jobs_of(refused)
    assert (int(row["value"]), row["version"], row["source"]) == (1200, 1, "reported")
    critical = [f for f in refused.open_findings if f["severity"] == "critical"]
    assert [(f["rule_code"], f["file_name"]) for f in critical] == [("synthetic_file", "Hà Nam/thu.xlsx")]
    sent = {s["version"]: (s["verdict"], s["source"]) for s in refused.marts["submissions"]}
    assert sent[2] == ("rejected", "synthetic")

    (tmp_path / SYNTHETIC_MARK).write_text("để thử", encoding="utf-8")
    taken = run(tmp_path, 2)
    row = jobs_of(taken)
    assert (int(row["value"]), row["version"], row["source"]) == (99, 2, "synthetic")
    says_so = labelled(tmp_path, taken)
    assert says_so and all(says_so.values()), says_so

    (tmp_path / SYNTHETIC_MARK).unlink()
    real = run(tmp_path, 3)
    row = jobs_of(real)
    assert (int(row["value"]), row["source"]) == (1200, "reported")
    assert not any(labelled(tmp_path, real, answered=False).values())
