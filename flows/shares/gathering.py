"""Gathering a period's files from every unit's folder, near and far; no folder can stop the others."""

from __future__ import annotations

import logging
import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from catalogue.model import Catalogue
from flows.places import FolderError, Item, Place, shown_path
from flows.shares.access import open_place
from flows.shares.folders import Gathered, list_files, match_folders, take_file
from flows.shares.own_files import OwnFiles
from flows.shares.settings import Limits, Share, ShareSettings, find_secret, match_shares, read_shares
from flows.shares.visits import Source, persist, visit, wait_again
from transforms.succession import Arrival

PROGRESS = logging.getLogger("thidua.progress")
FRESH_SECONDS = 60.0
BUSY = "tệp đang được ghi"
EMPTY = "tệp mới tạo, còn trống (0 byte)"
GONE = "tệp vừa bị đổi tên hoặc lấy đi"

Lying = tuple[Place, Item]


@dataclass
class Haul:
    """What one visit to a source brings, and where it failed: (place, path in it, trouble).

    `items` are to be read; `inside` is what lies in our subfolder, each with its hash, "" where it was not read.
    """

    items: list[Lying] = field(default_factory=list)
    arrivals: list[tuple[str, Arrival]] = field(default_factory=list)
    inside: list[tuple[Place, Item, str]] = field(default_factory=list)
    failures: list[tuple[Place, str, FolderError]] = field(default_factory=list)


def settle_seconds() -> float:
    """How long lies between two looks at files that may be in the writing: THIDUA_SETTLE_SECONDS, else 2."""
    return float(os.environ.get("THIDUA_SETTLE_SECONDS") or 2.0)


def gather(
    catalogue: Catalogue,
    period_code: str,
    root: Path,
    archive: Path,
    shares_file: Path | None = None,
    own: OwnFiles | None = None,
) -> Gathered:
    """All files of all units, each in the archive: those under `root`, and those of the shares of a settings file.

    What is `own` is no arrival, wherever it lies, and is read only where it does not lie as last seen. A root that is
    not there is an error only without a file of shares. Waits once, and only where files are so new that they may be in
    the writing. Raises ShareSettingsError.
    """
    gathered = Gathered()
    own = own or OwnFiles()
    settings = ShareSettings() if shares_file is None else read_shares(shares_file)
    sources, gathered.strays, shut = find_sources(
        catalogue, period_code, root, settings, is_root_needed=shares_file is None
    )
    gathered.failures = [(unit, share.address, t.reason, t.rule_code) for unit, share, t in shut]
    named: Counter[tuple[str, str]] = Counter()
    for haul in _visit_twice(sources, archive, settings.limits, own):
        for unit, arrival in haul.arrivals:
            named[unit, arrival.path] += 1
            number = named[unit, arrival.path]  # names that differ only in how letters are composed look the same
            path = arrival.path if number == 1 else f"{arrival.path} ({number})"
            gathered.arrivals.setdefault(unit, []).append(replace(arrival, path=path))
        for place, path, trouble in haul.failures:
            gathered.failures.append((place.unit, shown_path(place, path), trouble.reason, trouble.rule_code))
        for place, item, sha256 in haul.inside:
            lying, shown = gathered.feedback.setdefault(place.unit, {}), shown_path(place, item.path)
            if sha256 in own.hashes or shown not in lying:  # of names that look the same, ours counts
                lying[shown] = own.describe(item, sha256)
    own.save()
    return gathered


def find_sources(
    catalogue: Catalogue, period_code: str, root: Path, settings: ShareSettings, *, is_root_needed: bool
) -> tuple[list[Source], list[str], list[tuple[str, Share, FolderError]]]:
    """Where the units of a period file: the folders under `root`, then a source per share; the names that belong to
    no unit; and the shares that cannot be opened, with their unit and why."""
    sources: list[Source] = []
    strays: list[str] = []
    shut: list[tuple[str, Share, FolderError]] = []
    if is_root_needed or root.is_dir():
        folders, strays = match_folders(catalogue, period_code, root)
        sources.append(Source(folders, is_near=True))
    matched, names = match_shares(catalogue, period_code, settings.shares)
    for unit, share in matched:
        place, trouble = _open(unit, share, settings.limits)
        if place is not None:
            sources.append(Source([place]))
        elif trouble is not None:
            shut.append((unit, share, trouble))
    return sources, strays + names, shut


