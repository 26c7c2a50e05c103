"""Files are put in place whole: never half of one, and nothing beside it afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.whole_files import put_file


def test_a_file_is_put_in_place_with_its_folder_and_an_equal_one_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "nhà" / "trang.html"
    put_file(file, "Hưng Yên")
    first = file.stat()
    half = file.with_name(".trang.html.tmp")
    half.write_text("Hưng")  # as a kill would leave it
    put_file(file, "Hưng Yên")
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (first.st_ino, first.st_mtime_ns)
    assert list(file.parent.iterdir()) == [file]
    put_file(file, "Hà Nam".encode())
    assert file.read_text(encoding="utf-8") == "Hà Nam"
    assert list(file.parent.iterdir()) == [file]


def test_who_reads_keeps_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "trang.html"
    put_file(file, "cũ")
    with file.open(encoding="utf-8") as reading:
        put_file(file, "mới")
        assert reading.read() == "cũ"


def test_where_the_folder_takes_nothing_the_old_file_stays(tmp_path: Path) -> None:
    file = tmp_path / "trang.html"
    put_file(file, "cũ")
    file.with_name(".trang.html.tmp").mkdir()
    with pytest.raises(OSError):
        put_file(file, "mới")
    assert file.read_text(encoding="utf-8") == "cũ"
