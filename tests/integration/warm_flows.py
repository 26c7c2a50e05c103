"""Flows that tell how they were started, or come to a certain end; run by a real worker."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import time
from pathlib import Path

from prefect import flow
from prefect.flow_runs import suspend_flow_run

AT_START = sorted(sys.modules)  # this module is imported by the run, after everything that was imported beforehand
HEAVY = ("great_expectations", "pandas", "pyarrow", "duckdb", "publications", "flows.runs.flow", "openpyxl")


def _look(pipe: multiprocessing.connection.Connection) -> None:
    pipe.send([os.getpid(), [name for name in HEAVY if name in sys.modules]])
    pipe.close()


def _sleep(seconds: float) -> None:
    time.sleep(seconds)


@flow(name="thu-nap-san", persist_result=False)
def tell(file: str, seconds: float = 0.0) -> None:
    """Writes what was imported when it began, here and in a child such as reads files, and where it runs."""
    ours, theirs = multiprocessing.Pipe()
    child = multiprocessing.get_context("forkserver").Process(target=_look, args=(theirs,))
    child.start()
    told = {
        "imported": [name for name in HEAVY if name in AT_START],
        "in_child": ours.recv()[1],
        "pid": os.getpid(),
        "group": os.getpgid(0),
        "folder": str(Path.cwd()),
        "given": os.environ.get("THU_BIEN"),
        "home": os.environ["THIDUA_HOME"],
    }
    child.join()
    time.sleep(seconds)
    Path(file).write_text(json.dumps(told))


@flow(name="thu-ca-ky", persist_result=False)
def collect(file: str, home: str) -> None:
    """A whole period, and what had to be imported for it after the process was forked, this module apart."""
    from flows.runs.flow import collect_period

    collect_period("2021H1", home=home)
    before = sys.modules["__main__"].imported
    Path(file).write_text(json.dumps(sorted(set(sys.modules) - before - {__name__})))


@flow(name="thu-bi-diet", persist_result=False)
def die() -> None:
    """Is killed in the middle, as by the kernel when memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)


@flow(name="thu-lau", persist_result=False)
def last_long(file: str) -> None:
    """Works a long time, with a child."""
    child = multiprocessing.get_context("forkserver").Process(target=_sleep, args=(120.0,))
    child.start()
    part = Path(file + ".part")
    part.write_text(json.dumps([os.getpid(), child.pid]))
    part.rename(file)
    time.sleep(120)


@flow(name="thu-tam-dung", persist_result=False)
def wait_for_somebody(file: str) -> None:
    """Writes its process id each time it begins; in between it has ended."""
    with Path(file).open("a") as output:
        output.write(f"{os.getpid()}\n")
    suspend_flow_run(timeout=300, key="hoi")
