"""An office that puts files into the provinces' folders, with a ledger kept in memory."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path

from office import PERIOD
from shared_office import SharedOffice

from flows.feedback.delivery import Delivered, Outgoing, deliver
from flows.shares.folders import Gathered
from flows.shares.gathering import gather
from flows.shares.own_files import find_own
from transforms.observation import WrittenFile

OURS = "Phản hồi của Cụm"
INSIDE = f"{OURS}/{PERIOD}"
NOW = dt.datetime(2021, 7, 5, 1, tzinfo=dt.UTC)


class MemoryLedger:
    """What was recorded, and how often it was told."""

    def __init__(self) -> None:
        self.files: list[WrittenFile] = []
        self.calls = 0

    def record(self, files: Sequence[WrittenFile]) -> None:
        self.calls += 1
        self.files += files

    def written(self) -> Sequence[WrittenFile]:
        return list(self.files)


class Sender:
    """Delivers and gathers for one office; with `is_shared` over its shares, else in the folders of its root."""

    def __init__(self, office: SharedOffice, *, is_shared: bool = False) -> None:
        self.office = office
        self.root = office.folder / "returns"
        self.root.mkdir(exist_ok=True)
        self.shares = office.file if is_shared else None
        self.ledger = MemoryLedger()

    def send(self, *wanted: Outgoing) -> list[Delivered]:
        return deliver(
            self.office.catalogue, PERIOD, self.root, self.shares, self.office.settings, wanted, self.ledger, NOW
        )

    def gather(self) -> Gathered:
        own = find_own(self.office.settings, self.ledger.written())
        return gather(self.office.catalogue, PERIOD, self.root, self.office.settings.archive, self.shares, own)


def outgoing(name: str, data: bytes, unit: str = "ha-nam", key: str = "") -> Outgoing:
    return Outgoing(unit, f"{PERIOD}/{name}", data, "marked", key or data.hex())


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below a folder with its time of change and bytes; links with where they lead."""
    found: dict[str, tuple[int, bytes]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            found[str(path.relative_to(folder))] = (0, os.fsencode(path.readlink()))
        elif path.is_file():
            found[str(path.relative_to(folder))] = (path.stat().st_mtime_ns, path.read_bytes())
    return found
