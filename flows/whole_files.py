"""Files that are put in place whole: whoever reads meanwhile, and whatever a kill leaves, is the old one or the new."""

from __future__ import annotations

import os
from pathlib import Path


def put_file(file: Path, content: str | bytes) -> None:
    """Puts a file in place at once, flushed; an equal one is left alone. Missing folders are made."""
    data = content.encode() if isinstance(content, str) else content
    temporary = file.with_name(f".{file.name}.tmp")
    if file.is_file() and file.read_bytes() == data:
        temporary.unlink(missing_ok=True)  # of a write that was killed
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with temporary.open("wb") as output:
            output.write(data)
            output.flush()
            os.fsync(output.fileno())
    except OSError:
        temporary.unlink(missing_ok=True)  # half a file would keep a full disk full
        raise
    temporary.replace(file)


def flush_folder(folder: Path) -> None:
    """Has a folder's own list of names, or a file, written to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
