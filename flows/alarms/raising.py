"""Telling the office of trouble: each once through every channel, a standing one daily, its end once."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import socket
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock

from flows.alarms.record import OVER, AlarmRecord, Notice
from flows.alarms.troubles import Look, Trouble
from flows.local_time import say_moment
from flows.messages.channel_kinds import Channel, MailChannel
from flows.messages.channel_settings import ChannelSettings
from flows.messages.channels import Delivery, Message, send, serves
from flows.settings import Settings

RECORD = "canh-bao.jsonl"
OFFICE = "van-phong"
MOST_LINES = 40
NO_ADDRESS = "chưa khai người nhận cảnh báo: [alarms] trong channels.toml"


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a look: the troubles that are new, those that are over, and what each channel did."""

    new: tuple[Trouble, ...]
    over: tuple[str, ...]
    deliveries: tuple[Delivery, ...]

    @property
    def undelivered(self) -> tuple[Delivery, ...]:
        """What could not be told; a mail channel without recipients counts only where nothing else told it."""
        is_told = any(d.result == "sent" for d in self.deliveries)
        return tuple(d for d in self.deliveries if d.result == "failed" or (d.result != "sent" and not is_told))


def alarm_channels(chosen: ChannelSettings) -> tuple[Channel, ...]:
    """The channels that carry alarms, mail going to those whom the file names for it."""
    recipients = {OFFICE: chosen.alarm_recipients}
    carrying = (c for c in chosen.channels if not chosen.alarm_channels or c.name in chosen.alarm_channels)
    return tuple(replace(c, recipients=recipients) if isinstance(c, MailChannel) else c for c in carrying)


def raise_troubles(settings: Settings, look: Look, channels: Sequence[Channel], now: dt.datetime) -> Told:
    """Notes what a look saw and tells what was not told before; one process at a time.

    What a channel did not take is tried again by the next look. A sending that a kill cut short may have gone out: it
    is made once more.
    """
    folder = _folder(settings, look)
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".lock"):
        record = AlarmRecord(folder / RECORD)
        standing = {t.key: t for t in look.troubles}
        known = record.open_episodes()
        new = [t for t in look.troubles if t.key not in known]
        over = [e for key, e in known.items() if key not in standing and key.split("/")[0] in look.examined]
        record.open_all(((t.key, t.message) for t in new), now)
        record.close_all(over, now)
        deliveries = [d for c in channels if (d := _tell(record, settings, c, standing, now)) is not None]
        return Told(tuple(new), tuple(e.text for e in over), tuple(deliveries))


def _folder(settings: Settings, look: Look) -> Path:
    """Where the record lies: not in a home that is gone, which would come back empty under its mount point."""
    if any(t.code == "home_missing" for t in look.troubles):
        name = hashlib.sha256(str(settings.home).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"thidua-{os.getuid()}-{name}"
    return settings.alarms


def _tell(
    record: AlarmRecord, settings: Settings, channel: Channel, standing: dict[str, Trouble], now: dt.datetime
) -> Delivery | None:
    notices = record.find_due(channel.name, now)
    if not notices:
        return None
    if not serves(channel, [OFFICE]):
        return Delivery(channel.name, "no address", NO_ADDRESS)
    record.add(notices, channel.name, "begun", now)
    [delivery] = send([channel], write_message(settings, notices, standing, now))
    record.add(notices, channel.name, "sent" if delivery.result == "sent" else "failed", now, delivery.detail)
    return delivery


def write_message(
    settings: Settings, notices: Sequence[Notice], standing: dict[str, Trouble], now: dt.datetime
) -> Message:
    """One message about several troubles: the new ones first, then those that stand, then those that are over."""
    parts: dict[str, list[str]] = {"Sự cố mới": [], "Vẫn còn": [], "Đã hết": []}
    titles: dict[str, list[str]] = {name: [] for name in parts}
    for notice in notices:
        episode = notice.episode
        part = "Đã hết" if notice.number == OVER else "Sự cố mới" if notice.number == "0" else "Vẫn còn"
        trouble = standing.get(episode.key)
        titles[part].append(trouble.message if trouble else episode.text)
        lines = [f"– {trouble.message if trouble else episode.text}"]
        if part != "Sự cố mới":
            lines.append(f"  Bắt đầu lúc {say_moment(episode.opened_at)}.")
        if trouble is not None:
            lines.append(f"  Việc cần làm: {trouble.advice}")
        parts[part].append("\n".join(lines))
    text = "\n\n".join("\n".join((f"{name}:", *_most(lines))) for name, lines in parts.items() if lines)
    place = f"Máy {socket.gethostname()}, nhà dữ liệu {settings.home}, lúc {say_moment(now)}."
    key = "alarms/" + " ".join(sorted(n.notice_id for n in notices))
    return Message(_subject(titles), f"{text}\n\n{place}\n", (OFFICE,), key)


def _most(lines: list[str]) -> list[str]:
    left = len(lines) - MOST_LINES
    return lines if left <= 0 else [*lines[:MOST_LINES], f"… và {left} sự cố nữa; xem tất cả: thidua watch --dry-run"]


def _subject(titles: dict[str, list[str]]) -> str:
    told = [(name, several) for name, several in titles.items() if several]
    if len(told) == 1 and len(told[0][1]) == 1:
        [(name, [title])] = told
        return f"[Thi đua] {name}: {title if len(title) <= 120 else title[:119] + '…'}"
    return "[Thi đua] " + ", ".join(f"{name.lower()}: {len(several)}" for name, several in told)
