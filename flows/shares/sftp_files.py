"""SFTP through sshfs, which follows links and replaces by a shell command where it cannot rename: here it does not."""

from __future__ import annotations

import stat
from contextlib import suppress
from typing import Any

from fsspec.asyn import sync_wrapper  # type: ignore[import-untyped]
from sshfs import SSHFileSystem  # type: ignore[import-untyped]
from sshfs.utils import wrap_exceptions  # type: ignore[import-untyped]

from flows.places import SET_BACK_SECONDS


class OwnSSHFileSystem(SSHFileSystem):  # type: ignore[misc]
    """One share over SFTP; a link is told as a link."""

    @wrap_exceptions  # type: ignore[untyped-decorator]
    async def _info(self, path: str, **kwargs: Any) -> dict[str, Any]:
        async with self._pool.get() as channel:
            found = self._decode_attributes(await channel.lstat(path))
        return {**found, "name": path}

    @wrap_exceptions  # type: ignore[untyped-decorator]
    async def _make_folder(self, path: str) -> None:
        async with self._pool.get() as channel:
            await channel.mkdir(path)
            await _share_alike(channel, path, 0o7777)

    make_folder = sync_wrapper(_make_folder)

    @wrap_exceptions  # type: ignore[untyped-decorator]
    async def _write_whole(self, temporary: str, path: str, data: bytes, *, is_new: bool) -> None:
        """Puts a file there under a temporary name, then gives it its own; what is there is kept where it is new."""
        async with self._pool.get() as channel:
            try:
                async with channel.open(temporary, "wb") as file:
                    await file.write(data)
                await _share_alike(channel, temporary, 0o666)
                await _set_back(channel, temporary)
                await (channel.rename if is_new else channel.posix_rename)(temporary, path)
            except BaseException:
                with suppress(Exception):
                    await channel.unlink(temporary)
                raise

    write_whole = sync_wrapper(_write_whole)


async def _share_alike(channel: Any, path: str, most: int) -> None:
    """Who may write beside a file may write it: an officer fills in what we put there."""
    with suppress(Exception):
        made = stat.S_IMODE((await channel.stat(path)).permissions)
        folder = stat.S_IMODE((await channel.stat(path.rpartition("/")[0] or "/")).permissions)
        await channel.chmod(path, made & 0o777 | folder & most)


async def _set_back(channel: Any, path: str) -> None:
    """Makes a file a little older: times are whole seconds here, and who saves over it at once has to be noticed."""
    with suppress(Exception):
        made = await channel.stat(path)
        await channel.utime(path, (made.atime, made.mtime - SET_BACK_SECONDS))
