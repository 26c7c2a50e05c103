"""The shell of `thidua sql`: what it shows, offers, exports and refuses; new copies; Ctrl-C on a real terminal."""

from __future__ import annotations

import csv
import os
import pty
import select
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from flows.command_line import cli
from flows.desk.sql_completion import SqlCompleter, read_vocabulary
from flows.desk.sql_screen import NOTHING, draw, show_value
from flows.desk.sql_shell import NEW_COPY, Shell
from flows.desk.sql_words import read_command
from warehouse import WarehouseError
from warehouse.reader import PublishedReader, StoppedError

THIDUA = [str(Path(sys.executable).with_name("thidua")), "sql"]
JOBS = "SELECT province_name, value FROM observations WHERE indicator_code = 'new_jobs' AND value > 0 ORDER BY value"


def copy_of(home: Path) -> Path:
    return home / "published" / "warehouse.duckdb"


@pytest.fixture
def shell(home: Path) -> Iterator[Shell]:
    with PublishedReader(copy_of(home)) as reader:
        yield Shell(reader, is_terminal=False)


def test_numbers_and_dates_are_vietnamese_and_nothing_is_no_zero() -> None:
    assert [show_value(v) for v in (Decimal("19044.4000"), 0, None, True, -1.5)] == ["19.044,4", "0", "∅", "có", "−1,5"]
    lines, is_cut = draw(["nam", "so"], [(2021, Decimal(1)), (2022, None)], 80)
    assert [line.split() for line in lines[2:]] == [["2021", "1"], ["2022", NOTHING]]
    assert not is_cut
    assert draw(["chu"], [("x" * 200,)], 80)[1]
    assert draw([f"cot{n}" for n in range(60)], [tuple(range(60))], 80)[0][0] == "── dòng 1 ──"


