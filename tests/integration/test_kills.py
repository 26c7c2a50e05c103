"""A run killed anywhere is mended by the next."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from calling import COMMAND, EXAMPLES, Thidua

from flows.period_run import collect
from flows.settings import find_settings
from warehouse import published_marts

pytestmark = pytest.mark.slow

CHANGING = {"received_at", "modified_at", "is_on_time"}


def content(warehouse: Path) -> dict[str, list[dict[str, Any]]]:
    marts = published_marts(warehouse, "2021H1")
    return {name: [{k: v for k, v in row.items() if k not in CHANGING} for row in rows] for name, rows in marts.items()}


def test_killed_runs_leave_nothing_that_the_next_does_not_mend(thidua: Thidua, home: Path, tmp_path: Path) -> None:
    reference = find_settings(tmp_path / "reference")
    collect(reference, "2021H1", shutil.copytree(EXAMPLES, tmp_path / "returns"), dt.datetime.now(dt.UTC))
    variables = {**os.environ, "THIDUA_HOME": str(home)}
    for seconds in (2.0, 3.5, 4.5, 5.5, 6.5):
        process = subprocess.Popen(
            [*COMMAND, "run", "2021H1"],
            env=variables,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(seconds)
        if seconds != 4.5:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()  # alone, so that its reading children have to notice
        process.wait()
    result = thidua("run", "2021H1")
    assert result.returncode == 0, result.stderr
    assert content(home / "published" / "warehouse.duckdb") == content(reference.published_warehouse)
    published = home / "published" / "2021H1"
    assert sorted(p.name for p in published.rglob("*")) == sorted(
        p.name for p in reference.published_period("2021H1").rglob("*")
    )


def test_a_published_file_that_was_lost_is_made_again(thidua: Thidua, home: Path) -> None:
    assert thidua("run", "2021H1").returncode == 0
    published = home / "published"
    shutil.rmtree(published / "2021H1" / "csv")
    (published / "warehouse.duckdb").unlink()
    assert thidua("run", "2021H1").returncode == 0
    assert (published / "2021H1" / "csv" / "grdp.csv").exists()
    assert (published / "warehouse.duckdb").exists()
