"""A unit's folder on this machine, network drives that are mounted included. No link in it is ever followed."""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from flows.places import (
    BAD_NAME,
    CHANGED,
    FULL,
    HELD_OPEN,
    NOT_WRITABLE,
    OFTEN,
    READ_ONLY,
    SET_BACK_SECONDS,
    FolderError,
    Item,
    held_open,
    is_leftover,
    join,
    no_folder,
    split_path,
    temporary_beside,
    unwritable,
)

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_WRITE_REASONS = {
    errno.EACCES: NOT_WRITABLE,
    errno.EPERM: NOT_WRITABLE,
    errno.EROFS: READ_ONLY,
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: FULL,
    errno.ENAMETOOLONG: BAD_NAME,
    errno.EINVAL: BAD_NAME,
    errno.EILSEQ: BAD_NAME,
    errno.EEXIST: CHANGED,
}


class LocalFolder:
    """A folder on this machine. `is_link_allowed` says whether the folder itself may be reached over a link."""

    def __init__(self, unit: str, folder: Path, shown: str, *, is_link_allowed: bool = False) -> None:
        self.unit = unit
        self.shown = shown
        self._folder = folder
        self._flags = _FOLDER if is_link_allowed else _FOLDER | os.O_NOFOLLOW

    def list_folder(self, path: str) -> list[Item]:
        try:
            with os.scandir(self._folder / path) as entries:
                return [_item(join(path, e.name), e.stat(follow_symlinks=False)) for e in entries]
        except OSError as error:
            raise _folder_trouble(error) from None

    def look(self, path: str) -> Item | None:
        try:
            return _item(path, (self._folder / path).lstat())
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

    def write(self, path: str, data: bytes, replaced: Item | None = None) -> None:
        *folders, name = split_path(path)
        try:
            with self._enter(folders) as folder:
                temporary = temporary_beside(name)
                with suppress(FileNotFoundError):
                    os.unlink(temporary, dir_fd=folder)
                try:
                    _fill(folder, temporary, data)
                    _move(folder, temporary, name, path, replaced)
                finally:
                    with suppress(OSError):
                        os.unlink(temporary, dir_fd=folder)
        except OSError as error:
            raise _write_trouble(error) from None

    @contextmanager
    def _enter(self, names: list[str]) -> Iterator[int]:
        """An open folder of this place, made where it is missing; each step is taken from the folder before it."""
        try:
            handle = os.open(self._folder, self._flags)
        except OSError as error:
            raise _folder_trouble(error) from None
        try:
            for name in names:
                inner = _enter(handle, name)
                os.close(handle)
                handle = inner
            yield handle
        finally:
            os.close(handle)

    def clear(self, item: Item) -> None:
        *folders, name = split_path(item.path)
        with suppress(OSError, FolderError), self._enter(folders) as folder:
            if is_leftover(_item(item.path, os.stat(name, dir_fd=folder, follow_symlinks=False)), time.time()):
                os.unlink(name, dir_fd=folder)

    def reset(self) -> None:
        return None


def _enter(folder: int, name: str) -> int:
    is_new = False
    with suppress(FileExistsError):
        os.mkdir(name, dir_fd=folder)
        is_new = True
    try:
        handle = os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise no_folder(name) from None
        raise
    if is_new:
        _share_alike(folder, handle, 0o7777)
    return handle


def _fill(folder: int, name: str, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(name, flags, 0o666, dir_fd=folder), "wb") as file:
        file.write(data)
        file.flush()
        _share_alike(folder, file.fileno(), 0o666)
        os.fsync(file.fileno())
        with suppress(OSError):  # who saves over it at once has to be noticed where clocks are coarse
            made = os.fstat(file.fileno())
            os.utime(file.fileno(), ns=(made.st_atime_ns, made.st_mtime_ns - SET_BACK_SECONDS * 10**9))


def _share_alike(folder: int, made: int, most: int) -> None:
    """Who may write beside a file may write it: an officer fills in what we put there."""
    with suppress(OSError):
        os.fchmod(made, os.fstat(made).st_mode & 0o777 | os.fstat(folder).st_mode & most)


def _move(folder: int, temporary: str, name: str, path: str, replaced: Item | None) -> None:
    if replaced is None:
        with suppress(NotImplementedError, PermissionError):
            try:
                os.link(temporary, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
                return
            except OSError as error:  # many mounted drives know no second name for a file
                if error.errno not in (errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL):
                    raise
    try:
        now = _item(path, os.stat(name, dir_fd=folder, follow_symlinks=False))
    except FileNotFoundError:
        now = None
    if now != replaced:
        raise unwritable(CHANGED)
    os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)


def _item(path: str, found: os.stat_result) -> Item:
    kind: Literal["file", "folder", "other"] = (
        "file" if stat.S_ISREG(found.st_mode) else "folder" if stat.S_ISDIR(found.st_mode) else "other"
    )
    return Item(path, kind, found.st_size, found.st_mtime)


def _folder_trouble(error: OSError) -> FolderError:
    reasons = {
        errno.ENOENT: "không có thư mục này",
        errno.ENOTDIR: "địa chỉ này không phải thư mục",
        errno.ELOOP: "địa chỉ này là một liên kết, không phải thư mục",
        errno.EACCES: "không có quyền đọc thư mục",
        errno.EPERM: "không có quyền đọc thư mục",
    }
    reason = reasons.get(error.errno or 0)
    if reason is not None:
        return FolderError("share_unreachable", reason)
    return FolderError(
        "share_unreachable", f"thư mục không đọc được ({error.strerror or 'lỗi vào ra'})", most_tries=OFTEN
    )


def _write_trouble(error: OSError) -> FolderError:
    if error.errno in HELD_OPEN:
        return held_open()
    reason = _WRITE_REASONS.get(error.errno or 0)
    return unwritable(reason or f"không ghi được ({error.strerror or 'lỗi vào ra'})")
