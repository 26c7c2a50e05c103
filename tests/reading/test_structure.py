"""A return whose form was changed: rows, columns, sheets, labels, headers, names. Figures stay right, or it is said."""

from __future__ import annotations

from typing import Any

import openpyxl
import pytest
from mutations import (
    SHEETS,
    Change,
    changed,
    judge_each,
    observation,
    problem,
    put,
    read,
    real_return,
    told,
    values,
    write,
)

BASE = real_return("Hưng Yên")
EXPECTED = values(read(BASE))
NEW_RURAL, ECONOMY = "A. Nông thôn mới", "D. Kinh tế"
GRDP = "Tốc độ tăng tổng sản phẩm trên địa bàn (GRDP)"


def drop_names(book: Any) -> None:
    for name in list(book.defined_names):
        del book.defined_names[name]


def rename_sheets(book: Any) -> None:
    for number, sheet in enumerate(book.worksheets):
        if sheet.title != "Hướng dẫn":
            sheet.title = f"Trang {number}"


def reverse_sheets(book: Any) -> None:
    book._sheets = book._sheets[::-1]


def drop_sheet(name: str) -> Change:
    return lambda book: book.remove(book[name])


def hide_sheets(book: Any) -> None:
    for sheet in book.worksheets[1:]:
        sheet.sheet_state = "hidden"


