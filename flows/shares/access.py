"""One unit's share over fsspec: listed, looked at, read, written; what goes wrong becomes a reason in Vietnamese."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, TypeVar

from flows.places import CHANGED, FolderError, Item, Place, is_leftover, split_path, temporary_beside, unwritable
from flows.shares.local_folder import LocalFolder
from flows.shares.settings import Limits, Share
from flows.shares.troubles import NO_FOLDER, explain, explain_write
from flows.shares.writing import make_folders, write_whole

Answer = TypeVar("Answer")

_TIMES = ("mtime", "modified", "last_modified", "LastModified", "updated", "created")


def open_place(unit: str, share: Share, secret: str, limits: Limits) -> Place:
    """A unit's share as a place, connected when it is first asked."""
    if share.is_local:
        return LocalFolder(unit, Path(share.path), share.address, is_link_allowed=True)
    return RemoteFolder(unit, share, secret, limits)


class RemoteFolder:
    """A folder on a server. Connects when first asked, and anew after `reset`."""

    def __init__(self, unit: str, share: Share, secret: str, limits: Limits) -> None:
        self.unit = unit
        self.shown = share.address
        self._share = share
        self._secret = secret
        self._limits = limits
        self._files: Any = None
        self._root = ""

    def list_folder(self, path: str) -> list[Item]:
        def listed(files: Any, full: str) -> list[Item]:
            files.invalidate_cache()
            return [item for info in files.ls(full, detail=True) if (item := _item(path, info)) is not None]

        return self._ask(path, listed)

    def look(self, path: str) -> Item | None:
        def looked(files: Any, full: str) -> Item | None:
            files.invalidate_cache()
            return _item(path.rpartition("/")[0], files.info(full))

        try:
            return self._ask(path, looked)
        except FolderError as trouble:
            if trouble.is_connection:
                raise
            return None

    def read(self, path: str, most: int) -> bytes:
        def content(files: Any, full: str) -> bytes:
            pieces: list[bytes] = []
            left = most + 1
            with files.open(full, "rb") as file:
                while left > 0 and (piece := file.read(min(left, 1 << 20))):
                    pieces.append(piece)
                    left -= len(piece)
            return b"".join(pieces)

        try:
            return self._ask(path, content)
        except FolderError as trouble:
            if trouble.is_connection or trouble.rule_code != "share_unreachable":
                raise
            if trouble.reason == NO_FOLDER:
                raise FolderError("file_unsettled", "tệp vừa bị đổi tên hoặc lấy đi") from None
            raise FolderError("file_unreadable", f"không mở được ({trouble.reason})") from None

    def write(self, path: str, data: bytes, replaced: Item | None = None) -> None:
        def written(files: Any, full: str) -> None:
            root = self._root.rstrip("/")
            make_folders(files, root, path)
            if not self._is_still(path, replaced):
                raise unwritable(CHANGED)
            write_whole(files, f"{root}/{temporary_beside(path)}", full, data, is_new=replaced is None)
            found = self.look(path)
            if found is not None and found.size not in (-1, len(data)):
                raise unwritable(CHANGED)

        split_path(path)
        self._ask(path, written, explain_write)

    def clear(self, item: Item) -> None:
        def cleared(files: Any, full: str) -> None:
            files.rm_file(full)

        split_path(item.path)
        now = self.look(item.path)
        if now is not None and is_leftover(now, time.time()):
            with suppress(FolderError):
                self._ask(item.path, cleared, explain_write)

    def _is_still(self, path: str, seen: Item | None) -> bool:
        now = self.look(path)
        if now is None or seen is None or self._share.scheme in ("smb", "sftp"):
            return now == seen
        return (now.kind, now.size) == (seen.kind, seen.size)  # not all of the others tell a time

    def reset(self) -> None:
        files, self._files = self._files, None
        with suppress(Exception):
            if hasattr(files, "close"):
                files.close()

    def _ask(
        self,
        path: str,
        question: Callable[[Any, str], Answer],
        explained: Callable[[BaseException], FolderError] = explain,
    ) -> Answer:
        try:
            if self._files is None:
                self._files, self._root = _connect(self._share, self._secret, self._limits)
            return question(self._files, f"{self._root}/{path}" if path else self._root or "/")
        except FolderError:
            raise
        except Exception as error:
            raise explained(error) from None


def _connect(share: Share, secret: str, limits: Limits) -> tuple[Any, str]:
    """The file system of a share, and the path of the share in it."""
    options: dict[str, Any] = dict(share.options)
    if share.scheme == "smb":
        from flows.shares.smb_files import OwnSMBFileSystem

        files = OwnSMBFileSystem(
            share.host,
            port=share.port,
            username=share.user or None,
            password=secret or None,
            timeout=limits.connect_seconds,
            **options,
        )
        return files, share.path
    if share.scheme == "sftp":
        return _connect_sftp(share, secret, limits, options), share.path.rstrip("/")
    import fsspec  # type: ignore[import-untyped]

    try:
        kind = fsspec.get_filesystem_class(share.scheme)
    except ValueError:
        raise FolderError("share_unreachable", "không biết loại địa chỉ này") from None
    url = f"{share.scheme}://{share.host}{f':{share.port}' if share.port else ''}{share.path}"
    account = {k: v for k, v in (("username", share.user), ("password", secret)) if v}
    files = kind(**{**kind._get_kwargs_from_urls(url), **account, **options}, skip_instance_cache=True)
    return files, str(kind._strip_protocol(url)).rstrip("/")


def _connect_sftp(share: Share, secret: str, limits: Limits, options: dict[str, Any]) -> Any:
    from flows.shares.sftp_files import OwnSSHFileSystem

    known = Path(share.known_hosts or Path.home() / ".ssh" / "known_hosts")
    if share.key_file:
        if not Path(share.key_file).is_file():
            raise FolderError("share_unreachable", "không có tệp khóa mà key_file nêu")
        options.update(client_keys=[share.key_file], passphrase=secret or None)
    else:
        options.update(client_keys=None, password=secret or None)
    return OwnSSHFileSystem(
        share.host,
        port=share.port or 22,
        known_hosts=str(known) if known.is_file() else ([], [], []),
        config=None,
        agent_path=None,
        connect_timeout=limits.connect_seconds,
        login_timeout=limits.connect_seconds,
        sftp_client_kwargs={"path_errors": "surrogateescape"},
        skip_instance_cache=True,
        **({"username": share.user} if share.user else {}),
        **options,
    )


def _item(folder: str, info: dict[str, Any]) -> Item | None:
    name = str(info["name"]).rstrip("/").rpartition("/")[2]
    if name in ("", ".", "..") or "\0" in name:
        return None
    kinds: dict[Any, Literal["file", "folder"]] = {"file": "file", "directory": "folder"}
    size = info.get("size")
    path = f"{folder}/{name}" if folder else name
    return Item(path, kinds.get(info.get("type"), "other"), -1 if size is None else int(size), _modified(info))


def _modified(info: dict[str, Any]) -> float:
    """Seconds since 1970; of a server that tells no time, every file is of this moment."""
    told = next((info[key] for key in _TIMES if info.get(key) is not None), None)
    if isinstance(told, str):
        with suppress(ValueError):
            told = dt.datetime.fromisoformat(told)
    if isinstance(told, dt.datetime):
        return (told if told.tzinfo else told.replace(tzinfo=dt.UTC)).timestamp()
    return float(told) if isinstance(told, int | float) else time.time()
