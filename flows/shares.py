"""Gathering a period's files from every unit's folder, near and far; no folder can stop the others."""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from catalogue.model import Catalogue
from flows.folders import FolderError, Gathered, Item, Place, list_files, match_folders, shown_path, take_file
from flows.share_access import open_place
from flows.share_settings import Limits, Share, ShareSettings, find_secret, match_shares, read_shares
from transforms.succession import Arrival

PROGRESS = logging.getLogger("thidua.progress")
FRESH_SECONDS = 60.0
BUSY = "tệp đang được ghi"
EMPTY = "tệp mới tạo, còn trống (0 byte)"
GONE = "tệp vừa bị đổi tên hoặc lấy đi"

Found = TypeVar("Found")
Lying = tuple[Place, Item]


@dataclass(eq=False)
class Source:
    """Places visited together: all folders of one root on this machine, or one share."""

    places: Sequence[Place]
    is_near: bool = False


@dataclass
class Haul:
    """What one visit to a source brings, and where it failed: (place, path in it, trouble)."""

    items: list[Lying] = field(default_factory=list)
    arrivals: list[tuple[str, Arrival]] = field(default_factory=list)
    failures: list[tuple[Place, str, FolderError]] = field(default_factory=list)


def settle_seconds() -> float:
    """How long lies between two looks at files that may be in the writing: THIDUA_SETTLE_SECONDS, else 2."""
    return float(os.environ.get("THIDUA_SETTLE_SECONDS") or 2.0)


def gather(
    catalogue: Catalogue, period_code: str, root: Path, archive: Path, shares_file: Path | None = None
) -> Gathered:
    """All files of all units, each in the archive: those under `root`, and those of the shares of a settings file.

    A root that is not there is an error only without such a file. Waits once, and only where files are so new that
    they may be in the writing. Raises ShareSettingsError.
    """
    gathered = Gathered()
    settings = ShareSettings() if shares_file is None else read_shares(shares_file)
    sources: list[Source] = []
    if shares_file is None or root.is_dir():
        folders, gathered.strays = match_folders(catalogue, period_code, root)
        sources.append(Source(folders, is_near=True))
    matched, strays = match_shares(catalogue, period_code, settings.shares)
    gathered.strays += strays
    for unit, share in matched:
        place, trouble = _open(unit, share, settings.limits)
        if place is not None:
            sources.append(Source([place]))
        elif trouble is not None:
            gathered.failures.append((unit, share.address, trouble.reason, trouble.rule_code))
    named: Counter[tuple[str, str]] = Counter()
    for haul in _visit_twice(sources, archive, settings.limits):
        for unit, arrival in haul.arrivals:
            named[unit, arrival.path] += 1
            number = named[unit, arrival.path]  # names that differ only in how letters are composed look the same
            path = arrival.path if number == 1 else f"{arrival.path} ({number})"
            gathered.arrivals.setdefault(unit, []).append(replace(arrival, path=path))
        for place, path, trouble in haul.failures:
            gathered.failures.append((place.unit, shown_path(place, path), trouble.reason, trouble.rule_code))
    return gathered


def survey(
    catalogue: Catalogue, period_code: str, settings: ShareSettings
) -> list[tuple[Share, str | None, int | None, str]]:
    """Every share with its unit (None: no unit of the period), its number of files (None: out of reach), and why."""
    units = {share.name: unit for unit, share in match_shares(catalogue, period_code, settings.shares)[0]}
    opened = [_open(units.get(s.name, ""), s, settings.limits) for s in settings.shares]
    sources = [Source([place]) for place, _ in opened if place is not None]
    hauls = iter(_visit(sources, [partial(_list_source, s, settings.limits) for s in sources], settings.limits))
    rows: list[tuple[Share, str | None, int | None, str]] = []
    for share, (place, trouble) in zip(settings.shares, opened, strict=True):
        files = None
        if place is not None:
            haul = next(hauls)
            trouble = next((t for _, path, t in haul.failures if not path), None)
            files = len(haul.items) if trouble is None else None
        rows.append((share, units.get(share.name), files, "" if trouble is None else trouble.reason))
    return rows


def _open(unit: str, share: Share, limits: Limits) -> tuple[Place | None, FolderError | None]:
    try:
        return open_place(unit, share, find_secret(share), limits), None
    except FolderError as trouble:
        return None, trouble


