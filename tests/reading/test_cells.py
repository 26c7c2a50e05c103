"""What may stand in one cell of a real return, and what becomes of it: loaded as meant, or told with its place."""

from __future__ import annotations

import datetime as dt
import unicodedata
from decimal import Decimal
from typing import Any

import pytest
from mutations import (
    SLOTS,
    changed,
    observation,
    patched,
    problem,
    put,
    read,
    read_form,
    real_return,
    told,
    values,
    write,
)

BASE = real_return("Hưng Yên")
ECONOMY, SOCIETY = "D. Kinh tế", "E. Văn hóa – xã hội"

READ_AS: list[tuple[str, Any, str]] = [
    ("new_jobs", 8701, "8701"),
    ("new_jobs", "8701", "8701"),
    ("new_jobs", "8.701 lao động", "8701"),
    ("new_jobs", "８\u00a0７０１", "8701"),
    ("new_jobs", "8 701", "8701"),
    ("new_jobs", "8701\t\n lao động", "8701"),
    ("new_jobs", unicodedata.normalize("NFD", "được 8.701 lao động"), "8701"),
    ("new_jobs", 8701.0, "8701"),
    ("grdp_growth", "5，75％", "5.75"),
    ("grdp_growth", "5,75\u200b%\u202e", "5.75"),
    ("grdp_growth", "+5,75", "5.75"),
    ("grdp_growth", "− 5,75 %", "-5.75"),
    ("grdp_growth", "tăng trưởng âm 5,75%", "-5.75"),
    ("grdp_growth", 0.1 + 0.2, "0.3"),
    ("social_investment", "18.126.000 triệu đồng", "18126"),
    ("social_investment", "17,103 nghìn tỉ", "17103"),
    ("social_investment", "8844 tỷ", "8844"),
    ("social_investment", "1,234.5", "1234.5"),
    ("social_investment", "1.234,5", "1234.5"),
    ("tourist_visits", "2,375 triệu lượt", "2375000"),
    ("tourist_visits", "trên 17.000 lượt khách", "17000"),
    ("tourist_visits", "17,6 nghìn lượt", "17600"),
    ("tourist_visits_growth", "bằng 133% so với cùng kỳ năm trước", "33"),
    ("poverty_rate", "giảm còn 2,5% hộ nghèo", "2.5"),
    ("poverty_rate", "0,14%", "0.14"),
    ("ict_index_rank", "17/63", "17"),
    ("par_index_rank", "đứng thứ nhì", "2"),
]


@pytest.mark.parametrize(("code", "content", "value"), READ_AS)
def test_is_read_as_meant(code: str, content: Any, value: str) -> None:
    reading = read_form({f"f_{code}": content})
    assert observation(reading, code).value == Decimal(value)
    assert told(reading) == []


def test_numbers_shown_as_percent_are_percent() -> None:
    reading = read(
        changed(
            BASE,
            put("f_voter_turnout", 0.9832, "0.00%"),
            put("f_grdp_growth", -0.0575, "0.0%"),
            put("f_poverty_rate", 0.0014, "0.00%;[Red]-0.00%"),
            put("f_new_jobs", 0.5, "0%"),
        )
    )
    found = {code: observation(reading, code).value for code in ("voter_turnout", "grdp_growth", "poverty_rate")}
    assert found == {
        "voter_turnout": Decimal("98.32"),
        "grdp_growth": Decimal("-5.75"),
        "poverty_rate": Decimal("0.14"),
    }
    assert told(reading) == [("unit_mismatch", "new_jobs", SOCIETY, "D7")]
    assert problem(reading, "unit_mismatch").observed == "50%"


NO_FIGURES = [
    {
        "new_jobs": "#DIV/0!",
        "grdp_growth": "#N/A",
        "new_enterprises": "=100+1",
        "poverty_rate": True,
        "ntm_districts_certified": dt.date(2021, 8, 8),
        "pci_rank": dt.time(8, 8),
        "budget_revenue": "nhiều",
        "social_investment": 1e300,
        "tourist_visits": "12 và 13",
        "tourist_visits_growth": "(8,5)",
        "ict_index_rank": "17/60",
        "voter_turnout": "dài " * 8000,
        "par_index_rank": False,
    },
    {
        "new_jobs": "1030 200",
        "grdp_growth": "tăng giảm 5%",
        "new_enterprises": "12,34,56",
        "poverty_rate": ",5",
        "budget_revenue": "1e5",
        "social_investment": "9" * 40,
        "tourist_visits": "-",
        "tourist_visits_growth": "tăng -5%",
        "par_index_rank": "hạng bét",
    },
]


