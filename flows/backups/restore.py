"""Bringing a home back from a backup: checked as a whole first, put together aside, then in place at once."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from flows.backups.archive import MANIFEST, ArchiveError, Entry, Manifest, read_members, verify_archive
from flows.backups.record import BackupNote, note_backup
from flows.home_lock import one_at_a_time
from flows.local_time import say_moment
from flows.service.server import find_server
from flows.settings import Settings
from flows.telling.run_log import kept_run
from flows.whole_files import flush_folder
from warehouse import Warehouse

ROOM_BYTES = 64 << 20  # beside the files themselves


class RestoreError(Exception):
    """Nothing was restored, and the home is as it was; the message says why, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back, and where the home lies that was there before; None where there was none."""

    manifest: Manifest
    old_home: Path | None


def restore(settings: Settings, file: Path, replace: bool = False, now: dt.datetime | None = None) -> Restored:
    """Makes a home of a backup. One that is not empty is refused, or with `replace` moved aside first.

    Nothing is written before the whole archive has been read and found right. A kill leaves the home as it was, or
    moved aside with nothing in its place yet; the same command again then ends the work. Raises RestoreError, OSError.
    """
    try:
        manifest = verify_archive(file)
    except ArchiveError as error:
        raise RestoreError(f"không dùng được “{file}”: {error}") from error
    home = settings.home
    has_content = home.is_dir() and any(home.iterdir())
    if has_content and not replace:
        raise RestoreError(f"nhà dữ liệu {home} không trống; dùng --home khác, hoặc --replace để dời nó sang bên")
    home.parent.mkdir(parents=True, exist_ok=True)
    room = manifest.total_bytes + ROOM_BYTES
    if shutil.disk_usage(home.parent).free < room:
        raise RestoreError(f"ổ đĩa của {home.parent} không đủ chỗ: cần {room / (1 << 20):.0f} MB")
    aside = home.with_name(f".{home.name}.khoi-phuc")
    with FileLock(home.with_name(f"{aside.name}.lock")):
        _remove(aside)
        try:
            _extract(file, manifest, aside)
            old = _put_in_place(settings, aside, has_content, now or dt.datetime.now(dt.UTC))
        except BaseException:
            _remove(aside)
            raise
    made_at = dt.datetime.fromisoformat(manifest.made_at)
    note_backup(settings, BackupNote(made_at, str(file), file.stat().st_size))
    _keep_in_run_log(settings, made_at)
    return Restored(manifest, old)


def _keep_in_run_log(settings: Settings, made_at: dt.datetime) -> None:
    """The run log says that time was turned back, and to when."""
    if not settings.warehouse.is_file():
        return
    with (
        one_at_a_time(settings),
        Warehouse.open(settings.warehouse) as warehouse,
        kept_run(warehouse, "restore", "") as kept,
    ):
        kept.finish("completed", f"Khôi phục từ bản sao lưu lúc {say_moment(made_at)}.")


def _extract(file: Path, manifest: Manifest, aside: Path) -> None:
    aside.mkdir(mode=0o700)
    wanted = {entry.path: entry for entry in manifest.files}
    try:
        for member, content in read_members(file):
            if member.name == MANIFEST:
                continue
            target = aside / member.name
            if member.isdir():
                target.mkdir(parents=True, exist_ok=True)
                continue
            entry = wanted[member.name]
            target.parent.mkdir(parents=True, exist_ok=True)
            digest = hashlib.sha256()
            with target.open("xb") as output:
                for piece in content:
                    digest.update(piece)
                    output.write(piece)
                output.flush()
                os.fsync(output.fileno())
            if digest.hexdigest() != entry.sha256:
                raise ArchiveError("tệp đã đổi trong khi đọc")
            _finish(target, entry)
    except (ArchiveError, KeyError) as error:
        raise RestoreError(f"không dùng được “{file}”: {error}") from error


def _finish(target: Path, entry: Entry) -> None:
    os.utime(target, ns=(entry.mtime_ns, entry.mtime_ns))
    target.chmod(entry.mode)


def _put_in_place(settings: Settings, aside: Path, has_content: bool, now: dt.datetime) -> Path | None:
    home = settings.home
    if not has_content:
        aside.rename(home)  # over an empty folder, or where none is
        flush_folder(home.parent)
        return None
    if find_server(settings) is not None:
        raise RestoreError("máy chủ Prefect của nhà dữ liệu này đang chạy; dừng bằng: thidua down")
    old = home.with_name(f"{home.name}.cu-{now.astimezone():%Y%m%d-%H%M%S}")
    if old.exists():
        raise RestoreError(f"đã có “{old}”")
    lock = FileLock(settings.lock)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise RestoreError("một lượt chạy đang làm việc trong nhà dữ liệu này; chờ nó xong") from None
    try:
        home.rename(old)
        aside.rename(home)
    finally:
        lock.release()
    flush_folder(home.parent)
    return old


def _remove(folder: Path) -> None:
    if folder.is_dir():
        shutil.rmtree(folder)
