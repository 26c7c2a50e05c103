"""The command as people call it: what it prints, what it ends with, where it puts things."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from calling import EXAMPLES, Thidua

from flows.command_line import main

pytestmark = pytest.mark.slow


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Thidua:
    """`thidua` as `thidua` is, but in this process: for what is said and how it ends, many times over."""
    monkeypatch.setenv("THIDUA_HOME", str(tmp_path / "nhà"))

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr("sys.argv", ["thidua", *arguments])
        try:
            main()
            code: int | str | None = 0
        except SystemExit as end:
            code = end.code
        printed = capsys.readouterr()
        assert isinstance(code, int)
        return subprocess.CompletedProcess(arguments, code, printed.out, printed.err)

    return call


def test_run_status_and_sql(thidua: Thidua, home: Path) -> None:
    ran = thidua("run", "2021H1", "--no-answers")
    assert ran.returncode == 0, ran.stderr
    assert not list((home / "returns").glob("*/Phản hồi của Cụm"))
    assert "Ninh Bình" in ran.stdout and "bang-tong-hop.xlsx" in ran.stdout
    assert "Phải sửa 1" in ran.stdout
    strict = thidua("run", "2021H1", "--strict")
    assert strict.returncode == 3
    assert "Không có gì mới" in strict.stdout
    assert "Phản hồi: 30 tệp mới" in strict.stdout and len(list((home / "returns").glob("*/Phản hồi của Cụm"))) == 10
    status = thidua("status", "2021H1")
    assert status.returncode == 0 and "Hưng Yên" in status.stdout
    asked = thidua("sql", "SELECT count(*) AS so_tinh FROM completeness")
    assert (asked.returncode, asked.stdout.split()[0]) == (0, "so_tinh")
    assert thidua("sql", "DROP TABLE dim_period").returncode == 2
    assert thidua("sql", "SELECT nothing FROM nowhere").returncode == 2


def test_wrong_use_ends_with_two(here: Thidua, tmp_path: Path) -> None:
    for arguments in (
        ("run", "2021Q1"),
        ("run", "1999H1"),
        ("run", "2021H1", "--returns", str(tmp_path / "không có")),
        ("run",),
        ("nonsense",),
        ("status", "2021H1", "--nonsense"),
        ("status", "2021H1", "2021H2"),
        ("waive", "rank_held_once", "2021H1"),
        ("diff", "Hà Nam", "2021H1", "--version", "một"),
        ("check", str(tmp_path / "không có.xlsx")),
        ("template", "2021H1", "--province", "Hà Tây", "--out", str(tmp_path)),
        ("status", "tháng sáu"),
    ):
        result = here(*arguments)
        assert result.returncode == 2, (arguments, result.stderr)
        assert result.stderr.startswith("Lỗi: ") and "Error" not in result.stderr


def test_a_file_where_a_folder_is_meant_is_wrong_use(thidua: Thidua, tmp_path: Path) -> None:
    file = tmp_path / "tệp"
    file.touch()
    for arguments in (("template", "2021H1", "--out", str(file)), ("run", "2021H1", "--home", str(file))):
        result = thidua(*arguments)
        assert result.returncode == 2, result.stderr
        assert "là một tệp" in result.stderr and "Traceback" not in result.stderr


def test_what_the_machine_refuses_is_said_plainly(thidua: Thidua) -> None:
    result = thidua("template", "2021H1", "--out", "/proc/khong/duoc")
    assert result.returncode == 1
    assert "Máy không cho đọc hoặc ghi" in result.stderr and "Traceback" not in result.stderr


def test_no_return_found_is_no_failure_and_home_goes_before_the_environment(
    thidua: Thidua, home: Path, tmp_path: Path
) -> None:
    empty, other = tmp_path / "trống", tmp_path / "khác"
    empty.mkdir()
    other.mkdir()
    shutil.copy(home / "server.json", other)
    result = thidua("run", "2021H2", "--returns", str(empty), "--home", str(other))
    assert result.returncode == 0, result.stderr
    assert "Chưa gửi" in result.stdout
    assert (other / "published" / "warehouse.duckdb").exists()
    assert not (home / "warehouse.duckdb").exists()


def test_check_tells_findings_as_json(thidua: Thidua) -> None:
    result = thidua("check", str(next((EXAMPLES / "Ninh Bình").glob("*.xlsx"))), "--json")
    assert result.returncode == 3
    rows = json.loads(result.stdout)
    assert list(rows[0]) == [
        "period_code",
        "province_code",
        "rule_code",
        "severity",
        "indicator_code",
        "sheet",
        "cell",
        "observed",
        "expected",
        "message",
    ]
    critical = [row for row in rows if row["severity"] == "critical"]
    assert [(row["province_code"], row["rule_code"], row["cell"]) for row in critical] == [
        ("37", "parts_sum_to_total", "D8")
    ]
    assert "bỏ qua" in result.stderr


def test_check_of_a_good_return_ends_with_nought(here: Thidua) -> None:
    result = here("check", str(next((EXAMPLES / "Quảng Ninh").glob("*.xlsx"))))
    assert result.returncode == 0, result.stderr
    assert "Quảng Ninh" in result.stdout


def test_a_file_that_is_no_return_is_critical(here: Thidua, tmp_path: Path) -> None:
    for name, content in (("a.xlsx", b""), ("b.xlsx", b"PK\x03\x04xx"), ("c.pdf", b"%PDF-1.7"), ("d.txt", b"xin chao")):
        path = tmp_path / name
        path.write_bytes(content)
        result = here("check", str(path), "--json")
        assert result.returncode == 3, result.stderr
        assert [row["severity"] for row in json.loads(result.stdout)] == ["critical"]


def test_a_name_that_is_no_utf8_is_shown_with_question_marks(thidua: Thidua, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"bi\xff\xfeu.csv")
    path.write_text("xin chao")
    result = thidua("check", str(path))
    assert result.returncode == 3, result.stderr
    assert "bi??u.csv" in result.stdout


def test_template_for_one_and_for_all(here: Thidua, tmp_path: Path) -> None:
    assert here("template", "2021H1", "--province", "33", "--out", str(tmp_path / "một")).returncode == 0
    assert [p.name for p in (tmp_path / "một").iterdir()] == ["hung-yen_2021H1.xlsx"]
    assert here("template", "2025H2", "--out", str(tmp_path / "cả")).returncode == 0
    assert len(list((tmp_path / "cả").iterdir())) == 7
