"""Whatever is no readable return is rejected, in a child process, with a critical finding that a person understands."""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable
from functools import cache

import openpyxl
import pytest
from mutations import CATALOGUE, changed, patched, real_return, values
from mutations import read as read_here

from catalogue import DATA
from expectations.judgement import judge_alone
from flows.reading.pool import ReadingPool
from transforms.observation import Reading
from transforms.reading import hash_bytes

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ECONOMY = "D. Kinh tế"


def _zip(members: dict[str, bytes], data: bytes = b"") -> bytes:
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _without(part: str) -> bytes:
    source = zipfile.ZipFile(io.BytesIO(real_return()))
    return _zip({name: source.read(name) for name in source.namelist() if name != part})


@cache
def _bomb() -> bytes:
    """A workbook with a sheet of half a gigabyte of spaces, in half a megabyte."""
    source = zipfile.ZipFile(io.BytesIO(real_return()))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            if name != "xl/worksheets/sheet3.xml":
                archive.writestr(name, source.read(name))
        with archive.open("xl/worksheets/sheet3.xml", "w", force_zip64=True) as member:
            for _ in range(64):
                member.write(b" " * (8 << 20))
    return stream.getvalue()


def _lying_bomb() -> bytes:
    """The same, with headers that call each member small."""
    data = bytearray(_bomb())
    for match in list(re.finditer(rb"PK\x01\x02", bytes(data))):
        size = struct.unpack_from("<I", data, match.start() + 24)[0]
        if size > 100 << 20:
            struct.pack_into("<I", data, match.start() + 24, 1000)
    return bytes(data)


def _far_corner() -> bytes:
    return changed(real_return(), lambda book: book[ECONOMY].__setitem__("XFD1048576", 1))


def _entities() -> bytes:
    declared = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    source = zipfile.ZipFile(io.BytesIO(real_return()))
    members = {name: source.read(name) for name in source.namelist()}
    text = members["xl/workbook.xml"].decode()
    members["xl/workbook.xml"] = text.replace("?>", f"?>{declared}", 1).encode()
    return _zip(members)


def _noise(count: int) -> bytes:
    return random.Random(1).randbytes(count)


def _empty_workbook() -> bytes:
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    return stream.getvalue()


BROKEN: dict[str, bytes | Callable[[], bytes]] = {  # what takes long to make is made where it is read
    "empty": b"",
    "one byte": b"P",
    "spaces": b"   \n",
    "text": "Báo cáo 6 tháng đầu năm".encode(),
    "html": b"<html><table><tr><td>1</td></tr></table></html>",
    "noise": _noise(4096),
    "half a workbook": real_return()[: len(real_return()) // 2],
    "a workbook without its end": real_return()[:-30],
    "zip of a text": _zip({"ghi-chu.txt": b"12"}),
    "empty zip": _zip({}),
    "word document": _zip({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}),
    "no list of sheets": _without("xl/workbook.xml"),
    "old Excel, noise inside": OLE + _noise(20000),
    "old Excel, cut": OLE + b"\0" * 1016,
    "encrypted": OLE + b"\0" * 2000 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 2000,
    "bomb": _bomb,
    "lying bomb": _lying_bomb,
    "far corner": _far_corner,
    "another workbook": _empty_workbook,
    "pdf": b"%PDF-1.7\n" + _noise(2000),
}


READABLE = {"another workbook", "text", "one byte"}  # as a workbook or as lines of text, but of no return


@pytest.fixture(scope="module")
def readings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reading]:
    """All broken files read by one pool, a good one among them."""
    folder = tmp_path_factory.mktemp("broken")
    files = []
    for name, made in {**BROKEN, "good": real_return()}.items():
        data = made() if callable(made) else made
        path = folder / f"{name}.xlsx"
        path.write_bytes(data)
        files.append((path, hash_bytes(data)))
    with ReadingPool(DATA, workers=1, memory_limit=2 << 30) as pool:
        return dict(zip((*BROKEN, "good"), pool.read(files), strict=True))


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_rejected_with_its_reason(name: str, readings: dict[str, Reading]) -> None:
    reading = readings[name]
    assert reading.is_rejected
    assert reading.observations == ()
    expected = "file_not_a_return" if name in READABLE else "file_unreadable"
    assert [p.rule_code for p in reading.problems] == [expected]
    [found] = judge_alone(CATALOGUE, reading, "tệp.xlsx")
    assert found.severity == "critical"
    assert "tệp.xlsx" in found.message
    assert reading.problems[0].detail in found.message
    assert not re.search(r"Error|Exception|Traceback|0x|None", found.message)


def test_the_others_go_on(readings: dict[str, Reading]) -> None:
    assert values(readings["good"]) == values(read_here(real_return()))


def test_declared_entities_change_no_figure() -> None:
    reading = read_here(_entities())
    assert reading.is_rejected or values(reading) == values(read_here(real_return()))


def test_parts_that_are_not_needed_may_be_missing() -> None:
    for part in ("docProps/core.xml", "docProps/app.xml", "xl/theme/theme1.xml"):
        assert values(read_here(_without(part))) == values(read_here(real_return()))


def test_a_sheet_that_is_no_xml_rejects_the_file() -> None:
    data = patched(real_return(), ECONOMY, lambda xml: xml[: len(xml) // 2])
    reading = read_here(data)
    assert reading.is_rejected or values(reading) == values(read_here(real_return()))
