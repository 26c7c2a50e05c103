"""What a look at a home finds, each made to happen; and that it looks at nothing it cannot see."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from filelock import FileLock
from office import EXAMPLES, PERIOD

from flows.alarms.home_troubles import look_at_home
from flows.alarms.troubles import Look
from flows.backups.backup import back_up
from flows.local_time import HANOI
from flows.runs.period_run import collect
from flows.settings import Settings, find_settings
from transforms.operation import ClosingEvent, RunRecord, RunState
from warehouse import Warehouse


def at(day: int, hour: int = 12, month: int = 7) -> dt.datetime:
    return dt.datetime(2021, month, day, hour, tzinfo=HANOI)


def found(look: Look, code: str) -> list[str]:
    return [t.message for t in look.troubles if t.code == code]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    home = tmp_path / "nhà"
    home.mkdir()
    return find_settings(home)


def keep(settings: Settings, *runs: tuple[dt.datetime, RunState]) -> None:
    with Warehouse.open(settings.warehouse) as warehouse:
        for number, (started, state) in enumerate(runs):
            warehouse.start_run(
                RunRecord(str(number), "collect", PERIOD, "schedule", started, None, "running", "", "m", "s")
            )
            warehouse.end_run(str(number), started + dt.timedelta(seconds=9), state, "")


def test_a_home_in_which_nothing_ever_happened(settings: Settings) -> None:
    assert look_at_home(settings, at(10, month=5)).troubles == ()
    [message] = found(look_at_home(settings, at(3)), "not_collected")
    assert "chưa lần nào" in message and "07:00 ngày 03/7/2021" in message
    gone = find_settings(settings.home / "không có")
    look = look_at_home(gone, at(3))
    assert [t.code for t in look.troubles] == ["home_missing"] and look.examined == {"home_missing"}
    assert not gone.home.exists()


@pytest.mark.parametrize(
    ("last", "state", "now", "is_trouble"),
    [
        (at(3, 7), "completed", at(3, 12), False),
        (at(3, 7), "nothing_new", at(4, 8), False),
        (at(3, 7), "completed", at(4, 9), True),
        (at(4, 6), "completed", at(4, 9), False),
        (at(4, 7), "failed", at(4, 9), True),
        (at(4, 7), "cut_short", at(4, 9), True),
        (at(19, 7), "completed", at(21, 12), False),  # after the meeting
    ],
)
def test_a_run_that_did_not_happen(
    settings: Settings, last: dt.datetime, state: RunState, now: dt.datetime, is_trouble: bool
) -> None:
    keep(settings, (last, state))
    assert bool(found(look_at_home(settings, now), "not_collected")) is is_trouble


def test_the_first_day_of_a_season_is_not_missed_before_its_hour(settings: Settings) -> None:
    assert not found(look_at_home(settings, at(15, 8, month=6)), "not_collected")
    assert found(look_at_home(settings, at(15, 10, month=6)), "not_collected")


def test_a_decision_that_waits(settings: Settings) -> None:
    with Warehouse.open(settings.warehouse) as warehouse:
        warehouse.add_closing(ClosingEvent("c", PERIOD, "asked", "f", "g", at(15, 8)))
    assert not found(look_at_home(settings, at(16, 7)), "decision_pending")
    [message] = found(look_at_home(settings, at(16, 9)), "decision_pending")
    assert "chờ quyết định từ 08:00 ngày 15/7/2021" in message and "20/7/2021" in message
    with Warehouse.open(settings.warehouse) as warehouse:
        warehouse.add_closing(ClosingEvent("c", PERIOD, "publish", "f", "g", at(16, 10), "Bà A"))
    assert not found(look_at_home(settings, at(16, 11)), "decision_pending")


def test_a_backup_that_is_too_old(settings: Settings, tmp_path: Path) -> None:
    now = dt.datetime.now(dt.UTC)
    assert not found(look_at_home(settings, now), "backup_old")
    keep(settings)
    assert found(look_at_home(settings, now), "backup_old") == [
        "Nhà dữ liệu chưa được sao lưu lần nào, mà đã có số liệu mới."
    ]
    (tmp_path / "khác").mkdir()
    back_up(settings, tmp_path / "khác", now=now - dt.timedelta(days=1))
    assert not found(look_at_home(settings, now), "backup_old")
    assert "sao lưu lần cuối lúc" in found(look_at_home(settings, now + dt.timedelta(days=7)), "backup_old")[0]


def test_little_room_on_the_disk(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.alarms.home_troubles.LEAST_FREE_BYTES", shutil.disk_usage(settings.home).free * 2)
    assert "chỉ còn trống" in found(look_at_home(settings, at(10, month=5)), "disk_low")[0]


def test_a_catalogue_that_does_not_load(settings: Settings, tmp_path: Path) -> None:
    shutil.copytree(settings.catalogue, tmp_path / "catalogue")
    with (tmp_path / "catalogue" / "calendar.csv").open("a") as file:
        file.write("2031H1,không,phải,ngày,,,,,,\n")
    look = look_at_home(find_settings(settings.home, tmp_path / "catalogue"), at(3))
    assert "calendar.csv" in found(look, "catalogue_broken")[0] and "not_collected" not in look.examined


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """2021H1 on 4 July: Hà Nam sent nothing, Nam Định's share is not there."""
    folder = tmp_path_factory.mktemp("collected")
    settings = find_settings(folder / "nhà")
    shutil.copytree(EXAMPLES, settings.returns)
    next((settings.returns / "Hà Nam").glob("*.xlsx")).unlink()
    shutil.rmtree(settings.returns / "Nam Định")
    shares = settings.home / "shares.toml"
    shares.write_text(f'[units]\n"Nam Định" = "{folder / "không gắn"}"\n', encoding="utf-8")
    collect(settings, PERIOD, settings.returns, at(4), shares)
    return settings


@pytest.mark.slow
def test_provinces_that_are_late_and_a_share_that_is_down(collected: Settings) -> None:
    before = look_at_home(collected, at(5, 9))
    assert not found(before, "province_late")
    [share] = [t for t in before.troubles if t.code == "share_down"]
    assert share.subject == f"{PERIOD}/nam-dinh" and "Nam Định" in share.message
    after = look_at_home(collected, at(6, 9))
    late = {t.subject.split("/")[1]: t.message for t in after.troubles if t.code == "province_late"}
    assert late.keys() == {"ha-nam", "nam-dinh"}
    assert "Hà Nam chưa có báo cáo dùng được" in late["ha-nam"] and "05/7/2021" in late["ha-nam"]
    assert not found(look_at_home(collected, at(21)), "province_late")


@pytest.mark.slow
def test_a_look_while_a_run_is_at_work_reads_the_published_copy_and_disturbs_nothing(collected: Settings) -> None:
    with FileLock(collected.lock), Warehouse.open(collected.warehouse) as warehouse:
        assert warehouse.runs() is not None  # the loader's file is open here
        look = look_at_home(collected, at(6, 9))
        assert len(found(look, "province_late")) == 2
        assert "published_broken" not in look.examined


@pytest.mark.slow
def test_published_tables_that_are_not_whole(collected: Settings) -> None:
    assert not found(look_at_home(collected, at(6)), "published_broken")
    table = collected.published_period(PERIOD) / "bang-tong-hop.xlsx"
    content = table.read_bytes()
    table.write_bytes(content[:-1])
    assert PERIOD in found(look_at_home(collected, at(6)), "published_broken")[0]
    table.write_bytes(content)
    assert not found(look_at_home(collected, at(6)), "published_broken")
