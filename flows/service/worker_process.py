"""The warm worker of a home: run in the foreground, or kept in the background and noted in worker.json."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from catalogue import DATA
from flows.service.own_processes import end_group, is_of_home, is_ours
from flows.service.pools import POOL
from flows.service.server import Server, ServerError, environment, find_server, make_folder, named_server
from flows.settings import Settings
from flows.whole_files import put_file

COMMAND = [sys.executable, "-c", "from flows.command_line import main; main()", "worker"]
WAIT_SECONDS = 120
LEAVE_SECONDS = 45.0  # what a worker gives its runs to end, and itself


def worker_environment(settings: Settings, server: Server) -> dict[str, str]:
    """The environment of a worker of a home."""
    variables = environment(settings, server)
    variables["THIDUA_HOME"] = str(settings.home)
    if settings.catalogue != DATA.resolve():
        variables["THIDUA_CATALOGUE"] = str(settings.catalogue)
    # An office waits for a run that it has started on the page: looking often costs next to nothing.
    variables["PREFECT_WORKER_QUERY_SECONDS"] = os.environ.get("PREFECT_WORKER_QUERY_SECONDS", "3")
    return variables


def find_its_server(settings: Settings, tell: Callable[[str], None]) -> Server:
    """The server that a worker of the home works for: the one that the environment names, else the home's own.

    Waits for the home's own to come up; raises ServerError where it does not.
    """
    named = named_server()
    if named is not None:
        return named
    deadline = time.monotonic() + WAIT_SECONDS
    found = find_server(settings)
    if found is None:
        tell(f"Đang chờ máy chủ Prefect của “{settings.home}” …")
    while found is None:
        if time.monotonic() > deadline:
            raise ServerError(
                "không thấy máy chủ Prefect của nhà này (thidua up hoặc thidua serve); nếu máy chủ ở máy khác, đặt "
                "PREFECT_API_URL và THIDUA_AUTH_FILE"
            )
        time.sleep(0.5)
        found = find_server(settings)
    return found


def work(settings: Settings, name: str | None, limit: int | None, tell: Callable[[str], None]) -> None:
    """Works until SIGTERM or SIGINT, then lets what runs end. Call before Prefect is imported."""
    os.environ.update(worker_environment(settings, find_its_server(settings, tell)))
    import anyio

    anyio.run(_work, name or socket.gethostname(), limit, tell)


async def _work(name: str, limit: int | None, tell: Callable[[str], None]) -> None:
    import anyio

    from flows.service.warm_worker import WarmWorker

    leave = anyio.Event()
    worker = WarmWorker(work_pool_name=POOL, name=name, limit=limit)
    async with anyio.create_task_group() as group:
        group.start_soon(_leave_at_signal, leave, group.cancel_scope)
        await worker.serve(leave, tell)
        group.cancel_scope.cancel()


async def _leave_at_signal(leave: object, scope: object) -> None:
    import anyio

    assert isinstance(leave, anyio.Event) and isinstance(scope, anyio.CancelScope)
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        async for _ in signals:
            if leave.is_set():  # told twice: at once
                scope.cancel()
                return
            leave.set()


def start_worker(settings: Settings, limit: int | None = None) -> tuple[int, bool]:
    """A worker of the home's own in the background; its process id, and whether it was started just now."""
    running = find_worker(settings)
    if running is not None:
        return running, False
    make_folder(settings)
    arguments = ["--home", str(settings.home), "--catalogue", str(settings.catalogue)]
    if limit is not None:
        arguments += ["--limit", str(limit)]
    with (settings.prefect_home / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            [*COMMAND, *arguments],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env=_bare_environment(settings),
        )
    put_file(_note(settings), json.dumps({"pid": process.pid}))
    return process.pid, True


def _bare_environment(settings: Settings) -> dict[str, str]:
    """Without what names a server, which the worker finds for itself; with the name of the home it is of."""
    kept = {k: v for k, v in os.environ.items() if k not in ("PREFECT_API_URL", "PREFECT_API_AUTH_STRING")}
    return {**kept, "PREFECT_HOME": str(settings.prefect_home)}


def find_worker(settings: Settings) -> int | None:
    """The process id of the background worker, if it is alive."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        pid = int(json.loads(_note(settings).read_text())["pid"])
        return pid if is_ours(pid, b"command_line") and is_of_home(pid, settings) else None
    return None


def stop_worker(settings: Settings) -> bool:
    """Ends the background worker with all that it runs; True where one was running."""
    pid = find_worker(settings)
    if pid is not None:
        end_group(pid, LEAVE_SECONDS, b"command_line")
    _note(settings).unlink(missing_ok=True)
    return pid is not None


def _note(settings: Settings) -> Path:
    return settings.home / "worker.json"
