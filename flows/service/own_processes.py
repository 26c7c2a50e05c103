"""The processes that a home started: told from others, and ended."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from flows.settings import Settings


def is_ours(pid: int, word: bytes = b"prefect") -> bool:
    """Whether a process is alive and carries a word in its command line; process ids are given out again."""
    try:
        return word in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def is_of_home(pid: int, settings: Settings) -> bool:
    """Whether a process was started for this home and not for another: a home is copied with its notes of processes.

    Where that cannot be seen it counts as this home's, as it does where the home has been moved meanwhile.
    """
    try:
        variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return True
    named = next((v.partition(b"=")[2] for v in variables if v.startswith(b"PREFECT_HOME=")), b"")
    started_for = Path(os.fsdecode(named))
    if not named or not started_for.exists():
        return True
    return settings.prefect_home.exists() and started_for.samefile(settings.prefect_home)


def end_group(pid: int, patience: float = 15.0, word: bytes = b"prefect") -> None:
    """Ends a process that carries a word in its command line, with its group: asked first, then killed."""
    for sign, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, 5.0)):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, sign)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
            if not is_ours(pid, word):
                return
            time.sleep(0.1)
