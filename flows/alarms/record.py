"""What trouble was told to whom: a record that a kill can cut short, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from flows.journal import Journal

AGAIN_AFTER = dt.timedelta(days=1)
MOST_UNKNOWN = 2
RESTLESS, CALM = 3, dt.timedelta(hours=1)  # what begins so often within a day counts as over after so long
OVER = "over"

Event = Literal["begun", "sent", "failed"]


@dataclass(frozen=True, slots=True)
class Episode:
    """One trouble from the look that first saw it to the look that no longer did."""

    episode_id: str
    key: str
    text: str
    opened_at: dt.datetime
    closed_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be said of an episode: that it began ("0"), that it still stands ("1", …), that it is over."""

    episode: Episode
    number: str

    @property
    def notice_id(self) -> str:
        return f"{self.episode.episode_id}#{self.number}"


@dataclass(slots=True)
class _Told:
    sent_at: dt.datetime | None = None
    begun_at: dt.datetime | None = None
    unknown: int = 0

    @property
    def is_done(self) -> bool:
        return self.sent_at is not None or self.unknown >= MOST_UNKNOWN


class AlarmRecord:
    """The record of a home: a line per event, each safe on the disk before the next thing is done.

    A sending is noted before it is made and again when its end is known. One without an end is one that a kill cut
    short: it is made once more, and then counts as told.
    """

    def __init__(self, path: Path) -> None:
        self._journal = Journal(path)
        self._episodes: dict[str, Episode] = {}
        self._of_key: dict[str, list[str]] = {}
        self._told: dict[tuple[str, str, str], _Told] = {}
        for row in self._journal.read():
            with suppress(ValueError, KeyError, TypeError):  # not a line of ours
                self._note(row)

    def open_episodes(self) -> dict[str, Episode]:
        """The troubles that stand, by their key."""
        return {e.key: e for e in self._episodes.values() if e.closed_at is None}

    def open(self, key: str, text: str, at: dt.datetime) -> Episode:
        """Notes that a trouble has begun."""
        self.open_all([(key, text)], at)
        return self.open_episodes()[key]

    def open_all(self, troubles: Iterable[tuple[str, str]], at: dt.datetime) -> None:
        """Notes troubles that have begun, by key and text; one that comes and goes all day is the same as before."""
        rows = []
        for key, text in troubles:
            last = self._last(key)
            if last is not None and last.closed_at is not None and self._is_restless(last, at):
                rows.append({"event": "reopened", "episode": last.episode_id, "at": _text(at)})
            else:
                episode_id = f"{key}@{_text(at)}"
                rows.append({"event": "opened", "episode": episode_id, "alarm": key, "text": text, "at": _text(at)})
        self._add(rows)

    def close(self, episode: Episode, at: dt.datetime) -> None:
        """Notes that a trouble is over."""
        self.close_all([episode], at)

    def close_all(self, episodes: Iterable[Episode], at: dt.datetime) -> None:
        """Notes that troubles are over."""
        self._add([{"event": "closed", "episode": episode.episode_id, "at": _text(at)} for episode in episodes])

    def _last(self, key: str) -> Episode | None:
        known = self._of_key.get(key)
        return self._episodes[known[-1]] if known else None

    def _is_restless(self, episode: Episode, now: dt.datetime) -> bool:
        """Whether a trouble that is over has come so often of late that it may be back before an hour is out."""
        if episode.closed_at is None or now - episode.closed_at >= CALM:
            return False
        begun = (self._episodes[one].opened_at for one in self._of_key[episode.key])
        return sum(episode.opened_at - at < AGAIN_AFTER for at in begun) >= RESTLESS

    def find_due(self, channel: str, now: dt.datetime) -> list[Notice]:
        """What is to be said through a channel now: each new trouble, a standing one daily, the end of a told one."""
        found = []
        for episode in self._episodes.values():
            number = self._next_number(episode, channel, now)
            if number is not None:
                found.append(Notice(episode, number))
        return found

    def _next_number(self, episode: Episode, channel: str, now: dt.datetime) -> str | None:
        count = 0
        last: dt.datetime | None = None
        while (told := self._told.get((episode.episode_id, str(count), channel))) is not None and told.is_done:
            last = told.sent_at or told.begun_at
            count += 1
        if self._is_restless(episode, now) and count:
            return None
        if episode.closed_at is not None:
            over = self._told.get((episode.episode_id, OVER, channel))
            was_told = count > 0 or (told is not None and told.unknown > 0)
            return OVER if was_told and not (over is not None and over.is_done) else None
        return str(count) if last is None or now - last >= AGAIN_AFTER else None

    def add(self, notices: Iterable[Notice], channel: str, event: Event, at: dt.datetime, detail: str = "") -> None:
        """Appends an event of several notices that went as one message; it is on the disk when this returns."""
        row = {"event": event, "channel": channel, "at": _text(at), **({"detail": detail} if detail else {})}
        self._add([{**row, "episode": n.episode.episode_id, "notice": n.number} for n in notices])

    def _add(self, rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        self._journal.add(rows)
        for row in rows:
            self._note(row)

    def _note(self, row: dict[str, Any]) -> None:
        episode_id, event = row["episode"], row["event"]
        at = dt.datetime.fromisoformat(row["at"])
        if event == "opened":
            self._episodes[episode_id] = Episode(episode_id, row["alarm"], row["text"], at)
            self._of_key.setdefault(row["alarm"], []).append(episode_id)
        elif event in ("closed", "reopened"):
            closed_at = at if event == "closed" else None
            self._episodes[episode_id] = replace(self._episodes[episode_id], closed_at=closed_at)
        elif event in ("begun", "sent", "failed"):
            told = self._told.setdefault((episode_id, row["notice"], row["channel"]), _Told())
            if event == "begun":
                told.unknown += 1
                told.begun_at = at
            else:
                told.unknown = max(0, told.unknown - 1)
                told.sent_at = at if event == "sent" else told.sent_at


def _text(moment: dt.datetime) -> str:
    return moment.isoformat(timespec="seconds")
