"""`thidua status` and `thidua remind` as people call them, with a mail server on loopback."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from calling import COMMAND, EXAMPLES
from servers_of_messages import MailServer, running

from flows.runs.period_run import collect
from flows.settings import find_settings

pytestmark = pytest.mark.slow


def test_status_and_reminders(tmp_path: Path) -> None:
    home = tmp_path / "nhà dữ liệu"
    shutil.copytree(EXAMPLES, home / "returns")

    def thidua(*arguments: str) -> subprocess.CompletedProcess[str]:
        variables = {**os.environ, "THIDUA_HOME": str(home)}
        return subprocess.run([*COMMAND, *arguments], env=variables, capture_output=True, text=True, timeout=120)

    assert "chưa được thu thập" in thidua("status", "2021H1").stdout
    assert not json.loads(thidua("status", "2021H1", "--json").stdout)["is_collected"]
    early = thidua("remind", "2021H1")
    assert early.returncode == 3 and "chưa được thu thập" in early.stderr
    next((home / "returns" / "Hà Nam").glob("*.xlsx")).unlink()
    collect(find_settings(home), "2021H1", home / "returns", dt.datetime(2021, 7, 4, 1, tzinfo=dt.UTC))

    status = thidua("status", "2021H1")
    assert status.returncode == 0 and "88,9 % (8/9 báo cáo)" in status.stdout and "tinh-hinh.html" in status.stdout
    told = json.loads(thidua("status", "2021H1", "--json").stdout)
    assert told["rates"]["received"] == {"part": 8, "whole": 9, "percent": 88.9}

    dry = thidua("remind", "2021H1", "--dry-run", "--on", "04/07/2021")
    assert dry.returncode == 0 and "Kính gửi: Tỉnh Hà Nam" in dry.stdout and "còn 1 ngày đến hạn" in dry.stdout
    assert not (home / "reminders").exists()
    with running(MailServer()) as server:
        (home / "channels.toml").write_text(
            f'[channels.thu]\nkind = "smtp"\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\n'
            'sender = "cum@thidua.example"\n[recipients]\n"Hà Nam" = "a@hanam.example"\n',
            encoding="utf-8",
        )
        sent = thidua("remind", "2021H1", "--on", "2021-07-04")
        assert sent.returncode == 0, sent.stderr
        assert "Hà Nam: V/v gửi" in sent.stdout and "kênh thu: đã gửi" in sent.stdout
        assert "chưa khai địa chỉ nhận" in sent.stdout  # Ninh Bình has something to mend
        again = thidua("remind", "2021H1", "--on", "2021-07-04")
        assert "Không có gì mới" in again.stdout
        assert len(server.mails) == 1
    assert (home / "reminders" / "2021H1" / "2021-07-04" / "ha-nam.txt").exists()

    for arguments in (("remind", "2021H1", "--on", "mai"), ("remind", "2021Q1")):
        assert thidua(*arguments).returncode == 2
    (home / "channels.toml").write_text('[channels.thu]\nkind = "smtp"\npassword = "xyzzy"\n', encoding="utf-8")
    refused = thidua("remind", "2021H1")
    assert refused.returncode == 2 and "không ghi mật khẩu" in refused.stderr and "xyzzy" not in refused.stderr
