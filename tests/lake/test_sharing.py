"""A run brings the lake along; one out of reach stops nothing, is told, and is caught up by the next."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from lake_places import new_place
from office import EXAMPLES, PERIOD, collect_examples

from flows.alarms.home_troubles import look_at_home
from flows.command_line import cli
from flows.lake.settings import LakeSettingsError, read_lake
from flows.lake.sharing import share
from flows.runs.period_run import collect
from flows.self_check.checks import _check_lake
from flows.settings import Settings, find_settings
from warehouse.lake.look import compare, look
from warehouse.lake.place import LakePlace

NOW = dt.datetime(2021, 7, 2, 8, tzinfo=dt.UTC)
VARIABLE = "THIDUA_LAKE_PASSWORD"


@pytest.fixture
def place(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LakePlace:
    found = new_place(server, tmp_path, f"shared_{os.urandom(4).hex()}")
    monkeypatch.setenv(VARIABLE, found.password)
    return found


@pytest.fixture
def settings(place: LakePlace, tmp_path: Path) -> Settings:
    home = tmp_path / "nhà"
    shutil.copytree(EXAMPLES, home / "returns")
    write(home, place)
    return find_settings(home)


@pytest.fixture
def collected(place: LakePlace, tmp_path: Path, prepared: Callable[..., Path]) -> Settings:
    """A home whose half-year was collected before it had a lake: the next run brings it there, and nothing else."""
    made, home = prepared("collected", collect_examples), tmp_path / "nhà"
    shutil.copytree(made / "home", home)
    shutil.copytree(made / "returns", home / "returns")
    write(home, place)
    return find_settings(home)


def write(home: Path, place: LakePlace, port: int | None = None) -> None:
    address = f"postgresql://{place.user}@{place.host}:{port or place.port}/{place.database}"
    text = f'catalogue = "{address}"\nfolder = "{place.folder}"\npassword_env = "{VARIABLE}"\n'
    (home / "lake.toml").write_text(text, encoding="utf-8")


def run(settings: Settings) -> None:
    collect(settings, PERIOD, settings.returns, NOW)


def tried(settings: Settings) -> str:
    return _check_lake(settings).result


def lagging(settings: Settings) -> list[str]:
    return [t.message for t in look_at_home(settings, NOW).troubles if t.code == "lake_behind"]


def test_a_lake_follows_the_publications_also_after_it_was_away(
    settings: Settings, place: LakePlace, caplog: pytest.LogCaptureFixture
) -> None:
    write(settings.home, place, port=1)
    run(settings)
    assert settings.published_warehouse.is_file() and "lượt sau ghi tiếp: không nối được" in caplog.text
    assert tried(settings) == "failed"
    [message] = lagging(settings)
    assert "15:00 ngày 02/7/2021" in message and "máy chủ tắt, hoặc sai cổng" in message
    write(settings.home, place)
    run(settings)  # finds nothing new, and still catches up
    assert lagging(settings) == [] and compare(place, settings.published_warehouse) == []
    before = look(place)
    run(settings)
    assert look(place) == before and tried(settings) == "passed"
    asked = CliRunner().invoke(cli, ["lake", "--check", "--home", str(settings.home)])
    assert asked.exit_code == 0 and "từng dòng như bản phát hành" in asked.output and "bản số 1" in asked.output
    assert place.password not in asked.output + (settings.home / "lake.json").read_text(encoding="utf-8") + caplog.text
    sql = f"SELECT count(*) AS n FROM observations WHERE period_code = '{PERIOD}'"
    answers = [
        CliRunner().invoke(cli, ["sql", sql, "--home", str(settings.home), *lake]).output for lake in ([], ["--lake"])
    ]
    assert answers[0] == answers[1] and "(1 dòng)" in answers[0]


def test_a_home_that_lost_its_name_may_take_its_lake_back(collected: Settings, place: LakePlace) -> None:
    run(collected)
    name = json.loads((collected.home / "lake.json").read_text(encoding="utf-8"))["home_id"]
    (collected.home / "lake.json").unlink()
    refused = CliRunner().invoke(cli, ["lake", "--push", "--home", str(collected.home)])
    assert refused.exit_code == 1 and " --take-over\n" in refused.output and look(place).home_id == name
    taken = CliRunner().invoke(cli, ["lake", "--take-over", "--home", str(collected.home)])
    assert taken.exit_code == 0 and "\nKhớp bản phát hành." in taken.output and look(place).home_id != name


def test_a_copy_of_a_home_does_not_write_into_its_lake(collected: Settings, place: LakePlace, tmp_path: Path) -> None:
    run(collected)
    before = look(place)
    copy = find_settings(tmp_path / "bản chép")
    shutil.copytree(collected.home, copy.home)
    share(copy, NOW)
    assert look(place) == before
    [message] = lagging(copy)
    assert f"chép từ {collected.home}" in message and lagging(collected) == []


def test_a_home_without_a_lake_says_how_to_have_one(tmp_path: Path) -> None:
    asked = CliRunner().invoke(cli, ["lake", "--home", str(tmp_path)])
    assert asked.exit_code == 2 and 'catalogue = "postgresql://' in asked.output
    asked = CliRunner().invoke(cli, ["sql", "--lake", "SELECT 1", "--home", str(tmp_path)])
    assert asked.exit_code == 2 and "chưa có hồ dữ liệu nào" in asked.output


GOOD = 'catalogue = "postgresql://thidua@10.0.0.7/thidua"\nfolder = "/srv/hồ"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("catalogue = [", "không đúng dạng TOML"),
        ('folder = "/srv/hồ"', "thiếu mục “catalogue”"),
        ('catalogue = "postgresql://a@b/c"', "thiếu mục “folder”"),
        (GOOD + "port = 1", "không có mục “port”"),
        (GOOD + 'password = "bí-mật"', "mật khẩu không ghi ở đây"),
        (GOOD + 'password_env = "bí mật"', "không ghi chính bí mật"),
        (GOOD.replace("thidua@", "thidua:bí-mật@"), "mật khẩu không ghi trong địa chỉ"),
        (GOOD.replace("postgresql", "mysql"), "địa chỉ danh mục không dùng được"),
        (GOOD.replace("10.0.0.7", "10.0.0.7:cổng"), "địa chỉ danh mục không dùng được"),
        (GOOD.replace("@10.0.0.7", ""), "địa chỉ danh mục không dùng được"),
        (GOOD.replace("/srv/hồ", "s3://kho/hồ"), "không phải địa chỉ mạng"),
        (GOOD.replace("/srv/hồ", "hồ"), "đường dẫn đầy đủ"),
        (GOOD.replace('"/srv/hồ"', "5"), "phải là chữ trong ngoặc kép"),
    ],
)
def test_settings_that_cannot_be_used_say_what_and_where_and_quote_no_secret(
    tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "lake.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LakeSettingsError, match=said) as caught:
        read_lake(file)
    assert "bí-mật" not in str(caught.value) and str(file) in str(caught.value)
    file.write_text(GOOD, encoding="utf-8")
    assert read_lake(file).place.catalogue == "postgresql://thidua@10.0.0.7:5432/thidua"
