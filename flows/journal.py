"""A file of events, one JSON object a line, that a kill can cut short by its last line and nothing else."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any


class Journal:
    """The events of one file; what is added is safe on the disk before the next thing is done."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._is_whole = True

    def read(self) -> Iterator[Any]:
        """Every line in its order; one that a kill cut short is left out. To be called before anything is added."""
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            content = b""
        self._is_whole = not content or content.endswith(b"\n")
        for line in content.splitlines():
            with suppress(ValueError):
                yield json.loads(line)

    def add(self, rows: Iterable[dict[str, Any]]) -> None:
        """Appends lines at once; they are on the disk when this returns."""
        lines = b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            file.write(lines if self._is_whole else b"\n" + lines)
            file.flush()
            os.fsync(file.fileno())
        self._is_whole = True
