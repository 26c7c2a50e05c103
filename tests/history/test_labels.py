"""In a home of real figures a synthetic file is refused whole, and what was accepted before stays; a marked home takes
it, and then everything that is published says so."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from catalogue import load_catalogue
from flows.outcome import Outcome
from flows.period_run import collect
from flows.settings import SYNTHETIC_MARK, Settings
from transforms.template import render_template

pytestmark = pytest.mark.slow

PERIOD = "2021H1"
RETURNS = Path(__file__).parents[2] / "examples" / "returns"
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
    row = jobs_of(run(tmp_path, 2))
    assert (int(row["value"]), row["version"], row["source"]) == (99, 2, "synthetic")

    (tmp_path / SYNTHETIC_MARK).unlink()
    row = jobs_of(run(tmp_path, 3))
    assert (int(row["value"]), row["source"]) == (1200, "reported")