def test_questions_are_answered_and_what_is_wrong_is_said(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    assert shell.answer(JOBS + ";") is False
    out = capsys.readouterr().out
    assert "19.044,4" in out and "(2 dòng, " in out
    for text, said in {
        "SELECT * FROM obervations;": "có phải “observations” không?",
        "SELECT valeu FROM observations;": "không có cột nào tên “valeu”",
        "DROP TABLE dim_unit;": "chỉ chạy được một câu SELECT",
        "FROM read_text('/etc/hostname');": "không đọc, không ghi được tệp nào",
        ".nonsense": ".tro giup",
        ".mo ta observation": "Có phải: observations",
        ".xuat x.xlsx": "Hỏi một câu SQL trước",
    }.items():
        assert shell.answer(text) is False
        assert said in capsys.readouterr().out, text
    shell.answer("SELECT range FROM range(500)")
    assert "mới hiện 200 dòng đầu, còn nữa" in capsys.readouterr().out
    shell.answer(".dong 1.000")
    shell.answer(".dong 500")
    shell.answer("SELECT range FROM range(500)")
    assert "(500 dòng" in capsys.readouterr().out
    assert shell.answer(".thoát") is True


def test_everything_tells_what_it_means(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    shell.answer(".bảng")
    listed = capsys.readouterr().out
    assert "standing_findings(period)" in listed and "observations" in listed and "dim_indicator" in listed
    shell.answer(".mô tả observations")
    assert "Mã chỉ tiêu" in capsys.readouterr().out
    shell.answer(".mo ta standing_findings(")
    assert "Ví dụ: SELECT" in capsys.readouterr().out
    shell.answer(".chi tieu việc làm")
    assert "new_jobs" in capsys.readouterr().out
    for command in (".don vi", ".ky", ".tro giup"):
        shell.answer(command)
        assert capsys.readouterr().out.strip()
    assert read_command(".mo ta  x") == ("describe", "x") and read_command(".zzz") is None


def test_a_result_is_written_whole_in_every_format(
    shell: Shell, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sql = "SELECT province_id, value, received_at, is_estimated, '=1+1' AS text, NULL AS gap FROM observations"
    shell.most = 1
    shell.answer(sql + " WHERE value IS NOT NULL ORDER BY value DESC;")
    for kind in ("csv", "xlsx", "parquet", "json"):
        shell.answer(f".xuat {tmp_path}/kq.{kind}")
        assert "Đã ghi 3 dòng" in capsys.readouterr().out
    with (tmp_path / "kq.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert (rows[0]["value"], rows[0]["text"], rows[0]["gap"]) == ("19044.4", "'=1+1", "")
    sheet = openpyxl.load_workbook(tmp_path / "kq.xlsx").active
    assert sheet is not None
    assert (sheet["B2"].value, sheet["E2"].data_type, sheet["E2"].value) == (19044.4, "s", "=1+1")
    table = pq.read_table(tmp_path / "kq.parquet")
    assert table["value"].to_pylist()[0] == Decimal("19044.4") and table.num_rows == 3
    assert '"value": 19044.4' in (tmp_path / "kq.json").read_text(encoding="utf-8")
    shell.answer(f".xuat {tmp_path}/none/kq.csv")
    shell.answer(f".xuat {tmp_path}/kq.doc")
    shell.answer(f".xuat {shell.reader.path}")
    assert capsys.readouterr().out.count("Lỗi: ") == 3
    assert sorted(p.name for p in tmp_path.iterdir()) == ["kq.csv", "kq.json", "kq.parquet", "kq.xlsx"]


def test_tab_offers_columns_codes_macros_and_commands(home: Path) -> None:
    with PublishedReader(copy_of(home)) as reader:
        completer = SqlCompleter(read_vocabulary(reader))

    def offered(text: str) -> list[str]:
        return [c.text for c in completer.get_completions(Document(text), CompleteEvent())]

    assert offered("SELECT * FROM obs") == ["observations"]
    assert "province_name" in offered("SELECT prov")
    assert "new_jobs" in offered("FROM observations WHERE indicator_code = 'new_j")
    assert "Hưng Yên" in offered("WHERE province_name = 'hung")
    assert "standing_findings(" in offered("FROM standing")
    assert offered(".m") == [".mo ta "] and offered(".mo ta obs") == ["observations"]
    assert offered("SELECT ") == []


def test_a_copy_published_meanwhile_is_used_by_the_next_question(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "warehouse.duckdb"
    shutil.copyfile(copy_of(home), path)
    shell = Shell(PublishedReader(path), is_terminal=False)
    shell.answer("SELECT 1 AS truoc;")
    assert NEW_COPY not in capsys.readouterr().out
    with duckdb.connect(str(tmp_path / "new.duckdb")) as other:
        other.execute("CREATE TABLE sau AS SELECT 42 AS so")
    (tmp_path / "new.duckdb").replace(path)
    shell.answer("FROM sau;")
    said = capsys.readouterr().out
    assert NEW_COPY in said and "42" in said
    shell.answer("FROM sau;")
    assert NEW_COPY not in capsys.readouterr().out
    shell.reader.close()


def test_a_question_can_be_stopped_and_takes_no_more_memory_than_allowed(home: Path) -> None:
    with PublishedReader(copy_of(home), memory="100MB") as reader:
        threading.Timer(0.3, reader.stop).start()
        with pytest.raises(StoppedError):
            reader.ask("SELECT count(*) FROM range(1000000000000)", 1)
        with pytest.raises(WarehouseError, match="nhiều bộ nhớ hơn mức cho phép"):
            reader.ask("SELECT list(range) FROM range(100000000)", 1)
        assert reader.ask("SELECT 1", 1).rows == [(1,)]


def test_one_question_by_command_in_every_format(home: Path, tmp_path: Path) -> None:
    def run(*arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(cli, ["sql", *arguments, "--home", str(home)], input=typed)

    assert run(JOBS, "--format", "csv").stdout == "\ufeffprovince_name,value\nHà Nam,9000\nHưng Yên,19044.4\n"
    assert run(JOBS, "--out", str(tmp_path / "a.parquet")).exit_code == 0
    assert pq.read_table(tmp_path / "a.parquet").num_rows == 2
    assert run(JOBS, "--format", "xlsx").exit_code == 2
    typed = f"{JOBS};\n.xuat {tmp_path}/b.csv\n"
    assert "19.044,4" in run(typed=typed).stdout
    assert (tmp_path / "b.csv").exists()


def test_on_a_terminal_there_are_history_completion_and_ctrl_c(home: Path, tmp_path: Path) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a run of tests in the background has it ignored
        os.environ |= {"XDG_STATE_HOME": str(tmp_path), "TERM": "xterm", "COLUMNS": "120", "LINES": "40"}
        os.execv(THIDUA[0], [*THIDUA, "--home", str(home)])
    seen = ""

    def wait_for(text: str) -> None:
        nonlocal seen
        until = time.monotonic() + 30
        while text not in seen:
            assert time.monotonic() < until, seen
            if select.select([terminal], [], [], 0.2)[0]:
                part = os.read(terminal, 65536).decode(errors="replace")
                seen += part
                if "\x1b[6n" in part:  # it asks where the cursor is, as terminals are asked
                    os.write(terminal, b"\x1b[1;1R")
        seen = ""

    try:
        wait_for("thidua>")
        os.write(terminal, b"SELECT value\r")
        wait_for("…>")
        os.write(terminal, b"FROM obs\t")
        wait_for("ervations")
        os.write(terminal, b" WHERE value > 9000;\r")
        wait_for("19.044,4")
        os.write(terminal, b"SELECT count(*) FROM range(1000000000000);\r")
        time.sleep(1.5)
        os.write(terminal, b"\x03")
        wait_for("Đã dừng.")
        os.write(terminal, b".thoat\r")
        until = time.monotonic() + 20
        while os.waitpid(pid, os.WNOHANG) == (0, 0):
            assert time.monotonic() < until
            with suppress(OSError):  # nobody is at the other end any more
                if select.select([terminal], [], [], 0.1)[0]:
                    os.read(terminal, 65536)
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        raise
    finally:
        os.close(terminal)
    kept = tmp_path / "thidua" / "sql-history"
    assert "FROM observations WHERE value > 9000;" in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o077 == 0
