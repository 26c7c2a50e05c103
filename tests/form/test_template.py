"""The blank form: every cell where the placement says, only inputs open, nothing that looks like a figure."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine

from catalogue.load import load_catalogue
from catalogue.model import Indicator, Membership, Province
from transforms.observation import cell_address
from transforms.placement import COVER_FIRST_ROW, FIRST_ROW, HEADER_ROW, field_column, place
from transforms.reading import read_return
from transforms.template.blank import render_template, template_file_name, write_template

CATALOGUE = load_catalogue()
PERIOD = "2021H1"
SLOTS = {slot.name: slot for slot in place(CATALOGUE, PERIOD)}
INDICATORS = CATALOGUE.indicators_of(PERIOD)
GIVEN = {"m_period", "m_form_version"}


@lru_cache(maxsize=4)
def _data(period_code: str = PERIOD, province_id: str | None = "ha-nam") -> bytes:
    return render_template(CATALOGUE, period_code, province_id)


@pytest.fixture(scope="module")
def book() -> Any:
    return openpyxl.load_workbook(io.BytesIO(_data()))


def _validation(sheet: Any, address: str) -> Any:
    found = [v for v in sheet.data_validations.dataValidation if address in v.sqref]
    assert len(found) == 1, (sheet.title, address)
    return found[0]


def test_names_are_exactly_the_slots(book: Any) -> None:
    named = {name: definition.attr_text for name, definition in book.defined_names.items()}
    assert named == {s.name: f"'{s.sheet}'!${s.address[0]}${s.row + 1}" for s in SLOTS.values()}


def test_sheets_are_cover_instructions_and_a_sheet_per_section(book: Any) -> None:
    sections = list(dict.fromkeys(s.sheet for s in SLOTS.values() if s.indicator_code))
    assert book.sheetnames == ["Bìa", "Hướng dẫn", *sections]
    assert all(sheet.sheet_state == "visible" for sheet in book)


def test_headers_and_column_numbers_stand_above_the_table(book: Any) -> None:
    headers = [field.header for field in CATALOGUE.form.fields]
    for name in book.sheetnames[2:]:
        rows = list(book[name].iter_rows(min_row=HEADER_ROW + 1, max_row=FIRST_ROW, values_only=True))
        assert list(rows[0]) == headers
        assert list(rows[1]) == [f"({n + 1})" for n in range(len(headers))]


def test_every_indicator_has_its_own_row_with_label_and_unit(book: Any) -> None:
    label, unit = (field_column(CATALOGUE.form, name) for name in ("label", "unit"))
    for indicator in INDICATORS:
        slot = SLOTS[f"f_{indicator.indicator_code}"]
        row = book[slot.sheet][slot.row + 1]
        assert row[0].value == indicator.number
        assert row[label].value == indicator.label
        assert row[unit].value == CATALOGUE.unit_of(indicator).name


def test_only_inputs_are_open(book: Any) -> None:
    inputs = {(s.sheet, s.address) for s in SLOTS.values() if s.name not in GIVEN}
    for sheet in book:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        opened = {(sheet.title, c.coordinate) for row in sheet.iter_rows() for c in row if not c.protection.locked}
        assert opened == {place for place in inputs if place[0] == sheet.title}


def test_formulas_carry_no_result() -> None:
    with zipfile.ZipFile(io.BytesIO(_data())) as archive:
        sheets = [archive.read(n).decode() for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
        assert 'fullCalcOnLoad="1"' in archive.read("xl/workbook.xml").decode()
    cells = [cell for xml in sheets for cell in re.findall(r"<c [^>]*>(?:(?!</c>).)*</c>", xml) if "<f>" in cell]
    assert len(cells) >= 3
    assert not [cell for cell in cells if "<v" in cell or " t=" in cell]


def test_checks_stand_beside_totals_and_rates_and_read_as_blank(book: Any) -> None:
    column = field_column(CATALOGUE.form, "check")
    checked = {*CATALOGUE.totals, *CATALOGUE.formulas}
    blank = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(_data()))
    for indicator in INDICATORS:
        slot = SLOTS[f"f_{indicator.indicator_code}"]
        cell = book[slot.sheet].cell(slot.row + 1, column + 1)
        assert (cell.data_type == "f") == (indicator.indicator_code in checked)
        rows = blank.get_sheet_by_name(slot.sheet).to_python(skip_empty_area=False)
        assert rows[slot.row][column] == ""


def test_check_formulas(book: Any) -> None:
    assert book["A. Nông thôn mới"]["I9"].value == (
        '=IF(AND(OR(ISNUMBER($D$7),$G$7="không phát sinh"),OR(ISNUMBER($D$8),$G$8="không phát sinh")),'
        'IFERROR(ROUND(((100*N($D$7))/N($D$8)),2),""),"")'
    )
    total = book["E. Văn hóa – xã hội"]["I8"].value
    assert 'IFERROR(N($D$9)+N($D$10)+N($D$11)+N($D$12),"")' in total
    assert all(f"ISNUMBER($D${row})" in total for row in (9, 10, 11, 12))


def test_a_mismatch_turns_red(book: Any) -> None:
    formats = book["A. Nông thôn mới"].conditional_formatting
    rules = {str(f.sqref): f.rules[0].formula[0] for f in formats}
    assert rules["I9"] == "AND(ISNUMBER($I$9),ISNUMBER($D$9),ROUND(ABS(N($I$9)-N($D$9)),6)>0.01)"


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda i: i.indicator_code)
def test_every_value_has_the_catalogue_s_bounds(book: Any, indicator: Indicator) -> None:
    slot = SLOTS[f"f_{indicator.indicator_code}"]
    validation = _validation(book[slot.sheet], slot.address)
    low, high = CATALOGUE.bounds_of(indicator, PERIOD)
    assert validation.type == ("whole" if indicator.is_whole else "decimal")
    assert validation.errorStyle == "warning"
    assert validation.promptTitle and validation.prompt and validation.error
    if low is not None:
        assert Decimal(validation.formula1) == low
        assert validation.operator == ("greaterThanOrEqual" if high is None else None)  # openpyxl: between is None
    if high is not None:
        assert Decimal(validation.formula2) == high


def test_choices_are_drop_downs(book: Any) -> None:
    for slot in SLOTS.values():
        choices = CATALOGUE.form.choices.get(slot.field)
        if choices is not None and slot.indicator_code:
            validation = _validation(book[slot.sheet], slot.address)
            assert (validation.type, validation.formula1) == ("list", f'"{",".join(choices)}"')
    cover = book["Bìa"]
    provinces = ",".join([p.name for p in CATALOGUE.members_of(PERIOD)] + ["Toàn Cụm"])
    assert _validation(cover, SLOTS["m_province"].address).formula1 == f'"{provinces}"'
    assert _validation(cover, SLOTS["m_finality"].address).formula1 == '"Chính thức,Ước tính"'
    assert _validation(cover, SLOTS["m_date"].address).type == "date"


def test_prompts_fit_what_a_workbook_allows(book: Any) -> None:
    for sheet in book:
        for validation in sheet.data_validations.dataValidation:
            assert len(validation.prompt or "") <= 255
            assert len(validation.error or "") <= 255
            assert len(validation.promptTitle or "") <= 32
            assert len(validation.errorTitle or "") <= 32


def test_pages_are_ready_to_print(book: Any) -> None:
    for sheet in book:
        assert sheet.page_setup.paperSize == 9
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, 0)  # None: one page wide
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "&P/&N" in str(sheet.oddFooter.right.text) or "Page" in str(sheet.oddFooter.right.text)
    for name in book.sheetnames[2:]:
        assert book[name].print_title_rows == f"${HEADER_ROW + 1}:${HEADER_ROW + 2}"
        assert book[name].freeze_panes == cell_address(FIRST_ROW, 2)


def test_required_inputs_look_different(book: Any) -> None:
    fills: dict[bool, set[str]] = {True: set(), False: set()}
    for indicator in INDICATORS:
        slot = SLOTS[f"f_{indicator.indicator_code}"]
        fills[indicator.is_required].add(book[slot.sheet][slot.address].fill.fgColor.rgb)
    assert len(fills[True]) == len(fills[False]) == 1
    assert fills[True] != fills[False]


def test_on_the_cluster_s_copy_the_announced_figures_stand_out() -> None:
    book = openpyxl.load_workbook(io.BytesIO(_data(PERIOD, "toan-cum")))
    fills: dict[bool, set[str]] = {True: set(), False: set()}
    for indicator in INDICATORS:
        slot = SLOTS[f"f_{indicator.indicator_code}"]
        fills[indicator.is_announced].add(book[slot.sheet][slot.address].fill.fgColor.rgb)
    assert not fills[True] & fills[False]


@pytest.mark.parametrize("period_code", list(CATALOGUE.calendar))
def test_the_form_of_every_period_can_be_written_and_read(period_code: str) -> None:
    reading = read_return(CATALOGUE, _data(period_code, "hung-yen"))
    assert (reading.province_id, reading.period_code, reading.form_version) == ("hung-yen", period_code, "1")
    assert not reading.problems
    assert {o.state for o in reading.observations} == {"blank"}


@pytest.mark.parametrize(("period_code", "size"), [("2021H1", 63), ("2025H2", 63), ("2026H1", 34)])
def test_ranks_end_where_the_ranking_of_the_period_does(period_code: str, size: int) -> None:
    book = openpyxl.load_workbook(io.BytesIO(_data(period_code, None)))
    slot = next(s for s in place(CATALOGUE, period_code) if s.name == "f_par_index_rank")
    assert _validation(book[slot.sheet], slot.address).formula2 == str(size)


def test_members_of_the_period_are_offered() -> None:
    book = openpyxl.load_workbook(io.BytesIO(_data("2026H1", None)))
    names = ",".join([p.name for p in CATALOGUE.members_of("2026H1")] + ["Toàn Cụm"])
    assert _validation(book["Bìa"], SLOTS["m_province"].address).formula1 == f'"{names}"'


def test_a_long_list_of_members_is_offered_from_the_instructions() -> None:
    names = [f"Tỉnh thứ {n:02d}" for n in range(60)]
    since = dt.date(2004, 7, 8)
    provinces = tuple(
        Province(f"tinh-{n}", f"{n:02d}", name, name, "province", since, None) for n, name in enumerate(names)
    )
    members = tuple(Membership(p.province_id, "member", "2016H1", "", True, "thử") for p in provinces)
    many = replace(CATALOGUE, provinces=(*CATALOGUE.provinces, *provinces), memberships=members)
    data = render_template(many, PERIOD)
    validation = _validation(openpyxl.load_workbook(io.BytesIO(data))["Bìa"], SLOTS["m_province"].address)
    found = re.fullmatch(r"'Hướng dẫn'!\$B\$(\d+):\$B\$(\d+)", validation.formula1)
    assert found is not None
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("Hướng dẫn")
    listed = [row[1] for row in rows.to_python(skip_empty_area=False)[int(found[1]) - 1 : int(found[2])]]
    assert listed == [*names, "Toàn Cụm"]


def test_equal_arguments_give_equal_bytes(tmp_path: Path) -> None:
    written = write_template(CATALOGUE, PERIOD, tmp_path / "a" / template_file_name(PERIOD, "ha-nam"), "ha-nam")
    assert written.name == "ha-nam_2021H1.xlsx"
    assert written.read_bytes() == render_template(CATALOGUE, PERIOD, "ha-nam")


def test_values_filled_by_name_are_found_at_their_addresses(book: Any) -> None:
    filled = openpyxl.load_workbook(io.BytesIO(_data()))
    expected: dict[str, object] = {}
    for count, (name, slot) in enumerate(SLOTS.items()):
        if name in GIVEN:
            continue
        sheet, address = next(filled.defined_names[name].destinations)
        expected[name] = float(count) if name.startswith("f_") else f"chữ {count}"
        filled[sheet][address] = expected[name]
        assert (sheet, address.replace("$", "")) == (slot.sheet, slot.address)
    stream = io.BytesIO()
    filled.save(stream)
    reread = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(stream.getvalue()))
    rows = {n: reread.get_sheet_by_name(n).to_python(skip_empty_area=False) for n in reread.sheet_names}
    assert {n: rows[SLOTS[n].sheet][SLOTS[n].row][SLOTS[n].column] for n in expected} == expected


def test_values_handed_in_are_written_with_their_kinds() -> None:
    values = {"f_new_jobs": Decimal("98238"), "f_grdp_growth": Decimal("-7.25"), "m_date": dt.date(2021, 7, 2)}
    data = render_template(CATALOGUE, PERIOD, "ha-nam", {**values, "f_poverty_rate": "còn 1,77%"})
    reread = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))

    def at(name: str) -> object:
        slot = SLOTS[name]
        return reread.get_sheet_by_name(slot.sheet).to_python(skip_empty_area=False)[slot.row][slot.column]

    assert (at("f_new_jobs"), at("f_grdp_growth"), at("f_poverty_rate")) == (98238.0, -7.25, "còn 1,77%")
    assert at("m_date") == dt.date(2021, 7, 2)


@pytest.mark.parametrize("text", ["=1+1", "+84", "-5", "@SUM(A1)", "{=A1}", "http://vi.du", "5"])
def test_texts_stay_texts(text: str) -> None:
    data = render_template(CATALOGUE, PERIOD, "ha-nam", {"n_new_jobs": text, "f_new_jobs": text})
    book = openpyxl.load_workbook(io.BytesIO(data))
    for name in ("n_new_jobs", "f_new_jobs"):
        cell = book[SLOTS[name].sheet][SLOTS[name].address]
        assert (cell.data_type, cell.value, cell.hyperlink) == ("s", text, None)


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="2015H1"):
        render_template(CATALOGUE, "2015H1")
    with pytest.raises(ValueError, match="ha-tay"):
        render_template(CATALOGUE, PERIOD, "ha-tay")
    with pytest.raises(ValueError, match=r"form of 2021H1: f_new_job$"):
        render_template(CATALOGUE, PERIOD, "ha-nam", {"f_new_job": 1})


def test_the_instructions_name_every_check_on_a_return(book: Any) -> None:
    words = " ".join(str(c.value) for row in book["Hướng dẫn"].iter_rows() for c in row if c.value)
    for rule in CATALOGUE.rules.values():
        if rule.scope == "return":
            assert rule.title in words
    assert "{" not in words
    assert "Hưng Yên" in words


def test_the_cover_leaves_what_the_officer_says_blank(book: Any) -> None:
    cover = book["Bìa"]
    assert cover[SLOTS["m_province"].address].value == "Hà Nam"
    assert cover[SLOTS["m_period"].address].value == PERIOD
    assert cover[SLOTS["m_form_version"].address].value == CATALOGUE.form.version
    assert cover[SLOTS["m_date"].address].value is None
    assert SLOTS["m_province"].row == COVER_FIRST_ROW
