"""What a unit's folder is to a run, near or far: names listed, files read and written, and what may go wrong."""

from __future__ import annotations

import errno
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, Protocol

from transforms.text import clean_text

SKIPPED_PREFIXES = (".", "~$", "$recycle.bin")
SKIPPED_SUFFIXES = (".tmp", ".part", ".partial", ".crdownload", ".filepart", ".lnk")
SKIPPED_NAMES = frozenset({"thumbs.db", "desktop.ini", "system volume information", "lost+found", "@eadir", "#recycle"})
OFTEN = 99  # tries: as many as the settings allow

_TEMPORARY = re.compile(r"\.thidua-[0-9a-f]{16}\.tmp")
PROBE = ".thidua-0000000000000000.tmp"  # what the self-check writes into a folder to see whether it may
LEFT_SECONDS = 600  # after which nobody writes any more what bears the name of a temporary file of ours
SET_BACK_SECONDS = 3  # how much older than it is a file of ours is made; the coarsest clocks of file systems tick by 2

HELD_OPEN = frozenset({errno.EBUSY, errno.ETXTBSY, errno.EAGAIN})  # how mounted network drives tell of a file in use

UNWRITABLE = "share_unwritable"  # what a folder that takes nothing is called; no finding bears this code
NOT_WRITABLE = "không có quyền ghi vào thư mục này"
FULL = "ổ đĩa chứa thư mục này đã đầy hoặc hết hạn mức"
READ_ONLY = "thư mục này chỉ cho đọc"
BAD_NAME = "nơi nhận không chấp nhận tên tệp này"
CHANGED = "tệp đang nằm ở đó vừa thay đổi"


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

    def write(self, path: str, data: bytes, replaced: Item | None = None) -> None:
        """Puts a file there, whole or not at all, with the folders on its way, never the place itself.

        Only what `replaced` describes is replaced; with None nothing may be there. Links are never followed.
        """

    def clear(self, item: Item) -> None:
        """Takes away a leftover of ours, never anything else (see `is_leftover`); what cannot be taken away stays."""

    def reset(self) -> None:
        """Drops what connection there is, without waiting."""


def held_open() -> FolderError:
    """The trouble of a file that someone else keeps open."""
    return FolderError("file_unsettled", "tệp đang mở ở máy khác", most_tries=OFTEN)


def unwritable(reason: str) -> FolderError:
    """The trouble of a folder that takes nothing, or not this."""
    return FolderError(UNWRITABLE, reason)


def no_folder(name: str) -> FolderError:
    """The trouble of a name that should be a folder of ours and leads elsewhere, or is a file."""
    return unwritable(f"“{readable(name)}” không phải là thư mục thường (có thể là liên kết hoặc tệp)")


def is_skipped(name: str) -> bool:
    """Whether a name is one of those that nobody files: hidden, lock and temporary files, the system's own."""
    lowered = name.casefold()
    return lowered.startswith(SKIPPED_PREFIXES) or lowered.endswith(SKIPPED_SUFFIXES) or lowered in SKIPPED_NAMES


def temporary_beside(path: str) -> str:
    """Where the bytes of a file lie while they are written: always the same name, so the next try clears the last."""
    folder, _, name = path.rpartition("/")
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return join(folder, f".thidua-{mark}.tmp")


def is_leftover(item: Item, now: float) -> bool:
    """Whether this is what a process of ours left that died while it wrote: by exactly our name, and by its age.

    A probe is of no use to anybody, however new it is.
    """
    if item.path.rpartition("/")[2] == PROBE:
        return item.kind == "file"
    is_our_name = _TEMPORARY.fullmatch(item.path.rpartition("/")[2]) is not None
    return is_our_name and item.kind == "file" and now - item.modified > LEFT_SECONDS and item.modified > 0


def split_path(path: str) -> list[str]:
    """The parts of a path within a place. Raises ValueError where it might lead out of it."""
    parts = path.split("/")
    if any(part in ("", ".", "..") or "\0" in part for part in parts):
        raise ValueError(f"not a path within a place: {path!r}")
    return parts


def join(folder: str, name: str) -> str:
    """The path of a name in a folder, which is "" for the place itself."""
    return f"{folder}/{name}" if folder else name


def fold_name(name: str) -> str:
    """A key under which names are one that some server or system takes for the same: case, and how letters compose."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def shown_path(place: Place, path: str) -> str:
    """A file or folder of a place as people find it."""
    return f"{place.shown.rstrip('/')}/{readable(path)}" if path else place.shown


def readable(name: str) -> str:
    """A file's name as text; bytes that are no UTF-8 show as question marks."""
    return clean_text(name.encode("utf-8", "replace").decode("utf-8"))
