"""Files made to do harm are refused in time, with a reason; nothing is unpacked to a disk or looked up elsewhere."""

from __future__ import annotations

import io
import struct
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from sheet_writers import write_xls
from writers import rewrite_zip, save, write_csv, write_docx, write_xlsb, write_zip

from transforms import archive_safety, delimited, workbook
from transforms.sheets import UnreadableFileError
from transforms.workbook import read_workbook

ROOT = Path(__file__).parents[2]
RETURN = (ROOT / "examples/returns/Hưng Yên/hung-yen_2021H1.xlsx").read_bytes()
SHEET = "xl/worksheets/sheet3.xml"
MEGABYTE = 1024**2
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def refused(data: bytes, reason: str, within: float = 5) -> None:
    began = time.monotonic()
    with pytest.raises(UnreadableFileError, match=reason):
        read_workbook(data)
    assert time.monotonic() - began < within


# --- archives --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def zeros() -> bytes:
    return b"<a>" + b" " * (64 * MEGABYTE) + b"</a>"


def test_a_member_that_grows_beyond_reason(zeros: bytes) -> None:
    refused(rewrite_zip(RETURN, {"xl/media/image1.xml": zeros}), "giải nén ra lớn bất thường")


def test_many_members_that_grow_together() -> None:
    text = bytes(range(256)) * 16 * 1024  # 4 MB, shrinks less than the ratio that alone is suspicious
    data = rewrite_zip(RETURN, {f"xl/media/{n}.bin": text for n in range(80)})
    refused(data, "giải nén ra lớn bất thường")


def test_too_many_members() -> None:
    data = rewrite_zip(RETURN, {f"xl/{n}": b"" for n in range(archive_safety.MAX_MEMBERS + 1)})
    refused(data, "bất thường|hỏng")


def test_a_directory_that_lies_about_sizes(zeros: bytes) -> None:
    """The directory says 10 bytes; the piecewise count finds more."""
    data = bytearray(rewrite_zip(RETURN, {"xl/media/a.xml": zeros, "xl/media/pad.bin": _noise(400_000)}))
    for signature, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = data.find(b"xl/media/a.xml")
        while place >= 0:
            start = place - (46 if signature == b"PK\x01\x02" else 30)
            if data[start : start + 4] == signature:
                data[start + at : start + at + 4] = struct.pack("<I", 10)
            place = data.find(b"xl/media/a.xml", place + 1)
    refused(bytes(data), "cấu trúc nén bất thường")


def _noise(size: int) -> bytes:
    import random

    return random.Random(1).randbytes(size)


def test_members_that_share_their_bytes() -> None:
    stream = io.BytesIO(RETURN)
    with zipfile.ZipFile(stream, "a") as archive:
        first = max(archive.infolist(), key=lambda m: m.compress_size)
        for n in range(60):
            twin = zipfile.ZipInfo(f"xl/twin{n}")
            for name in ("header_offset", "compress_size", "file_size", "CRC", "compress_type"):
                setattr(twin, name, getattr(first, name))
            archive.filelist.append(twin)
            archive._didModify = True  # type: ignore[attr-defined]
    refused(stream.getvalue(), "cấu trúc nén bất thường")


def test_a_compression_that_office_does_not_know() -> None:
    stream = io.BytesIO(RETURN)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("xl/media/x", b"x" * 1000)
    refused(stream.getvalue(), "cấu trúc nén bất thường")


def test_a_member_with_a_password() -> None:
    data = bytearray(RETURN)
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    refused(bytes(data), "mật khẩu")


def test_an_archive_in_an_archive_is_not_opened(zeros: bytes) -> None:
    inner = write_zip({"a.xml": zeros})
    for _ in range(3):
        inner = write_zip({f"{n}.zip": inner for n in range(10)})
    refused(inner, "tệp là tệp nén", within=1)
    carried = rewrite_zip(RETURN, {"xl/embeddings/a.zip": write_zip({"a.xml": zeros})})
    assert read_workbook(carried).cells == read_workbook(RETURN).cells


@pytest.fixture
def opened() -> Iterator[list[tuple[str, Any]]]:
    """What the process opens for writing, or asks the network, while a test runs."""
    seen: list[tuple[str, Any]] = []
    is_watching = True

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if not is_watching:
            return
        if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
            seen.append((event, arguments[0]))
        elif event in ("socket.connect", "socket.getaddrinfo", "os.mkdir", "os.rename", "subprocess.Popen"):
            seen.append((event, arguments))

    sys.addaudithook(watch)
    yield seen
    is_watching = False


@pytest.mark.parametrize("name", ["../../../outside.txt", "/tmp/outside.txt", "..\\outside.txt", "C:/outside.txt"])
def test_names_that_point_elsewhere_write_nothing(name: str, opened: list[tuple[str, Any]]) -> None:
    for data in (RETURN, write_docx([("Bảng", [["a", "b"]])])):
        changed = rewrite_zip(data, {name: b"x", "xl/worksheets/../../../outside.xml": b"<a/>"})
        assert read_workbook(changed).cells == read_workbook(data).cells
    assert opened == []


# --- XML -------------------------------------------------------------------------------------------------------

LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE a [<!ENTITY a0 "ha">{LAUGHS}]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
REMOTE = '<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd">'
HIDDEN = "<!-- <a> -->" + "<!-- " + "x" * 10_000 + " -->" + BOMB
declarations = pytest.mark.parametrize("declared", [BOMB, OUTSIDE, REMOTE, HIDDEN], ids=["bomb", "file", "net", "late"])


