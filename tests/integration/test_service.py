"""The service as an office keeps it: server on PostgreSQL, warm workers, killed and started again, ended cleanly."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from calling import COMMAND, EXAMPLES, ROOT
from postgres import postgres

from flows.service.lost_runs import is_lost, name_process, read_name
from flows.service.pools import POOL, POOL_TYPE
from flows.service.server import Server, find_server
from flows.service.worker_process import find_worker
from flows.settings import find_settings

pytestmark = [pytest.mark.slow, pytest.mark.long]


@dataclass
class Office:
    """A home with its server and workers, on a PostgreSQL."""

    home: Path
    database: str
    variables: dict[str, str]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def thidua(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments],
            env=self.variables,
            capture_output=True,
            text=True,
            timeout=180,
            stdin=subprocess.DEVNULL,
        )

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.home / "test.log").open("ab") as log:
            started = subprocess.Popen(
                [*COMMAND, *arguments], env=self.variables, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        self.workers.append(started)
        return started

    @property
    def server(self) -> Server:
        found = find_server(find_settings(self.home))
        assert found is not None
        return found

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        server = self.server
        name, _, password = server.auth.partition(":")
        answer = httpx.request(
            method, f"{server.api}{path}", json=body, auth=(name, password), trust_env=False, timeout=20
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def deploy(self, flow: str, **more: Any) -> str:
        made = self.ask("POST", "/flows/", {"name": flow})
        body = {
            "flow_id": made["id"],
            "name": flow,
            "entrypoint": f"warm_flows.{flow}",
            "work_pool_name": POOL,
            "enforce_parameter_schema": False,
            **more,
        }
        return str(self.ask("POST", "/deployments/", body)["id"])

    def run(self, deployment: str, **parameters: Any) -> str:
        body = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
        return str(self.ask("POST", f"/deployments/{deployment}/create_flow_run", body)["id"])

    def read(self, run: str) -> Any:
        return self.ask("GET", f"/flow_runs/{run}")

    def wait(self, run: str, *states: str, seconds: float = 60) -> Any:
        deadline = time.monotonic() + seconds
        while (found := self.read(run))["state_type"] not in states:
            assert time.monotonic() < deadline, (found["state"], (self.home / "prefect/worker.log").read_text()[-3000:])
            time.sleep(0.2)
        return found


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    home = tmp_path_factory.mktemp("office")
    with postgres() as database:
        variables = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "THIDUA_"))}
        variables |= {
            "THIDUA_HOME": str(home),
            "PYTHONPATH": str(Path(__file__).parent),
            "PREFECT_API_DATABASE_CONNECTION_URL": database.replace("postgresql:", "postgresql+asyncpg:"),
            "PREFECT_WORKER_QUERY_SECONDS": "0.5",
        }
        made = Office(home, database, variables)
        try:
            up = made.thidua("up", "--limit", "3")
            assert up.returncode == 0, up.stderr
            assert made.server.page in up.stdout and made.server.auth in up.stdout
            made.start("worker", "--name", "hai", "--limit", "1")
            yield made
        finally:
            for process in made.workers:
                process.kill()
            made.thidua("down")


def until(holds: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def is_alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_the_server_keeps_its_records_in_postgresql(office: Office) -> None:
    assert not list((office.home / "prefect").glob("*.db"))
    pool = office.ask("GET", f"/work_pools/{POOL}")
    assert pool["type"] == POOL_TYPE
    names = {d["name"] for d in office.ask("POST", "/deployments/filter", {})}
    assert "theo-lich" in names


def test_a_run_finds_everything_imported_and_so_do_its_reading_children(office: Office, tmp_path: Path) -> None:
    from warm_flows import HEAVY

    folder = tmp_path / "nơi chạy"
    folder.mkdir()
    given = {"env": {"THU_BIEN": "có dấu"}, "working_dir": str(folder)}
    deployment = office.deploy("tell", job_variables=given)
    file = tmp_path / "kể.json"
    run = office.wait(office.run(deployment, file=str(file)), "COMPLETED")
    told = json.loads(file.read_text())
    assert told["imported"] == told["in_child"] == list(HEAVY)
    assert (told["given"], told["folder"], told["home"]) == ("có dấu", str(folder), str(office.home))
    assert told["group"] == told["pid"] == read_name(run["infrastructure_pid"]).pid  # type: ignore[union-attr]
    of_run = {"logs": {"flow_run_id": {"any_": [run["id"]]}}}
    until(lambda: any("Completed" in line["message"] for line in office.ask("POST", "/logs/filter", of_run)))


def test_a_whole_period_imports_nothing_more(office: Office, tmp_path: Path) -> None:
    home = tmp_path / "nhà"
    shutil.copytree(EXAMPLES, home / "returns")
    file = tmp_path / "nạp"
    office.wait(office.run(office.deploy("collect"), file=str(file), home=str(home)), "COMPLETED")
    assert (home / "published" / "2021H1" / "bang-tong-hop.xlsx").exists()
    assert json.loads(file.read_text()) == [], "name them in LIBRARIES of flows/service/zygote.py"


def test_a_killed_run_is_marked_and_the_next_one_runs(office: Office, tmp_path: Path) -> None:
    died = office.wait(office.run(office.deploy("die")), "CRASHED", "FAILED", "COMPLETED")
    assert died["state_type"] == "CRASHED"
    after = office.run(office.deploy("tell"), file=str(tmp_path / "sau"))
    assert office.wait(after, "COMPLETED")


def test_a_cancelled_run_ends_with_its_children(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "pid"
    run = office.run(office.deploy("last_long"), file=str(file))
    until(file.exists)
    pids = json.loads(file.read_text())
    assert all(map(is_alive, pids))
    office.ask("POST", f"/flow_runs/{run}/set_state", {"state": {"type": "CANCELLING"}})
    office.wait(run, "CANCELLED")
    until(lambda: not any(map(is_alive, pids)))


def test_a_suspended_run_goes_on_in_another_process(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "lần"
    run = office.run(office.deploy("wait_for_somebody"), file=str(file))
    office.wait(run, "PAUSED")
    first = int(file.read_text())
    until(lambda: not is_alive(first))
    office.ask("POST", f"/flow_runs/{run}/resume", {})
    office.wait(run, "COMPLETED")
    pids = file.read_text().split()
    assert len(pids) == 2 and pids[0] == str(first) != pids[1]


def test_two_workers_share_the_work_of_two_homes(office: Office, tmp_path: Path) -> None:
    until(lambda: len(office.ask("POST", f"/work_pools/{POOL}/workers/filter", {})) == 2)
    homes = [tmp_path / "a", tmp_path / "b"]
    deployments = [
        office.deploy("tell", name=f"kể-{home.name}", job_variables={"env": {"THIDUA_HOME": str(home)}})
        for home in homes
    ]
    files = [tmp_path / f"{n}.json" for n in range(6)]
    runs = [office.run(deployments[n % 2], file=str(file), seconds=1.5) for n, file in enumerate(files)]
    names = {read_name(office.wait(run, "COMPLETED")["infrastructure_pid"]).worker for run in runs}  # type: ignore[union-attr]
    assert names == {"hai", socket.gethostname()}
    told = [json.loads(file.read_text())["home"] for file in files]
    assert told == [str(homes[n % 2]) for n in range(6)]


def test_what_a_killed_worker_leaves_is_ended_and_marked(office: Office, tmp_path: Path) -> None:
    second = office.workers[-1]
    file = tmp_path / "pid"
    settings = find_settings(office.home)
    first = find_worker(settings)
    assert first is not None
    os.kill(first, signal.SIGSTOP)  # so that the other takes it
    try:
        run = office.run(office.deploy("last_long"), file=str(file))
        until(file.exists)
    finally:
        os.kill(first, signal.SIGCONT)
    pids = json.loads(file.read_text())
    second.kill()
    until(lambda: not any(map(is_alive, pids)))
    noted = read_name(office.read(run)["infrastructure_pid"])
    assert noted is not None and noted.worker == "hai" and is_lost(noted, {"hai"})
    variables = {"PREFECT_API_URL": office.server.api, "PREFECT_API_AUTH_STRING": office.server.auth}
    source = (
        "import anyio, logging\n"
        "from prefect.client.orchestration import get_client\n"
        "from flows.service.lost_runs import mark_lost_runs\n"
        "async def main():\n"
        "    async with get_client() as client:\n"
        f"        await mark_lost_runs(client, '{POOL}', logging.getLogger(), fresh_seconds=0.0)\n"
        "anyio.run(main)\n"
    )
    subprocess.run([sys.executable, "-c", source], env={**os.environ, **variables}, cwd=ROOT, check=True)
    assert office.wait(run, "CRASHED")


def test_a_killed_server_comes_back_with_its_history_and_down_leaves_nothing(office: Office) -> None:
    before = {run["id"]: run["state_type"] for run in office.ask("POST", "/flow_runs/filter", {}) if run["end_time"]}
    assert len(before) > 8
    killed = office.server
    os.killpg(killed.pid, signal.SIGKILL)
    until(lambda: not is_alive(killed.pid))
    office.start("serve", "--port", str(killed.port), "--database", office.database)
    until(lambda: find_server(find_settings(office.home)) is not None, 60)
    after = {run["id"]: run["state_type"] for run in office.ask("POST", "/flow_runs/filter", {})}
    assert before.items() <= after.items()
    worker = find_worker(find_settings(office.home))
    assert worker is not None, "the worker lives through it"
    again = office.run(office.deploy("tell"), file=str(office.home / "lại"))
    assert office.wait(again, "COMPLETED")
    family = [office.server.pid, worker, *(p.pid for p in psutil.Process(worker).children(recursive=True))]
    down = office.thidua("down")
    assert down.returncode == 0 and "worker và máy chủ" in down.stdout, down.stderr
    for process in office.workers:
        process.wait(timeout=30)
    assert [pid for pid in family if is_alive(pid)] == []
    assert not (office.home / "server.json").exists() and not (office.home / "worker.json").exists()


def test_which_process_is_gone() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        name = name_process("một", process.pid)
        assert read_name(name.text) == name
        assert not is_lost(name, set())
        process.kill()
    assert is_lost(name, {"một"})
    elsewhere = read_name(name.text.replace(socket.gethostname(), "máy khác", 1))
    assert elsewhere is not None and not is_lost(elsewhere, {"một"}) and is_lost(elsewhere, {"hai"})
    assert read_name("1234") is None and read_name(None) is None
