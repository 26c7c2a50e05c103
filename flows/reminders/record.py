"""What was sent to whom through which channel: a record that a kill can cut short, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Literal

from flows.journal import Journal

Event = Literal["begun", "sent", "failed"]


class ReminderRecord:
    """The record of one period: a line per event, each safe on the disk before the next thing is done.

    An attempt is noted before it is made and again when its end is known. An attempt without an end is one that a kill
    cut short: whether the reminder went out is then unknown, and `unknown` counts such attempts.
    """

    def __init__(self, path: Path) -> None:
        self._journal = Journal(path)
        self._sent: dict[tuple[str, str], str] = {}
        self._unknown: Counter[tuple[str, str]] = Counter()
        for row in self._journal.read():
            with suppress(ValueError, KeyError, TypeError):  # not a line of ours
                self._note((row["reminder"], row["channel"]), row["event"], row["at"])

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
        self._journal.add([row])
        self._note((reminder, channel), event, row["at"])

    def _note(self, key: tuple[str, str], event: str, at: str) -> None:
        if event == "begun":
            self._unknown[key] += 1
        elif event in ("sent", "failed"):
            self._unknown[key] = max(0, self._unknown[key] - 1)
            if event == "sent":
                self._sent[key] = at
