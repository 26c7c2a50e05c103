"""The provinces' folders: which folder is whose, which files lie there, and their content kept by hash."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from catalogue.model import Catalogue
from flows.places import FolderError as FolderError
from flows.places import Item, Place, is_leftover, is_skipped, readable, shown_path
from flows.shares.local_folder import LocalFolder
from flows.shares.own_files import LyingFile, OwnFiles
from transforms.identification import find_province
from transforms.reading import hash_bytes
from transforms.succession import Arrival

MOST_BYTES = 64 * 1024 * 1024
MOST_FILES = 5000
MOST_LEVELS = 16
HALF_WRITTEN = ".new-"


@dataclass
class Gathered:
    """The files of every unit as they lie now, the names that belong to no unit of the period, and what could not
    be taken: (unit, path, reason in Vietnamese, rule code).

    `feedback` tells for each unit what lies in our subfolder, by the path that people see.
    """

    arrivals: dict[str, list[Arrival]] = field(default_factory=dict)
    strays: list[str] = field(default_factory=list)
    failures: list[tuple[str, str, str, str]] = field(default_factory=list)
    feedback: dict[str, dict[str, LyingFile]] = field(default_factory=dict)


def match_folders(catalogue: Catalogue, period_code: str, root: Path) -> tuple[list[LocalFolder], list[str]]:
    """The folders of the units of a period under `root`, and the names of what matches none."""
    units = units_of(catalogue, period_code)
    places: list[LocalFolder] = []
    strays: list[str] = []
    for entry in sorted(root.iterdir()):
        if is_skipped(entry.name):
            continue
        unit = find_province(catalogue, entry.name, period_code) if entry.is_dir() and not entry.is_symlink() else None
        if unit in units and unit is not None:
            places.append(LocalFolder(unit, entry, readable(entry.name)))
        else:
            strays.append(readable(entry.name))
    return places, strays


def units_of(catalogue: Catalogue, period_code: str) -> set[str]:
    """Who reports for a period: the provinces, and the cluster itself."""
    return {p.province_id for p in catalogue.members_of(period_code)} | {catalogue.cluster_id}


def list_files(place: Place) -> tuple[list[Item], list[tuple[str, FolderError]]]:
    """The files of a place at any depth, sorted, and the folders in it that cannot be read.

    Lock, hidden and temporary files and links are left aside. Raises FolderError where the place itself cannot be read,
    or holds more than anyone files.
    """
    found: list[Item] = []
    shut: list[tuple[str, FolderError]] = []
    for count, (folder, level) in enumerate(_folders(place, shut)):
        found += folder
        if level > MOST_LEVELS or max(count, len(found)) > MOST_FILES:
            raise FolderError("share_unreachable", "có quá nhiều tệp hoặc thư mục con; chỉ ra đúng thư mục nộp báo cáo")
    return sorted(found, key=lambda item: item.path), shut


def _folders(place: Place, shut: list[tuple[str, FolderError]]) -> Iterator[tuple[list[Item], int]]:
    waiting = [("", 0)]
    while waiting:
        path, level = waiting.pop()
        try:
            listed = place.list_folder(path)
        except FolderError as trouble:
            if not path or trouble.is_connection:
                raise
            shut.append((path, trouble))
            continue
        for item in listed:
            if is_leftover(item, time.time()):
                place.clear(item)
        items = [item for item in listed if not is_skipped(item.path.rpartition("/")[2])]
        waiting += [(item.path, level + 1) for item in items if item.kind == "folder"]
        yield [item for item in items if item.kind == "file"], level


def take_file(place: Place, item: Item, archive: Path, own: OwnFiles | None = None) -> Arrival | None:
    """One file hashed and kept in the archive, before anything parses it; what is hashed is what is kept.

    None where the file is one that we wrote ourselves: that is noted, and not kept.
    """
    data = fetch(place, item)
    if own is not None and (own.note(place, item, hash_bytes(data)) or own.is_our_page(item.path, data)):
        return None
    modified = dt.datetime.fromtimestamp(item.modified, tz=dt.UTC)
    return Arrival(shown_path(place, item.path), readable(item.path.rpartition("/")[2]), keep(archive, data), modified)


def fetch(place: Place, item: Item) -> bytes:
    """The whole content of a file as it was listed. Raises FolderError where it has grown, or is too large."""
    too_large = FolderError("file_unreadable", f"tệp lớn hơn {MOST_BYTES // 1024**2} MB")
    if item.size > MOST_BYTES:
        raise too_large
    data = place.read(item.path, MOST_BYTES)
    if len(data) > MOST_BYTES:
        raise too_large
    if item.size not in (-1, len(data)):
        raise FolderError("file_unsettled", "tệp đang được ghi")
    return data


def keep(archive: Path, data: bytes) -> str:
    """Puts content into the archive under its hash, read-only and whole or not at all; returns the hash.

    What lies there under this hash and is something else, as after a power cut, is replaced.
    """
    sha256 = hash_bytes(data)
    archived = archive_path(archive, sha256)
    if not _is_content(archived, data):
        archived.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=archive, prefix=HALF_WRITTEN)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).chmod(0o444)
        Path(temporary).replace(archived)
    return sha256


def _is_content(archived: Path, data: bytes) -> bool:
    try:
        return archived.stat().st_size == len(data) and archived.read_bytes() == data
    except FileNotFoundError:
        return False


class ArchiveError(Exception):
    """An original in the archive is lost or altered; the message says what to do, in Vietnamese."""


def check_originals(archive: Path, names: dict[str, str]) -> None:
    """That originals which are to be read again, named by their hash, are what was received. Raises ArchiveError.

    A reading of something else would change figures silently, or refuse what a province did send well.
    """
    for sha256, name in names.items():
        path = archive_path(archive, sha256)
        try:
            fault = "" if hash_bytes(path.read_bytes()) == sha256 else "đã bị sửa hoặc hỏng"
        except FileNotFoundError:
            fault = "bị mất"
        if fault:
            raise ArchiveError(
                f"Tệp gốc của “{name}” trong kho lưu {fault}: {path}. Chưa đọc, chưa ghi gì. Đặt lại đúng tệp ấy vào "
                "thư mục của đơn vị (tên tệp nào cũng được), hoặc chép lại từ bản sao lưu (thidua restore), rồi chạy "
                "lại."
            )


def clear_half_written(archive: Path) -> None:
    """Takes away what a killed run left half-written in an archive; only with the home's lock held."""
    for path in archive.glob(f"{HALF_WRITTEN}*"):
        path.unlink(missing_ok=True)


def archive_path(archive: Path, sha256: str) -> Path:
    """Where the original with a content hash is kept."""
    return archive / sha256[:2] / sha256
