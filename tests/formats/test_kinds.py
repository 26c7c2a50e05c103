"""What a file is, by its content: every kind recognised, every refused one told with what to send instead."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import openpyxl
import pytest
from conversions import as_xlsm
from writers import encode_1258, rewrite_zip, write_compound, write_csv, write_docx, write_xlsb, write_zip

from catalogue.load import load_catalogue
from transforms.file_kind import FileKind, recognise, refuse_unread
from transforms.reading import read_return
from transforms.sheets import UnreadableFileError
from transforms.workbook import read_workbook

CATALOGUE = load_catalogue()
RETURN = (Path(__file__).parents[2] / "examples/returns/Hưng Yên/hung-yen_2021H1.xlsx").read_bytes()
GRID = [["Chỉ tiêu", "Đơn vị tính", "Giá trị"], ["Tổng số xã", "xã", "145"]]


def strict_workbook() -> bytes:
    """As Excel saves "Strict Open XML": other namespaces, the rest alike."""
    import zipfile

    changes = {}
    with zipfile.ZipFile(io.BytesIO(RETURN)) as archive:
        for name in archive.namelist():
            text = archive.read(name)
            for old, new in (
                (b"schemas.openxmlformats.org/spreadsheetml/2006/main", b"purl.oclc.org/ooxml/spreadsheetml/main"),
                (
                    b"schemas.openxmlformats.org/officeDocument/2006/relationships",
                    b"purl.oclc.org/ooxml/officeDocument/relationships",
                ),
            ):
                text = text.replace(old, new)
            changes[name] = text
    return rewrite_zip(RETURN, changes)


def locked_xls() -> bytes:
    """The Excel stream of a file with a password to open begins with its lock."""
    begin = b"\x09\x08\x10\x00" + b"\x00\x06\x05\x00" + bytes(12)
    return write_compound({"Workbook": begin + b"\x2f\x00\x36\x00" + bytes(54)})


def png() -> bytes:
    return b"\x89PNG\r\n\x1a\n" + bytes(4) + b"IHDR" + zlib.compress(b"x" * 500)


OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
SPREADSHEET_XML = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
)
KINDS: list[tuple[str, bytes, FileKind, str]] = [
    # what it is, its bytes, its kind, what the reason has to say ("" for what is read)
    ("xlsx", RETURN, FileKind.XLSX, ""),
    ("xlsx in strict form", strict_workbook(), FileKind.XLSX, ""),
    ("xlsm", as_xlsm(RETURN), FileKind.XLSM, ""),
    ("xlsb", write_xlsb({"A": {(0, 0): "Chỉ tiêu"}}), FileKind.XLSB, ""),
    ("docx", write_docx([("Bảng", GRID)]), FileKind.DOCX, ""),
    ("csv", write_csv(GRID), FileKind.DELIMITED, ""),
    ("csv in Windows-1258", write_csv(GRID, ";", "cp1258"), FileKind.DELIMITED, ""),
    ("csv that begins like a bitmap", b"BM;xa\r\n1;2\r\n", FileKind.DELIMITED, ""),
    ("one line of text", encode_1258("Tổng số xã"), FileKind.DELIMITED, ""),
    ("empty", b"", FileKind.EMPTY, "rỗng"),
    ("white space", b" \r\n\t\r\n", FileKind.EMPTY, "rỗng"),
    ("only zeros", bytes(4096), FileKind.ZEROS, "chép dở dang"),
    ("cut xlsx", RETURN[: len(RETURN) // 2], FileKind.DAMAGED, "cắt cụt"),
    (
        "encrypted xlsx",
        write_compound({"EncryptionInfo": b"1", "EncryptedPackage": b"2"}),
        FileKind.ENCRYPTED,
        "mật khẩu",
    ),
    ("xls with a password", locked_xls(), FileKind.ENCRYPTED, "mật khẩu"),
    ("xls of Excel 4", b"\x09\x04\x06\x00" + bytes(60), FileKind.OLD_EXCEL, "trước 1997"),
    ("doc", write_compound({"WordDocument": b"x", "1Table": b"y"}), FileKind.DOC, ".docx"),
    ("ppt", write_compound({"PowerPoint Document": b"x"}), FileKind.PRESENTATION, "trình chiếu"),
    ("pptx", write_zip({"ppt/presentation.xml": "<p/>"}), FileKind.PRESENTATION, "trình chiếu"),
    ("msg", write_compound({"__properties_version1.0": b"x"}), FileKind.MAIL, "đính kèm"),
    ("another OLE file", write_compound({"Contents": b"x"}), FileKind.OTHER_OLE, "Office đời cũ"),
    ("odt", write_zip({"mimetype": OPEN_DOCUMENT + "text"}), FileKind.TEXT_DOCUMENT, ".docx"),
    (
        "ods with a password",
        write_zip({"mimetype": OPEN_DOCUMENT + "spreadsheet", "META-INF/manifest.xml": "<m:encryption-data/>"}),
        FileKind.ENCRYPTED,
        "mật khẩu",
    ),
    ("pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", FileKind.PDF, "PDF"),
    ("rtf", b"{\\rtf1\\ansi Ch\\u7881?}", FileKind.RTF, "RTF"),
    ("png", png(), FileKind.IMAGE, "ảnh"),
    ("jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0", FileKind.IMAGE, "ảnh"),
    ("gif", b"GIF89a\x01\0\x01\0\x80\0\0", FileKind.IMAGE, "ảnh"),
    ("tiff", b"II*\0\x08\0\0\0", FileKind.IMAGE, "ảnh"),
    ("heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", FileKind.IMAGE, "ảnh"),
    ("webp", b"RIFF\x24\0\0\0WEBPVP8 \x18\0\0\0", FileKind.IMAGE, "ảnh"),
    ("zip", write_zip({"biểu.xlsx": RETURN}), FileKind.ARCHIVE, "giải nén"),
    ("rar", b"Rar!\x1a\x07\x01\0" + bytes(40), FileKind.ARCHIVE, "giải nén"),
    ("7z", b"7z\xbc\xaf\x27\x1c\0\x04" + bytes(40), FileKind.ARCHIVE, "giải nén"),
    ("xml", b'<?xml version="1.0"?><data/>', FileKind.XML, "XML"),
    ("binary", bytes(range(256)) * 8, FileKind.UNKNOWN, "không phải bảng tính"),
    ("text with a zero byte in it", b"Ch\xc3\xa0o;1\0;2\r\n" * 20, FileKind.UNKNOWN, "không phải bảng tính"),
]
each_kind = pytest.mark.parametrize(("data", "kind", "reason"), [k[1:] for k in KINDS], ids=[k[0] for k in KINDS])


@each_kind
def test_is_recognised_by_its_content(data: bytes, kind: FileKind, reason: str) -> None:
    assert recognise(data) is kind


@each_kind
def test_is_read_or_refused_with_its_reason(data: bytes, kind: FileKind, reason: str) -> None:
    if not reason:
        assert read_workbook(data).sheets
        return
    with pytest.raises(UnreadableFileError, match=reason):
        read_workbook(data)
    reading = read_return(CATALOGUE, data)
    assert reading.is_rejected
    assert [p.rule_code for p in reading.problems] == ["file_unreadable"]


def test_every_refused_kind_has_a_reason_of_its_own() -> None:
    reasons = []
    for kind in FileKind:
        try:
            refuse_unread(kind)
        except UnreadableFileError as error:
            reasons.append(str(error))
    assert len(set(reasons)) == len(reasons)
    assert all("hãy" in reason for reason in reasons), "each says what to do"


def test_macros_are_not_run_and_that_is_said() -> None:
    reading = read_return(CATALOGUE, as_xlsm(RETURN))
    original = read_return(CATALOGUE, RETURN)
    assert reading.observations == original.observations
    assert [p.rule_code for p in reading.problems] == ["macros_ignored"]
    assert "macros_ignored" not in [p.rule_code for p in original.problems]


def test_links_to_other_workbooks_are_not_followed_and_that_is_said() -> None:
    link = '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    reading = read_return(CATALOGUE, rewrite_zip(RETURN, {"xl/externalLinks/externalLink1.xml": link.encode()}))
    assert [p.rule_code for p in reading.problems] == ["links_not_followed"]
    assert reading.observations == read_return(CATALOGUE, RETURN).observations


def test_strict_form_says_the_same() -> None:
    assert read_return(CATALOGUE, strict_workbook()).observations == read_return(CATALOGUE, RETURN).observations


def test_protection_against_editing_is_no_lock() -> None:
    book = openpyxl.load_workbook(io.BytesIO(RETURN))
    book.security = openpyxl.workbook.protection.WorkbookProtection(workbookPassword="1234", lockStructure=True)
    for sheet in book:
        sheet.protection.set_password("1234")
        sheet.protection.enable()
    stream = io.BytesIO()
    book.save(stream)
    said = [(o.indicator_code, o.value) for o in read_return(CATALOGUE, stream.getvalue()).observations]
    assert said == [(o.indicator_code, o.value) for o in read_return(CATALOGUE, RETURN).observations]


@pytest.mark.parametrize("size", [8, 40, 512, 1024, 1500])
def test_a_cut_or_lying_container_is_told_before_a_reader_meets_it(size: int) -> None:
    """A reader that believes an impossible table of sectors asks for gigabytes."""
    whole = write_compound({"Workbook": b"\x09\x08"})
    lying = whole[:44] + b"\xff\xff\xff\x7f" + whole[48:]
    for data in (whole[:size], lying[: max(size, 600)]):
        with pytest.raises(UnreadableFileError):
            read_workbook(data)
