"""Files of every format: those that are read, and those that are answered with what to send instead."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import openpyxl
from conversions import as_lines, as_report, as_xlsb, as_xlsm
from papers import TITLE, rows_of, write_csv, write_docx, write_xlsx
from settling import settle
from writers import rewrite_zip, write_compound, write_zip
from writers import write_csv as write_lines

from transforms.workbook import read_workbook

# A return on the form as it was in 2021: kept, so that the corpus stays as it is when the form changes.
FORM = (Path(__file__).parent / "files" / "formats" / "form.xlsx").read_bytes()
TABLE = """
TT | Nội dung | ĐVT | Thực hiện
1 | Tổng số xã | xã | 139
2 | Thu ngân sách nhà nước | tỷ đồng | 9200.5
3 | Tỷ lệ hộ nghèo | % | 2.5
"""
PAPER = [*([line] for line in TITLE), *rows_of(TABLE)]
LINES = [*([line] for line in TITLE), *rows_of(TABLE.replace("9200.5", "'9.200,5").replace("2.5", "'2,5"))]
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."


def paper() -> bytes:
    """The small table that most cases are made of, as .xlsx."""
    return write_xlsx({"Biểu": PAPER})


def make() -> Iterator[tuple[str, bytes]]:
    """(path in the corpus, content) of every file of this part."""
    for name, data in (*_read(), *_refused()):
        yield f"formats/{name}", settle(data)


def _read() -> Iterator[tuple[str, bytes]]:
    book = read_workbook(FORM)
    lines = as_lines(book)
    yield "form.xlsm", as_xlsm(FORM)
    yield "form.xlsb", as_xlsb(book)
    yield "form.docx", as_report(book)
    yield "form-utf8-bom-semicolons.csv", write_lines(lines, ";", "utf-8-sig")
    yield "form-utf8-commas.csv", write_lines(lines, ",", "utf-8")
    yield "form-utf16-tabs.tsv", write_lines(lines, "\t", "utf-16-le-sig")
    yield "form-utf16-no-mark.csv", write_lines(lines, ";", "utf-16-be")
    yield "form-windows-1258.csv", write_lines(lines, ";", "cp1258")
    yield "form-bars.csv", write_lines(lines, "|", "utf-8")
    yield "protected-against-editing.xlsx", _protected()
    yield "strict.xlsx", _strict()
    yield "table.csv", write_csv(LINES)
    yield "table-decimal-points.csv", _with_points()
    yield "table-separator-line.csv", b"sep=;\r\n" + write_csv(LINES)[3:]
    yield "table.docx", write_docx(TITLE, rows_of(TABLE.replace("9200.5", "'9.200,5").replace("2.5", "'2,5")))
    yield "workbook-named-word.docx", paper()
    yield "workbook-named-old.xls", paper()
    yield "text-named-workbook.xlsx", write_csv(LINES)
    yield "word-named-old.doc", write_docx(TITLE, rows_of(TABLE.replace("9200.5", "'9.200,5").replace("2.5", "'2,5")))
    yield "workbook-without-ending", paper()
    yield "workbook-named-picture.png", paper()


def _protected() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(paper()))
    book.security = openpyxl.workbook.protection.WorkbookProtection(workbookPassword="1234", lockStructure=True)
    for sheet in book:
        sheet.protection.set_password("1234")
        sheet.protection.enable()
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _strict() -> bytes:
    """As Excel saves "Strict Open XML": other namespaces, the rest alike."""
    import zipfile

    changes: dict[str, bytes | None] = {}
    with zipfile.ZipFile(io.BytesIO(paper())) as archive:
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
    return rewrite_zip(paper(), changes)


def _with_points() -> bytes:
    """What an English program exports: commas divide, points are decimal marks."""
    rows = [["" if value is None else str(value) for value in row] for row in PAPER]
    rows.append(["4", "Tổng vốn đầu tư toàn xã hội", "tỷ đồng", "18126.25"])
    return write_lines([row + [""] * (4 - len(row)) for row in rows], ",")


def _refused() -> Iterator[tuple[str, bytes]]:
    yield "nothing.xlsx", b""
    yield "white-space.csv", b" \r\n\t\r\n"
    yield "zeros.xlsx", bytes(4096)
    yield "word-97.doc", write_compound({"WordDocument": b"x", "1Table": b"y"})
    yield "slides.ppt", write_compound({"PowerPoint Document": b"x"})
    yield "mail.msg", write_compound({"__properties_version1.0": b"x"})
    yield "package-with-a-password.xlsx", write_compound({"EncryptionInfo": b"1", "EncryptedPackage": b"2"})
    begin = b"\x09\x08\x10\0\0\x06\x05\0" + bytes(12)
    yield "locked.xls", write_compound({"Workbook": begin + b"\x2f\0\x36\0" + bytes(54)})
    yield "excel-4.xls", b"\x09\x04\x06\x00" + bytes(60)
    yield "text.odt", write_zip({"mimetype": OPEN_DOCUMENT + "text", "content.xml": "<a/>"})
    yield "slides.pptx", write_zip({"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p/>"})
    yield "report.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n"
    yield "report.rtf", b"{\\rtf1\\ansi T\\u7881? l\\u7879? h\\u7897? ngh\\u232?o: 2,5%\\par}"
    yield "scan.png", _png()
    yield "scan.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xd9"
    yield "scan.tif", b"II*\0\x08\0\0\0\0\0\0\0\0\0"
    yield "photo.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
    yield "packed.zip", write_zip({"biểu.xlsx": settle(paper())})
    yield "packed.rar", b"Rar!\x1a\x07\x01\0" + bytes(40)
    yield "web-page.xls", "<html><body><table><tr><td>Tổng số xã</td><td>139</td></tr></table></body></html>".encode()
    yield (
        "xml-2003.xls",
        (
            b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
            b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
        ),
    )
    yield "data.xml", b'<?xml version="1.0"?><data/>'
    yield "program.xlsx", b"\x7fELF" + bytes(range(256)) * 8


def _png() -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
