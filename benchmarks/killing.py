"""A run as people start it, killed with SIGKILL at the moment its progress tells something, a file
appears, or after some seconds."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

THIDUA = [sys.executable, "-c", "from flows.command_line import main; main()"]
# What a run says when a stage begins, in the order of the stages.
STAGES = {
    "taking": "Đang gom tệp",
    "reading": "Cần đọc",
    "loading": "Đang nạp",
    "judging": "Đang kiểm tra",
    "publishing": "Đang phát hành",
    "answering": "Đang đặt",
}
ORPHAN_SECONDS = 20.0


@dataclass(frozen=True)
class Killed:
    """What became of a run: its progress so far, its code where it ended before it was killed, and who outlived it."""

    said: str
    code: int | None
    orphans: tuple[str, ...]


def kill_at(
    arguments: Sequence[str], home: Path, line: str, *, alone: bool = False, variables: dict[str, str] | None = None
) -> Killed:
    """Runs `thidua` until its progress says `line`, then kills it: with all it started, or the flow's process alone."""
    process, lines = _start(arguments, home, variables)
    said: list[str] = []
    while (told := lines.get(timeout=120)) is not None:
        said.append(told)
        if line in told:
            return _kill(process, said, alone)
    return Killed("".join(said), process.wait(), ())


def kill_after(
    arguments: Sequence[str], home: Path, seconds: float, *, alone: bool, variables: dict[str, str] | None = None
) -> Killed:
    """Runs `thidua` for some seconds, counted from when it begins to work on the home, then kills it."""
    process, lines = _start(arguments, home, variables)
    said: list[str] = []
    deadline = float("inf")
    while True:
        try:
            told = lines.get(timeout=max(0.0, min(deadline - time.monotonic(), 120)))
        except queue.Empty:
            return _kill(process, said, alone)
        if told is None:
            return Killed("".join(said), process.wait(), ())
        if deadline == float("inf"):
            deadline = time.monotonic() + seconds
        said.append(told)


def kill_when(arguments: Sequence[str], home: Path, path: str) -> int | None:
    """Runs `thidua` until something lies at a place under the home, then kills it with all it started; its code where
    it ended before."""
    process, _ = _start(arguments, home, None)
    deadline = time.monotonic() + 120
    while not (home / path).exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.0005)
    return _kill(process, [], alone=False).code


def _start(
    arguments: Sequence[str], home: Path, variables: dict[str, str] | None
) -> tuple[subprocess.Popen[str], queue.Queue[str | None]]:
    process = subprocess.Popen(
        [*THIDUA, *arguments],
        env={**os.environ, "THIDUA_HOME": str(home), **(variables or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    lines: queue.Queue[str | None] = queue.Queue()

    def listen() -> None:
        assert process.stderr is not None
        for line in process.stderr:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=listen, daemon=True).start()
    return process, lines


def _kill(process: subprocess.Popen[str], said: list[str], alone: bool) -> Killed:
    code = process.poll()
    if alone:
        process.kill()
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + ORPHAN_SECONDS
    while (left := _group_of(process.pid)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for orphan in left:
        with suppress(psutil.Error):
            orphan.kill()
    return Killed("".join(said), code, tuple(_describe(orphan) for orphan in left))


def _group_of(leader: int) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with suppress(ProcessLookupError, psutil.Error):
            if os.getpgid(process.pid) == leader and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def _describe(process: psutil.Process) -> str:
    with suppress(psutil.Error):
        return " ".join(process.cmdline())[:120]
    return str(process.pid)
