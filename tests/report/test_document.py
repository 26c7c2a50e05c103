"""The Word document: the rules for official documents in its styles, a bookmark around every figure, equal bytes."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from half_year_marts import MADE_AT, PERIOD, Marts

from catalogue import Catalogue
from publications.labels import SYNTHETIC_BANNER
from publications.report.document import render_document
from publications.report.draft import draft_report
from publications.report.values import Draft, Picture
from publications.standing import Standing
from publications.tables.figures import index_marts
from transforms.figure_marks import read_bookmarks, read_marked_texts

STYLE_ORDER = "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat pPr rPr"
PARAGRAPH_ORDER = "keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs spacing ind jc outlineLvl"
RUN_ORDER = "rFonts b bCs i iCs caps color sz szCs lang"


@pytest.fixture(scope="module")
def opened(document: bytes) -> Document:
    return docx.Document(io.BytesIO(document))


def parts(document: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        return {name: package.read(name) for name in package.namelist()}


def style(opened: Document, name: str) -> Any:
    return next(s for s in opened.styles if s.name == name)


def test_equal_drafts_give_equal_bytes(draft: Draft, document: bytes) -> None:
    assert render_document(draft, MADE_AT) == document
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert package.namelist()[0] == "[Content_Types].xml"


def test_the_page_is_as_decree_30_says(opened: Document) -> None:
    section = opened.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert 20 <= round(section.top_margin.mm) <= 25
    assert 20 <= round(section.bottom_margin.mm) <= 25
    assert 30 <= round(section.left_margin.mm) <= 35
    assert 15 <= round(section.right_margin.mm) <= 20
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    assert "PAGE" not in section.first_page_header._element.xml
    assert style(opened, "Header").element.pPr.find(qn("w:jc")).get(qn("w:val")) == "center"


def test_the_text_is_as_decree_30_says(opened: Document) -> None:
    defaults = opened.styles.element.xml.partition("</w:docDefaults>")[0]
    assert 'w:ascii="Times New Roman"' in defaults
    assert 'w:lang w:val="vi-VN"' in defaults
    assert 'w:sz w:val="28"' in defaults
    body = style(opened, "Body Text").element.pPr
    assert body.find(qn("w:jc")).get(qn("w:val")) == "both"
    assert 567 <= int(body.find(qn("w:ind")).get(qn("w:firstLine"))) <= 720
    for name, size, is_bold in (("Quốc hiệu", 12.5, True), ("Tiêu ngữ", 13.5, True), ("Title", 14, True)):
        assert (style(opened, name).font.size.pt, style(opened, name).font.bold) == (size, is_bold)
    assert style(opened, "Địa danh và ngày tháng").font.italic


def test_a_short_table_is_not_cut_by_the_end_of_a_page(opened: Document) -> None:
    kept = opened.styles["Bảng - giữ liền dòng sau"]
    assert kept.paragraph_format.keep_with_next is True
    tables = [table for table in opened.tables if table.style is not None and table.style.name == "Bảng số liệu"]
    assert tables
    assert all(row.cells[0].paragraphs[0].style == kept for table in tables for row in table.rows[1:])


def test_nothing_is_formatted_by_hand(opened: Document) -> None:
    for paragraph in opened.element.body.iter(qn("w:p")):
        properties = paragraph.find(qn("w:pPr"))
        assert properties is not None
        assert [child.tag for child in properties] in ([qn("w:pStyle")], [qn("w:pStyle"), qn("w:sectPr")])
    known = {s.style_id for s in opened.styles}
    used = {node.get(qn("w:val")) for node in opened.element.body.iter(qn("w:pStyle"), qn("w:tblStyle"))}
    assert used <= known
    assert {child.tag for run in opened.element.body.iter(qn("w:rPr")) for child in run} == set()


def test_the_order_of_elements_is_the_one_that_word_wants(opened: Document) -> None:
    for tag, order in (("w:style", STYLE_ORDER), ("w:pPr", PARAGRAPH_ORDER), ("w:rPr", RUN_ORDER)):
        places = {qn(f"w:{name}"): n for n, name in enumerate(order.split())}
        for node in opened.styles.element.iter(qn(tag)):
            found = [places.get(child.tag, 99) for child in node]
            assert found == sorted(found), node.xml


def test_letterhead_and_end(opened: Document) -> None:
    first, last = opened.tables[0], opened.tables[-1]
    left, right = (cell.text for cell in first.rows[0].cells)
    assert "UBND TỈNH HƯNG YÊN" in left
    assert "DỰ THẢO" in left
    assert right.startswith("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc")
    assert "Hưng Yên, ngày … tháng 7 năm 2021" in right
    recipients, signature = (cell.text for cell in last.rows[0].cells)
    assert recipients.startswith("Nơi nhận:\n- ")
    assert signature.startswith("TM. CỤM THI ĐUA\nCỤM TRƯỞNG\nCHỦ TỊCH UBND TỈNH HƯNG YÊN")
    headings = [p for p in opened.paragraphs if p.style is not None and p.style.name.startswith("Heading")]
    assert {p.style.name for p in headings if p.style is not None} == {"Heading 1", "Heading 2", "Heading 3"}


def test_tables_repeat_their_heads_and_say_what_they_are(opened: Document) -> None:
    tables = opened.tables[1:-1]
    assert len(tables) == 7
    for table in tables:
        first = table.rows[0]._tr.trPr
        assert first is not None
        assert first.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")).startswith("Bảng ")
        assert sum(c.width for c in table.columns if c.width) <= opened.sections[0].page_width


def test_charts_have_words_for_who_does_not_see_them(opened: Document, draft: Draft) -> None:
    pictures = [block for block in draft.blocks if isinstance(block, Picture)]
    about = list(
        opened.element.body.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr")
    )
    assert [node.get("descr") for node in about] == [picture.chart.describe() for picture in pictures]
    assert len({node.get("id") for node in about}) == len(about)


def test_every_figure_stands_in_a_hidden_bookmark_that_resolves(draft: Draft, document: bytes) -> None:
    marks, texts = read_bookmarks(document), read_marked_texts(document)
    assert tuple(marks.values()) == draft.marks
    assert texts == {mark.name: mark.text for mark in draft.marks}
    assert all(re.fullmatch(r"_td_[0-9a-f]{20}_\d{1,4}", name) for name in marks)
    mark = next(m for m in marks.values() if (m.province_id, m.indicator_code) == ("ha-nam", "new_enterprises"))
    assert (mark.period_code, mark.file_name, mark.sheet) == (PERIOD, "ha-nam_2021H1.xlsx", "B")


def test_a_figure_that_was_changed_by_hand_is_seen_by_its_bookmark(draft: Draft, document: bytes) -> None:
    opened = docx.Document(io.BytesIO(document))
    mark = next(m for m in draft.marks if (m.province_id, m.indicator_code) == ("ha-nam", "new_enterprises"))
    start = next(n for n in opened.element.iter(qn("w:bookmarkStart")) if n.get(qn("w:name")) == mark.name)
    start.getnext().find(qn("w:t")).text = "390"
    edited = io.BytesIO()
    opened.save(edited)
    assert read_bookmarks(edited.getvalue())[mark.name] == mark
    assert read_marked_texts(edited.getvalue())[mark.name] == "390"


def test_other_documents_have_no_marks() -> None:
    plain = io.BytesIO()
    docx.Document().save(plain)
    assert read_bookmarks(plain.getvalue()) == {}
    assert read_marked_texts(plain.getvalue()) == {}


def test_a_name_stays_when_other_figures_come(catalogue: Catalogue, marts: Marts, draft: Draft) -> None:
    marts["observations"] = [r for r in marts["observations"] if r["indicator_code"] != "new_branches"]
    fewer = draft_report(index_marts(catalogue, PERIOD, marts))
    assert fewer is not None
    assert {m.name for m in fewer.marks} <= {m.name for m in draft.marks}


def test_it_speaks_vietnamese_and_nothing_leads_outside(document: bytes) -> None:
    found = parts(document)
    assert b"<dc:language>vi-VN</dc:language>" in found["docProps/core.xml"]
    assert b'w:themeFontLang w:val="vi-VN"' in found["word/settings.xml"]
    assert not any(name.startswith("docProps/thumbnail") for name in found)
    for name, data in found.items():
        assert b'TargetMode="External"' not in data, name


def test_final_and_made_up(catalogue: Catalogue, marts: Marts) -> None:
    marts["observations"][0]["source"] = "synthetic"
    draft = draft_report(index_marts(catalogue, PERIOD, marts), Standing(1, is_final=True))
    assert draft is not None
    opened = docx.Document(io.BytesIO(render_document(draft, MADE_AT)))
    assert opened.paragraphs[0].text == SYNTHETIC_BANNER
    assert SYNTHETIC_BANNER in opened.sections[0].footer.paragraphs[0].text
    assert "DỰ THẢO" not in opened.element.xml