@pytest.mark.parametrize("contents", NO_FIGURES)
def test_what_is_no_figure_is_told_and_loses_nothing_else(contents: dict[str, Any]) -> None:
    reading = read(changed(BASE, *(put(f"f_{code}", content) for code, content in contents.items())))
    wrong = [code for code, content in contents.items() if content != "-"]
    places = {("figure_unreadable", c, SLOTS[f"f_{c}"].sheet, SLOTS[f"f_{c}"].address) for c in wrong}
    assert set(told(reading)) == places
    assert len(reading.problems) == len(places)
    assert all(observation(reading, code).state == "unreadable" for code in wrong)
    before = values(read(BASE))
    touched = {*contents, "ntm_districts_total", "par_index_rank_out_of"}  # these two were told by a fraction alone
    assert {c: v for c, v in values(reading).items() if c not in touched} == {
        c: v for c, v in before.items() if c not in touched
    }


def test_a_formula_kept_as_text_is_no_figure() -> None:
    def as_text(book: Any) -> None:
        cell = book[SOCIETY]["D7"]
        cell.value = "=1+1"
        cell.data_type = "s"

    assert told(read(changed(BASE, as_text))) == [("figure_unreadable", "new_jobs", SOCIETY, "D7")]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('<c r="D7"><f>100+1</f><v>101</v></c>', ("number", "101")),
        ('<c r="D7" t="str"><f>IF(1=1,"","x")</f><v></v></c>', ("blank", None)),
        ('<c r="D7" t="str"><f>"8.701"</f><v>8.701</v></c>', ("number", "8701")),
        ('<c r="D7"><f>100+1</f></c>', ("unreadable", None)),
        ('<c r="D7" t="e"><f>1/0</f><v>#DIV/0!</v></c>', ("unreadable", None)),
        ('<c r="D7"><v>NaN</v></c>', ("unreadable", None)),
        ('<c r="D7"><v>1e400</v></c>', ("unreadable", None)),
        ('<c r="D7"><v>-0</v></c>', ("number", "0")),
        ('<c r="D7" t="inlineStr"><is><t>8.701 lao \u0111ộng</t></is></c>', ("number", "8701")),
    ],
)
def test_what_programs_leave_in_a_cell(cell: str, expected: tuple[str, str | None]) -> None:
    import re

    data = patched(BASE, SOCIETY, lambda xml: re.sub(r'<c r="D7"[^>]*>.*?</c>', lambda _: cell, xml, count=1))
    found = observation(read(data), "new_jobs")
    assert (found.state, found.value) == (expected[0], None if expected[1] is None else Decimal(expected[1]))


AMBIGUOUS = [
    ("social_investment", "17.103", "17.103", "17,103"),
    ("social_investment", "ước 17.103", "17.103", "17,103"),
    ("social_investment", "17,103", "17,103", "17.103"),
    ("tourist_visits", "2.375 triệu lượt", "2.375.000.000", "2.375.000"),
    ("tourist_visits_growth", "92% cùng kỳ", "−8%", "92%"),
    ("tourist_visits_growth", "đạt 8,2% so với cùng kỳ", "8,2%", "−91,8%"),
]


@pytest.mark.parametrize(("code", "content", "taken", "other"), AMBIGUOUS)
def test_what_may_mean_two_things_is_told_with_both(code: str, content: str, taken: str, other: str) -> None:
    reading = read_form({f"f_{code}": content})
    slot = SLOTS[f"f_{code}"]
    assert told(reading) == [("number_ambiguous", code, slot.sheet, slot.address)]
    found = problem(reading, "number_ambiguous")
    assert (found.observed, found.expected, found.detail) == (content, taken, other)


def test_the_rest_of_the_file_decides_dots_and_commas() -> None:
    def investment(other: str) -> tuple[Any, list[str]]:
        reading = read_form({"f_social_investment": "17.103", "f_budget_revenue": other})
        return observation(reading, "social_investment").value, [p.rule_code for p in reading.problems]

    assert investment("9.100,5") == (17103, [])
    assert investment("9,100.5") == (Decimal("17.103"), [])
    assert investment("9100.5") == (17103, ["number_ambiguous"]), "a lone decimal dot proves nothing"


UNITS: list[tuple[str, Any, str | None]] = [
    ("triệu đồng", 18126000, "18126"),
    ("Triệu đồng", "ước 18.126.000", "18126"),
    ("triệu đồng", "18.126 tỷ đồng", "18126"),
    ("đồng", 18126000000000, "18126"),
    ("nghìn tỷ đồng", "18,126", "18126"),
    (None, 18126, "18126"),
    ("ha", 18126, None),
    ("xã", 18126, None),
    ("%", 18126, None),
    (5, 18126, None),
]


