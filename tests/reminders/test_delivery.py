"""Each reminder once: the same day again, a channel that failed, a kill in the middle."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from office import PERIOD, Office
from servers_of_messages import MailServer, Receiver, free_port

from catalogue import Catalogue
from catalogue.reminders import load_reminders
from flows.messages.channel_kinds import Limits, MailChannel, WebhookChannel
from flows.reminders.record import ReminderRecord
from flows.reminders.reminding import DueReminder, deliver, find_reminders
from flows.reminders.status_report import stored_marts
from flows.settings import Settings, find_settings
from publications.tables.progress import find_progress

QUICK = Limits(tries=2, first_delay=0.01, timeout_seconds=30)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return find_settings(tmp_path / "home")


@pytest.fixture
def due(season: Office, catalogue: Catalogue) -> tuple[DueReminder, ...]:
    return reminders_on(season, catalogue, dt.date(2021, 7, 9))


def reminders_on(season: Office, catalogue: Catalogue, on: dt.date) -> tuple[DueReminder, ...]:
    marts = stored_marts(season.settings, PERIOD)
    assert marts is not None
    places = {p.province_id: f"thư mục “{p.name}”" for p in catalogue.members_of(PERIOD)}
    several = find_progress(catalogue, PERIOD, marts, on)
    return find_reminders(catalogue, load_reminders(), PERIOD, several, places, on)


def mail(port: int) -> MailChannel:
    to = {"ha-nam": ("a@hanam.example",), "ninh-binh": ("a@ninhbinh.example",)}
    return MailChannel(
        name="thư", host="127.0.0.1", port=port, security="none", sender="c@d.example", recipients=to, limits=QUICK
    )


def texts(settings: Settings) -> list[str]:
    folder = settings.home / "reminders" / PERIOD
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*.txt"))


ON = dt.date(2021, 7, 9)


def test_who_is_told_what(due: tuple[DueReminder, ...]) -> None:
    told = {d.province_id: d for d in due}
    assert {unit: d.reminder_code for unit, d in told.items()} == {
        "ha-nam": "late",
        "ninh-binh": "mend",
        "thai-binh": "refused",
        "vinh-phuc": "empty",
    }
    late, mend = told["ha-nam"].letter, told["ninh-binh"].letter
    assert late.subject.endswith("quá hạn 4 ngày")
    for part in ("Kính gửi: Tỉnh Hà Nam", "05/7/2021 (dự kiến)", "đã qua 4 ngày", "thư mục “Hà Nam”", "tỉnh Hưng Yên"):
        assert part in late.text
    for part in ("1. E. Văn hóa – xã hội · ô D8: ", "Cách sửa: ", "Còn để trống 6 ô bắt buộc", "ninh-binh_2021H1.xlsx"):
        assert part in mend.text
    assert "Không đọc được tệp" in told["thai-binh"].letter.text
    assert "chưa có số liệu nào" in told["vinh-phuc"].letter.text
    assert all("{" not in d.letter.text + d.letter.subject for d in due)


def test_before_the_day_only_those_are_told_that_have_to_act(season: Office, catalogue: Catalogue) -> None:
    [late, *others] = reminders_on(season, catalogue, dt.date(2021, 7, 2))
    assert (late.reminder_code, late.letter.subject.endswith("còn 3 ngày đến hạn")) == ("due_in_days", True)
    assert {o.reminder_code for o in others} == {"mend", "refused", "empty"}


def test_the_same_day_again_writes_and_sends_nothing(
    settings: Settings, due: tuple[DueReminder, ...], mail_server: MailServer, receiver: Receiver
) -> None:
    channels = [mail(mail_server.port), WebhookChannel(name="nhóm", url=receiver.url, limits=QUICK)]
    told = deliver(settings, PERIOD, due, channels, ON)
    assert texts(settings) == [f"2021-07-09/{unit}.txt" for unit in ("ha-nam", "ninh-binh", "thai-binh", "vinh-phuc")]
    assert len(mail_server.mails) == 2 and len(receiver.posts) == 4
    assert [d.result for d in told[2].deliveries] == ["sent", "no address"]
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in settings.home.rglob("*") if p.is_file()}
    again = deliver(settings, PERIOD, due, channels, ON)
    tomorrow = deliver(settings, PERIOD, due, channels, ON + dt.timedelta(days=1))
    assert not any(one.is_new or one.file for one in (*again, *tomorrow))
    assert {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in settings.home.rglob("*") if p.is_file()} == before
    assert len(mail_server.mails) == 2 and len(receiver.posts) == 4


def test_a_channel_that_failed_is_tried_by_the_next_call_and_others_went_on(
    settings: Settings, due: tuple[DueReminder, ...], mail_server: MailServer, receiver: Receiver
) -> None:
    hook = WebhookChannel(name="nhóm", url=receiver.url, limits=QUICK)
    told = deliver(settings, PERIOD, due, [mail(free_port()), hook], ON)
    assert [one.has_failed for one in told] == [True, True, False, False]
    assert "bỏ qua trong lượt này" in told[1].deliveries[0].detail  # a server that is down is not waited for again
    assert len(receiver.posts) == 4
    told = deliver(settings, PERIOD, due, [mail(mail_server.port), hook], ON)
    assert not any(one.has_failed for one in told)
    assert len(mail_server.mails) == 2 and len(receiver.posts) == 4


PROGRAM = """
import datetime as dt, sys
from pathlib import Path
from flows.messages.channel_kinds import Limits, WebhookChannel
from flows.reminders.reminding import DueReminder, deliver
from flows.settings import find_settings
from publications.office.reminder_letter import Letter