def _visit_twice(sources: Sequence[Source], archive: Path, limits: Limits) -> Iterator[Haul]:
    """Lists all sources, waits once where something is fresh, and takes what has settled."""
    fresh_since = time.time() - FRESH_SECONDS
    listed = _visit(sources, [partial(_list_source, s, limits) for s in sources], limits)
    if any(item.modified > fresh_since for haul in listed for _, item in haul.items):
        PROGRESS.info("Có tệp vừa mới ghi; chờ %g giây rồi xem lại", settle_seconds())
        time.sleep(settle_seconds())
    jobs = [partial(_take_all, haul.items, fresh_since, archive, limits) for haul in listed]
    for source, first, second in zip(sources, listed, _visit(sources, jobs, limits), strict=True):
        for place in source.places:
            place.reset()
        yield Haul(arrivals=second.arrivals, failures=first.failures + second.failures)


def _list_source(source: Source, limits: Limits) -> Haul:
    haul = Haul()
    for place in source.places:
        try:
            items, shut = _persist(place, partial(list_files, place), limits)
        except FolderError as trouble:
            haul.failures.append((place, "", trouble))
        else:
            haul.items += [(place, item) for item in items]
            haul.failures += [(place, path, trouble) for path, trouble in shut]
    return haul


def _persist(place: Place, action: Callable[[], Found], limits: Limits) -> Found:
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
        time.sleep(limits.first_delay * 2 ** (tried - 1))


def _take_all(items: Sequence[Lying], fresh_since: float, archive: Path, limits: Limits) -> Haul:
    """Takes files; those that someone holds open come again at the end.

    A place whose connection is lost for good gives nothing at all: half of what a unit sent might tell another story.
    """
    haul = Haul()
    waiting, tried = list(items), 0
    while waiting:
        tried += 1
        later: list[Lying] = []
        is_broken = False
        for place, item in waiting:
            if is_broken:
                later.append((place, item))
                continue
            try:
                haul.arrivals.append((place.unit, _take_settled(place, item, item.modified > fresh_since, archive)))
            except FolderError as trouble:
                is_broken = trouble.is_connection
                if is_broken:
                    place.reset()
                if tried < min(limits.tries, trouble.most_tries):
                    later.append((place, item))
                elif is_broken:
                    return Haul(failures=[(place, "", trouble)])
                else:
                    haul.failures.append((place, item.path, trouble))
        waiting = later
        if waiting:
            time.sleep(limits.first_delay * 2 ** (tried - 1))
    return haul


def _take_settled(place: Place, item: Item, is_fresh: bool, archive: Path) -> Arrival:
    """Takes one file; a fresh one must be the same before, now and after, and not be empty."""
    if not is_fresh:
        return take_file(place, item, archive)
    _check_same(place, item)
    if item.size == 0:
        raise FolderError("file_unsettled", EMPTY)
    arrival = take_file(place, item, archive)
    _check_same(place, item)
    return arrival


def _check_same(place: Place, item: Item) -> None:
    now = place.look(item.path)
    if now is None:
        raise FolderError("file_unsettled", GONE)
    if now != item:
        raise FolderError("file_unsettled", BUSY)


def _visit(sources: Sequence[Source], jobs: Sequence[Callable[[], Haul]], limits: Limits) -> list[Haul]:
    """Does one job per source, the far ones in threads of their own, and leaves behind who takes too long.

    The threads are daemons: one that hangs in a system call neither stops the run nor keeps the process from ending.
    """
    done: queue.SimpleQueue[tuple[int, Haul | BaseException]] = queue.SimpleQueue()
    hauls: dict[int, Haul] = {}
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
            hauls[number] = jobs[number]()
            continue
        try:
            number, result = done.get(timeout=max(0.0, min(running.values()) - time.monotonic()))
        except queue.Empty:
            for number in [n for n, deadline in running.items() if deadline <= time.monotonic()]:
                del running[number]
                hauls[number] = Haul(failures=[_too_late(place, limits) for place in sources[number].places])
            continue
        if running.pop(number, None) is None:
            continue  # given up before
        if isinstance(result, BaseException):
            raise result
        hauls[number] = result
    return [hauls[number] for number in range(len(sources))]


def _too_late(place: Place, limits: Limits) -> tuple[Place, str, FolderError]:
    place.reset()
    seconds = f"{limits.share_seconds:g}".replace(".", ",")
    reason = f"máy chủ không trả lời xong trong {seconds} giây"
    return place, "", FolderError("share_unreachable", reason)
