"""Channels against a real mail server and a real receiver of webhooks on loopback."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from servers_of_messages import PASSWORD, USER, MailServer, Receiver, free_port, running

from flows.messages.channel_kinds import Limits, LogChannel, MailChannel, WebhookChannel
from flows.messages.channels import Delivery, Message, send

QUICK = Limits(tries=3, first_delay=0.01, timeout_seconds=5)
TO = {"ha-nam": ("thi-dua@hanam.example", "phong2@hanam.example"), "nam-dinh": ("refused@namdinh.example",)}
MESSAGE = Message(
    "V/v gửi báo cáo,\n quá hạn 4 ngày", "Kính gửi: Tỉnh Hà Nam\n\nĐề nghị gửi ngay.\n", ("ha-nam",), "k1"
)


def mail(port: int, **settings: Any) -> MailChannel:
    return MailChannel(
        name="thư",
        host="127.0.0.1",
        port=port,
        sender="Cụm thi đua <cum@thidua.example>",
        recipients=TO,
        limits=QUICK,
        **{"security": "none", **settings},
    )


def hook(url: str, **settings: Any) -> WebhookChannel:
    return WebhookChannel(name="nhóm", url=url, limits=QUICK, **settings)


def test_a_mail_arrives_whole_in_vietnamese(mail_server: MailServer) -> None:
    assert send([mail(mail_server.port)], MESSAGE) == (Delivery("thư", "sent"),)
    [got] = mail_server.mails
    assert got["Subject"] == "V/v gửi báo cáo, quá hạn 4 ngày"
    assert got["From"] == "Cụm thi đua <cum@thidua.example>"
    assert got.get_content().replace("\r\n", "\n") == MESSAGE.text
    assert mail_server.to == [list(TO["ha-nam"])]
    send([mail(mail_server.port)], MESSAGE)
    assert mail_server.mails[1]["Message-ID"] == got["Message-ID"]
    assert got["Message-ID"].endswith("@thidua.example>")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_over_tls_with_a_login(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, security: str
) -> None:
    key, file = certificate
    monkeypatch.setenv("THIDUA_TEST_MAIL", PASSWORD)
    with running(MailServer(key, file, is_implicit=security == "tls")) as server:
        login = {"user": USER, "password_env": "THIDUA_TEST_MAIL"} if security == "starttls" else {}
        channel = mail(server.port, security=security, ca_file=str(file), **login)
        assert [d.result for d in send([channel], MESSAGE)] == ["sent"]
        assert len(server.mails) == 1
        distrusted = mail(server.port, security=security, **login)
        [refused] = send([distrusted], MESSAGE)
        assert refused.result == "failed" and "chứng chỉ" in refused.detail and refused.is_down
        if security == "starttls":
            assert server.logins == [(USER, PASSWORD)]
            monkeypatch.setenv("THIDUA_TEST_MAIL", PASSWORD + "-sai")
            with caplog.at_level(logging.DEBUG):
                [refused] = send([channel], MESSAGE)
            assert refused.detail == "máy chủ thư không nhận tên người dùng hoặc mật khẩu"
            assert len(server.logins) == 3  # once by each way of logging in, and not tried again
            assert PASSWORD not in caplog.text + str(refused)


def test_a_password_never_goes_to_a_server_without_tls(
    mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THIDUA_TEST_MAIL", PASSWORD)
    login = {"user": USER, "password_env": "THIDUA_TEST_MAIL", "security": "starttls"}
    [refused] = send([mail(mail_server.port, **login)], MESSAGE)
    assert refused.result == "failed" and "STARTTLS" in refused.detail and mail_server.mails == []


def test_a_busy_server_is_tried_again(mail_server: MailServer) -> None:
    mail_server.busy = 2
    assert [d.result for d in send([mail(mail_server.port)], MESSAGE)] == ["sent"]
    mail_server.busy = 3
    [failed] = send([mail(mail_server.port)], MESSAGE)
    assert (failed.result, mail_server.tries) == ("failed", 6) and "451" in failed.detail


def test_refused_and_unknown_addresses_are_told(mail_server: MailServer) -> None:
    [failed] = send([mail(mail_server.port)], Message("a", "b", ("nam-dinh",)))
    assert (failed.result, failed.is_down) == ("failed", False) and "550" in failed.detail
    [partly] = send([mail(mail_server.port)], Message("a", "b", ("ha-nam", "nam-dinh")))
    assert partly == Delivery("thư", "sent", "1 địa chỉ không được nhận")
    assert [d.result for d in send([mail(mail_server.port)], Message("a", "b", ("hai-duong",)))] == ["no address"]


def test_a_webhook_gets_json_and_its_secret_header(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THIDUA_TEST_HOOK", "bi-mat-9")
    channel = hook(receiver.url, secret_header="X-Thidua", secret_env="THIDUA_TEST_HOOK")
    assert send([channel], MESSAGE) == (Delivery("nhóm", "sent"),)
    [got] = receiver.posts
    assert (got["path"], got["subject"], got["text"]) == ("/nhac-viec", MESSAGE.subject, MESSAGE.text)
    assert got["recipients"] == ["ha-nam"]
    assert receiver.headers[0]["X-Thidua"] == "bi-mat-9"
    assert receiver.headers[0]["Idempotency-Key"] == got["id"] == MESSAGE.identifier


def test_an_address_that_is_a_secret_stays_one(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("THIDUA_TEST_URL", receiver.url + "?khoa=bi-mat-8")
    channel = WebhookChannel(name="nhóm", url_env="THIDUA_TEST_URL", limits=QUICK)
    receiver.statuses = [500]
    with caplog.at_level(logging.DEBUG):
        [failed] = send([channel], MESSAGE)
    assert failed.result == "failed" and receiver.posts[0]["path"] == "/nhac-viec?khoa=bi-mat-8"
    assert "bi-mat-8" not in caplog.text + str(failed)
    monkeypatch.delenv("THIDUA_TEST_URL")
    [failed] = send([channel], MESSAGE)
    assert "chưa đặt biến môi trường" in failed.detail and failed.is_down


@pytest.mark.parametrize(("statuses", "result", "tries"), [((503, 429, 204), "sent", 3), ((403,), "failed", 1)])
def test_what_may_pass_is_tried_again(receiver: Receiver, statuses: tuple[int, ...], result: str, tries: int) -> None:
    receiver.statuses = list(statuses)
    assert [d.result for d in send([hook(receiver.url)], MESSAGE)] == [result]
    assert len(receiver.posts) == tries


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.statuses = [302]
    [failed] = send([hook(receiver.url)], MESSAGE)
    assert "302" in failed.detail and len(receiver.posts) == 1


def test_a_channel_that_fails_stops_no_other(mail_server: MailServer, receiver: Receiver) -> None:
    channels = [
        mail(free_port()),
        hook(f"http://127.0.0.1:{free_port()}/x"),
        mail(mail_server.port),
        hook(receiver.url),
    ]
    assert [(d.result, d.is_down) for d in send(channels, MESSAGE)] == [
        ("failed", True),
        ("failed", True),
        ("sent", False),
        ("sent", False),
    ]


def test_the_log_says_whom_and_what(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="thidua.channels"):
        send([LogChannel(name="nhật ký")], MESSAGE)
    assert "ha-nam" in caplog.text and "quá hạn" in caplog.text
