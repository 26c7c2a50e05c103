"""A disk that is full at one moment of a run after the other: said plainly each time, and in the end all is there."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from office import EXAMPLES, PERIOD, Office

from flows.telling.machine_troubles import say_trouble
from warehouse import Warehouse

SENDERS = ("Hà Nam", "Ninh Bình")
ROOM = ("300k", "1200k", "4m", "9m", "14m")  # in the loading, the first copy, the tables, the log of the run …
LEFT = ("*.tmp", "*.new", ".new-*", "*.part")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, as small as can be."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk to fill it")
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM[0]}", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def _office(folder: Path, returns: Path) -> Office:
    office = Office(folder)
    office.returns = returns
    return office


def _state(office: Office) -> dict[str, object]:
    home, figures = office.settings.home, "province_code, indicator_code, value, status, raw_text, sheet, cell, version"
    return {
        "observations": office.sql(f"SELECT {figures} FROM observations ORDER BY ALL"),
        "findings": office.sql("SELECT rule_code, severity, province_id, message, status FROM findings ORDER BY ALL"),
        "archive": sorted(path.name for path in office.settings.archive.rglob("*") if path.is_file()),
        "published": sorted(p.relative_to(home).as_posix() for p in office.settings.published.rglob("*")),
        "left": [path.name for pattern in LEFT for path in home.rglob(pattern)],
    }


@pytest.mark.parametrize("size", ["4k", "8k", "12k"])
def test_a_warehouse_that_could_not_be_begun_is_begun_by_the_next(disk: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", disk], check=True)
    path = disk / "warehouse.duckdb"
    with pytest.raises(Exception, match="No space left"):
        Warehouse.open(path)
    subprocess.run(["mount", "-o", "remount,size=20m", disk], check=True)
    with Warehouse.open(path) as warehouse:
        assert warehouse.runs() == []


@pytest.mark.long
def test_a_run_on_a_full_disk_says_so_and_the_next_mends_it(disk: Path, tmp_path: Path) -> None:
    returns = tmp_path / "returns"
    for name in SENDERS:
        shutil.copytree(EXAMPLES / name, returns / name)
    undisturbed = _office(tmp_path / "undisturbed", tmp_path / "returns too")
    shutil.copytree(returns, undisturbed.returns)
    undisturbed.run()

    office = _office(disk, returns)
    for size in (*ROOM[1:], "200m"):
        with pytest.raises(Exception) as raised:
            office.run()
        words = say_trouble(raised.value, office.settings.home)
        assert words.startswith("Ổ đĩa không đủ chỗ"), raised.value
        subprocess.run(["mount", "-o", f"remount,size={size}", disk], check=True)
    office.run()
    assert _state(office) == _state(undisturbed)
    assert _state(office)["left"] == []
    with Warehouse.open(office.settings.warehouse) as warehouse:
        last, *others = warehouse.runs(PERIOD)
    assert last.state in ("completed", "nothing_new") and {run.state for run in others} <= {"failed", "cut_short"}, (
        others
    )