def survey(
    catalogue: Catalogue, period_code: str, settings: ShareSettings, feedback_folder: str = ""
) -> list[tuple[Share, str | None, int | None, str]]:
    """Every share with its unit (None: no unit of the period), its number of files (None: out of reach), and why.

    What lies in our subfolder is not counted.
    """
    units = {share.name: unit for unit, share in match_shares(catalogue, period_code, settings.shares)[0]}
    opened = [_open(units.get(s.name, ""), s, settings.limits) for s in settings.shares]
    sources = [Source([place]) for place, _ in opened if place is not None]
    own = OwnFiles(feedback_folder)
    jobs = [partial(_list_source, s, settings.limits, own) for s in sources]
    hauls = iter(visit(sources, jobs, settings.limits, _too_late))
    rows: list[tuple[Share, str | None, int | None, str]] = []
    for share, (place, trouble) in zip(settings.shares, opened, strict=True):
        files = None
        if place is not None:
            haul = next(hauls)
            trouble = next((t for _, path, t in haul.failures if not path), None)
            files = sum(not own.is_inside(item.path) for _, item in haul.items) if trouble is None else None
        rows.append((share, units.get(share.name), files, "" if trouble is None else trouble.reason))
    return rows


def _open(unit: str, share: Share, limits: Limits) -> tuple[Place | None, FolderError | None]:
    try:
        return open_place(unit, share, find_secret(share), limits), None
    except FolderError as trouble:
        return None, trouble


def _visit_twice(sources: Sequence[Source], archive: Path, limits: Limits, own: OwnFiles) -> Iterator[Haul]:
    """Lists all sources, waits once where something is fresh, and takes what has settled."""
    fresh_since = time.time() - FRESH_SECONDS
    listed = visit(sources, [partial(_list_source, s, limits, own) for s in sources], limits, _too_late)
    if any(item.modified > fresh_since for haul in listed for _, item in haul.items):
        PROGRESS.info("Có tệp vừa mới ghi; chờ %g giây rồi xem lại", settle_seconds())
        time.sleep(settle_seconds())
    jobs = [partial(_take_all, haul.items, fresh_since, archive, limits, own) for haul in listed]
    for source, first, second in zip(sources, listed, visit(sources, jobs, limits, _too_late), strict=True):
        for place in source.places:
            place.reset()
        yield Haul([], second.arrivals, first.inside + second.inside, first.failures + second.failures)


def _list_source(source: Source, limits: Limits, own: OwnFiles) -> Haul:
    haul = Haul()
    for place in source.places:
        try:
            items, shut = persist(place, partial(list_files, place), limits)
        except FolderError as trouble:
            haul.failures.append((place, "", trouble))
        else:
            for item in items:
                sha256 = own.recall(place, item)
                if not sha256 and not own.is_never_read(place.unit, item.path):
                    haul.items.append((place, item))
                elif own.is_inside(item.path):
                    haul.inside.append((place, item, sha256))
            haul.failures += [(place, path, trouble) for path, trouble in shut]
    return haul


def _take_all(items: Sequence[Lying], fresh_since: float, archive: Path, limits: Limits, own: OwnFiles) -> Haul:
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
                arrival = _take_settled(place, item, item.modified > fresh_since, archive, own)
                if arrival is not None:
                    haul.arrivals.append((place.unit, arrival))
                if own.is_inside(item.path):
                    sha256 = own.recall(place, item) if arrival is None else arrival.sha256
                    haul.inside.append((place, item, sha256))
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
            wait_again(tried, limits)
    return haul


def _take_settled(place: Place, item: Item, is_fresh: bool, archive: Path, own: OwnFiles) -> Arrival | None:
    """Takes one file, None where it is ours; a fresh one must be the same before, now and after, and not be empty."""
    if not is_fresh:
        return take_file(place, item, archive, own)
    _check_same(place, item)
    if item.size == 0:
        raise FolderError("file_unsettled", EMPTY)
    arrival = take_file(place, item, archive, own)
    _check_same(place, item)
    return arrival


def _check_same(place: Place, item: Item) -> None:
    now = place.look(item.path)
    if now is None:
        raise FolderError("file_unsettled", GONE)
    if now != item:
        raise FolderError("file_unsettled", BUSY)


def _too_late(source: Source, trouble: FolderError) -> Haul:
    return Haul(failures=[(place, "", trouble) for place in source.places])
