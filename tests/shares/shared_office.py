"""An office whose provinces' folders lie on servers: its settings file, and what it gathers."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

from office import EXAMPLES, PERIOD

from catalogue import Catalogue
from flows.runs.outcome import Outcome
from flows.runs.period_run import collect
from flows.settings import find_settings
from flows.shares.folders import Gathered
from flows.shares.gathering import gather
from warehouse import query

QUICK = {"tries": 2, "first_delay": 0.05, "connect_seconds": 2.0, "share_seconds": 5.0}
YESTERDAY = time.time() - 86400


class SharedOffice:
    """One home and its shares.toml."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self.folder = folder
        self.catalogue = catalogue
        self.settings = find_settings(folder / "home")
        self.file = folder / "shares.toml"
        self.now = dt.datetime(2021, 7, 4, 1, tzinfo=dt.UTC)

    def settle(self, units: dict[str, dict[str, Any] | str], **limits: float) -> None:
        """Writes the settings file."""
        lines = ["[limits]", *(f"{key} = {value}" for key, value in {**QUICK, **limits}.items())]
        for name, row in units.items():
            lines.append(f"[units.{json.dumps(name, ensure_ascii=False)}]")
            row = {"address": row} if isinstance(row, str) else row
            lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in row.items()]
        self.file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def gather(self) -> Gathered:
        return gather(self.catalogue, PERIOD, self.folder / "returns", self.settings.archive, self.file)

    def run(self) -> Outcome:
        self.now += dt.timedelta(hours=1)
        return collect(self.settings, PERIOD, self.folder / "returns", self.now, self.file)

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        return query(self.settings.published_warehouse, statement)[1]


def put(path: Path, content: bytes = b"x", *, modified: float = YESTERDAY) -> Path:
    """A file of yesterday, unless told otherwise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (modified, modified))
    return path


def put_return(folder: Path, province: str) -> Path:
    """The real return of a province, in a folder."""
    source = next((EXAMPLES / province).glob("*.xlsx"))
    folder.mkdir(parents=True, exist_ok=True)
    target = Path(shutil.copy(source, folder))
    os.utime(target, (YESTERDAY, YESTERDAY))
    return target
