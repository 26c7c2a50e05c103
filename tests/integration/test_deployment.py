"""The deployment of a period, registered on a real server and run by a real worker."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from flows import server
from flows.settings import find_settings

ROOT = Path(__file__).resolve().parents[2]
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")

pytestmark = pytest.mark.slow

Prefect = Callable[..., str]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def running(home: Path) -> Iterator[server.Server]:
    settings = find_settings(home)
    yield server.start_server(settings)
    server.stop_server(settings)


@pytest.fixture(scope="module")
def prefect(home: Path, running: server.Server) -> Prefect:
    """Prefect's own command line at the home's server, as an operator would use it in the checkout."""
    variables = {**os.environ, **server.environment(find_settings(home), running), "THIDUA_HOME": str(home)}

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "prefect", "--no-prompt", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run


@pytest.fixture(scope="module")
def api(running: server.Server) -> Iterator[httpx.Client]:
    auth = tuple(running.auth.split(":", 1))
    with httpx.Client(base_url=running.api, auth=auth, trust_env=False, timeout=20) as client:  # type: ignore[arg-type]
        yield client


@pytest.fixture(scope="module")
def deployment(prefect: Prefect, api: httpx.Client) -> Any:
    prefect("work-pool", "create", "thidua", "--type", "process")
    prefect("deploy", "--all", "--prefect-file", "deployments/prefect.yaml")
    return api.get("/deployments/name/thu-thap-ky/theo-lich").raise_for_status().json()


def test_the_deployment_collects_twice_a_year_in_vietnamese_time(deployment: Any) -> None:
    (schedule,) = deployment["schedules"]
    assert schedule["active"]
    assert schedule["schedule"]["cron"] == "0 7 1-20 1,7 *"
    assert schedule["schedule"]["timezone"] == "Asia/Ho_Chi_Minh"
    assert deployment["entrypoint"] == "flows/period_flow.py:collect_period"
    assert deployment["work_pool_name"] == "thidua"
    assert deployment["parameters"] == {}


def test_only_one_run_at_a_time_and_the_next_waits(deployment: Any) -> None:
    assert deployment["global_concurrency_limit"]["limit"] == 1
    assert deployment["concurrency_options"]["collision_strategy"] == "ENQUEUE"


def test_the_server_computes_the_coming_runs(deployment: Any, api: httpx.Client) -> None:
    wanted = {
        "deployments": {"id": {"any_": [deployment["id"]]}},
        "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
    }
    deadline = time.monotonic() + 60
    runs: list[Any] = []
    while not runs and time.monotonic() < deadline:
        runs = api.post("/flow_runs/filter", json=wanted).raise_for_status().json()
        time.sleep(0.5)
    starts = [dt.datetime.fromisoformat(run["expected_start_time"]).astimezone(HANOI) for run in runs]
    assert starts
    assert {(start.hour, start.minute) for start in starts} == {(7, 0)}
    assert {start.month for start in starts} <= {1, 7}
    assert all(1 <= start.day <= 20 for start in starts)


def test_a_worker_runs_the_deployment(deployment: Any, prefect: Prefect, api: httpx.Client, home: Path) -> None:
    """No return has come yet: the run ends well and publishes tables that say so."""
    (home / "returns").mkdir()
    run = api.post(f"/deployments/{deployment['id']}/create_flow_run", json={}).raise_for_status().json()
    told = prefect("worker", "start", "--pool", "thidua", "--run-once", "--install-policy", "never")
    state = api.get(f"/flow_runs/{run['id']}").raise_for_status().json()["state"]
    assert state["type"] == "COMPLETED", told
    assert (home / "published" / "warehouse.duckdb").exists()
