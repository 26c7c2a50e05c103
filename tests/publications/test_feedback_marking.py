"""A unit's workbook comes back marked and otherwise as it was: what it says, how it looks, what it is made of."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from answered import CATALOGUE, FOUND, NEW_RURAL, SOCIETY, explain, feedback, finding, form
from openpyxl.comments import Comment
from openpyxl.workbook.protection import WorkbookProtection

from publications.feedback import render_feedback
from publications.feedback.sheet_tints import SIGN, remove_tints
from transforms.reading import read_return

TODO = CATALOGUE.form.feedback.todo_sheet
EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "returns").glob("*/*.xlsx"))


def marked(data: bytes, **facts: object) -> bytes:
    files = {f.kind: f for f in render_feedback(feedback(data, **facts))}
    return files["biểu đã đánh dấu"].data


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def answer() -> bytes:
    return marked(form())


def test_doubtful_cells_are_tinted_by_severity_and_say_what_is_wrong(answer: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(answer))
    tints = {
        str(block.sqref): block.rules[0]
        for block in book[SOCIETY].conditional_formatting
        if block.rules[0].formula == [SIGN]
    }
    assert set(tints) == {"D8"} and tints["D8"].dxf.fill.bgColor.rgb == "FFFF9B9B"
    comment = book[SOCIETY]["D8"].comment
    assert comment is not None and comment.author == CATALOGUE.form.feedback.author
    for words in (
        "PHẢI SỬA – Tổng khác các phần cộng lại",
        "ghi 91",
        "D8, D9, D10, D11, D12",
        "Đề xuất: 19",
        "việc số 1",
    ):
        assert words in comment.text
    assert book[NEW_RURAL]["D10"].comment is not None


def test_the_list_comes_first_worst_first_and_leads_to_the_cells(answer: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(answer))
    sheet = book.worksheets[0]
    assert (sheet.title, book.active.title) == (TODO, TODO)
    head, *rows = sheet.iter_rows(min_row=6, values_only=True)
    assert head == tuple(CATALOGUE.form.feedback.columns.values())
    assert [(row[1], row[2], row[3]) for row in rows] == [
        ("Phải sửa", SOCIETY, "D8"),
        ("Sửa hoặc giải trình", NEW_RURAL, "D10"),
        ("Để biết", NEW_RURAL, "D9"),
    ]
    assert sheet["D7"].hyperlink.location == f"'{SOCIETY}'!D8"
    assert sheet.protection.sheet and not sheet["J7"].protection.locked and sheet["G7"].protection.locked
    assert sheet.column_dimensions["L"].hidden and sheet.column_dimensions["M"].hidden
    assert sum(bool(s.sheet_view.tabSelected) for s in book.worksheets) == 1


def test_the_form_looks_and_works_as_it_did(answer: bytes) -> None:
    before, after = (openpyxl.load_workbook(io.BytesIO(data)) for data in (form(), answer))
    assert after.sheetnames[1:] == before.sheetnames
    assert set(after.defined_names) == {*before.defined_names, CATALOGUE.form.feedback.todo_name}
    for sheet in before.worksheets:
        same = after[sheet.title]
        for row in sheet.iter_rows():
            for cell in row:
                other = same[cell.coordinate]
                assert (other.value, other.data_type) == (cell.value, cell.data_type)
                for what in ("font", "fill", "border", "alignment", "protection", "number_format"):
                    assert repr(getattr(other, what)) == repr(getattr(cell, what))
        assert {k: v.width for k, v in same.column_dimensions.items()} == {
            k: v.width for k, v in sheet.column_dimensions.items()
        }
        assert {k: v.height for k, v in same.row_dimensions.items()} == {
            k: v.height for k, v in sheet.row_dimensions.items()
        }
        assert vars(same.protection) == vars(sheet.protection)
        assert [vars(v) for v in same.data_validations.dataValidation] == [
            vars(v) for v in sheet.data_validations.dataValidation
        ]
        for what in ("merged_cells", "print_title_rows", "print_area", "freeze_panes"):
            assert str(getattr(same, what)) == str(getattr(sheet, what))
        ours = [r for block in same.conditional_formatting for r in block.rules if r.formula == [SIGN]]
        theirs = [r for block in same.conditional_formatting for r in block.rules if r.formula != [SIGN]]
        assert len(theirs) == sum(len(block.rules) for block in sheet.conditional_formatting)
        assert max((r.priority for r in ours), default=0) < min((r.priority for r in theirs), default=99)


def test_formulas_stay_and_are_computed_anew(answer: bytes) -> None:
    before, after = (openpyxl.load_workbook(io.BytesIO(data)) for data in (form(), answer))
    formulas = [c.coordinate for row in before[SOCIETY].iter_rows() for c in row if c.data_type == "f"]
    assert formulas and all(after[SOCIETY][a].value == before[SOCIETY][a].value for a in formulas)
    assert after.calculation.fullCalcOnLoad


@pytest.mark.parametrize("path", EXAMPLES, ids=[p.stem for p in EXAMPLES])
def test_a_marked_return_says_what_the_return_says(path: Path) -> None:
    data = path.read_bytes()
    before, after = read_return(CATALOGUE, data), read_return(CATALOGUE, marked(data))
    assert replace(after, sha256=before.sha256, has_list=False) == before


def test_equal_answers_have_equal_bytes(answer: bytes) -> None:
    assert marked(form()) == answer
    assert {m.date_time for m in zipfile.ZipFile(io.BytesIO(answer)).infolist()} == {(1980, 1, 1, 0, 0, 0)}


# --- what other workbooks are made of --------------------------------------------------------------------------


def rich_workbook() -> bytes:
    """A workbook of an office with what programs that write workbooks anew would lose."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("A. Nông thôn mới")
    sheet.write_row(0, 0, ["Chỉ tiêu", "Giá trị"])
    sheet.write_column(1, 1, [3, 5, 8])
    bold = book.add_format({"bold": True})
    sheet.write_rich_string(5, 0, "Ghi chú ", bold, "đậm", " rồi thường")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "='A. Nông thôn mới'!$B$2:$B$4"})
    sheet.insert_chart("D2", chart)
    sheet.insert_textbox("D20", "Hình vẽ của tỉnh")
    sheet.add_sparkline("C2", {"range": "'A. Nông thôn mới'!B2:B4"})
    sheet.conditional_format("B2:B4", {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format("B2:B4", {"type": "cell", "criteria": ">", "value": 4, "format": bold})
    sheet.write_comment("B3", "Cán bộ ghi: số này lấy từ huyện", {"author": "Cán bộ"})
    sheet.add_table("F1:G4", {"name": "Bang"})
    sheet.merge_range("B10:C11", "", bold)
    sheet.set_header("&C&[Picture]", {"image_center": "a.png", "image_data_center": io.BytesIO(_png())})
    other = book.add_worksheet("Phụ lục")
    other.insert_image("A1", "a.png", {"image_data": io.BytesIO(_png())})
    other.select()
    book.define_name("'Phụ lục'!rieng", "='Phụ lục'!$A$1")
    book.close()
    return stream.getvalue()


def _png() -> bytes:
    return bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0"
        "00000301010018dd8db00000000049454e44ae426082"
    )


def rich_findings() -> tuple[object, ...]:
    places = ("B3", "B10", "B4")
    return tuple(finding("figure_unreadable", "ntm_communes_total", sheet=NEW_RURAL, cell=cell) for cell in places)


def test_charts_pictures_shapes_and_what_newer_programs_wrote_are_kept() -> None:
    data = rich_workbook()
    before, after = parts(data), parts(marked(data, findings=rich_findings()))
    touched = {name for name in before if after[name] != before[name]}
    assert touched == {
        "[Content_Types].xml",
        "xl/_rels/workbook.xml.rels",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
        "xl/styles.xml",
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
    }
    assert {n.rpartition("/")[0] for n in before} >= {"xl/charts", "xl/drawings", "xl/media", "xl/tables"}
    assert after["xl/worksheets/sheet2.xml"] == before["xl/worksheets/sheet2.xml"].replace(
        b'tabSelected="1"', b'tabSelected="0"'
    )
    old, new = (
        re.sub(rb' priority="\d+"', b"", p["xl/worksheets/sheet1.xml"].partition(b"<extLst>")[2])
        for p in (before, after)
    )
    assert b"sparkline" in old and b"dataBar" in old and new == old
    assert b'localSheetId="2">\'Ph' in after["xl/workbook.xml"]


def test_marks_can_be_taken_away_again_without_a_trace() -> None:
    before, after = parts(form()), parts(marked(form()))
    plain = remove_tints(after["xl/worksheets/sheet4.xml"])
    assert before["xl/worksheets/sheet4.xml"] == plain


def test_what_an_officer_wrote_in_a_comment_stays_above_ours() -> None:
    data = rich_workbook()
    book = openpyxl.load_workbook(io.BytesIO(marked(data, findings=rich_findings())))
    text = book[NEW_RURAL]["B3"].comment.text
    assert text.startswith("Cán bộ ghi: số này lấy từ huyện\n\nCụm thi đua, kiểm tra lần 01")
    merged = [str(b.sqref) for b in book[NEW_RURAL].conditional_formatting if b.rules[0].formula == [SIGN]]
    assert merged == ["B3 B4 B10:C11"]


def test_a_threaded_conversation_is_left_alone() -> None:
    book = openpyxl.load_workbook(io.BytesIO(form()))
    book[SOCIETY]["D8"].comment = Comment("[Threaded comment]", "tc={11111111-2222-3333-4444-555555555555}")
    stream = io.BytesIO()
    book.save(stream)
    after = openpyxl.load_workbook(io.BytesIO(marked(stream.getvalue())))
    assert after[SOCIETY]["D8"].comment.text == "[Threaded comment]"
    assert after[NEW_RURAL]["D10"].comment is not None


def test_a_program_in_the_workbook_is_kept() -> None:
    from conversions import as_xlsm

    data = as_xlsm(form())
    files = render_feedback(feedback(data, "hà nam.xlsm"))
    book = next(f for f in files if f.kind == "biểu đã đánh dấu")
    assert book.name.endswith(".xlsm")
    assert parts(book.data)["xl/vbaProject.bin"] == parts(data)["xl/vbaProject.bin"]


def test_a_workbook_closed_against_new_sheets_stays_closed() -> None:
    book = openpyxl.load_workbook(io.BytesIO(form()))
    book.security = WorkbookProtection(lockStructure=True)
    stream = io.BytesIO()
    book.save(stream)
    after = openpyxl.load_workbook(io.BytesIO(marked(stream.getvalue())))
    assert after.security.lockStructure and after.sheetnames[0] == TODO


def test_a_signed_workbook_is_not_touched_and_the_list_says_why() -> None:
    stream = io.BytesIO(form())
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("_xmlsignatures/sig1.xml", "<Signature/>")
    files = {f.kind: f for f in render_feedback(feedback(stream.getvalue()))}
    assert "biểu đã đánh dấu" not in files
    assert "chữ ký số" in files["kết quả"].data.decode()
    sheet = openpyxl.load_workbook(io.BytesIO(files["danh sách cần sửa"].data)).worksheets[0]
    assert "chữ ký số" in str(sheet["A3"].value) and sheet["D7"].value == "D8" and sheet["D7"].hyperlink is None


def test_a_sheet_of_theirs_with_the_name_of_ours_stays_theirs() -> None:
    book = openpyxl.load_workbook(io.BytesIO(form()))
    book.create_sheet(TODO)["A1"] = "Việc của tỉnh"
    stream = io.BytesIO()
    book.save(stream)
    after = openpyxl.load_workbook(io.BytesIO(marked(stream.getvalue())))
    assert after.sheetnames[0] == f"{TODO} (2)" and after[TODO]["A1"].value == "Việc của tỉnh"


# --- a marked workbook that comes back -------------------------------------------------------------------------


def test_old_marks_give_way_to_new_ones_and_words_of_the_officer_stay() -> None:
    book = openpyxl.load_workbook(io.BytesIO(marked(form())))
    book[SOCIETY]["D8"].value = 19
    note = book[NEW_RURAL]["D10"].comment
    note.text += "\nTỉnh đang hỏi lại các huyện"
    stream = io.BytesIO()
    book.save(stream)
    found = tuple(f for f in FOUND if f.rule_code == "required_present")
    again = marked(stream.getvalue(), findings=found, mended=FOUND[1:2], version=2)
    after = openpyxl.load_workbook(io.BytesIO(again))
    assert after.sheetnames == book.sheetnames
    assert after[SOCIETY]["D8"].comment is None
    assert not [b for b in after[SOCIETY].conditional_formatting if b.rules[0].formula == [SIGN]]
    text = after[NEW_RURAL]["D10"].comment.text
    assert text.startswith("Tỉnh đang hỏi lại các huyện") and text.count("Cụm thi đua, kiểm tra lần") == 1
    rows = list(after[TODO].iter_rows(min_row=7, values_only=True))
    assert [(row[3], row[10]) for row in rows] == [("D10", "Chưa xử lý"), ("D8", "Đã sửa")]
    assert after[TODO]["E8"].font.strike


def test_texts_that_begin_like_formulas_are_texts() -> None:
    evil = '=cmd|"/C calc"!A0'
    found = (
        finding("cell_unclaimed", sheet=SOCIETY, cell="H7", observed=evil, message=f"Ô ghi “{evil}”.", advice="@x"),
    )
    answer = explain(marked(form(), findings=found), {f"{SOCIETY}!H7": "+1"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer))[TODO]
    assert sheet["F7"].value == evil and {c.data_type for row in sheet["A7:M7"] for c in row} <= {"s", "n"}
    original = parts(marked(form(), findings=found))
    listed = next(d for n, d in original.items() if n.endswith("sheet11.xml"))
    assert b"<f>" not in listed and b'quotePrefix="1"' in original["xl/styles.xml"]
