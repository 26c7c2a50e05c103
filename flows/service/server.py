"""A local Prefect server of the home's own: started, found again, stopped; silent and bound to loopback."""

from __future__ import annotations

import atexit
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import httpx

from flows.service.own_processes import end_group, is_of_home, is_ours
from flows.settings import SILENCE, Settings

START_SECONDS = 120


class ServerError(Exception):
    """The Prefect server did not start; the message says where its log lies."""


@dataclass(frozen=True)
class Server:
    """A running server, as noted in server.json; `auth` is the name and password that its page asks for.

    `host` is the address by which this machine reaches it, `shown` the page's address for others, where it differs;
    `url` the whole address of one on another machine.
    """

    port: int
    pid: int
    auth: str = ""
    host: str = "127.0.0.1"
    shown: str = ""
    url: str = ""

    @property
    def page(self) -> str:
        return self.url or f"http://{self.host}:{self.port}"

    @property
    def api(self) -> str:
        return f"{self.page}/api"


def environment(settings: Settings, server: Server | None = None) -> dict[str, str]:
    """The environment in which Prefect works for a home, with every telemetry off."""
    loopback = ",".join(filter(None, (os.environ.get("NO_PROXY", ""), "127.0.0.1,localhost")))
    variables = {
        **SILENCE,
        "NO_PROXY": loopback,
        "no_proxy": loopback,
        "PREFECT_HOME": str(settings.prefect_home),
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        # In memory, a restarted server forgets who holds a place in a queue: a run that lives is ended for it after
        # some minutes, and the place of one that died is never free again.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",  # by which a run whose process is gone is found out
    }
    if server is not None:
        variables["PREFECT_API_URL"] = server.api
        variables["PREFECT_UI_API_URL"] = f"{server.shown or server.page}/api"
        if server.auth:
            variables["PREFECT_API_AUTH_STRING"] = server.auth
            variables["PREFECT_SERVER_API_AUTH_STRING"] = server.auth
    return variables


def named_server() -> Server | None:
    """The server, mostly on another machine, that PREFECT_API_URL of the environment names."""
    url = os.environ.get("PREFECT_API_URL", "").rstrip("/").removesuffix("/api")
    return Server(0, 0, given_auth(), url=url) if url else None


def given_auth() -> str:
    """The name and password that the environment or the file named by THIDUA_AUTH_FILE gives, "" where neither does.

    Raises ServerError where what is given is no name and password.
    """
    file = os.environ.get("THIDUA_AUTH_FILE")
    variables = ("PREFECT_SERVER_API_AUTH_STRING", "PREFECT_API_AUTH_STRING")
    given = next(filter(None, map(os.environ.get, variables)), "") or (Path(file).read_text().strip() if file else "")
    if (given or file) and not all(given.partition(":")):
        raise ServerError(f"{file or ' hoặc '.join(variables)} phải là một dòng “tên:mật khẩu”")
    return given


def find_auth(settings: Settings) -> str:
    """The name and password, joined by a colon, of the home's server.

    What the environment gives, else made once and kept. Raises ServerError where what is given is none.
    """
    given = given_auth()
    if given:
        return given
    file = settings.prefect_home / "dang-nhap.txt"
    with suppress(OSError):
        kept = file.read_text().strip()
        if ":" in kept:
            return kept
    made = f"thidua:{secrets.token_hex(4)}"
    make_folder(settings)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        output.write(made)
    return made


def find_server(settings: Settings) -> Server | None:
    """The home's server if it is up and answers."""
    noted = _read_note(settings)
    if noted is None:
        return None
    return noted if _is_alive(noted.pid) and _answers(noted) else None


def start_server(settings: Settings, tell: Callable[[str], None] = lambda line: None) -> Server:
    """Starts a server of the home's own on a free port and waits until it answers; raises ServerError.

    The server that a copied home names is another home's: it is left alone.
    """
    found = find_server(settings)
    if found is not None and is_of_home(found.pid, settings):
        return found
    stop_server(settings)
    make_folder(settings)
    port = _find_port(settings)
    server = Server(port, 0, find_auth(settings))
    log = settings.prefect_home / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)],
            env={**os.environ, **environment(settings, server)},
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    server = replace(server, pid=process.pid)
    note_server(settings, server)
    started = told = time.monotonic()
    while not _answers(server):
        now = time.monotonic()
        if process.poll() is not None or now - started > START_SECONDS:
            stop_server(settings)
            from flows.telling.machine_troubles import say_server_trouble

            reason = say_server_trouble(log)
            raise ServerError(f"máy chủ Prefect không khởi động được; xem {log}" + (f"\n{reason}" if reason else ""))
        if now - told > 2:
            tell(f"Đang khởi động máy chủ Prefect… {now - started:.0f} giây")
            told = now
        time.sleep(0.2)
    return server


def note_server(settings: Settings, server: Server) -> None:
    """Writes server.json, which holds the password: for its owner only."""
    temporary = settings.server_file.with_suffix(".tmp")
    temporary.unlink(missing_ok=True)
    temporary.touch(0o600)
    temporary.write_text(json.dumps(asdict(server)))
    temporary.replace(settings.server_file)


def _read_note(settings: Settings) -> Server | None:
    try:
        noted = Server(**json.loads(settings.server_file.read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return noted if isinstance(noted.port, int) and isinstance(noted.pid, int) else None


def stop_server(settings: Settings) -> bool:
    """Stops the home's server with all that it started; True where one was running."""
    noted = _read_note(settings)
    if noted is None:
        with suppress(OSError):
            settings.server_file.unlink(missing_ok=True)
        return False
    was_running = is_ours(noted.pid) and is_of_home(noted.pid, settings)
    if was_running:
        end_group(noted.pid)
    with suppress(OSError):  # a stale note is found out when it is read
        settings.server_file.unlink(missing_ok=True)
    return was_running


def server_for_run(settings: Settings, tell: Callable[[str], None], *, keep: bool = False) -> Server:
    """The server that is up, else one started for this process and stopped when it ends.

    Call before Prefect is imported: it sends its last log lines at exit, and what was registered first ends last.
    """
    found = find_server(settings)
    if found is not None:
        return found
    if not keep:
        atexit.register(stop_server, settings)
    return start_server(settings, tell)


def _answers(server: Server) -> bool:
    is_secure = server.api.startswith("https:")  # reading the authorities takes longer than asking
    try:
        return httpx.get(f"{server.api}/health", timeout=2, trust_env=False, verify=is_secure).status_code == 200
    except httpx.HTTPError:
        return False


def _is_alive(pid: int) -> bool:
    return pid > 0 and Path(f"/proc/{pid}").exists() if Path("/proc").exists() else True


def make_folder(settings: Settings) -> None:
    """Prefect's folder of the home: its database holds Secret blocks beside their key, so it is its owner's alone."""
    settings.prefect_home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(OSError):  # one that another user made
        settings.prefect_home.chmod(0o700)


def _find_port(settings: Settings) -> int:
    """The port of the last time, so that a bookmark and a browser's password stay good; another where it is taken."""
    file = settings.prefect_home / "port.txt"
    wanted = 0
    with suppress(OSError, ValueError):
        wanted = int(file.read_text())
    for port in (wanted, 0):
        with socket.socket() as probe, suppress(OSError, OverflowError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            found = int(probe.getsockname()[1])
            break
    else:
        raise ServerError("máy không còn cổng nào trống ở 127.0.0.1")
    file.write_text(str(found))
    return found