HARMLESS: dict[str, list[Change]] = {
    "saved again": [],
    "names deleted": [drop_names],
    "sheets renamed": [rename_sheets],
    "sheets reordered": [reverse_sheets],
    "sheets renamed, reordered, names deleted": [rename_sheets, reverse_sheets, drop_names],
    "sheets hidden": [hide_sheets],
    "instructions deleted": [drop_sheet("Hướng dẫn")],
    "a row inserted in the table": [lambda b: b[ECONOMY].insert_rows(9)],
    "rows inserted above the table": [lambda b: b[ECONOMY].insert_rows(1, 3)],
    "a column inserted before the values": [lambda b: b[ECONOMY].insert_cols(4)],
    "a column inserted at the left": [lambda b: b[ECONOMY].insert_cols(1)],
    "columns and rows inserted, names deleted": [
        lambda b: b[ECONOMY].insert_cols(3),
        lambda b: b[ECONOMY].insert_rows(8, 2),
        drop_names,
    ],
    "cells merged": [lambda b: b[ECONOMY].merge_cells("D7:E7"), lambda b: b[ECONOMY].merge_cells("B8:C8")],
    "the same figure in a second row": [write(ECONOMY, "B30", GRDP), write(ECONOMY, "D30", 5.75)],
    "a label in capitals without tone marks": [write(ECONOMY, "B7", "TOC DO TANG TONG SAN PHAM TREN DIA BAN - GRDP")],
    "a known other header": [write(ECONOMY, "D5", "Thực hiện"), write(ECONOMY, "B5", "Nội dung")],
    "columns in another order": [
        lambda b: [b[ECONOMY].move_range(f"D5:D{b[ECONOMY].max_row}", cols=8)],
        lambda b: b[ECONOMY].delete_cols(4),
    ],
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_does_not_matter_changes_nothing(name: str) -> None:
    reading = read(changed(BASE, *HARMLESS[name]))
    assert values(reading) == EXPECTED
    assert told(reading) == []


def test_headers_that_were_renamed_are_read_by_their_names_and_told() -> None:
    for column, header in {"B": "Chỉ tiêu", "C": "Đơn vị tính", "D": "Giá trị", "G": "Trạng thái"}.items():
        reading = read(changed(BASE, write(ECONOMY, f"{column}5", "Cột này")))
        assert values(reading) == EXPECTED
        assert told(reading) == [("header_changed", "", ECONOMY, f"{column}5")]
        assert problem(reading, "header_changed").expected == header


def test_all_headers_renamed_is_one_problem() -> None:
    reading = read(changed(BASE, *(write(ECONOMY, f"{c}5", f"Cột {c}") for c in "ABCDEFGHI")))
    assert values(reading) == EXPECTED
    assert told(reading) == [("header_changed", "", ECONOMY, "A5")]


def test_a_renamed_header_and_an_inserted_row_do_not_shift_figures() -> None:
    reading = read(changed(BASE, lambda b: b[ECONOMY].insert_rows(9), write(ECONOMY, "B5", "Các mục")))
    assert values(reading) == EXPECTED


@pytest.mark.parametrize("also", [[], [drop_names]], ids=["names kept", "names deleted"])
def test_a_deleted_value_column_is_one_problem_of_its_sheet(also: list[Change]) -> None:
    reading = read(changed(BASE, lambda b: b[NEW_RURAL].delete_cols(4), *also))
    assert told(reading) == [("layout_incomplete", "", NEW_RURAL, "")]
    assert "8 chỉ tiêu" in problem(reading, "layout_incomplete").observed
    lost = {code for code, value in values(reading).items() if value != EXPECTED[code]}
    assert lost
    assert all(observation(reading, code).state == "blank" for code in lost)
    [findings] = judge_each([reading])
    assert not [f for f in findings if f.rule_code == "required_present" and f.sheet in ("", NEW_RURAL)]


def test_no_value_column_anywhere_is_no_return() -> None:
    reading = read(changed(BASE, *(lambda b, s=s: b[s].delete_cols(4) for s in SHEETS)))  # type: ignore[misc]
    assert reading.is_rejected
    assert [p.rule_code for p in reading.problems] == ["file_not_a_return"]


def test_a_deleted_row_is_told_by_its_indicator() -> None:
    reading = read(changed(BASE, lambda b: b[ECONOMY].delete_rows(7)))
    assert told(reading) == [("layout_incomplete", "grdp_growth", ECONOMY, "")]
    assert {c for c, v in values(reading).items() if v != EXPECTED[c]} == {"grdp_growth"}


def test_many_deleted_rows_are_one_problem() -> None:
    reading = read(changed(BASE, lambda b: b[ECONOMY].delete_rows(7, 5)))
    assert told(reading) == [("layout_incomplete", "", ECONOMY, "")]


def test_a_deleted_sheet_is_one_problem() -> None:
    reading = read(changed(BASE, drop_sheet(ECONOMY)))
    assert told(reading) == [("layout_incomplete", "", "", "")]
    assert ECONOMY in problem(reading, "layout_incomplete").detail


def test_an_edited_label_is_read_by_its_name_and_told() -> None:
    for label in ("GRDP của tỉnh, giá so sánh", None):
        reading = read(changed(BASE, write(ECONOMY, "B7", label)))
        assert values(reading) == EXPECTED
        assert told(reading) == [("label_changed", "grdp_growth", ECONOMY, "B7")]


def test_an_edited_label_without_a_name_is_unknown() -> None:
    reading = read(changed(BASE, write(ECONOMY, "B7", "GRDP của tỉnh, giá so sánh"), drop_names))
    assert told(reading) == [
        ("layout_incomplete", "grdp_growth", ECONOMY, ""),
        ("label_unknown", "", ECONOMY, "B7"),
    ]
    assert observation(reading, "grdp_growth").value is None


def test_two_rows_of_one_label_with_different_values_conflict() -> None:
    reading = read(changed(BASE, write(ECONOMY, "B30", GRDP), write(ECONOMY, "D30", 9.9)))
    assert told(reading) == [("value_conflict", "grdp_growth", ECONOMY, "D7")]
    found = problem(reading, "value_conflict")
    assert (found.observed, found.expected, found.detail) == ("5,75", "9,9", "ô D7 và ô D30")


def test_a_row_relabelled_as_another_is_a_conflict_and_a_missing_row() -> None:
    reading = read(changed(BASE, write(ECONOMY, "B8", GRDP)))
    assert told(reading) == [
        ("value_conflict", "grdp_growth", ECONOMY, "D7"),
        ("layout_incomplete", "agri_output_growth", ECONOMY, ""),
    ]


def test_an_unknown_row_with_a_number_is_told_with_its_number() -> None:
    reading = read(changed(BASE, write(ECONOMY, "B20", "Số trâu bò"), write(ECONOMY, "D20", 1200)))
    assert told(reading) == [("label_unknown", "", ECONOMY, "B20")]
    assert problem(reading, "label_unknown").detail == "1.200"


def test_numbers_outside_the_table_are_told_one_by_one() -> None:
    scratch = {"K9": 77, "A25": 5, "L30": "=SUM(D7:D9)", "L2": "#REF!"}
    reading = read(changed(BASE, *(write(ECONOMY, at, value) for at, value in scratch.items())))
    assert set(told(reading)) == {("cell_unclaimed", "", ECONOMY, at) for at in scratch}
    assert values(reading) == EXPECTED


def test_many_numbers_outside_the_table_are_grouped() -> None:
    reading = read(changed(BASE, *(write(ECONOMY, f"N{row}", row) for row in range(1, 31))))
    assert len(reading.problems) == 10
    assert reading.problems[-1].observed == "10 (và 20 ô nữa)"


def test_signatures_below_are_left_aside_by_name() -> None:
    block = {
        "D20": "Hưng Yên, ngày 05 tháng 7 năm 2021",
        "B21": "Người lập biểu",
        "D21": "TM. UBND TỈNH",
        "D22": "KT. CHỦ TỊCH",
        "D23": "PHÓ CHỦ TỊCH",
        "B26": "Trần Thị B",
        "D26": "Nguyễn Văn A",
        "B27": "Nơi nhận:",
        "B28": "- Như trên;",
    }
    reading = read(changed(BASE, *(write(ECONOMY, at, text) for at, text in block.items())))
    assert told(reading) == [("cells_ignored", "", ECONOMY, "D20")]
    assert problem(reading, "cells_ignored").observed == str(len(block))


def test_a_number_among_signatures_is_still_told() -> None:
    reading = read(changed(BASE, write(ECONOMY, "B21", "Người lập biểu"), write(ECONOMY, "D22", 1200)))
    assert ("cell_unclaimed", "", ECONOMY, "D22") in told(reading)


@pytest.mark.parametrize("state", ["visible", "hidden", "veryHidden"])
def test_what_stands_on_another_sheet_is_told_of_a_hidden_one_as_a_whole(state: str) -> None:
    def add(book: Any) -> None:
        sheet = book.create_sheet("Nháp")
        sheet["C3"], sheet["C4"] = "bản nháp", 12
        sheet.sheet_state = state

    reading = read(changed(BASE, add))
    cells = [("cell_unclaimed", "", "Nháp", "C3"), ("cell_unclaimed", "", "Nháp", "C4")]
    assert told(reading) == (cells if state == "visible" else [("hidden_sheet_ignored", "", "Nháp", "")])
    assert values(reading) == EXPECTED


def test_a_full_other_sheet_is_one_problem() -> None:
    def add(book: Any) -> None:
        sheet = book.create_sheet("Phụ lục riêng")
        for row in range(1, 60):
            sheet.cell(row, 1, row)

    assert told(read(changed(BASE, add))) == [("cell_unclaimed", "", "Phụ lục riêng", "A1")]


def test_a_copied_table_with_other_figures_conflicts() -> None:
    def copy(book: Any) -> None:
        book.copy_worksheet(book[ECONOMY]).title = "D (2)"
        book["D (2)"]["D7"] = 6

    reading = read(changed(BASE, copy))
    found = problem(reading, "value_conflict")
    assert (found.indicator_code, found.detail) == ("grdp_growth", "ô D7 và ô D7 trang “D (2)”")


def test_a_cover_that_is_gone_or_emptied_rejects_the_file() -> None:
    assert told(read(changed(BASE, drop_sheet("Bìa")))) == [("period_unknown", "", "", "")]
    assert told(read(changed(BASE, put("m_period", None)))) == [("period_unknown", "", "Bìa", "C6")]


def test_an_empty_styled_cell_at_the_far_corner_does_no_harm() -> None:
    def style(book: Any) -> None:
        book[ECONOMY]["XFD1048576"].font = openpyxl.styles.Font(bold=True)

    reading = read(changed(BASE, style))
    assert values(reading) == EXPECTED
    assert told(reading) == []
