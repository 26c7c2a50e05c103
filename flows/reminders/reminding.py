"""Who is reminded of what on a day, and its delivery: each reminder once, whatever is killed in between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from catalogue.model import Catalogue
from catalogue.reminders import Reminder, find_due
from flows.messages.channel_kinds import Channel
from flows.messages.channels import Delivery, Message, send, serves
from flows.reminders.record import ReminderRecord
from flows.settings import Settings
from flows.whole_files import put_file
from publications.office.reminder_letter import Letter, write_letter
from publications.tables.progress import Progress
from publications.wording import VIETNAM

FILE = "(tệp)"  # what every reminder goes through: the text in the home; no channel can have this name
NO_ADDRESS = "chưa khai địa chỉ nhận"
FOLDER = "reminders"
RECORD = "da-gui.jsonl"
MOST_UNKNOWN = 2
Clock = Callable[[], dt.datetime]


@dataclass(frozen=True, slots=True)
class DueReminder:
    """One province's reminder: why, since when it is due, and its text as of the day it is written."""

    province_id: str
    name: str
    reminder_code: str
    due_on: dt.date
    letter: Letter

    @property
    def key(self) -> str:
        """Names the reminder; the same one is sent once."""
        return f"{self.province_id}/{self.reminder_code}/{self.due_on}"


@dataclass(frozen=True, slots=True)
class Reminded:
    """What became of a reminder: where its text lies, whether it is new, and what each channel did with it now."""

    due: DueReminder
    file: Path | None
    is_new: bool
    deliveries: tuple[Delivery, ...]

    @property
    def has_failed(self) -> bool:
        return any(d.result == "failed" for d in self.deliveries)


def find_reminders(
    catalogue: Catalogue,
    reminders: Sequence[Reminder],
    period_code: str,
    several: Iterable[Progress],
    places: Mapping[str, str],
    on: dt.date,
    is_trial: bool = False,
) -> tuple[DueReminder, ...]:
    """The reminders that are due by a day, sent or not; `places` says by `province_id` where the file is to be put.

    Those of a trial say so: it is a home that takes made-up figures.
    """
    found = []
    for progress in several:
        due = find_due(reminders, progress.state, progress.due_on, on)
        if due is not None:
            reminder, day = due
            place = places[progress.province_id]
            letter = write_letter(catalogue, period_code, progress, reminder, place, on, is_trial)
            found.append(DueReminder(progress.province_id, progress.name, reminder.reminder_code, day, letter))
    return tuple(found)


def deliver(
    settings: Settings,
    period_code: str,
    due: Sequence[DueReminder],
    channels: Sequence[Channel],
    on: dt.date,
    now: Clock = lambda: dt.datetime.now(VIETNAM),
) -> tuple[Reminded, ...]:
    """Writes and sends what was not sent before; one process at a time.

    Texts lie in `reminders/<period>/<day>/<province_id>.txt` of the home, the record beside the days. A reminder that
    a channel refused is tried again by the next call. One whose sending was cut short may have gone out: it is sent
    once more, under the same message identifier, and if that is cut short too it is left to a person.
    """
    folder = settings.home / FOLDER / period_code
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.home / FOLDER / ".lock"):
        record = ReminderRecord(folder / RECORD)
        down: dict[str, Delivery] = {}
        return tuple(_deliver_one(record, folder, one, channels, down, on, now) for one in due)


def _deliver_one(
    record: ReminderRecord,
    folder: Path,
    due: DueReminder,
    channels: Sequence[Channel],
    down: dict[str, Delivery],
    on: dt.date,
    now: Clock,
) -> Reminded:
    file = folder / on.isoformat() / f"{due.province_id}.txt"
    pending = [c for c in channels if not record.sent_at(due.key, c.name)]
    unserved = [Delivery(c.name, "no address", NO_ADDRESS) for c in pending if not serves(c, [due.province_id])]
    pending = [c for c in pending if serves(c, [due.province_id])]
    is_new = not record.sent_at(due.key, FILE)
    if not is_new and not pending:
        return Reminded(due, None, False, tuple(unserved))
    put_file(file, f"{due.letter.subject}\n\n{due.letter.text}")
    if is_new:
        record.add(due.key, FILE, "sent", now(), file.parent.name)
    message = Message(due.letter.subject, due.letter.text, (due.province_id,), f"{folder.name}/{due.key}")
    deliveries = tuple(_send_through(record, due, channel, message, down, now) for channel in pending)
    return Reminded(due, file, is_new, (*deliveries, *unserved))


def _send_through(
    record: ReminderRecord, due: DueReminder, channel: Channel, message: Message, down: dict[str, Delivery], now: Clock
) -> Delivery:
    if channel.name in down:
        return Delivery(channel.name, "failed", f"bỏ qua trong lượt này: {down[channel.name].detail}", True)
    if record.unknown(due.key, channel.name) >= MOST_UNKNOWN:
        detail = f"đã hai lần bị ngắt khi đang gửi, không rõ thư đã đi chưa; hỏi tỉnh, rồi sửa {RECORD}"
        return Delivery(channel.name, "failed", detail)
    record.add(due.key, channel.name, "begun", now())
    [delivery] = send([channel], message)
    record.add(due.key, channel.name, "sent" if delivery.result == "sent" else "failed", now(), delivery.detail)
    if delivery.is_down:
        down[channel.name] = delivery
    return delivery