@pytest.mark.parametrize(("unit", "content", "value"), UNITS)
def test_the_unit_written_on_the_row_counts(unit: Any, content: Any, value: str | None) -> None:
    changes = [write(ECONOMY, "C10", unit), put("f_social_investment", content), put("f_budget_revenue", "9.100,5")]
    reading = read(changed(BASE, *changes))
    found = observation(reading, "social_investment")
    if value is None:
        assert told(reading) == [("unit_mismatch", "social_investment", ECONOMY, "C10")]
        assert found.state == "unreadable"
    else:
        assert (found.value, told(reading)) == (Decimal(value), [])


STATES: list[tuple[dict[str, Any], str, str]] = [
    ({"s_new_jobs": "không phát sinh"}, "none_arising", ""),
    ({"s_new_jobs": "CHƯA CÓ SỐ LIỆU "}, "not_yet_available", ""),
    ({"f_new_jobs": "x"}, "none_arising", ""),
    ({"f_new_jobs": "-"}, "none_arising", ""),
    ({"f_new_jobs": "…"}, "not_yet_available", ""),
    ({"f_new_jobs": 0}, "number", ""),
    ({"f_new_jobs": 0, "s_new_jobs": "không phát sinh"}, "number", ""),
    ({}, "blank", ""),
    ({"f_new_jobs": 5, "s_new_jobs": "không phát sinh"}, "number", "state_conflict D7"),
    ({"f_new_jobs": 5, "s_new_jobs": "chưa có số liệu"}, "number", "state_conflict D7"),
    ({"s_new_jobs": "sau"}, "blank", "choice_unknown G7"),
]


@pytest.mark.parametrize(("cells", "state", "expected"), STATES)
def test_states(cells: dict[str, Any], state: str, expected: str) -> None:
    reading = read_form(cells)
    assert observation(reading, "new_jobs").state == state
    assert " ".join(f"{p.rule_code} {p.cell}" for p in reading.problems) == expected


@pytest.mark.parametrize(
    ("cells", "is_estimated"),
    [
        ({}, False),
        ({"e_new_jobs": "x"}, True),
        ({"e_new_jobs": "có"}, True),
        ({"f_new_jobs": "ước đạt 8.700"}, True),
        ({"m_finality": "Ước tính"}, True),
        ({"m_finality": "Ước tính", "e_new_jobs": "chính thức"}, False),
        ({"m_finality": "Chính thức"}, False),
    ],
)
def test_estimates(cells: dict[str, Any], is_estimated: bool) -> None:
    reading = read_form({"f_new_jobs": 8700, **cells})
    assert observation(reading, "new_jobs").is_estimated == is_estimated
    assert told(reading) == []


COVER: list[tuple[str, Any, list[tuple[str, str, str, str]]]] = [
    ("m_province", "UBND tỉnh Hưng Yên", []),
    ("m_province", "HUNG YEN", []),
    ("m_province", 33, []),
    ("m_province", "Hà Tây", [("province_unknown", "", "Bìa", "C5")]),
    ("m_period", "6 tháng đầu năm 2021", []),
    ("m_period", "2021-h1", []),
    ("m_period", "quý III", [("period_unknown", "", "Bìa", "C6")]),
    ("m_period", "1999H1", [("period_unknown", "", "Bìa", "C6")]),
    ("m_period", 2021, [("period_unknown", "", "Bìa", "C6")]),
    ("m_date", "05/7/2021", []),
    ("m_date", "ngày 05 tháng 7 năm 2021", []),
    ("m_date", dt.date(2021, 7, 5), []),
    ("m_date", "hôm nay", [("cell_unclaimed", "", "Bìa", "C7")]),
    ("m_finality", "tạm", [("cell_unclaimed", "", "Bìa", "C10")]),
    ("m_form_version", 1, []),
    ("m_form_version", "0.9", [("form_version_unknown", "", "Bìa", "C11")]),
    ("m_form_version", None, []),
]


@pytest.mark.parametrize(("name", "content", "expected"), COVER)
def test_the_cover(name: str, content: Any, expected: list[tuple[str, str, str, str]]) -> None:
    reading = read_form({"f_new_jobs": 8700, name: "" if content is None else content})
    assert told(reading) == expected
    if not expected:
        assert (reading.province_id, reading.period_code) == ("hung-yen", "2021H1")
    if name == "m_date":
        assert reading.reported_on == (None if expected else dt.date(2021, 7, 5))


def test_a_blank_province_is_left_to_the_folder() -> None:
    reading = read_form({"f_new_jobs": 8700, "m_province": ""})
    assert (reading.province_id, reading.is_rejected, told(reading)) == ("", False, [])


def test_a_remark_behind_the_name_of_the_province_is_no_other_province() -> None:
    reading = read_form({"f_new_jobs": 8700, "m_province": "Hưng Yên (chưa có số liệu)"})
    assert (reading.province_id, reading.is_rejected) == ("hung-yen", False)
