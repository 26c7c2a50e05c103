"""The marked copy: comments on the very words, and not a letter of the text, nor its look, changed."""

from __future__ import annotations

import io
import zipfile

import docx
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from publications.office.marked_report import AUTHOR, make_document, mark_document
from transforms.prose.proofreading import Audit, Remark
from transforms.prose.report_text import read_report

SUMMARY = "3 số: 2 khớp, 1 khác"


def save(document: Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def remark(data: bytes, raw: str, message: str, weight: str = "change", nth: int = 0) -> Remark:
    """What is said of the nth place where some words stand."""
    found = [(b, p) for b in read_report(data) for p in range(len(b.text)) if b.text.startswith(raw, p)]
    block, start = found[nth]
    return Remark("differs", weight, block.number, start, start + len(raw), raw, block.place, message)  # type: ignore[arg-type]


def audit(*remarks: Remark) -> Audit:
    return Audit("2021H1", remarks, 0)


def marked(data: bytes, *remarks: Remark) -> Document:
    """The marked copy, after it was made sure that text and look are those of the original."""
    made = mark_document(data, audit(*remarks), SUMMARY)
    assert read_report(made) == read_report(data)
    before, after = looks(docx.Document(io.BytesIO(data))), looks(docx.Document(io.BytesIO(made)))
    assert before == after
    return docx.Document(io.BytesIO(made))


def looks(document: Document) -> list[tuple[str, bytes]]:
    """Every letter of the body with how it is set."""
    return [
        (letter, b"" if run.rPr is None else run.rPr.xml.encode())
        for run in document.element.iter(qn("w:r"))
        for text in run.iter(qn("w:t"))
        for letter in text.text or ""
    ]


def anchored(document: Document) -> dict[str, str]:
    """The words that each comment hangs on, by what it says."""
    found = {}
    for comment in document.comments:
        start = next(
            e for e in document.element.iter(qn("w:commentRangeStart")) if e.get(qn("w:id")) == str(comment.comment_id)
        )
        words, element = "", start.getnext()
        while element.tag != qn("w:commentRangeEnd") or element.get(qn("w:id")) != start.get(qn("w:id")):
            words += "".join(t.text or "" for t in element.iter(qn("w:t")))
            element = element.getnext()
        found["\n".join(p.text for p in comment.paragraphs)] = words
        assert comment.author == AUTHOR
    return found


def test_comments_hang_on_the_very_words_and_the_first_tells_the_result() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Bắc Ninh có 1.120, Hà Nam có ")
    for text in ("38", "6 doanh ", "nghiệp"):
        paragraph.add_run(text).bold = text != "38"
    data = save(document)
    found = anchored(marked(data, remark(data, "1.120", "một"), remark(data, "386", "hai", "doubt")))
    assert found.pop(SUMMARY)
    assert found == {"Phải sửa: một": "1.120", "Cần xem lại: hai": "386"}


def test_words_that_begin_or_end_a_run_or_stand_beside_breaks() -> None:
    document = docx.Document()
    run = document.add_paragraph().add_run("61/81")
    run.add_tab()
    run.add_text("75,30%")
    run.add_break()
    run.add_text("8,1%")
    run.italic = True
    data = save(document)
    remarks = [remark(data, raw, raw, "info") for raw in ("61/81", "75,30%", "8,1%")]
    found = anchored(marked(data, *remarks))
    assert {k.removeprefix("Để biết: "): v for k, v in found.items() if k != SUMMARY} == {r.raw: r.raw for r in remarks}


def test_two_remarks_on_the_same_words_are_one_comment() -> None:
    document = docx.Document()
    document.add_paragraph("có 61/81 huyện")
    data = save(document)
    found = anchored(marked(data, remark(data, "61/81", "tử"), remark(data, "61/81", "mẫu", "doubt")))
    assert found["Phải sửa: tử\nCần xem lại: mẫu"] == "61/81"


def test_a_copy_marked_again_has_the_new_comments_and_those_of_people() -> None:
    document = docx.Document()
    document.add_comment(document.add_paragraph("có 386 đơn vị").runs, "Lan hỏi", "Lan", "L")
    data = save(document)
    first = mark_document(data, audit(remark(data, "386", "cũ")), SUMMARY)
    again = mark_document(first, audit(remark(first, "386", "mới")), SUMMARY)
    comments = docx.Document(io.BytesIO(again)).comments
    assert {"\n".join(p.text for p in c.paragraphs) for c in comments} == {"Lan hỏi", "Phải sửa: mới", SUMMARY}
    assert read_report(again) == read_report(data)


def test_cells_insertions_and_words_repeated_are_found() -> None:
    document = docx.Document()
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "9,5%"
    table.cell(0, 1).text = "9,5%"
    paragraph = document.add_paragraph("Hà Nam tăng ")
    paragraph._p.append(parse_xml(f"<w:ins {nsdecls('w')} w:id='9'><w:r><w:t>17,25%</w:t></w:r></w:ins>"))
    data = save(document)
    found = anchored(marked(data, remark(data, "9,5%", "ô", nth=1), remark(data, "17,25", "mới")))
    assert found["Phải sửa: ô"] == "9,5%" and found["Phải sửa: mới"] == "17,25"


def test_what_stands_in_a_note_is_said_at_its_reference() -> None:
    document = docx.Document()
    document.add_paragraph("Cả Cụm có 5.824 doanh nghiệp")
    words = "<w:p><w:r><w:t>Tính cả 67 chi nhánh</w:t></w:r></w:p>"
    note = f"<w:footnotes {nsdecls('w')}><w:footnote w:id='2'>{words}</w:footnote></w:footnotes>"
    document.paragraphs[0]._p.append(parse_xml(f"<w:r {nsdecls('w')}><w:footnoteReference w:id='2'/></w:r>"))
    data = with_part(save(document), "footnotes", note)
    assert [b.place for b in read_report(data)] == ["đoạn 1", "chú thích 1"]
    copy = marked(data, remark(data, "67", "sai"))
    assert "Phải sửa: sai" in anchored(copy)


def with_part(data: bytes, name: str, part: str) -> bytes:
    """A document with a part more, as Word itself would have it."""
    kind = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{name}"
    content = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{name}+xml"
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for member in source.namelist():
            text = source.read(member)
            if member == "word/_rels/document.xml.rels":
                relation = f'<Relationship Id="rId99" Type="{kind}" Target="{name}.xml"/></Relationships>'
                text = text.replace(b"</Relationships>", relation.encode())
            if member == "[Content_Types].xml":
                text = text.replace(
                    b"</Types>", f'<Override PartName="/word/{name}.xml" ContentType="{content}"/></Types>'.encode()
                )
            target.writestr(member, text)
        target.writestr(f"word/{name}.xml", part)
    return out.getvalue()


def test_a_text_becomes_a_document_with_its_text_tables_and_comments() -> None:
    data = "# I. Kết quả\n\nHà Nam tăng 16%\n\n| Tỉnh | GRDP |\n|---|---|\n| Hà Nam | 10,4% |\n".encode()
    blocks = read_report(data, "a.md")
    made = make_document(blocks, audit(remark(data, "10,4%", "sai")), SUMMARY)
    assert [(b.text, b.is_heading) for b in read_report(made)] == [(b.text, b.is_heading) for b in blocks]
    found = anchored(docx.Document(io.BytesIO(made)))
    assert found["Phải sửa: sai"] == "10,4%" and SUMMARY in found
