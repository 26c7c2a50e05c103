"""One piece of work at a time in one home."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from flows.network_disk import warn_of_network_disk
from flows.settings import Settings

PROGRESS = logging.getLogger("thidua.progress")


@contextmanager
def one_at_a_time(settings: Settings) -> Iterator[None]:
    """Holds the home for one run; another run waits for its turn and says so."""
    warn_of_network_disk(settings.home)
    lock = FileLock(settings.lock)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        PROGRESS.warning("Một lượt chạy khác đang làm việc; chờ đến lượt")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def undisturbed(settings: Settings) -> Iterator[bool]:
    """Whether no run is at work, and then none begins while the block lasts; never waits."""
    lock = FileLock(settings.lock)
    try:
        lock.acquire(timeout=0)
    except (Timeout, OSError):  # a run, or a home that only others may write
        yield False
        return
    try:
        yield True
    finally:
        lock.release()
