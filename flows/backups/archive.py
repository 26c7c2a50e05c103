"""The one file of a backup: a gzipped tar whose last member says what must be in it. Read as a stream, memory flat."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

MANIFEST = "THIDUA-SAO-LUU.json"
FORMAT = "thidua-backup"
VERSION = 1
CHUNK = 1 << 20
_MOST_MANIFEST_BYTES = 256 << 20
_HASH = re.compile(r"[0-9a-f]{64}")


class ArchiveError(Exception):
    """A file is no backup of ours, or not whole; the message says why, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a home: its path with slashes, relative to the home."""

    path: str
    size: int
    sha256: str
    mode: int
    mtime_ns: int


@dataclass(frozen=True)
class Manifest:
    """What a backup holds, and of what."""

    made_at: str
    home: str
    host: str
    software: str
    files: tuple[Entry, ...]
    folders: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def total_bytes(self) -> int:
        """Room that the files need once they are out of the archive."""
        return sum(entry.size for entry in self.files)

    def to_bytes(self) -> bytes:
        return json.dumps({"format": FORMAT, "version": VERSION, **asdict(self)}, ensure_ascii=False).encode()


def verify_archive(file: Path) -> Manifest:
    """Reads all of a backup and returns its manifest; writes nothing. Raises ArchiveError, OSError.

    Every member must be a plain file or folder under a plain relative name, once, and the files exactly those of the
    manifest with their hashes.
    """
    seen: dict[str, tuple[int, str]] = {}
    folders: set[str] = set()
    manifest: Manifest | None = None
    for member, content in read_members(file):
        if manifest is not None:
            raise ArchiveError("có mục sau bảng kê")
        if member.name == MANIFEST:
            manifest = _read_manifest(member, content)
        elif member.isdir():
            folders.add(member.name)
        else:
            digest = hashlib.sha256()
            size = 0
            for piece in content:
                digest.update(piece)
                size += len(piece)
            seen[member.name] = (size, digest.hexdigest())
    if manifest is None:
        raise ArchiveError("không có bảng kê: tệp không phải bản sao lưu của hệ thống, hoặc bị cụt")
    expected = {entry.path: (entry.size, entry.sha256) for entry in manifest.files}
    if len(expected) != len(manifest.files) or folders != set(manifest.folders) or seen.keys() != expected.keys():
        raise ArchiveError("các tệp trong đó không đúng bảng kê")
    for path, found in seen.items():
        if found != expected[path]:
            raise ArchiveError(f"tệp “{path}” không đúng mã SHA-256 trong bảng kê")
    return manifest


def read_members(file: Path) -> Iterator[tuple[tarfile.TarInfo, Iterator[bytes]]]:
    """Every member with its content in pieces, in the order of the archive, to its very end.

    Raises ArchiveError at the first that is unfit.
    """
    names: set[str] = set()
    with (
        _as_archive_error(),
        gzip.open(file) as packed,
        tarfile.open(fileobj=packed, mode="r|", bufsize=CHUNK) as archive,
    ):
        for member in archive:
            if not (member.isreg() or member.isdir()):
                raise ArchiveError(f"mục “{member.name}” không phải tệp hay thư mục thường")
            if not is_plain(member.name) or member.name in names:
                raise ArchiveError(f"mục “{member.name}” có tên không dùng được")
            names.add(member.name)
            yield member, _pieces(archive.extractfile(member) if member.isreg() else None)
        while packed.read(CHUNK):  # gzip's own check sum stands at the end
            pass


def _pieces(content: IO[bytes] | None) -> Iterator[bytes]:
    with _as_archive_error():
        while content is not None and (piece := content.read(CHUNK)):
            yield piece


@contextmanager
def _as_archive_error() -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, EOFError, zlib.error, UnicodeError, ValueError) as error:
        raise ArchiveError(f"tệp hỏng hoặc không phải bản sao lưu ({type(error).__name__})") from error
    except OSError as error:
        if error.errno is None:  # so gzip says that its bytes are not right
            raise ArchiveError("tệp hỏng hoặc không phải bản sao lưu") from error
        raise


def is_plain(name: str) -> bool:
    """Whether a name stays where it is put: relative, without a way up, of parts that mean themselves."""
    parts = name.split("/")
    return bool(name) and "\\" not in name and "\0" not in name and all(p not in ("", ".", "..") for p in parts)


def _read_manifest(member: tarfile.TarInfo, content: Iterator[bytes]) -> Manifest:
    if not member.isreg() or member.size > _MOST_MANIFEST_BYTES:
        raise ArchiveError("bảng kê không đọc được")
    try:
        row: dict[str, Any] = json.loads(b"".join(content))
        if row.pop("format") != FORMAT:
            raise ArchiveError("không phải bản sao lưu của hệ thống")
        if row.pop("version") != VERSION:
            raise ArchiveError("bản sao lưu của một phiên bản khác mà phần mềm này không đọc được")
        files = tuple(Entry(**entry) for entry in row.pop("files"))
        for entry in files:
            if not _is_well_formed(entry):
                raise ArchiveError("bảng kê có dòng không đúng")
        folders, notes = (tuple(str(text) for text in row.pop(name)) for name in ("folders", "notes"))
        texts = {key: str(value) for key, value in row.items()}
        return Manifest(files=files, folders=folders, notes=notes, **texts)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArchiveError("bảng kê không đọc được") from error


def _is_well_formed(entry: Entry) -> bool:
    numbers = (entry.size, entry.mode, entry.mtime_ns)
    return (
        isinstance(entry.path, str)
        and is_plain(entry.path)
        and all(isinstance(n, int) and n >= 0 for n in numbers)
        and entry.mode <= 0o777
        and isinstance(entry.sha256, str)
        and _HASH.fullmatch(entry.sha256) is not None
    )
