"""The self-check finds each fault that is planted, and nothing where nothing is wrong."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest

from catalogue import DATA, load_catalogue
from flows.places import PROBE
from flows.self_check.checks import Check, check_all
from flows.self_check.report import has_failed, keep_result, sum_up
from flows.settings import FEEDBACK_FOLDER, Settings
from transforms.practice import practice_figures
from transforms.practice_errors import practice_errors
from warehouse import Warehouse

pytestmark = [pytest.mark.slow, pytest.mark.long]

NOW = dt.datetime(2021, 6, 15, tzinfo=dt.UTC)
PERIOD = "2021H1"
CATALOGUE = load_catalogue()


def make_home(folder: Path, catalogue: Path = DATA) -> Settings:
    settings = Settings(folder / "nhà", catalogue)
    for province in CATALOGUE.members_of(PERIOD):
        (settings.returns / province.name).mkdir(parents=True)
    return settings


def lying(settings: Settings) -> dict[str, bytes]:
    return {str(p.relative_to(settings.home)): p.read_bytes() for p in settings.home.rglob("*") if p.is_file()}


def by_title(checks: list[Check]) -> dict[str, Check]:
    return {check.title: check for check in checks}


def test_where_all_is_well_nothing_fails_and_nothing_changes(tmp_path: Path) -> None:
    settings = make_home(tmp_path)
    own = settings.returns / "Hà Nam" / FEEDBACK_FOLDER
    own.mkdir()
    (own / PROBE).write_bytes(b"left by a killed check")
    (settings.home / "channels.toml").write_text('[channels.so]\nkind = "log"\n', encoding="utf-8")
    Warehouse.open(settings.warehouse).close()
    before = lying(settings)
    checks = check_all(settings, PERIOD, NOW)
    assert not has_failed(checks), sum_up(checks)
    assert [c.title for c in checks if c.result == "untried"] == ["Máy chủ Prefect", "Worker"]
    assert by_title(checks)["Lỗi cài thử"].seen == "15 lỗi cài, bắt được 15, báo nhầm 0 trên biểu đúng"
    del before[f"returns/Hà Nam/{FEEDBACK_FOLDER}/{PROBE}"]
    after = lying(settings)
    assert {n: d for n, d in after.items() if n != "run.lock"} == {n: d for n, d in before.items() if n != "run.lock"}
    keep_result(settings, PERIOD, checks)
    with Warehouse.open(settings.warehouse) as warehouse:
        [run] = warehouse.runs()
    assert (run.kind, run.state, run.message) == ("self_check", "completed", sum_up(checks))


def test_each_planted_fault_is_found_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = shutil.copytree(DATA, tmp_path / "danh mục")
    switch_off_rule(catalogue, "parts_sum_to_total")
    end_calendar(catalogue, PERIOD)
    settings = make_home(tmp_path, catalogue)
    (settings.returns / "Hà Nam").rmdir()
    (settings.returns / "Thái Bình" / FEEDBACK_FOLDER).write_text("một tệp trùng tên")
    monkeypatch.delenv("THIDUA_KHONG_CO", raising=False)
    (settings.home / "channels.toml").write_text(
        '[channels.web]\nkind = "webhook"\nurl_env = "THIDUA_KHONG_CO"\n', encoding="utf-8"
    )
    settings.warehouse.write_bytes(b"damaged " * 5000)
    settings.server_file.write_text(json.dumps({"port": 9, "pid": 1, "auth": ""}))
    checks = by_title(check_all(settings, PERIOD, NOW))
    failed = {title: check.seen for title, check in checks.items() if check.result == "failed"}
    assert set(failed) == {
        "Lịch",
        "Lỗi cài thử",
        "Thư mục của các tỉnh",
        "Kênh gửi thư",
        "Kho dữ liệu",
        "Máy chủ Prefect",
    }, failed
    assert "chưa có kỳ nào sau 2021H1" in failed["Lịch"]
    assert failed["Lỗi cài thử"].startswith("15 lỗi cài, bắt được 14")
    assert "không bắt được: tổng khác các phần cộng lại" in failed["Lỗi cài thử"]
    assert "chưa có thư mục của Hà Nam" in failed["Thư mục của các tỉnh"]
    assert "Thái Bình: “Phản hồi của Cụm” không phải là thư mục thường" in failed["Thư mục của các tỉnh"]
    assert "url_env" in failed["Kênh gửi thư"]
    assert all(check.advice for check in checks.values() if check.result == "failed")
    assert checks["Worker"].result == "untried" and checks["Mẫu biểu"].result == "passed"


def test_a_broken_catalogue_is_told_by_file_and_line(tmp_path: Path) -> None:
    catalogue = shutil.copytree(DATA, tmp_path / "danh mục")
    file = catalogue / "indicators.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",commune,stock,", ",hectare,stock,", 1), encoding="utf-8")
    first, rest = check_all(make_home(tmp_path, catalogue), PERIOD, NOW)
    assert (first.result, rest.result) == ("failed", "untried")
    assert "indicators.csv" in first.seen and "hectare" in first.seen


@pytest.mark.parametrize("period", ["2016H1", "2025H2", "2030H2"])
def test_there_is_something_to_practise_on_in_every_half_year(period: str) -> None:
    figures = practice_figures(CATALOGUE, period)
    assert set(figures) == {p.province_id for p in CATALOGUE.members_of(period)}
    errors = practice_errors(CATALOGUE, period, figures)
    assert len(errors) >= 12
    for error in errors:
        own = figures[error.province_id]
        assert all(own.get(name.removeprefix("f_")) != value for name, value in error.cells.items()), error


def switch_off_rule(catalogue: Path, rule: str) -> None:
    file = catalogue / "rules.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    ended = [f"{line.rpartition(',')[0]},2016H1" if line.startswith(f"{rule},") else line for line in lines]
    file.write_text("\n".join(ended) + "\n", encoding="utf-8")


def end_calendar(catalogue: Path, last: str) -> None:
    file = catalogue / "calendar.csv"
    head, *rows = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([head, *(row for row in rows if row[:6] <= last)]) + "\n", encoding="utf-8")