due = DueReminder("ha-nam", "Hà Nam", "late", dt.date(2021, 7, 9), Letter("V/v", "Kính gửi\\n"))
limits = Limits(tries=1, first_delay=0, timeout_seconds=60)
channel = WebhookChannel(name="nhóm", url=sys.argv[2], limits=limits)
deliver(find_settings(sys.argv[1]), "2021H1", [due], [channel], dt.date(2021, 7, 9))
"""


def run_and_kill(settings: Settings, receiver: Receiver, count: int) -> None:
    """One call in a process of its own, killed while the receiver has the message and has not answered."""
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(settings.home), receiver.url], cwd=ROOT)
    receiver.wait_for(count)
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_a_kill_loses_no_reminder_and_repeats_it_once_at_most(settings: Settings, receiver: Receiver) -> None:
    receiver.delay = 60
    run_and_kill(settings, receiver, 1)
    record = settings.home / "reminders" / PERIOD / "da-gui.jsonl"
    with record.open("ab") as file:
        file.write(b'{"at": "2021-07-09T0')  # and the disk kept half a line
    receiver.delay = 0
    done = [sys.executable, "-c", PROGRAM, str(settings.home), receiver.url]
    for _ in range(2):
        subprocess.run(done, cwd=ROOT, check=True, timeout=60, env=os.environ)
    assert len(receiver.posts) == 2
    assert receiver.posts[0]["id"] == receiver.posts[1]["id"]
    assert ReminderRecord(record).sent_at("ha-nam/late/2021-07-09", "nhóm")


def test_what_was_cut_short_twice_is_left_to_a_person(
    settings: Settings, receiver: Receiver, due: tuple[DueReminder, ...]
) -> None:
    record = ReminderRecord(settings.home / "reminders" / PERIOD / "da-gui.jsonl")
    for _ in range(2):
        record.add(due[0].key, "nhóm", "begun", dt.datetime(2021, 7, 9, tzinfo=dt.UTC))
    hook = WebhookChannel(name="nhóm", url=receiver.url, limits=QUICK)
    [told] = deliver(settings, PERIOD, due[:1], [hook], ON)
    assert told.has_failed and "hai lần bị ngắt" in told.deliveries[0].detail
    assert receiver.posts == []
