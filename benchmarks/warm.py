"""`make warm`: what a run costs as a command, through Prefect's own process worker, and through the warm worker."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from benchmarks.__main__ import run_timed
from flows.service import server
from flows.service.pools import POOL
from flows.service.worker_process import start_worker, stop_worker
from flows.settings import Settings, find_settings

EXAMPLES = Path(__file__).resolve().parent.parent / "examples" / "returns"
PERIOD = "2021H1"
COMMAND = [sys.executable, "-c", "from flows.command_line import main; main()", "run", PERIOD]
REPEATS = 3


def measure_floor(root: Path) -> tuple[float, float]:
    """Seconds of the work itself, without Prefect, in a copy of a process that has imported everything."""
    from flows.service import zygote

    failed = zygote.preload()
    if failed:
        raise RuntimeError(f"could not be imported: {failed}")
    return best(lambda number: _work_in_copy(new_home(root, f"floor-{number}")))


def _work_in_copy(home: Path) -> tuple[float, float]:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            from flows.reading.fork_server import fork_reading_server
            from flows.runs.period_run import collect

            fork_reading_server()
            times = []
            for _ in range(2):
                started = time.perf_counter()
                collect(find_settings(home), PERIOD, home / "returns", dt.datetime.now(dt.UTC))
                times.append(time.perf_counter() - started)
            os.write(writing, " ".join(map(str, times)).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        first, second = map(float, answer.read().split())
    os.waitpid(pid, 0)
    return first, second


def measure_command(root: Path, running: server.Server) -> tuple[float, float]:
    """Seconds of `thidua run` from the start of its process to its end, the server being up."""

    def run(number: int) -> tuple[float, float]:
        home = new_home(root, f"command-{number}")
        server.note_server(find_settings(home), running)
        command = [*COMMAND, "--home", str(home)]
        return run_timed(command, {}).seconds, run_timed(command, {}).seconds

    return best(run)


def measure_worker(root: Path, client: httpx.Client, pool: str) -> tuple[float, float]:
    """Seconds of a deployment's run, from when the worker took it to its end."""
    flow = client.post("/flows/", json={"name": "thu-thap-ky"}).raise_for_status().json()
    wanted = {
        "flow_id": flow["id"],
        "name": pool,
        "entrypoint": "flows.runs.flow.collect_period",
        "work_pool_name": pool,
        "enforce_parameter_schema": False,
    }
    deployment = client.post("/deployments/", json=wanted).raise_for_status().json()["id"]

    def run(number: int) -> tuple[float, float]:
        home = new_home(root, f"{pool}-{number}")
        return _run(client, deployment, home), _run(client, deployment, home)

    return best(run)


def _run(client: httpx.Client, deployment: str, home: Path) -> float:
    body = {"parameters": {"period_code": PERIOD, "home": str(home)}, "state": {"type": "SCHEDULED"}}
    made = client.post(f"/deployments/{deployment}/create_flow_run", json=body).raise_for_status().json()
    while (run := client.get(f"/flow_runs/{made['id']}").raise_for_status().json())["end_time"] is None:
        time.sleep(0.2)
    if run["state_type"] != "COMPLETED":
        raise RuntimeError(f"the run ended as {run['state']}")
    states = client.get("/flow_run_states/", params={"flow_run_id": made["id"]}).raise_for_status().json()
    taken = min(moment(s["timestamp"]) for s in states if s["type"] == "PENDING")
    return (moment(run["end_time"]) - taken).total_seconds()


def best(run: Callable[[int], tuple[float, float]]) -> tuple[float, float]:
    """The best of some repeats: on an empty home, and again with nothing new."""
    pairs = [run(number) for number in range(REPEATS)]
    return min(first for first, _ in pairs), min(second for _, second in pairs)


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def new_home(root: Path, name: str) -> Path:
    home = root / name
    shutil.copytree(EXAMPLES, home / "returns")
    return home


@contextmanager
def process_worker(client: httpx.Client, variables: dict[str, str], pool: str) -> Iterator[None]:
    """Prefect's own worker, which starts a process for every run."""
    client.post("/work_pools/", json={"name": pool, "type": "process"}).raise_for_status()
    command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", pool, "--install-policy", "never"]
    silent: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    started = subprocess.Popen(command, env={**os.environ, **variables}, **silent)
    try:
        yield
    finally:
        started.terminate()
        started.wait()


def wait_for_worker(client: httpx.Client, pool: str) -> None:
    """Waits until a worker asks for the work of a pool, which it makes itself where there is none."""
    deadline = time.monotonic() + 120
    while True:
        answer = client.post(f"/work_pools/{pool}/workers/filter", json={})
        if answer.is_success and answer.json():
            return
        if time.monotonic() > deadline:
            raise RuntimeError(f"no worker came up for {pool}")
        time.sleep(0.3)


def main() -> None:
    """Prints a line for each way to run, in seconds and against the floor of this very run."""
    os.environ |= {"THIDUA_SETTLE_SECONDS": "0.1", "PREFECT_WORKER_QUERY_SECONDS": "1"}
    with tempfile.TemporaryDirectory(prefix="thidua-warm-") as folder:
        root = Path(folder)
        floor = measure_floor(root)
        settings = find_settings(root / "server")
        settings.home.mkdir()
        running = server.start_server(settings)
        try:
            figures = _measure_all(root, settings, running)
        finally:
            stop_worker(settings)
            server.stop_server(settings)
    print("                                  empty home s  × floor   nothing new s  × floor")
    for name, (first, second) in (("the work itself, imported (floor)", floor), *figures):
        print(f"{name:33s}{first:13.2f}{first / floor[0]:9.2f}{second:16.2f}{second / floor[1]:9.2f}")


def _measure_all(root: Path, settings: Settings, running: server.Server) -> list[tuple[str, tuple[float, float]]]:
    variables = server.environment(settings, running)
    name, _, password = running.auth.partition(":")
    with httpx.Client(base_url=running.api, auth=(name, password), trust_env=False, timeout=30) as client:
        figures = [("thidua run (cold)", measure_command(root, running))]
        with process_worker(client, variables, "process"):
            wait_for_worker(client, "process")
            figures.append(("Prefect's process worker", measure_worker(root, client, "process")))
        start_worker(settings)
        wait_for_worker(client, POOL)
        figures.append(("the warm worker", measure_worker(root, client, POOL)))
        return figures


if __name__ == "__main__":
    main()
