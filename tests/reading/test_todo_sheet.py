"""Our to-do list comes back: its explanations are kept, and the figures beside it are those of the return."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from answered import CATALOGUE, FOUND, NEW_RURAL, PERIOD, SOCIETY, UNIT, explain, feedback, form
from conversions import convert_by_libreoffice

from publications.feedback import render_feedback
from transforms.observation import Reading
from transforms.reading import read_return
from transforms.template.blank import render_template

TODO = CATALOGUE.form.feedback.todo_sheet
ANSWERS = {f"{SOCIETY}!D8": "=Số đúng, có cả giải khu vực", f"{NEW_RURAL}!D10": "Huyện chưa báo"}
WANTED = {
    (FOUND[1].finding_id, FOUND[1].figure_hash): "=Số đúng, có cả giải khu vực",
    (FOUND[0].finding_id, FOUND[0].figure_hash): "Huyện chưa báo",
}


def answer_to(data: bytes, file_name: str = "hà nam.xlsx") -> bytes:
    return render_feedback(feedback(data, file_name))[-1].data


def listed_alone() -> bytes:
    return answer_to(b"Ch\xe1\xbb\x89 ti\xc3\xaau;Gi\xc3\xa1 tr\xe1\xbb\x8b\n", "hà nam.csv")


def edit(data: bytes, change: object) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)  # type: ignore[operator]
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def explained(reading: Reading) -> dict[tuple[str, str], str]:
    return {(e.finding_id, e.figure_hash): e.text for e in reading.explanations}


@pytest.fixture(scope="module")
def filled() -> bytes:
    return explain(answer_to(form()), ANSWERS)


def test_a_filled_list_gives_its_explanations_and_the_return_beside_it_is_read_as_before(filled: bytes) -> None:
    before, after = read_return(CATALOGUE, form()), read_return(CATALOGUE, filled)
    assert explained(after) == WANTED
    assert {(e.sheet, e.cell) for e in after.explanations} == {(TODO, "J7"), (TODO, "J8")}
    assert after.has_list and not before.has_list
    assert replace(after, sha256=before.sha256, explanations=(), has_list=False) == before


def test_no_answer_is_no_explanation() -> None:
    reading = read_return(CATALOGUE, answer_to(form()))
    assert reading.explanations == () and not reading.is_reply_only


@pytest.mark.slow
def test_saved_anew_by_another_program_in_any_format(filled: bytes, tmp_path: Path) -> None:
    source = tmp_path / "biểu.xlsx"
    source.write_bytes(filled)
    alone = tmp_path / "riêng.xlsx"
    alone.write_bytes(explain(listed_alone(), ANSWERS))
    values = [(o.indicator_code, o.state, o.value) for o in read_return(CATALOGUE, form()).observations]
    for kind in ("xlsx", "ods", "xls"):
        folder = convert_by_libreoffice([source, alone], kind, tmp_path)
        reading = read_return(CATALOGUE, (folder / f"biểu.{kind}").read_bytes())
        assert explained(reading) == WANTED
        assert [(o.indicator_code, o.state, o.value) for o in reading.observations] == values
        assert {p.rule_code for p in reading.problems} <= {"cells_ignored"}
        reply = read_return(CATALOGUE, (folder / f"riêng.{kind}").read_bytes())
        assert reply.is_reply_only and explained(reply) == WANTED


def test_the_list_alone_is_a_reply_and_no_return() -> None:
    reading = read_return(CATALOGUE, explain(listed_alone(), ANSWERS))
    assert reading.is_reply_only and not reading.is_rejected
    assert (reading.province_id, reading.period_code) == (UNIT, PERIOD)
    assert explained(reading) == WANTED
    assert [(p.rule_code, p.observed) for p in reading.problems] == [("reply_only", "2")]


def test_the_list_alone_with_a_sheet_of_notes_is_a_reply_all_the_same() -> None:
    def add_notes(book: openpyxl.Workbook) -> None:
        book.create_sheet("Sheet2")["A1"] = "ghi nhớ"

    reading = read_return(CATALOGUE, edit(explain(listed_alone(), ANSWERS), add_notes))
    assert reading.is_reply_only and explained(reading) == WANTED


def test_a_renamed_moved_and_sorted_list_is_known_all_the_same(filled: bytes) -> None:
    def disturb(book: openpyxl.Workbook) -> None:
        sheet = book[TODO]
        sheet.title = "viec"
        book.move_sheet(sheet, 5)
        sheet.insert_rows(7)
        sheet.delete_rows(9)

    reading = read_return(CATALOGUE, edit(filled, disturb))
    assert list(explained(reading).values()) == ["=Số đúng, có cả giải khu vực"]
    assert reading.observations == read_return(CATALOGUE, form()).observations


def test_without_its_mark_the_list_is_known_by_its_head(filled: bytes) -> None:
    def unmark(book: openpyxl.Workbook) -> None:
        book[TODO]["L1"] = None
        del book.defined_names[CATALOGUE.form.feedback.todo_name]

    reading = read_return(CATALOGUE, edit(filled, unmark))
    assert explained(reading) == WANTED

    alone = read_return(CATALOGUE, edit(explain(listed_alone(), ANSWERS), unmark))
    assert (alone.province_id, alone.period_code) == (UNIT, PERIOD) and alone.is_reply_only


def test_an_explanation_whose_row_lost_its_identity_is_told(filled: bytes) -> None:
    def damage(book: openpyxl.Workbook) -> None:
        book[TODO]["L7"] = "xxx"
        book[TODO]["J12"] = "viết thêm ở dưới"

    reading = read_return(CATALOGUE, edit(filled, damage))
    assert list(explained(reading).values()) == ["Huyện chưa báo"]
    lost = [(p.cell, p.observed) for p in reading.problems if p.rule_code == "explanation_unplaced"]
    assert lost == [("J7", "=Số đúng, có cả giải khu vực"), ("J12", "viết thêm ở dưới")]


def test_without_its_head_of_columns_nothing_is_lost_in_silence(filled: bytes) -> None:
    reading = read_return(CATALOGUE, edit(filled, lambda book: book[TODO].delete_rows(6)))
    assert [p.rule_code for p in reading.problems if p.sheet == TODO] == ["explanation_unplaced"]
    assert reading.observations == read_return(CATALOGUE, form()).observations


def test_the_list_of_another_unit_explains_nothing_here(filled: bytes) -> None:
    def rename(book: openpyxl.Workbook) -> None:
        book["Bìa"]["C5"] = "Nam Định"

    reading = read_return(CATALOGUE, edit(filled, rename))
    assert reading.province_id == "nam-dinh" and reading.explanations == ()
    assert [p.rule_code for p in reading.problems if p.sheet == TODO] == ["explanation_unplaced"]


def test_a_blank_form_has_no_list() -> None:
    reading = read_return(CATALOGUE, render_template(CATALOGUE, PERIOD, UNIT))
    assert not reading.is_reply_only and reading.explanations == ()
