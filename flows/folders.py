"""The provinces' folders: which folder is whose, which files lie there, and their content kept by hash."""

from __future__ import annotations

import datetime as dt
import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from catalogue.model import Catalogue
from transforms.identification import find_province
from transforms.reading import hash_bytes
from transforms.succession import Arrival
from transforms.text import clean_text

SKIPPED_PREFIXES = (".", "~$", "$recycle.bin")
SKIPPED_SUFFIXES = (".tmp", ".part", ".partial", ".crdownload", ".filepart", ".lnk")
SKIPPED_NAMES = frozenset({"thumbs.db", "desktop.ini", "system volume information", "lost+found", "@eadir", "#recycle"})
MOST_BYTES = 64 * 1024 * 1024
MOST_FILES = 5000
MOST_LEVELS = 16
OFTEN = 99  # tries: as many as the settings allow

HELD_OPEN = frozenset({errno.EBUSY, errno.ETXTBSY, errno.EAGAIN})  # how mounted network drives tell of a file in use


@dataclass
class Gathered:
    """The files of every unit as they lie now, the names that belong to no unit of the period, and what could not
    be taken: (unit, path, reason in Vietnamese, rule code)."""

    arrivals: dict[str, list[Arrival]] = field(default_factory=dict)
    strays: list[str] = field(default_factory=list)
    failures: list[tuple[str, str, str, str]] = field(default_factory=list)


class FolderError(Exception):
    """A file or folder that cannot be had now: the rule it breaks, the reason in Vietnamese, never a secret.

    `most_tries` says how many tries in all are worth it, `is_connection` that the connection has to be made anew.
    """

    def __init__(self, rule_code: str, reason: str, *, most_tries: int = 1, is_connection: bool = False) -> None:
        super().__init__(reason)
        self.rule_code = rule_code
        self.reason = reason
        self.most_tries = most_tries
        self.is_connection = is_connection


@dataclass(frozen=True, slots=True)
class Item:
    """One name in a listing: its path within its place, bytes (-1: not told), and time of change since 1970."""

    path: str
    kind: Literal["file", "folder", "other"]
    size: int = 0
    modified: float = 0.0


class Place(Protocol):
    """Where a unit's files lie, near or far. What goes wrong there is raised as FolderError."""

    @property
    def unit(self) -> str: ...

    @property
    def shown(self) -> str:
        """The place as people know it, without secrets."""

    def list_folder(self, path: str) -> list[Item]:
        """The names in a folder, which is "" for the place itself; links are never followed."""

    def look(self, path: str) -> Item | None:
        """A file as it is now; None where it is gone."""

    def read(self, path: str, most: int) -> bytes:
        """A file's content; at most one byte more than `most`."""

    def reset(self) -> None:
        """Drops what connection there is, without waiting."""


class LocalFolder:
    """A folder on this machine, network drives included."""

    def __init__(self, unit: str, folder: Path, shown: str) -> None:
        self.unit = unit
        self.shown = shown
        self._folder = folder

    def list_folder(self, path: str) -> list[Item]:
        try:
            with os.scandir(self._folder / path) as entries:
                return [_local_item(_join(path, e.name), e.stat(follow_symlinks=False)) for e in entries]
        except OSError as error:
            raise _folder_trouble(error) from None

    def look(self, path: str) -> Item | None:
        try:
            return _local_item(path, (self._folder / path).lstat())
        except OSError:
            return None

    def read(self, path: str, most: int) -> bytes:
        try:
            # A name that has become a link or a pipe since it was listed is neither followed nor waited for.
            handle = os.open(self._folder / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            with os.fdopen(handle, "rb") as file:
                if not stat.S_ISREG(os.fstat(handle).st_mode):
                    raise FolderError("file_unreadable", "không phải là tệp thường")
                return file.read(most + 1)
        except OSError as error:
            if error.errno in HELD_OPEN:
                raise held_open() from None
            raise FolderError("file_unreadable", f"không mở được ({error.strerror or type(error).__name__})") from None

    def reset(self) -> None:
        return None


def _local_item(path: str, found: os.stat_result) -> Item:
    kind: Literal["file", "folder", "other"] = (
        "file" if stat.S_ISREG(found.st_mode) else "folder" if stat.S_ISDIR(found.st_mode) else "other"
    )
    return Item(path, kind, found.st_size, found.st_mtime)


def _folder_trouble(error: OSError) -> FolderError:
    reasons = {
        errno.ENOENT: "không có thư mục này",
        errno.ENOTDIR: "địa chỉ này không phải thư mục",
        errno.EACCES: "không có quyền đọc thư mục",
        errno.EPERM: "không có quyền đọc thư mục",
    }
    reason = reasons.get(error.errno or 0)
    if reason is not None:
        return FolderError("share_unreachable", reason)
    return FolderError(
        "share_unreachable", f"thư mục không đọc được ({error.strerror or 'lỗi vào ra'})", most_tries=OFTEN
    )


def held_open() -> FolderError:
    """The trouble of a file that someone else keeps open."""
    return FolderError("file_unsettled", "tệp đang mở ở máy khác", most_tries=OFTEN)


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
            items = [item for item in place.list_folder(path) if not is_skipped(item.path.rpartition("/")[2])]
        except FolderError as trouble:
            if not path or trouble.is_connection:
                raise
            shut.append((path, trouble))
            continue
        waiting += [(item.path, level + 1) for item in items if item.kind == "folder"]
        yield [item for item in items if item.kind == "file"], level


def is_skipped(name: str) -> bool:
    """Whether a name is one of those that nobody files: hidden, lock and temporary files, the system's own."""
    lowered = name.casefold()
    return lowered.startswith(SKIPPED_PREFIXES) or lowered.endswith(SKIPPED_SUFFIXES) or lowered in SKIPPED_NAMES


def take_file(place: Place, item: Item, archive: Path) -> Arrival:
    """One file hashed and kept in the archive, before anything parses it; what is hashed is what is kept."""
    too_large = FolderError("file_unreadable", f"tệp lớn hơn {MOST_BYTES // 1024**2} MB")
    if item.size > MOST_BYTES:
        raise too_large
    data = place.read(item.path, MOST_BYTES)
    if len(data) > MOST_BYTES:
        raise too_large
    if item.size not in (-1, len(data)):
        raise FolderError("file_unsettled", "tệp đang được ghi")
    modified = dt.datetime.fromtimestamp(item.modified, tz=dt.UTC)
    return Arrival(shown_path(place, item.path), readable(item.path.rpartition("/")[2]), keep(archive, data), modified)


def keep(archive: Path, data: bytes) -> str:
    """Puts content into the archive under its hash, read-only and whole or not at all; returns the hash."""
    sha256 = hash_bytes(data)
    archived = archive_path(archive, sha256)
    if not archived.exists():
        archived.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=archived.parent, prefix=".new-")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).chmod(0o444)
        Path(temporary).replace(archived)
    return sha256


def shown_path(place: Place, path: str) -> str:
    """A file or folder of a place as people find it."""
    return f"{place.shown.rstrip('/')}/{readable(path)}" if path else place.shown


def readable(name: str) -> str:
    """A file's name as text; bytes that are no UTF-8 show as question marks."""
    return clean_text(name.encode("utf-8", "replace").decode("utf-8"))


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def archive_path(archive: Path, sha256: str) -> Path:
    """Where the original with a content hash is kept."""
    return archive / sha256[:2] / sha256
