"""One unit's share over fsspec: listed, looked at and read; whatever goes wrong becomes a reason in Vietnamese."""

from __future__ import annotations

import datetime as dt
import errno
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, TypeVar

from flows.folders import HELD_OPEN, OFTEN, FolderError, Item, LocalFolder, Place, held_open
from flows.share_settings import Limits, Share

REFUSED = "máy chủ không nhận tên người dùng, mật khẩu hoặc khóa"
SILENT = "không kết nối được với máy chủ"
UNFOUND = "không tìm thấy máy chủ có tên này"
NO_FOLDER = "máy chủ không có thư mục này"
NOT_ALLOWED = "không có quyền đọc"
NEW_HOST = "khóa của máy chủ chưa được ghi nhận là tin cậy (known_hosts)"
BAD_KEY = "không dùng được tệp khóa (sai dạng hoặc sai mật khẩu của khóa)"
BROKEN = "kết nối bị đứt giữa chừng"

Answer = TypeVar("Answer")

_TIMES = ("mtime", "modified", "last_modified", "LastModified", "updated", "created")
_NT_HELD = {0xC0000043, 0xC0000054}  # sharing violation, lock conflict
_NT_BROKEN = {0xC00000B5, 0xC00000C9, 0xC000020C, 0xC0000203}  # timeout, network name gone, disconnected, session gone
_NT_REASONS = {
    0xC000006D: REFUSED,  # logon failure
    0xC000006A: REFUSED,  # wrong password
    0xC0000064: REFUSED,  # no such user
    0xC000006E: "tài khoản bị máy chủ hạn chế",
    0xC0000071: "mật khẩu đã hết hạn",
    0xC0000072: "tài khoản đã bị vô hiệu hóa",
    0xC0000224: "tài khoản phải đổi mật khẩu trước",
    0xC0000234: "tài khoản đang bị khóa",
    0xC0000022: NOT_ALLOWED,
    0xC00000CC: NO_FOLDER,  # no share of this name
    0xC0000225: NO_FOLDER,
    0xC0000034: NO_FOLDER,
    0xC000003A: NO_FOLDER,
    0xC0000103: NO_FOLDER,  # a file
}
_CLASS_REASONS = {
    "SMBAuthenticationError": REFUSED,
    "PermissionDenied": REFUSED,
    "SFTPPermissionDenied": NOT_ALLOWED,
    "SFTPNoSuchFile": NO_FOLDER,
    "HostKeyNotVerifiable": NEW_HOST,
    "KeyImportError": BAD_KEY,
    "KeyEncryptionError": "không đọc được tệp khóa đã mã hóa dạng này; đổi sang dạng PKCS8",
    "NoCredentialError": "chưa khai tên người dùng và mật khẩu",
    "ImportError": "máy này chưa cài thư viện cho loại địa chỉ này",
    "FileNotFoundError": NO_FOLDER,
    "NotADirectoryError": NO_FOLDER,
    "PermissionError": NOT_ALLOWED,
}
_BROKEN_CLASSES = {"SMBConnectionClosed", "ConnectionLost", "SFTPConnectionLost", "SFTPNoConnection", "SMBException"}


def open_place(unit: str, share: Share, secret: str, limits: Limits) -> Place:
    """A unit's share as a place, connected when it is first asked."""
    if share.is_local:
        return LocalFolder(unit, Path(share.path), share.address)
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

    def reset(self) -> None:
        files, self._files = self._files, None
        with suppress(Exception):
            if hasattr(files, "close"):
                files.close()

    def _ask(self, path: str, question: Callable[[Any, str], Answer]) -> Answer:
        try:
            if self._files is None:
                self._files, self._root = _connect(self._share, self._secret, self._limits)
            return question(self._files, f"{self._root}/{path}" if path else self._root or "/")
        except FolderError:
            raise
        except Exception as error:
            raise explain(error) from None


def _connect(share: Share, secret: str, limits: Limits) -> tuple[Any, str]:
    """The file system of a share, and the path of the share in it."""
    options: dict[str, Any] = dict(share.options)
    if share.scheme == "smb":
        from flows.smb_files import OwnSMBFileSystem

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
    from sshfs import SSHFileSystem  # type: ignore[import-untyped]

    known = Path(share.known_hosts or Path.home() / ".ssh" / "known_hosts")
    if share.key_file:
        if not Path(share.key_file).is_file():
            raise FolderError("share_unreachable", "không có tệp khóa mà key_file nêu")
        options.update(client_keys=[share.key_file], passphrase=secret or None)
    else:
        options.update(client_keys=None, password=secret or None)
    return SSHFileSystem(
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


def explain(error: BaseException) -> FolderError:
    """What a failure of a server or its library means. Quotes nothing of the error, which might hold a secret."""
    status = getattr(error, "ntstatus", None) or getattr(error, "status", None)
    classes = {c.__name__ for c in type(error).__mro__}
    if status in _NT_HELD or (isinstance(error, OSError) and error.errno in HELD_OPEN):
        return held_open()
    if status in _NT_BROKEN:
        return _broken(BROKEN)
    if status in _NT_REASONS:
        return _told(_NT_REASONS[status])
    if error.__cause__ is not None and (
        type(error) in (PermissionError, FileNotFoundError, ValueError) or "SMBAuthenticationError" in classes
    ):
        return explain(error.__cause__)
    if isinstance(error, socket.gaierror):
        return _broken(UNFOUND)
    if isinstance(error, ConnectionRefusedError | TimeoutError) or (
        isinstance(error, OSError) and error.errno in (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN)
    ):
        return _broken(SILENT)
    for name, reason in _CLASS_REASONS.items():
        if name in classes:
            return _told(reason)
    if isinstance(error, ConnectionError | EOFError) or classes & _BROKEN_CLASSES:
        return _broken(BROKEN)
    return FolderError("share_unreachable", f"lỗi {type(error).__name__}", most_tries=2, is_connection=True)


def _broken(reason: str) -> FolderError:
    return FolderError("share_unreachable", reason, most_tries=OFTEN, is_connection=True)


def _told(reason: str) -> FolderError:
    """A plain answer. A refusal is tried once more only: some servers lock an account after a few wrong passwords."""
    if reason == REFUSED:
        return FolderError("share_unreachable", reason, most_tries=2, is_connection=True)
    return FolderError("share_unreachable", reason, is_connection=reason not in (NO_FOLDER, NOT_ALLOWED))
