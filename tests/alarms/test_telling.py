"""Trouble is told through real channels: once, again after a day, and when it is over; never lost by a kill."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
from pathlib import Path

import pytest
from calling import COMMAND
from servers_of_messages import MailServer, Receiver, running

from flows.alarms.raising import OFFICE, alarm_channels, raise_troubles
from flows.alarms.troubles import Trouble, saw
from flows.messages.channel_settings import ChannelSettingsError, read_channels
from flows.settings import Settings, find_settings

T0 = dt.datetime(2021, 7, 6, 1, tzinfo=dt.UTC)
DOWN = Trouble("server_down", "prefect", "Máy chủ Prefect không trả lời.")
LATE = Trouble("province_late", "2021H1/ha-nam", "Hà Nam quá hạn.")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "nhà").mkdir()
    return find_settings(tmp_path / "nhà")


def write_channels(settings: Settings, mail: int = 0, url: str = "", alarms: str = "") -> Path:
    text = "[limits]\ntries = 1\ntimeout_seconds = 5.0\n"
    if mail:
        text += f'[channels.thu]\nkind = "smtp"\nhost = "127.0.0.1"\nport = {mail}\nsecurity = "none"\n'
        text += 'sender = "cum@thidua.example"\n[alarms]\nrecipients = ["van-hanh@thidua.example"]\n' + alarms
    if url:
        text += f'[channels.tin]\nkind = "webhook"\nurl = "{url}"\n'
    file = settings.home / "channels.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_trouble_its_standing_and_its_end(settings: Settings, mail_server: MailServer, receiver: Receiver) -> None:
    channels = alarm_channels(read_channels(write_channels(settings, mail_server.port, receiver.url)))

    def look(hours: float, *troubles: Trouble) -> int:
        codes = ("server_down", "province_late")
        raise_troubles(settings, saw(codes, troubles), channels, T0 + dt.timedelta(hours=hours))  # type: ignore[arg-type]
        assert len(mail_server.mails) == len(receiver.posts)
        return len(mail_server.mails)

    assert look(0, DOWN, LATE) == 1
    assert mail_server.to == [["van-hanh@thidua.example"]] and receiver.posts[0]["recipients"] == [OFFICE]
    text = receiver.posts[0]["text"]
    assert "Hà Nam quá hạn." in text and "Máy chủ Prefect không trả lời." in text and "thidua up" in text
    assert look(0.1, DOWN, LATE) == 1
    assert look(1, LATE) == 2
    assert receiver.posts[1]["subject"] == "[Thi đua] Đã hết: Máy chủ Prefect không trả lời."
    assert look(2, LATE) == 2
    assert look(24, LATE) == 3
    assert "Vẫn còn" in receiver.posts[2]["subject"] and "Bắt đầu lúc 08:00 ngày 06/7/2021" in receiver.posts[2]["text"]
    assert look(25, LATE, DOWN) == 4 and "Sự cố mới" in receiver.posts[3]["subject"]


def test_thousands_of_troubles_are_one_message_that_can_be_read(settings: Settings, receiver: Receiver) -> None:
    channels = alarm_channels(read_channels(write_channels(settings, url=receiver.url)))
    many = [Trouble("province_late", f"2021H1/x{number}", f"Xã {number} quá hạn.") for number in range(3000)]
    told = raise_troubles(settings, saw(("province_late",), many), channels, T0)
    assert len(told.new) == 3000 and [d.result for d in told.deliveries] == ["sent"]
    again = raise_troubles(settings, saw(("province_late",), many), channels, T0 + dt.timedelta(minutes=10))
    assert not again.new and not again.deliveries
    [message] = receiver.posts
    assert "2960 sự cố nữa" in message["text"] and len(message["text"]) < 10_000, message["subject"]


def test_what_could_not_be_looked_at_is_not_said_to_be_over(settings: Settings, receiver: Receiver) -> None:
    channels = alarm_channels(read_channels(write_channels(settings, url=receiver.url)))
    raise_troubles(settings, saw(("province_late",), [LATE]), channels, T0)
    told = raise_troubles(settings, saw(("server_down",), [DOWN]), channels, T0 + dt.timedelta(minutes=5))
    assert told.over == () and [p["subject"][:19] for p in receiver.posts] == ["[Thi đua] Sự cố mới"] * 2


def test_a_channel_that_is_down_hinders_no_other_and_is_tried_again(settings: Settings, receiver: Receiver) -> None:
    with running(MailServer()) as gone:
        port = gone.port
    channels = alarm_channels(read_channels(write_channels(settings, port, receiver.url)))
    told = raise_troubles(settings, saw((), [DOWN]), channels, T0)
    assert [d.channel for d in told.undelivered] == ["thu"] and len(receiver.posts) == 1
    with running(MailServer()) as back:
        channels = alarm_channels(read_channels(write_channels(settings, back.port, receiver.url)))
        told = raise_troubles(settings, saw((), [DOWN]), channels, T0 + dt.timedelta(minutes=5))
        assert not told.undelivered and len(back.mails) == 1 and len(receiver.posts) == 1


def test_mail_without_recipients_counts_only_where_nobody_else_was_told(
    settings: Settings, mail_server: MailServer, receiver: Receiver
) -> None:
    file = write_channels(settings, mail_server.port)
    file.write_text(file.read_text().replace('recipients = ["van-hanh@thidua.example"]', ""))
    told = raise_troubles(settings, saw((), [DOWN]), alarm_channels(read_channels(file)), T0)
    assert [d.result for d in told.undelivered] == ["no address"] and "[alarms]" in told.undelivered[0].detail
    file.write_text(f'{file.read_text()}[channels.tin]\nkind = "webhook"\nurl = "{receiver.url}"\n')
    told = raise_troubles(settings, saw((), [DOWN]), alarm_channels(read_channels(file)), T0)
    assert told.undelivered == () and len(receiver.posts) == 1 and mail_server.mails == []


def watch(settings: Settings, *more: str) -> subprocess.Popen[str]:
    command = [*COMMAND, "watch", "--home", str(settings.home), *more]
    variables = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, env=variables, **pipes)  # type: ignore[call-overload,no-any-return]


@pytest.mark.slow
def test_a_watch_killed_while_it_tells_tells_once_more_and_not_again(settings: Settings, receiver: Receiver) -> None:
    write_channels(settings, url=receiver.url)
    receiver.delay = 60.0
    process = watch(settings)
    receiver.wait_for(1)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    receiver.delay = 0.0
    for posts in (2, 2):
        process = watch(settings)
        out, error = process.communicate(timeout=60)
        assert process.returncode == 3 and "Máy chủ Prefect" in out, error
        assert len(receiver.posts) == posts
    assert receiver.posts[0]["id"] == receiver.posts[1]["id"]


@pytest.mark.slow
def test_a_dry_run_writes_and_sends_nothing(settings: Settings, receiver: Receiver) -> None:
    write_channels(settings, url=receiver.url)
    out, _ = (process := watch(settings, "--dry-run")).communicate(timeout=60)
    assert process.returncode == 3 and "Việc cần làm: Trên máy chủ chạy: thidua up" in out
    assert receiver.posts == [] and not settings.alarms.exists()


@pytest.mark.parametrize(
    ("alarms", "words"),
    [
        ('channels = ["không có"]\n', "tên các kênh khai trong tệp"),
        ("channels = 3\n", "tên các kênh khai trong tệp"),
        ('password = "xyzzy"\n', "không ghi mật khẩu"),
        ("nguoi-nhan = 1\n", "không biết mục"),
    ],
)
def test_a_section_that_is_wrong_is_refused(settings: Settings, alarms: str, words: str) -> None:
    with pytest.raises(ChannelSettingsError, match=words) as refusal:
        read_channels(write_channels(settings, 25, alarms=alarms))
    assert "xyzzy" not in str(refusal.value)
