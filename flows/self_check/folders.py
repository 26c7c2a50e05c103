"""The part of the self-check that goes out: every unit's folder read, and a file put there and taken away again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from catalogue.model import Catalogue
from flows.places import PROBE, FolderError, Item, Place, fold_name, join, no_folder, unwritable
from flows.settings import Settings
from flows.shares.gathering import find_sources
from flows.shares.settings import Limits, ShareSettings, find_shares, read_shares
from flows.shares.visits import Source, persist, visit

LEFT_BEHIND = "tệp thử của hệ thống không xóa đi được"


@dataclass(frozen=True)
class FolderCheck:
    """The units whose folders can be read and written, those that have none, and what is wrong with the others."""

    well: tuple[str, ...]
    without: tuple[str, ...]
    troubles: tuple[tuple[str, str, str], ...]
    strays: tuple[str, ...]


def check_folders(catalogue: Catalogue, settings: Settings, period_code: str) -> FolderCheck:
    """Reads each unit's folder, and writes where its answers go; nothing of the probe stays.

    `troubles` are unit, address and reason. Raises ShareSettingsError.
    """
    file = find_shares(settings)
    shares = ShareSettings() if file is None else read_shares(file)
    is_anywhere = file is not None or settings.returns.is_dir()
    sources, strays, shut = (
        find_sources(catalogue, period_code, settings.returns, shares, is_root_needed=file is None)
        if is_anywhere
        else ([], [], [])
    )
    jobs = [partial(_probe_all, source, shares.limits, settings.feedback_folder) for source in sources]
    told = [row for rows in visit(sources, jobs, shares.limits, _too_late) for row in rows]
    troubles = [(place.unit, place.shown, trouble.reason) for place, trouble in told if trouble is not None]
    troubles += [(unit, share.address, trouble.reason) for unit, share, trouble in shut]
    bad = {unit for unit, _, _ in troubles}
    well = {place.unit for place, _ in told} - bad
    members = [p.province_id for p in catalogue.members_of(period_code)]
    without = [unit for unit in members if unit not in well | bad]
    return FolderCheck(tuple(sorted(well)), tuple(without), tuple(troubles), tuple(strays))


def _probe_all(source: Source, limits: Limits, folder: str) -> list[tuple[Place, FolderError | None]]:
    found: list[tuple[Place, FolderError | None]] = []
    for place in source.places:
        try:
            persist(place, partial(probe, place, folder), limits)
            found.append((place, None))
        except FolderError as trouble:
            found.append((place, trouble))
        finally:
            place.reset()
    return found


def probe(place: Place, folder: str) -> None:
    """Writes and removes a file in our subfolder, in the place itself where that is not there. Raises FolderError."""
    own = next((item for item in place.list_folder("") if fold_name(item.path) == fold_name(folder)), None)
    if own is not None and own.kind != "folder":
        raise no_folder(own.path)
    path = join("" if own is None else own.path, PROBE)
    _clear(place, path)  # one that a killed check has left
    place.write(path, b"thidua")
    _clear(place, path)
    if place.look(path) is not None:
        raise unwritable(LEFT_BEHIND)


def _clear(place: Place, path: str) -> None:
    lying = place.look(path)
    if lying is not None:
        place.clear(Item(path, "file", lying.size, lying.modified))


def _too_late(source: Source, trouble: FolderError) -> Sequence[tuple[Place, FolderError | None]]:
    return [(place, trouble) for place in source.places]
