"""When the home was last backed up; a note in the home itself, so that a stale backup can be noticed."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from flows.settings import Settings
from flows.whole_files import put_file

NOTE = "sao-luu.json"


@dataclass(frozen=True, slots=True)
class BackupNote:
    """A backup that was made and read back."""

    at: dt.datetime
    archive: str
    size_bytes: int


def last_backup(settings: Settings) -> BackupNote | None:
    """The last backup of a home; None where none is known."""
    try:
        row = json.loads((settings.alarms / NOTE).read_text(encoding="utf-8"))
        return BackupNote(dt.datetime.fromisoformat(row["at"]), row["archive"], row["size_bytes"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def note_backup(settings: Settings, note: BackupNote) -> None:
    """Keeps that a backup was made."""
    row = {"at": note.at.isoformat(timespec="seconds"), "archive": note.archive, "size_bytes": note.size_bytes}
    put_file(settings.alarms / NOTE, json.dumps(row, ensure_ascii=False))
