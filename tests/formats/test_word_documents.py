"""Word documents as offices write them: merged and nested tables, tracked changes, text boxes, old fonts."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from writers import encode_legacy, fill, rewrite_zip, save, write_docx

from catalogue.load import load_catalogue
from transforms.observation import Reading
from transforms.reading import read_return
from transforms.sheets import TEXT_SHEET, Workbook
from transforms.workbook import read_workbook

CATALOGUE = load_catalogue()
HEADER = ["Chỉ tiêu", "Đơn vị tính", "Giá trị"]
TABLE = [HEADER, ["Tốc độ tăng tổng sản phẩm trên địa bàn (GRDP)", "%", "5,75"]]


def read(document: Document) -> Workbook:
    return read_workbook(save(document))


def texts(workbook: Workbook, sheet: str) -> dict[str, str]:
    return {cell.address: cell.raw for cell in workbook.cells[sheet].values()}


def insert(parent: Any, xml: str) -> None:
    parent.append(parse_xml(re.sub(r"^<w:\w+", lambda tag: f"{tag[0]} {nsdecls('w')}", xml)))


def test_a_merged_cell_stands_once_at_its_top_left() -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=4)
    fill(table, [[f"{row}{column}" for column in "abcd"] for row in "123"])
    for first, last, text in (((0, 0), (1, 0), "cao"), ((0, 1), (0, 3), "rộng"), ((1, 1), (2, 2), "khối")):
        table.cell(*first).merge(table.cell(*last)).text = text
    assert texts(read(document), "Bảng 1") == {
        "A1": "cao",
        "B1": "rộng",
        "B2": "khối",
        "D2": "2d",
        "A3": "3a",
        "D3": "3d",
    }


def test_rows_that_begin_later_keep_their_columns() -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=3)
    fill(table, [["a", "b", "c"], ["d", "e", "f"]])
    row = table.rows[1]._tr
    row.remove(row.tc_lst[0])
    insert(row.get_or_add_trPr(), '<w:gridBefore w:val="1"/>')
    assert texts(read(document), "Bảng 1") == {"A1": "a", "B1": "b", "C1": "c", "B2": "e", "C2": "f"}


def test_nested_tables_are_sheets_of_their_own() -> None:
    document = docx.Document()
    outer = document.add_table(rows=1, cols=2)
    outer.cell(0, 0).text = "ngoài"
    fill(outer.cell(0, 1).add_table(rows=1, cols=2), [["trong", "1"]])
    fill(document.add_table(rows=1, cols=1), [["sau"]])
    workbook = read(document)
    assert workbook.sheets == (TEXT_SHEET, "Bảng 1", "Bảng 2", "Bảng 3")
    assert [texts(workbook, f"Bảng {n}") for n in (1, 2, 3)] == [
        {"A1": "ngoài"},
        {"A1": "trong", "B1": "1"},
        {"A1": "sau"},
    ]


def test_several_paragraphs_of_a_cell_are_one_text() -> None:
    document = docx.Document()
    cell = document.add_table(rows=1, cols=1).cell(0, 0)
    cell.text = "145"
    cell.add_paragraph("(ước)")
    assert texts(read(document), "Bảng 1") == {"A1": "145 (ước)"}


def test_what_a_reader_sees_is_read_and_what_was_struck_is_not() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Tổng số xã: ")._p
    insert(paragraph, "<w:del><w:r><w:delText>144</w:delText></w:r></w:del>")
    insert(paragraph, "<w:ins><w:r><w:t>145</w:t></w:r></w:ins>")
    body = document.element.body
    insert(body, "<w:sdt><w:sdtContent><w:p><w:r><w:t>Trong ô điều khiển</w:t></w:r></w:p></w:sdtContent></w:sdt>")
    box = "<w:txbxContent><w:p><w:r><w:t>Trong hộp chữ</w:t></w:r></w:p></w:txbxContent>"
    insert(body, f"<w:p><w:r><w:pict>{box}</w:pict></w:r></w:p>")
    assert texts(read(document), TEXT_SHEET) == {
        "A1": "Tổng số xã:",
        "B1": "145",
        "A2": "Trong ô điều khiển",
        "A3": "Trong hộp chữ",
    }


def test_headers_and_footers_are_read() -> None:
    document = docx.Document()
    document.add_paragraph("Thân")
    document.sections[0].header.paragraphs[0].text = "UBND tỉnh Hưng Yên"
    assert texts(read(document), TEXT_SHEET) == {"A1": "Thân", "A2": "UBND tỉnh Hưng Yên"}


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
@pytest.mark.parametrize("place", ["run", "style"])
def test_old_fonts_are_read_as_they_look(encoding: str, place: str) -> None:
    text, font = "Tổng số xã được công nhận", {"tcvn3": ".VnTime", "vni": "VNI-Times"}[encoding]
    document = docx.Document()
    if place == "style":
        document.styles["Normal"].font.name = font
    for parent in (document, document.add_table(rows=1, cols=1).cell(0, 0)):
        run = parent.add_paragraph().add_run(encode_legacy(text, encoding).decode("cp1252"))
        if place == "run":
            run.font.name = font
    workbook = read(document)
    assert [texts(workbook, sheet) for sheet in workbook.sheets] == [{"A1": text}, {"A1": text}]


def test_a_strict_document_is_read_alike() -> None:
    data = write_docx([("Bảng", TABLE)])
    strict = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            part = archive.read(name)
            for old, new in (
                (
                    b"schemas.openxmlformats.org/wordprocessingml/2006/main",
                    b"purl.oclc.org/ooxml/wordprocessingml/main",
                ),
                (
                    b"schemas.openxmlformats.org/officeDocument/2006/relationships",
                    b"purl.oclc.org/ooxml/officeDocument/relationships",
                ),
            ):
                part = part.replace(old, new)
            strict[name] = part
    assert read_workbook(rewrite_zip(data, strict)).cells == read_workbook(data).cells


# --- province and period ---------------------------------------------------------------------------------------


def told(*before: str) -> Reading:
    return read_return(CATALOGUE, write_docx([("Kinh tế", TABLE)], before))


@pytest.mark.parametrize(
    ("before", "province_id", "period_code", "from_text"),
    [
        (["Đơn vị báo cáo: Hưng Yên", "Kỳ báo cáo: 2021H1"], "hung-yen", "2021H1", 0),
        (["Đơn vị báo cáo:\tUBND tỉnh Nam Định", "Kỳ: 6 tháng đầu năm 2021"], "nam-dinh", "2021H1", 0),
        (
            ["UBND TỈNH HƯNG YÊN", "Kết quả 6 tháng đầu năm 2021; nhiệm vụ 6 tháng cuối năm 2021"],
            "hung-yen",
            "2021H1",
            2,
        ),
        (["UBND TỈNH HƯNG YÊN", "Kính gửi: UBND tỉnh Nam Định", "6 tháng đầu năm 2021"], "hung-yen", "2021H1", 2),
        (
            ["UBND TỈNH HƯNG YÊN", "Kính gửi:", "- UBND tỉnh Nam Định;", "- UBND tỉnh Hà Nam.", "6 tháng đầu năm 2021"],
            "hung-yen",
            "2021H1",
            2,
        ),
        (["Báo cáo 06 tháng cuối năm 2020 của tỉnh Thái Bình"], "thai-binh", "2020H2", 2),
        (["Cụm thi đua các tỉnh Đồng bằng sông Hồng, 6 tháng đầu năm 2021"], "", "2021H1", 1),
    ],
)
def test_province_and_period_are_found(before: list[str], province_id: str, period_code: str, from_text: int) -> None:
    reading = told(*before)
    assert (reading.province_id, reading.period_code) == (province_id, period_code)
    assert [p.rule_code for p in reading.problems].count("cover_from_text") == from_text


def test_a_document_that_names_no_half_year_is_refused() -> None:
    assert [p.rule_code for p in told("UBND tỉnh Hưng Yên", "năm 2021").problems] == ["period_unknown"]


def test_figures_in_sentences_are_not_read_and_that_is_said() -> None:
    reading = told("UBND tỉnh Hưng Yên", "6 tháng đầu năm 2021", "Toàn tỉnh có 145 xã đạt chuẩn.")
    found = [p for p in reading.problems if p.rule_code == "cell_unclaimed"]
    assert [(p.sheet, p.cell, p.observed) for p in found] == [(TEXT_SHEET, "A3", "Toàn tỉnh có 145 xã đạt chuẩn.")]
