"""What was sent to whom through which channel: a record that a kill can cut short, and nothing else."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections import Counter
from pathlib import Path
from typing import Literal

Event = Literal["begun", "sent", "failed"]


class ReminderRecord:
    """The record of one period: a line per event, each safe on the disk before the next thing is done.

    An attempt is noted before it is made and again when its end is known. An attempt without an end is one that a kill
    cut short: whether the reminder went out is then unknown, and `unknown` counts such attempts.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._sent: dict[tuple[str, str], str] = {}
        self._unknown: Counter[tuple[str, str]] = Counter()
        self._is_whole = True
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            content = b""
        self._is_whole = not content or content.endswith(b"\n")
        for line in content.splitlines():
            try:
                row = json.loads(line)
                self._note((row["reminder"], row["channel"]), row["event"], row["at"])
            except (ValueError, KeyError, TypeError):
                continue  # cut short by a kill

    def sent_at(self, reminder: str, channel: str) -> str:
        """When a reminder went out through a channel, "" where it is not known to have."""
        return self._sent.get((reminder, channel), "")

    def unknown(self, reminder: str, channel: str) -> int:
        """How many attempts have no known end."""
        return self._unknown[reminder, channel]

    def add(self, reminder: str, channel: str, event: Event, at: dt.datetime, detail: str = "") -> None:
        """Appends an event; it is on the disk when this returns."""
        row = {"at": at.isoformat(timespec="seconds"), "reminder": reminder, "channel": channel, "event": event}
        if detail:
            row["detail"] = detail
        line = json.dumps(row, ensure_ascii=False).encode() + b"\n"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            file.write(line if self._is_whole else b"\n" + line)
            file.flush()
            os.fsync(file.fileno())
        self._is_whole = True
        self._note((reminder, channel), event, row["at"])

    def _note(self, key: tuple[str, str], event: str, at: str) -> None:
        if event == "begun":
            self._unknown[key] += 1
        elif event in ("sent", "failed"):
            self._unknown[key] = max(0, self._unknown[key] - 1)
            if event == "sent":
                self._sent[key] = at
