"""One file written onto a share: its folders made one by one, its bytes put there whole or not at all."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flows.places import CHANGED, no_folder, split_path, unwritable


def make_folders(files: Any, root: str, path: str) -> None:
    """Makes the folders on the way to a path below `root`; what is no folder there, a link included, is refused."""
    folder = root
    for name in split_path(path)[:-1]:
        folder = f"{folder}/{name}"
        try:
            kind = files.info(folder)["type"]
        except FileNotFoundError:
            _make_folder(files, folder)
            continue
        if kind != "directory":
            raise no_folder(name)


def write_whole(files: Any, temporary: str, path: str, data: bytes, *, is_new: bool) -> None:
    """Writes beside and renames; of what is there meanwhile, a new file replaces nothing."""
    if hasattr(files, "write_whole"):
        files.write_whole(temporary, path, data, is_new=is_new)
        return
    try:
        files.pipe_file(temporary, data)
        if is_new and files.exists(path):
            raise unwritable(CHANGED)
        files.mv(temporary, path)
    except BaseException:
        with suppress(Exception):
            files.rm_file(temporary)
        raise


def _make_folder(files: Any, folder: str) -> None:
    if hasattr(files, "make_folder"):
        files.make_folder(folder)
    else:
        files.makedirs(folder, exist_ok=True)
