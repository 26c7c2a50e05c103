"""A process that has imported everything and forks itself for each flow run: `python -m flows.service.zygote FD`.

Light by itself: the reading children of a run import this module again. FD is a sequenced-packet socket. Down it come
orders, each one message of JSON, a run's with the write end of a pipe beside it; up it goes one message when all is
imported. The pipe gets a line with the process id and, at the end, a line with the exit code. When the socket closes,
the runs are ended: what nobody watches over does not go on.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import re
import runpy
import signal
import socket
import sys
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

LIBRARIES = (  # what a run imports only when it comes to it
    "prefect.flow_engine",
    "prefect.task_engine",
    "prefect.task_runners",
    "prefect.runner",
    "prefect.events.clients",
    "prefect.deployments.steps.core",
    "prefect.utilities.visualization",
    "anyio._backends._asyncio",
    "fastapi.applications",
    "starlette.staticfiles",
    "opentelemetry._logs",
    "opentelemetry.metrics",
    "pydantic.color",
    "rich._emoji_codes",
    "openpyxl",
    "xlrd",
    "docx",
    "matplotlib.figure",
    "matplotlib.patches",
    "matplotlib.textpath",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "PIL.BmpImagePlugin",  # these four are looked for when the first picture is written
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PpmImagePlugin",
    "duckdb_sqlalchemy.alembic_impl",
    "alembic.command",
    "alembic.config",
    "alembic.context",
    "mako.template",
    "pyarrow.dataset",
    "pyarrow.pandas_compat",
    "multiprocessing.forkserver",
    "multiprocessing.popen_forkserver",
    "encodings.ascii",
    "encodings.utf_8_sig",
    "encodings.utf_16_le",
    "encodings.cp1258",
    "encodings.cp437",
)
ROOMS = ("transforms", "expectations", "warehouse", "publications", "flows")
NOT_OF_A_RUN = re.compile(
    r"flows\.(service\.(zygote|serving|warm_|worker_)|reading\.dask_|command_|.*commands$)|warehouse\..*migrations"
)
MESSAGE_BYTES = 1 << 20
imported: frozenset[str] = frozenset()  # modules that were there before the first copy was made


def main() -> None:
    """Imports, reports, forks; in the copy for a run this returns only when the run is over."""
    control = socket.socket(fileno=int(sys.argv[1]))
    failed = preload()
    try:
        control.send(json.dumps({"failed": failed}).encode())
    except BrokenPipeError:  # the worker has gone meanwhile
        return
    order = Nursery(control).serve()
    if order is not None:
        run_engine(order)


def preload() -> dict[str, str]:
    """Imports what a run needs; what could not be imported, with the error."""
    failed = {}
    for name in (*LIBRARIES, *_our_modules()):
        try:
            importlib.import_module(name)
        except Exception as error:  # the run that needs it tells the rest
            failed[name] = f"{type(error).__name__}: {error}"
    with suppress(Exception):
        from warehouse.threads import end_threads

        end_threads()
    with suppress(Exception):
        from multiprocessing import resource_tracker

        resource_tracker.ensure_running()  # one for all runs
    global imported
    imported = frozenset(sys.modules)
    gc.collect()
    gc.freeze()  # so that collecting in a copy does not write into shared pages
    return failed


def _our_modules() -> Iterator[str]:
    """Every module that a run may need, so that nobody has to keep a list."""
    root = Path(__file__).resolve().parents[2]
    for room in ROOMS:
        yield room
        for found in pkgutil.walk_packages([str(root / room)], f"{room}."):
            if not NOT_OF_A_RUN.match(found.name):
                yield found.name


class Nursery:
    """The runs that are going on, by process id, with the pipe that waits for their end."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._reports: dict[int, int] = {}
        self._draining = False

    def serve(self) -> dict[str, Any] | None:
        """Forks at every order until there is nothing more to do; in a copy, returns its order."""
        woken, waker = os.pipe()
        os.set_blocking(waker, False)
        signal.set_wakeup_fd(waker)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _ignore)  # the worker decides when it is over: it closes the socket
        import selectors

        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(woken, selectors.EVENT_READ)
            while not (self._draining and not self._reports):
                ready = {key.fileobj for key, _ in selector.select(timeout=None)}
                if woken in ready:
                    os.read(woken, 512)
                    self._reap()
                if self._control in ready:
                    message, descriptors, _, _ = socket.recv_fds(self._control, MESSAGE_BYTES, 1)
                    if not message:
                        self._end_all()
                        selector.unregister(self._control)
                        self._draining = True
                    elif not descriptors:
                        self._draining = True
                    elif self._fork(descriptors[0]):
                        continue
                    else:
                        os.close(woken)
                        os.close(waker)
                        return dict(json.loads(message))
        return None

    def _fork(self, report: int) -> bool:
        """Makes a copy; False in the copy, which has nothing of the others."""
        parent = os.getpid()
        pid = os.fork()
        if pid:
            self._reports[pid] = report
            with suppress(OSError):
                os.write(report, f"{pid}\n".encode())
            return True
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.setsid()
        _end_with(parent)
        self._control.close()
        for descriptor in (report, *self._reports.values()):
            os.close(descriptor)
        return False

    def _reap(self) -> None:
        while self._reports:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            report = self._reports.pop(pid, None)
            if report is not None:
                with suppress(OSError):
                    os.write(report, f"{os.waitstatus_to_exitcode(status)}\n".encode())
                os.close(report)

    def _end_all(self) -> None:
        for pid in self._reports:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGTERM)


def _ignore(number: int, frame: object) -> None:
    """Only wakes the selector."""


def _end_with(parent: int) -> None:
    """Asks the kernel to end this process when the zygote dies; where it cannot, the worker sees to it."""
    with suppress(OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)


def run_engine(order: dict[str, Any]) -> None:
    """Prefect's own engine, as its process worker starts it, in this copy: same environment, folder and logging."""
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    _close_streams(order["is_shown"])
    from prefect.context import refresh_global_settings_context
    from prefect.logging.configuration import setup_logging

    refresh_global_settings_context()
    setup_logging()
    from flows.reading.fork_server import fork_reading_server

    fork_reading_server()
    sys.argv = ["prefect.engine"]
    warnings.filterwarnings("ignore", message=".*found in sys.modules after import", category=RuntimeWarning)
    runpy.run_module("prefect.engine", run_name="__main__")


def _close_streams(is_shown: bool) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0,) if is_shown else (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)


if __name__ == "__main__":
    main()