def declare(xml: bytes, declared: str, encoding: str = "utf-8") -> bytes:
    text = xml.decode("utf-8")
    body = text.partition("?>")[2] if text.startswith("<?xml") else text
    return f'<?xml version="1.0" encoding="{encoding}"?>{declared}{body}'.encode(encoding)


@declarations
@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/sharedStrings.xml", SHEET, "xl/styles.xml"])
def test_a_workbook_with_entities(declared: str, name: str, opened: list[tuple[str, Any]]) -> None:
    refused(rewrite_zip(RETURN, {name: declare(part(RETURN, name), declared)}), "DTD")
    assert opened == []


@declarations
def test_a_document_with_entities(declared: str, opened: list[tuple[str, Any]]) -> None:
    data = write_docx([("Bảng", [["a", "b"]])])
    for encoding in ("utf-8", "utf-16"):
        refused(
            rewrite_zip(data, {"word/document.xml": declare(part(data, "word/document.xml"), declared, encoding)}),
            "DTD",
        )
    assert opened == []


def test_a_document_that_names_a_remote_template(opened: list[tuple[str, Any]]) -> None:
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
        'Target="http://192.0.2.1/a.dotm" TargetMode="External"/></Relationships>'
    )
    data = write_docx([("Bảng", [["a", "b"]])])
    changed = rewrite_zip(data, {"word/_rels/settings.xml.rels": relation.encode()})
    assert read_workbook(changed).cells == read_workbook(data).cells
    assert opened == []


# --- sizes -----------------------------------------------------------------------------------------------------


def test_a_filled_cell_at_the_far_corner() -> None:
    xml = part(RETURN, SHEET).replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    refused(rewrite_zip(RETURN, {SHEET: xml}), "XFD1048576")


def test_a_binary_sheet_of_absurd_size() -> None:
    refused(write_xlsb({"A": {(0, 0): "x", (1_048_575, 16_383): "y"}}), "rộng bất thường")


def test_an_old_sheet_of_absurd_size() -> None:
    refused(write_xls({"A": {(0, 0): "x", (65_535, 255): "y"}}), "rộng bất thường", within=30)


@pytest.mark.parametrize(
    "row",
    [
        '<t:table-row t:number-rows-repeated="99999"><t:table-cell t:number-columns-repeated="999" {}/></t:table-row>',
        '<t:table-row t:number-rows-repeated="999999999"><t:table-cell {0}/><t:table-cell {0}/></t:table-row>',
        '<t:table-row><t:table-cell t:number-columns-repeated="99999999" {}/></t:table-row>',
    ],
)
def test_an_open_document_that_repeats_cells(row: str) -> None:
    names = "urn:oasis:names:tc:opendocument:xmlns:"
    value = 'o:value-type="float" o:value="1"'
    content = (
        f'<o:document-content xmlns:o="{names}office:1.0" xmlns:t="{names}table:1.0"><o:body><o:spreadsheet>'
        f'<t:table t:name="A">{row.format(value)}</t:table>'
        "</o:spreadsheet></o:body></o:document-content>"
    )
    refused(write_zip({"mimetype": ODS_TYPE, "content.xml": content}), "rộng bất thường")


def test_a_text_of_a_million_lines() -> None:
    refused(b"x;1\r\n" * 1_000_000, f"{delimited.MAX_RECORDS} dòng")


def test_a_line_of_a_million_fields() -> None:
    refused(b"x;" * 1_000_000 + b"y", "rộng bất thường")


def test_a_field_without_end() -> None:
    refused(b'a;b\r\n"' + b"x" * 300_000, "dài bất thường")


def test_a_table_with_an_absurd_span() -> None:
    document = docx.Document()
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "a", "b"
    table.cell(0, 0)._tc.grid_span = 5_000
    refused(save(document), "rộng bất thường")


def test_tables_nested_without_end() -> None:
    opening = "<w:tbl><w:tr><w:tc>"
    xml = f'<w:document xmlns:w="w"><w:body>{opening * 5_000}{"</w:tc></w:tr></w:tbl>" * 5_000}</w:body></w:document>'
    data = write_docx([])
    refused(rewrite_zip(data, {"word/document.xml": xml.encode()}), "lồng nhau")
    xml = f'<w:document xmlns:w="w"><w:body>{"<w:sdt>" * 5_000}{"</w:sdt>" * 5_000}</w:body></w:document>'
    refused(rewrite_zip(data, {"word/document.xml": xml.encode()}), "lồng nhau")


def test_a_part_that_hides_its_root_behind_a_comment() -> None:
    """A megabyte of comment is looked through, so that nothing is declared behind it."""
    xml = part(RETURN, "xl/styles.xml").partition(b"?>")[2]
    for length, is_declared in ((50_000, False), (50_000, True)):
        late = b"<!--" + b"x" * length + b"-->" + (BOMB.encode() if is_declared else b"") + xml
        data = rewrite_zip(RETURN, {"xl/styles.xml": late})
        if is_declared:
            refused(data, "DTD")
        else:
            assert read_workbook(data).cells == read_workbook(RETURN).cells


def test_formulas_in_a_text_stay_texts() -> None:
    grid = [["=cmd|'/c calc'!A1", "@SUM(1)"], ["+1", "-1"]]
    cells = read_workbook(write_csv(grid, ";")).cells["csv"]
    assert [c.raw for c in cells.values()] == [text for row in grid for text in row]
    assert {c.kind for c in cells.values()} == {"text"}


def test_a_sheet_that_is_filled_without_end_is_refused_with_what_to_leave_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_FILLED", 40)
    refused(RETURN, "hơn 40 ô ghi nội dung.*hãy chỉ gửi biểu báo cáo")
