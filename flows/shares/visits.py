"""Several places visited at once: tried again as often as is worth, and left behind where they take too long."""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flows.places import FolderError, Place
from flows.shares.settings import Limits

Found = TypeVar("Found")


@dataclass(eq=False)
class Source:
    """Places visited together: all folders of one root on this machine, or one share."""

    places: Sequence[Place]
    is_near: bool = False


def persist(place: Place, action: Callable[[], Found], limits: Limits) -> Found:
    """The answer of an action that is tried again, with growing delays, as often as it is worth."""
    tried = 0
    while True:
        tried += 1
        try:
            return action()
        except FolderError as trouble:
            if trouble.is_connection:
                place.reset()
            if tried >= min(limits.tries, trouble.most_tries):
                raise
        wait_again(tried, limits)


def wait_again(tried: int, limits: Limits) -> None:
    """Waits before the next try of something, longer each time."""
    time.sleep(limits.first_delay * 2 ** (tried - 1))


def visit(
    sources: Sequence[Source],
    jobs: Sequence[Callable[[], Found]],
    limits: Limits,
    too_late: Callable[[Source, FolderError], Found],
) -> list[Found]:
    """Does one job per source, the far ones in threads of their own, and leaves behind who takes too long.

    `too_late` says what such a one brings, given why.

    The threads are daemons: one that hangs in a system call neither stops the run nor keeps the process from ending.
    """
    done: queue.SimpleQueue[tuple[int, Found | BaseException]] = queue.SimpleQueue()
    found: dict[int, Found] = {}
    waiting = deque(n for n, source in enumerate(sources) if not source.is_near)
    near = [n for n, source in enumerate(sources) if source.is_near]
    running: dict[int, float] = {}

    def work(number: int) -> None:
        try:
            done.put((number, jobs[number]()))
        except BaseException as error:
            done.put((number, error))

    while waiting or running or near:
        while waiting and len(running) < limits.parallel:
            number = waiting.popleft()
            running[number] = time.monotonic() + limits.share_seconds
            threading.Thread(target=work, args=[number], name=f"share-{number}", daemon=True).start()
        if near:
            number = near.pop()
            found[number] = jobs[number]()
            continue
        try:
            number, result = done.get(timeout=max(0.0, min(running.values()) - time.monotonic()))
        except queue.Empty:
            for number in [n for n, deadline in running.items() if deadline <= time.monotonic()]:
                del running[number]
                found[number] = too_late(sources[number], _give_up(sources[number], limits))
            continue
        if running.pop(number, None) is None:
            continue  # given up before
        if isinstance(result, BaseException):
            raise result
        found[number] = result
    return [found[number] for number in range(len(sources))]


def _give_up(source: Source, limits: Limits) -> FolderError:
    for place in source.places:
        place.reset()
    seconds = f"{limits.share_seconds:g}".replace(".", ",")
    return FolderError("share_unreachable", f"máy chủ không trả lời xong trong {seconds} giây")
