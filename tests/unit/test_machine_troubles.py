"""What is wrong with the machine is said as what, where and what to do; never as a traceback."""

from __future__ import annotations

import errno
import logging
import sqlite3
from pathlib import Path

import duckdb
import httpx
import pytest
from sqlalchemy.exc import OperationalError

from flows import failure
from flows.telling.machine_troubles import say_server_trouble, say_trouble
from warehouse import Warehouse, WarehouseBusyError, WarehouseDamagedError

HOME = Path("/srv/nha")


def _wrapped(text: str) -> OperationalError:
    return OperationalError("COMMIT", None, duckdb.TransactionException(text))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/srv/nha/x"), ("Ổ đĩa không đủ chỗ", "/srv/nha/x")),
        (OSError(errno.ENOSPC, "No space left on device"), ("Ổ đĩa không đủ chỗ", "/srv/nha")),
        (
            _wrapped('Failed to commit: Could not write file "/srv/nha/warehouse.duckdb.wal": No space left on device'),
            ("Ổ đĩa không đủ chỗ", "“/srv/nha/warehouse.duckdb.wal”"),
        ),
        (sqlite3.OperationalError("database or disk is full"), ("Ổ đĩa không đủ chỗ", "/srv/nha")),
        (PermissionError(errno.EACCES, "Permission denied", "/srv/nha/y"), ("không có quyền", "/srv/nha/y")),
        (OSError(errno.EROFS, "Read-only file system", "/srv/nha/y"), ("chỉ cho đọc", "/srv/nha/y")),
        (OSError(errno.EIO, "Input/output error", "/srv/nha/y"), ("sắp hỏng", "/srv/nha/y")),
        (OSError(errno.EMFILE, "Too many open files", "/srv/nha/y"), ("quá nhiều tệp", "/srv/nha/y")),
        (MemoryError(), ("hết bộ nhớ",)),
        (IsADirectoryError(errno.EISDIR, "Is a directory", "/srv/nha/run.lock"), ("thư mục", "/srv/nha/run.lock")),
        (WarehouseBusyError(HOME / "w.duckdb", "is open"), ("Chương trình khác đang mở", "/srv/nha/w.duckdb")),
        (
            duckdb.IOException("Corrupt database file: computed checksum 5 does not match"),
            ("hỏng", "/srv/nha/warehouse.duckdb"),
        ),
        (httpx.ConnectError("All connection attempts failed"), ("Máy chủ Prefect", "thidua down")),
        (WarehouseDamagedError(HOME / "w.duckdb", "revision 9", is_newer=True), ("mới hơn", "revision 9")),
    ],
)
def test_a_trouble_of_the_machine_says_what_and_where(error: Exception, said: tuple[str, ...]) -> None:
    words = say_trouble(error, HOME)
    assert all(part in words for part in said), words
    outer = RuntimeError("nothing of this")
    outer.__cause__ = error
    if not isinstance(error, IsADirectoryError):
        assert say_trouble(outer, HOME) == words


def test_what_is_no_trouble_of_the_machine_is_not_called_one() -> None:
    for error in (ValueError("No space left on device"), OSError("đĩa hết chỗ"), KeyError("x"), _wrapped("Binder")):
        assert say_trouble(error, HOME) == ""


def test_a_damaged_warehouse_is_mended_by_the_line_that_the_message_gives(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes(b"not a database" * 1000)
    with pytest.raises(WarehouseDamagedError) as raised:
        Warehouse.open(path)
    assert "thidua restore" in say_trouble(raised.value) and "cp " not in say_trouble(raised.value)
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / path.name).touch()
    words = say_trouble(raised.value)
    assert f"mv {path} {path}.hong; cp {tmp_path}/published/{path.name} {path}\n" in words


def test_a_damaged_block_is_not_taken_for_a_lock(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    connection = duckdb.connect(path)
    connection.execute("CREATE TABLE t AS SELECT range AS n FROM range(400000)")
    connection.close()
    content = bytearray(path.read_bytes())
    content[12288:] = b"\x5a" * (len(content) - 12288)
    path.write_bytes(bytes(content))
    with pytest.raises(WarehouseDamagedError):
        Warehouse.open(path)


def test_an_error_that_is_only_logged_is_a_line_and_its_traceback_a_file(tmp_path: Path) -> None:
    failure.note_places(tmp_path, tmp_path)
    lines = failure.ProgressLines()
    for error, said in ((OSError(errno.ENOSPC, "No space"), "không đủ chỗ"), (ZeroDivisionError("chia"), "chia")):
        record = logging.makeLogRecord({"msg": "không ghi được", "exc_info": (type(error), error, None)})
        line = lines.format(record)
        assert "không ghi được: " in line and said in line and "Traceback" not in line
    assert len(list((tmp_path / "errors").glob("*.txt"))) == 1


def test_a_server_that_does_not_start_is_explained_by_its_log(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    assert say_server_trouble(log) == ""
    log.write_text("OSError: [Errno 28] No space left on device\n")
    assert "Ổ đĩa không đủ chỗ" in say_server_trouble(log)
    log.write_text("sqlite3.DatabaseError: file is not a database\n")
    assert f"mv {tmp_path}/prefect.db {tmp_path}/prefect.db.hong; rm" in say_server_trouble(log)
    log.write_text("ImportError: something of ours\n")
    assert say_server_trouble(log) == ""


def test_an_error_of_our_program_keeps_its_traceback_in_a_file_and_says_where(tmp_path: Path) -> None:
    failure.note_places(tmp_path, tmp_path)
    try:
        raise ZeroDivisionError("một chia không")
    except ZeroDivisionError as error:
        words = failure.say_end(error)
    (kept,) = (tmp_path / "errors").glob("*.txt")
    assert str(kept) in words and "Traceback" not in words and "một chia không" in words
    assert "Traceback" in kept.read_text(encoding="utf-8")
