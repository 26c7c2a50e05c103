"""SMB through fsspec, every share with connections of its own.

smbprotocol keeps sessions for the whole process and takes one that is open, whatever password comes with it: a wrong
password would go unnoticed. And fsspec asks for every file of a folder apart, where one listing tells it all.
"""

from __future__ import annotations

import errno
import threading
from contextlib import suppress
from typing import Any

import smbclient  # type: ignore[import-untyped]
from fsspec.implementations.smb import SMBFileSystem  # type: ignore[import-untyped]
from smbprotocol.exceptions import SMBOSError  # type: ignore[import-untyped]
from smbprotocol.file_info import FileAttributes  # type: ignore[import-untyped]
from smbprotocol.header import NtStatus  # type: ignore[import-untyped]

EVERYONE_MAY = "rwd"  # reading shuts nobody out, and gets in beside who writes unless he shuts us out


class OwnSMBFileSystem(SMBFileSystem):  # type: ignore[misc]
    """One share over a connection that nothing else uses."""

    cachable = False

    def __init__(self, host: str, **options: Any) -> None:
        self._connections: dict[str, Any] = {}
        self._sign_in = {k: options.pop(k) for k in ("auth_protocol",) if k in options}
        super().__init__(host, register_session_retries=0, share_access=EVERYONE_MAY, **options)

    def _connect(self) -> None:
        smbclient.register_session(
            self.host,
            username=self.username,
            password=self.password,
            port=self._port,
            encrypt=self.encrypt,
            connection_timeout=self.timeout,
            connection_cache=self._connections,
            **self._sign_in,
        )

    def ls(self, path: str, detail: bool = True, **kwargs: Any) -> list[Any]:
        found = self._scan(path)
        return found if detail else [item["name"] for item in found]

    def info(self, path: str, **kwargs: Any) -> dict[str, Any]:
        """As the listing tells it, to the last digit of its time: fsspec asks in a way that rounds otherwise."""
        folder, _, name = path.rpartition("/")
        for item in self._scan(folder, name):
            if item["name"] == path:
                return item
        raise FileNotFoundError(errno.ENOENT, "no such file")

    def _scan(self, folder: str, pattern: str = "*") -> list[dict[str, Any]]:
        with smbclient.scandir(
            self._unc(folder), pattern, port=self._port, connection_cache=self._connections
        ) as entries:
            return [_describe(folder, entry) for entry in entries]

    def _open(self, path: str, mode: str = "rb", **kwargs: Any) -> Any:
        return super()._open(path, mode, connection_cache=self._connections, **kwargs)

    def make_folder(self, path: str) -> None:
        with suppress(FileExistsError):
            smbclient.mkdir(self._unc(path), port=self._port, connection_cache=self._connections)

    def write_whole(self, temporary: str, path: str, data: bytes, *, is_new: bool) -> None:
        """Puts a file there under a temporary name, then gives it its own; what is there is kept where it is new."""
        where: dict[str, Any] = {"port": self._port, "connection_cache": self._connections}
        try:
            with smbclient.open_file(self._unc(temporary), "wb", **where) as file:
                file.write(data)
            if is_new:
                smbclient.rename(self._unc(temporary), self._unc(path), **where)
            else:
                self._replace(temporary, path, where)
        except BaseException:
            with suppress(Exception):
                smbclient.remove(self._unc(temporary), **where)
            raise

    def _replace(self, temporary: str, path: str, where: dict[str, Any]) -> None:
        try:
            smbclient.replace(self._unc(temporary), self._unc(path), **where)
        except SMBOSError as error:
            if error.ntstatus == NtStatus.STATUS_ACCESS_DENIED:  # also said of a file that someone has open
                smbclient.open_file(self._unc(path), "rb", share_access=None, **where).close()
            raise

    def _unc(self, path: str) -> str:
        return f"\\\\{self.host}{path}".replace("/", "\\")

    def close(self) -> None:
        """Ends the connections without waiting for a server that may not answer."""
        for connection in self._connections.values():
            threading.Thread(target=_end, args=[connection], daemon=True).start()
        self._connections = {}


def _describe(folder: str, entry: Any) -> dict[str, Any]:
    told = entry.smb_info
    is_link = told.file_attributes & FileAttributes.FILE_ATTRIBUTE_REPARSE_POINT
    is_folder = told.file_attributes & FileAttributes.FILE_ATTRIBUTE_DIRECTORY
    return {
        "name": f"{folder.rstrip('/')}/{entry.name}",
        "type": "link" if is_link else "directory" if is_folder else "file",
        "size": told.end_of_file,
        "mtime": told.last_write_time,
    }


def _end(connection: Any) -> None:
    with suppress(Exception):
        connection.disconnect(close=False)
