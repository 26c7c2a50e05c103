"""Backing up a home: everything that may not be lost, in one file, whole or not there."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import io
import os
import re
import shutil
import socket
import sqlite3
import stat
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO

from flows.backups.archive import CHUNK, MANIFEST, ArchiveError, Entry, Manifest, verify_archive
from flows.backups.record import BackupNote, note_backup
from flows.home_lock import one_at_a_time
from flows.settings import Settings
from flows.whole_files import flush_folder

ARCHIVE_ENDS = (".tar.gz", ".tgz")
COMPRESSION = 3  # workbooks are packed already, the warehouse packs well at any level
PREFECT_DATABASE = "prefect/prefect.db"
_MADE_AGAIN = ("published", "prefect", "server.json", "worker.json", "run.lock")
_UNFINISHED = re.compile(r"\.new-.*|\..*\.new|.*\.tmp|.*\.lock")
POSTGRES_HINT = (
    "Máy chủ Prefect dùng PostgreSQL: lịch sử lượt chạy không nằm trong bản này; "
    "chạy thêm: pg_dump -Fc prefect > prefect.dump"
)


class BackupError(Exception):
    """No backup was made; the message says why, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made and read back, what was left out of it, and older ones that were removed."""

    file: Path
    manifest: Manifest
    removed: tuple[Path, ...]


def back_up(settings: Settings, target: Path, keep: int | None = None, now: dt.datetime | None = None) -> Backup:
    """Writes one archive of a home: at `target` where that ends as archives do, else under a name of its own in it.

    A folder that is not there yet is made, its parent never: that would write beside a disk that is not mounted.

    Waits for a run that is at work. The archive is flushed and read back before it gets its name; a kill leaves at
    most a hidden file, which the next backup removes. With `keep`, only so many archives of this very home stay in the
    folder. Raises BackupError, OSError.
    """
    moment = now or dt.datetime.now(dt.UTC)
    file = _find_place(settings, target, name_archive(settings, moment), keep)
    with one_at_a_time(settings):
        for stale in file.parent.glob(f".thidua-{_home_id(settings)}-*"):
            shutil.rmtree(stale) if stale.is_dir() else stale.unlink()
        with tempfile.TemporaryDirectory(prefix=f".thidua-{_home_id(settings)}-", dir=file.parent) as work:
            half = Path(work) / "half.tar.gz"
            try:
                manifest = _write(settings, half, Path(work), moment)
                if verify_archive(half) != manifest:
                    raise BackupError("bản sao lưu đọc lại không giống bản đã ghi")
            except ArchiveError as error:
                raise BackupError(f"bản sao lưu đọc lại không được: {error}") from error
            half.rename(file)
        flush_folder(file.parent)
        note_backup(settings, BackupNote(moment, str(file), file.stat().st_size))
    removed = _remove_old(settings, file.parent, keep) if keep is not None else ()
    return Backup(file, manifest, removed)


def name_archive(settings: Settings, moment: dt.datetime) -> str:
    """The name of an archive: the moment in UTC, and which home it is of."""
    return f"thidua-{moment.astimezone(dt.UTC):%Y%m%d-%H%M%S}-{_home_id(settings)}.tar.gz"


def _home_id(settings: Settings) -> str:
    return hashlib.sha256(str(settings.home).encode()).hexdigest()[:8]


def _find_place(settings: Settings, target: Path, name: str, keep: int | None) -> Path:
    """The file to write; refuses a place that cannot be meant, and makes the folder where only it is missing."""
    if not settings.home.is_dir():
        raise BackupError(f"không có nhà dữ liệu {settings.home}")
    is_file = target.is_file() or (target.name.endswith(ARCHIVE_ENDS) and not target.is_dir())
    folder = target.parent if is_file else target
    above = folder if is_file or folder.is_dir() else folder.parent
    if not above.is_dir():
        raise BackupError(f"không có thư mục “{above}”; tạo thư mục ấy, hoặc gắn ổ đĩa vào, rồi chạy lại")
    if folder.resolve().is_relative_to(settings.home):
        raise BackupError("bản sao lưu phải nằm ngoài nhà dữ liệu, tốt nhất ở ổ đĩa khác")
    if is_file and keep is not None:
        raise BackupError(f"“{target}” là tên một tệp; muốn giữ mấy bản (--keep) thì chỉ thư mục chứa các bản sao lưu")
    file = target if is_file else folder / name
    if file.exists():
        raise BackupError(f"đã có tệp “{file}”; không ghi đè lên một bản sao lưu")
    folder.mkdir(exist_ok=True)
    return file


def _remove_old(settings: Settings, folder: Path, keep: int) -> tuple[Path, ...]:
    ours = re.compile(rf"thidua-\d{{8}}-\d{{6}}-{_home_id(settings)}\.tar\.gz")
    archives = sorted(f for f in folder.iterdir() if f.is_file() and ours.fullmatch(f.name))
    old = tuple(archives[: max(0, len(archives) - max(1, keep))])
    for file in old:
        file.unlink()
    return old


def _write(settings: Settings, half: Path, work: Path, moment: dt.datetime) -> Manifest:
    entries: list[Entry] = []
    folders: list[str] = []
    notes: list[str] = []
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as output:
        with (
            gzip.GzipFile(fileobj=output, mode="wb", compresslevel=COMPRESSION, mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT, bufsize=CHUNK) as archive,
        ):
            for path in _walk(settings.home, notes):
                name = path.relative_to(settings.home).as_posix()
                if path.is_dir():
                    folders.append(name)
                    archive.addfile(_member(name, tarfile.DIRTYPE, 0))
                else:
                    entries += _add_file(archive, path, name, notes)
            entries += _add_prefect(archive, settings, work, notes)
            manifest = Manifest(
                made_at=moment.isoformat(timespec="seconds"),
                home=str(settings.home),
                host=socket.gethostname(),
                software=_software(),
                files=tuple(entries),
                folders=tuple(folders),
                notes=tuple(notes),
            )
            content = manifest.to_bytes()
            archive.addfile(_member(MANIFEST, tarfile.REGTYPE, len(content)), io.BytesIO(content))
        output.flush()
        os.fsync(output.fileno())
    return manifest


def _walk(folder: Path, notes: list[str], is_top: bool = True) -> Iterator[Path]:
    """Folders before what is in them; without what is made again, what is unfinished, and links."""
    for path in sorted(folder.iterdir()):
        if (is_top and path.name in _MADE_AGAIN) or _UNFINISHED.fullmatch(path.name):
            continue
        if path.is_symlink():
            notes.append(f"Bỏ qua liên kết {path}: nội dung nằm nơi khác.")
        elif path.is_dir():
            yield path
            yield from _walk(path, notes, False)
        elif path.is_file():
            yield path


def _add_file(archive: tarfile.TarFile, path: Path, name: str, notes: list[str]) -> list[Entry]:
    try:
        source = path.open("rb")
    except FileNotFoundError:  # a province's, taken away meanwhile
        notes.append(f"Tệp {path} vừa bị lấy đi.")
        return []
    with source:
        found = os.fstat(source.fileno())
        reader = _Reader(source, found.st_size)
        archive.addfile(_member(name, tarfile.REGTYPE, found.st_size), reader)  # type: ignore[arg-type]
    if reader.is_short:
        raise BackupError(f"tệp “{path}” đang bị ghi lại; chạy lại sau ít phút")
    mode = stat.S_IMODE(found.st_mode) & 0o777
    return [Entry(name, found.st_size, reader.digest.hexdigest(), mode, found.st_mtime_ns)]


def _add_prefect(archive: tarfile.TarFile, settings: Settings, work: Path, notes: list[str]) -> list[Entry]:
    """The server's own database, as it is at one moment; the server may go on."""
    for name in ("PREFECT_SERVER_DATABASE_CONNECTION_URL", "PREFECT_API_DATABASE_CONNECTION_URL"):
        if os.environ.get(name, "").startswith("postgresql"):
            notes.append(POSTGRES_HINT)
    database = settings.home / PREFECT_DATABASE
    if not database.is_file():
        return []
    copy = work / "prefect.db"
    with closing(sqlite3.connect(database, timeout=60)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    copy.chmod(0o600)
    return _add_file(archive, copy, PREFECT_DATABASE, notes)


def _member(name: str, kind: bytes, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.size, member.mode = kind, size, 0o700 if kind == tarfile.DIRTYPE else 0o600
    return member


class _Reader:
    """Gives exactly so many bytes of a file, hashing them; blanks where the file has become shorter."""

    def __init__(self, source: IO[bytes], size: int) -> None:
        self._source = source
        self._left = size
        self.digest = hashlib.sha256()
        self.is_short = False

    def read(self, size: int) -> bytes:
        wanted = min(size, self._left)
        content = self._source.read(wanted)
        if len(content) < wanted:
            self.is_short = True
            content += bytes(wanted - len(content))
        self._left -= wanted
        self.digest.update(content)
        return content


def _software() -> str:
    with suppress(PackageNotFoundError):
        return f"thidua {version('thidua')}"
    return "thidua"
