"""Nothing leaves the machine: telemetry is off, and no process of a run connects beyond loopback."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from flows.service import server
from flows.settings import find_settings

ROOT = Path(__file__).resolve().parent.parent
RETURN = ROOT / "examples" / "returns" / "Ninh Bình" / "ninh-binh_2021H1.xlsx"

# Loaded by every Python process of a run before anything else: an audit hook cannot be taken away again, and the
# sockets of every Python library pass it, those of asyncio included.
WATCH = """
import json, os, sys

def watch(event, args):
    if event in ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"):
        address = args[1]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        address = (args[0],)
    else:
        return
    note(event, list(address) if isinstance(address, tuple) else str(address))

def note(event, address):
    line = json.dumps([event, address, sys.orig_argv], default=str) + "\\n"
    handle = os.open(os.environ["THIDUA_TEST_CONNECTIONS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, line.encode())
    os.close(handle)

note("started", "")
sys.addaudithook(watch)
"""


@dataclass(frozen=True)
class Watched:
    """What the processes of one command did with sockets: (event, address, command line)."""

    code: int
    events: list[tuple[str, Any, list[str]]]

    def processes(self) -> list[str]:
        return [" ".join(command) for event, _, command in self.events if event == "started"]

    def beyond_loopback(self, *events: str) -> list[tuple[str, Any]]:
        return [
            (event, address)
            for event, address, _ in self.events
            if event in events and isinstance(address, list) and not is_loopback(address)
        ]


def is_loopback(address: list[Any]) -> bool:
    """Whether an address (or a name to be looked up) is this machine; local sockets have no address of this kind."""
    return address[0] in ("127.0.0.1", "::1", "localhost", b"127.0.0.1", None)


def run_watched(tmp_path: Path, *arguments: str) -> Watched:
    """One `thidua` command in a child process, it and all its children watched."""
    (tmp_path / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    log = tmp_path / "connections"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "GX_", "DO_NOT_TRACK", "CI"))}
    done = subprocess.run(
        [Path(sys.prefix) / "bin" / "thidua", *arguments, "--home", tmp_path / "home"],
        env={**kept, "PYTHONPATH": str(tmp_path), "THIDUA_TEST_CONNECTIONS": str(log)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=300,
    )
    events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    return Watched(done.returncode, [(event, address, command) for event, address, command in events])


def test_the_watch_sees_a_connection(tmp_path: Path) -> None:
    """The test of the test: what would be forbidden is seen, name lookups included."""
    (tmp_path / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    log = tmp_path / "connections"
    source = (
        "import socket\n"
        "try: socket.create_connection(('telemetry.invalid', 443), timeout=1)\n"
        "except OSError: pass\n"
        "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "try: s.connect(('192.0.2.1', 9))\n"
        "except OSError: pass\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "THIDUA_TEST_CONNECTIONS": str(log)}
    subprocess.run([sys.executable, "-c", source], env=environment, check=True)
    seen = Watched(0, [tuple(json.loads(line)) for line in log.read_text(encoding="utf-8").splitlines()])  # type: ignore[misc]
    assert [address[0] for _, address in seen.beyond_loopback("socket.connect", "socket.getaddrinfo")] == [
        "telemetry.invalid",
        "192.0.2.1",
    ]


OUTWARD = ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname")


def test_checking_a_file_connects_to_nothing(tmp_path: Path) -> None:
    watched = run_watched(tmp_path, "check", str(RETURN))
    assert watched.code == 3  # the real return has a real mistake
    assert watched.beyond_loopback(*OUTWARD) == []


@pytest.mark.slow
def test_a_run_and_its_server_stay_on_this_machine(tmp_path: Path) -> None:
    returns = shutil.copytree(RETURN.parents[1], tmp_path / "returns")
    watched = run_watched(tmp_path, "run", "2021H1", "--returns", str(returns))
    assert watched.code == 0
    processes = watched.processes()
    assert any("prefect server start" in p for p in processes)
    assert any("forkserver" in p for p in processes)
    assert watched.beyond_loopback(*OUTWARD) == []
    assert watched.beyond_loopback("socket.bind") == []


@pytest.mark.slow
@pytest.mark.long
def test_server_worker_a_run_of_the_worker_and_the_watch_stay_on_this_machine(tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(RETURN.parents[1], home / "returns")
    settings = find_settings(home)
    try:
        assert run_watched(tmp_path, "up").code == 0
        running = server.find_server(settings)
        assert running is not None
        user, _, password = running.auth.partition(":")
        with httpx.Client(base_url=running.api, auth=(user, password), trust_env=False, timeout=60) as api:
            found = api.get("/deployments/name/thu-thap-ky/theo-lich").raise_for_status().json()
            asked = {"parameters": {**found["parameters"], "period_code": "2021H1"}}
            made = api.post(f"/deployments/{found['id']}/create_flow_run", json=asked).raise_for_status().json()
            state = made["state_type"]
            deadline = time.monotonic() + 180
            while state not in ("COMPLETED", "FAILED", "CRASHED") and time.monotonic() < deadline:
                time.sleep(0.5)
                state = api.get(f"/flow_runs/{made['id']}").json().get("state_type", state)
        assert state == "COMPLETED", (settings.prefect_home / "worker.log").read_text()
        assert run_watched(tmp_path, "watch").code == 3  # nobody has ever made a backup
    finally:
        watched = run_watched(tmp_path, "down")
    processes = watched.processes()
    for word in ("prefect server start", "worker --home", "flows.service.zygote", "watch"):
        assert any(word in process for process in processes), word
    from_copies = [command for event, _, command in watched.events if event == "socket.connect"]
    assert any("flows.service.zygote" in " ".join(command) for command in from_copies), "the run itself was watched"
    assert watched.beyond_loopback(*OUTWARD) == []
    assert watched.beyond_loopback("socket.bind") == []


def test_telemetry_is_off_in_the_environment_of_a_run(tmp_path: Path) -> None:
    variables = server.environment(find_settings(tmp_path), server.Server(4321, 1))
    assert variables["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert variables["PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT"] == "false"
    assert variables["DO_NOT_TRACK"] == "1"
    assert variables["GX_ANALYTICS_ENABLED"] == "false"
    assert variables["PREFECT_API_URL"] == variables["PREFECT_UI_API_URL"] == "http://127.0.0.1:4321/api"


def test_prefect_understands_that_telemetry_is_off(tmp_path: Path) -> None:
    """Asked of Prefect itself, in an environment that wants the opposite. (Great Expectations has none to ask.)"""
    source = (
        "from flows.settings import keep_silent\n"
        "keep_silent()\n"
        "import json\n"
        "from prefect.analytics import is_telemetry_enabled\n"
        "from prefect.settings import get_current_settings\n"
        "settings = get_current_settings().server\n"
        "print(json.dumps([settings.analytics_enabled, settings.ui.show_promotional_content,"
        " is_telemetry_enabled()]))\n"
    )
    wanting = {"PREFECT_SERVER_ANALYTICS_ENABLED": "true", "DO_NOT_TRACK": "0"}
    done = subprocess.run(
        [sys.executable, "-c", source],
        cwd=ROOT,
        env={**os.environ, **wanting, "PREFECT_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout.splitlines()[-1]) == [False, False, False]
