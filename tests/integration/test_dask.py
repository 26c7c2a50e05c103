"""Files read on a real Dask cluster give the warehouse that threads give, whoever dies on the way."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from calling import EXAMPLES, Thidua

from benchmarks.likeness import compare_homes
from flows.reading import dask_reading
from flows.reading.dask_reading import DaskError, DaskReaders, Shipment, read_shipment
from flows.runs.period_run import collect
from flows.settings import find_settings

pytestmark = [pytest.mark.slow, pytest.mark.long]

PERIOD = "2021H1"
FEW = ("Hà Nam", "Hưng Yên", "Ninh Bình", "Toàn Cụm")
DASK = Path(sys.executable).parent / "dask"


def keep_few(home: Path) -> None:
    for folder in (home / "returns").iterdir():
        if folder.name not in FEW:
            shutil.rmtree(folder)


@pytest.fixture
def few(home: Path) -> Path:
    """The home with a few of its units."""
    keep_few(home)
    return home


@pytest.fixture(scope="module")
def by_threads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("threads")
    shutil.copytree(EXAMPLES, home / "returns")
    keep_few(home)
    settings = find_settings(home)
    collect(settings, PERIOD, settings.returns, dt.datetime.now(dt.UTC))
    return home


class Cluster:
    """A scheduler and workers, started by the commands that an office would type."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        self._start("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / "dask.log").open("ab") as log:
            process = subprocess.Popen(
                [str(DASK), *arguments], cwd=self.folder, stdout=log, stderr=log, start_new_session=True
            )
        self.processes.append(process)
        return process

    def add_worker(self, *arguments: str) -> subprocess.Popen[bytes]:
        return self._start("worker", self.address, "--nthreads", "1", "--no-dashboard", *arguments)

    def wait_for(self, workers: int) -> None:
        from distributed import Client

        with Client(self.address, timeout=30, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=30)

    def stop(self) -> None:
        for process in self.processes:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    running = Cluster(tmp_path)
    yield running
    running.stop()


def test_a_worker_that_is_killed_costs_nothing(
    cluster: Cluster, few: Path, by_threads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of two workers takes files and never reads them: it is stopped, and later killed. The other reads them."""
    lost = cluster.add_worker("--no-nanny")
    cluster.add_worker("--nanny")
    cluster.wait_for(2)
    os.kill(lost.pid, signal.SIGSTOP)
    monkeypatch.setenv("THIDUA_TASK_RUNNER", f"dask:{cluster.address}")
    with (cluster.folder / "run.log").open("w") as log:
        run = subprocess.Popen(
            [sys.executable, "-c", "from flows.command_line import main; main()", "run", PERIOD],
            env={**os.environ, "THIDUA_HOME": str(few)},
            stdout=log,
            stderr=log,
        )
    deadline = time.monotonic() + 60
    while "Cần đọc" not in (cluster.folder / "run.log").read_text() and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(3)
    said = (cluster.folder / "run.log").read_text()
    assert "Cần đọc 4 tệp" in said and "Đã đọc 4 tệp" not in said
    lost.kill()
    assert run.wait(timeout=120) == 0, (cluster.folder / "run.log").read_text()
    assert compare_homes(by_threads, few, by_threads / "returns", few / "returns") == []


def test_a_cluster_of_this_machine_alone(
    few: Path, thidua: Thidua, by_threads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THIDUA_TASK_RUNNER", "dask")
    done = thidua("run", PERIOD)
    assert done.returncode == 0, done.stderr
    assert "killing" not in done.stderr, "a worker did not end by itself"
    assert compare_homes(by_threads, few, by_threads / "returns", few / "returns") == []


def test_a_setting_that_cannot_be_is_wrong_use(thidua: Thidua, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THIDUA_TASK_RUNNER", "nhiều máy")
    refused = thidua("run", PERIOD)
    assert refused.returncode == 2
    assert refused.stderr.startswith("Lỗi: nơi đọc biểu (THIDUA_TASK_RUNNER) không dùng được: “nhiều máy”")


def test_a_scheduler_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_reading, "CONNECT_SECONDS", 1.0)
    settings = find_settings(Path("/nowhere"))
    readers = DaskReaders("tcp://127.0.0.1:1", settings.catalogue, "", lambda files: [])
    with pytest.raises(DaskError, match=r"tcp://127.0.0.1:1.*THIDUA_TASK_RUNNER=threads"), readers:
        pass


def test_a_machine_with_another_reader_is_refused() -> None:
    """What it read would be stored under the name of a reader that did not read it."""
    shipment = Shipment([], find_settings(Path("/nowhere")).catalogue, "")
    shipment.reader_version = "python-calamine 0.1"
    with pytest.raises(DaskError, match=r"cài bộ đọc khác.*python-calamine 0\.1"):
        read_shipment(shipment)
