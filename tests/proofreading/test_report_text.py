"""A report's file into blocks: what people see is read, letter by letter, and nothing else."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from writers import encode_legacy, rewrite_zip

from transforms.prose.claims import TextBlock
from transforms.prose.report_text import read_report
from transforms.sheets import UnreadableFileError

EXAMPLES = Path(__file__).parents[2] / "examples"


def save(document: Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def read(text: str) -> list[str]:
    return [block.text for block in read_report(text.encode(), "bao-cao.md")]


def places(blocks: tuple[TextBlock, ...]) -> list[tuple[str, str]]:
    return [(block.place, block.text) for block in blocks]


# --- Word ------------------------------------------------------------------------------------------------------


def test_paragraphs_headings_and_list_items_come_in_their_order() -> None:
    document = docx.Document()
    document.add_heading("1. Doanh nghiệp", level=1)
    document.add_paragraph("Bắc Ninh có 1.120 doanh nghiệp.")
    document.add_paragraph("")
    document.add_paragraph("Hà Nam có 386 doanh nghiệp;", style="List Bullet")
    blocks = read_report(save(document))
    assert places(blocks) == [
        ("đoạn 1", "1. Doanh nghiệp"),
        ("đoạn 2", "Bắc Ninh có 1.120 doanh nghiệp."),
        ("đoạn 3", "Hà Nam có 386 doanh nghiệp;"),
    ]
    assert [b.is_heading for b in blocks] == [True, False, False]
    assert [b.number for b in blocks] == [0, 1, 2]


def test_a_number_cut_into_runs_is_one_number() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Cả Cụm có 5")
    for text in (".8", "24", "\u00a0doanh nghiệp"):
        paragraph.add_run(text).bold = True
    assert read_report(save(document))[0].text == "Cả Cụm có 5.824 doanh nghiệp"


def test_cells_are_blocks_and_nested_tables_follow_their_cell() -> None:
    document = docx.Document()
    table = document.add_table(2, 2)
    for cell, text in zip((c for row in table.rows for c in row.cells), ("Tỉnh", "Số", "Hà Nam", ""), strict=True):
        cell.text = text
    table.cell(1, 1).add_table(1, 1).cell(0, 0).text = "386"
    document.add_paragraph("Hết.")
    assert places(read_report(save(document))) == [
        ("bảng 1, dòng 1, cột 1", "Tỉnh"),
        ("bảng 1, dòng 1, cột 2", "Số"),
        ("bảng 1, dòng 2, cột 1", "Hà Nam"),
        ("bảng 2, dòng 1, cột 1", "386"),
        ("đoạn 1", "Hết."),
    ]


@pytest.mark.parametrize(
    ("first", "second", "goes_on"),
    [
        ("Thái Bình có 260/260 xã NTM", "(đạt 100%), 07/07 huyện đạt chuẩn", True),
        ("các tỉnh đã chú trọng quan", "tâm chỉ đạo, đến nay còn 2,1% hộ nghèo", True),
        ("Hà Nam có 386 doanh nghiệp.", "trong đó 12 chi nhánh", False),
        ("Kết quả như sau:", "tăng 8%", False),
        ("Nơi nhận", "- Lưu: VT, 02 bản", False),
        ("Hà Nam có 386,", "Nam Định có 400 doanh nghiệp", True),
    ],
)
def test_a_sentence_that_a_page_break_cut_goes_on(first: str, second: str, goes_on: bool) -> None:
    document = docx.Document()
    document.add_paragraph(first)
    document.add_paragraph(second)
    assert [b.continues for b in read_report(save(document))] == [False, goes_on]


def test_deleted_and_hidden_words_are_not_read_and_inserted_ones_are() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Hà Nam tăng ")
    for mark, text, value in (("del", "delText", "16%"), ("ins", "t", "17%")):
        paragraph._p.append(
            parse_xml(f"<w:{mark} {nsdecls('w')} w:id='1'><w:r><w:{text}>{value}</w:{text}></w:r></w:{mark}>")
        )
    paragraph.add_run(" 99").font.hidden = True
    paragraph.add_run("1").font.superscript = True
    assert read_report(save(document))[0].text == "Hà Nam tăng 17%"


@pytest.mark.parametrize(("encoding", "font"), [("tcvn3", ".VnTime"), ("vni", "VNI-Times")])
def test_old_fonts_are_read_as_they_look(encoding: str, font: str) -> None:
    text = "Tỉnh Hưng Yên có 9.100 tỷ đồng thu ngân sách"
    document = docx.Document()
    document.add_paragraph().add_run(encode_legacy(text, encoding).decode("cp1252")).font.name = font
    assert read_report(save(document))[0].text == text


# --- Markdown and plain text -----------------------------------------------------------------------------------


def test_marks_of_markdown_are_no_text() -> None:
    assert read(
        "## **2. Kết quả**\n\n- *Hà Nam* đạt **16%**;\n1. `Thu`: [9.100](https://a.example) tỷ<sup>1</sup> đồng[^2]\n"
        "> Cụm có 5\\*6 đơn vị &amp; 3 khối<br>mới\n\n***\n<!-- 12 -->\n"
    ) == ["2. Kết quả", "Hà Nam đạt 16%;", "1. Thu: 9.100 tỷ đồng", "Cụm có 5*6 đơn vị & 3 khối mới"]


def test_a_table_of_markdown_is_read_cell_by_cell() -> None:
    blocks = read_report("| Tỉnh | GRDP |\n|---|--:|\n| Hà Nam | **10,4%** |\n".encode(), "a.md")
    assert places(blocks) == [
        ("bảng 1, dòng 1, cột 1", "Tỉnh"),
        ("bảng 1, dòng 1, cột 2", "GRDP"),
        ("bảng 1, dòng 2, cột 1", "Hà Nam"),
        ("bảng 1, dòng 2, cột 2", "10,4%"),
    ]


def test_a_wrapped_line_goes_on_and_is_named_by_its_number() -> None:
    blocks = read_report("Sáu tháng đầu năm, các tỉnh trong Cụm thi đua có 5.824\nDoanh nghiệp\n\n100 hộ".encode())
    assert [(b.place, b.continues) for b in blocks] == [("dòng 1", False), ("dòng 2", True), ("dòng 4", False)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "tcvn3"])
def test_any_encoding_is_read(encoding: str) -> None:
    text = "Tỉnh Hưng Yên có 9.100 tỷ đồng thu ngân sách nhà nước trên địa bàn"
    data = encode_legacy(text, encoding) if encoding == "tcvn3" else text.encode(encoding)
    assert read_report(data)[0].text == text


# --- what is no report -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "tệp rỗng"),
        (b"   \n ", "tệp rỗng"),
        (b"\0" * 64, "byte 0"),
        (b"%PDF-1.7\n", "PDF"),
        (b"{\\rtf1 a}", "RTF"),
        (b"\x89PNG\r\n\x1a\n123", "ảnh"),
        (b"PK\x03\x04 and then nothing", "hỏng"),
        (b"<html><body>5</body></html>", "trang web"),
        ("Không có số nào ở đây.".encode(), "không có con số nào"),
        (b"\xff\xfe\x00\x01\x02\x03" * 9, "không phải báo cáo"),
    ],
)
def test_what_is_no_report_is_refused_with_what_to_do(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableFileError, match=words):
        read_report(data, "bao-cao.docx")


def test_a_workbook_is_no_report() -> None:
    data = (EXAMPLES / "returns" / "Hà Nam" / "ha-nam_2021H1.xlsx").read_bytes()
    with pytest.raises(UnreadableFileError, match=r"Excel.*\.docx"):
        read_report(data)


def test_a_hostile_document_is_refused_and_not_unpacked() -> None:
    document = docx.Document()
    document.add_paragraph("5")
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>'
    with pytest.raises(UnreadableFileError, match="không mở được an toàn"):
        read_report(rewrite_zip(save(document), {"word/document.xml": bomb}))


def test_paragraphs_nested_without_end_are_refused() -> None:
    deep = "<w:sdt><w:sdtContent>" * 2000 + "<w:p/>" + "</w:sdtContent></w:sdt>" * 2000
    body = f"<w:document {nsdecls('w')}><w:body>{deep}</w:body></w:document>".encode()
    with pytest.raises(UnreadableFileError):
        read_report(rewrite_zip(save(docx.Document()), {"word/document.xml": body}))
