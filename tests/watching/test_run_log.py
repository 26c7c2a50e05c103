"""Our own log of runs: however a run ends, it is told; a killed one is told by the next."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from flows.telling.run_log import STOPPED, kept_run
from transforms.operation import RunChange
from warehouse import Warehouse


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse.open(tmp_path / "warehouse.duckdb")


def test_a_run_is_told_with_what_it_came_to(warehouse: Warehouse) -> None:
    with kept_run(warehouse, "collect", "2021H1") as kept:
        assert [r.state for r in warehouse.runs()] == ["running"]
        told = [RunChange("", 0, "state", "ha-nam", "Hà Nam: Chưa gửi → Đạt"), RunChange("", 0, "file", "", "a.xlsx")]
        kept.finish("completed", "1 tệp mới", new_files=1, open_critical=0, open_warning=3, changes=told)
    (run,) = warehouse.runs("2021H1")
    assert (run.run_id, run.state, run.message, run.trigger) == (kept.run_id, "completed", "1 tệp mới", "command")
    assert (run.new_files, run.open_critical, run.open_warning) == (1, 0, 3)
    assert run.ended_at is not None
    assert run.ended_at >= run.started_at
    assert run.host
    assert run.flow_run_id == ""
    assert [(c.position, c.text) for c in warehouse.run_changes(run.run_id)] == [
        (0, "Hà Nam: Chưa gửi → Đạt"),
        (1, "a.xlsx"),
    ]


def test_an_error_ends_the_run_and_goes_on_up(warehouse: Warehouse) -> None:
    with pytest.raises(OSError, match="hết chỗ"), kept_run(warehouse, "seal", "2021H1") as kept:
        kept.finish("completed", "tưởng là xong", new_files=1)
        raise OSError("đĩa hết chỗ\nở /srv")
    (run,) = warehouse.runs()
    assert (run.state, run.message) == ("failed", "Hệ thống gặp lỗi: OSError: đĩa hết chỗ ở /srv")
    with pytest.raises(KeyboardInterrupt), kept_run(warehouse, "collect", "2021H1"):
        raise KeyboardInterrupt
    assert (warehouse.runs()[0].state, warehouse.runs()[0].message) == ("failed", STOPPED)


def test_an_error_of_the_warehouse_itself_is_told_too(warehouse: Warehouse, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="no_such_table"), kept_run(warehouse, "collect", "2021H1"):
        warehouse._opened().execute("SELECT * FROM no_such_table")
    assert "no_such_table" in warehouse.runs()[0].message
    with kept_run(warehouse, "collect", "2021H1"):
        warehouse.publish(tmp_path / "copy.duckdb")  # which closes the loader's file and opens it anew
    assert [r.state for r in warehouse.runs()] == ["completed", "failed"]


def test_a_connection_that_is_spoilt_does_not_lose_the_end(warehouse: Warehouse) -> None:
    with kept_run(warehouse, "collect", "2021H1") as kept:
        kept.finish("completed", "xong")
        warehouse._opened().connection.close()
    assert [(r.state, r.message) for r in warehouse.runs()] == [("completed", "xong")]


def test_a_killed_run_is_told_by_the_next(tmp_path: Path) -> None:
    script = """
        import os, signal, sys
        from pathlib import Path
        from flows.telling.run_log import kept_run
        from warehouse import Warehouse
        with kept_run(Warehouse.open(Path(sys.argv[1])), "collect", "2021H1"):
            os.kill(os.getpid(), signal.SIGKILL)
    """
    file = tmp_path / "warehouse.duckdb"
    killed = subprocess.run([sys.executable, "-c", textwrap.dedent(script), file], env=os.environ, timeout=60)
    assert killed.returncode == -9
    with Warehouse.open(file) as warehouse:
        assert [r.state for r in warehouse.runs()] == ["running"]
        with kept_run(warehouse, "collect", "2021H1") as kept:
            kept.finish("nothing_new", "Không có gì mới")
        found = [(r.state, r.ended_at is None) for r in warehouse.runs()]
        assert found == [("nothing_new", False), ("cut_short", True)]
