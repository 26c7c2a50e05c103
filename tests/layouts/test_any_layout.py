"""The real figures of one province, laid out freely with anything around them, say what its form says."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from papers import CATALOGUE, TITLE, Value, read, said, write_xlsx

from transforms.label_match import match_surely
from transforms.numbers_vi import format_number
from transforms.observation import Observation

RETURNS = Path(__file__).parents[2] / "examples" / "returns"
LEADS = ("", "- ", "+ ", "{n}. ", "{n}.1 ", "a) ", "* ", "Trong đó: ")
TAILS = ("", " (*)", " (1)", "¹", ":", " ({unit})")
VALUE_HEADERS = ("Thực hiện", "Kết quả", "Kết quả thực hiện", "Số liệu", "Thực hiện 6 tháng đầu năm 2021")
OTHER_HEADERS = ("Kế hoạch năm 2021", "Cùng kỳ", "6 tháng đầu năm 2020", "Ước cả năm", "So sánh (%)", "Tỷ lệ %")
SECTIONS = ("I. KINH TẾ", "Lĩnh vực văn hóa – xã hội", "B", "")
NOTES = ("Ghi chú: số liệu của Cục Thống kê", "Nơi nhận:", "Người lập biểu", "TM. ỦY BAN NHÂN DÂN")


@cache
def figures() -> tuple[Observation, ...]:
    data = next((RETURNS / "Hưng Yên").glob("*.xlsx")).read_bytes()
    return tuple(o for o in read(data).observations if o.state == "number")


@cache
def names(code: str) -> tuple[str, ...]:
    """The names of an indicator that are its alone."""
    indicator = CATALOGUE.indicators[code]
    every = (indicator.label, indicator.heading, *indicator.aliases)
    return tuple(name for name in every if match_surely(CATALOGUE, name).indicator_code == code)


@st.composite
def papers(draw: st.DrawFn) -> bytes:
    """A workbook with the title lines, one or two tables of all figures, and what surrounds them."""
    left, has_serial = draw(st.integers(0, 2)), draw(st.booleans())
    others_before = draw(st.lists(st.sampled_from(OTHER_HEADERS), max_size=2, unique=True))
    others_after = draw(st.lists(st.sampled_from(OTHER_HEADERS), max_size=2, unique=True))
    serial: list[Value] = ["TT"] if has_serial else []
    header = [
        *serial,
        "Chỉ tiêu",
        "ĐVT",
        *others_before,
        draw(st.sampled_from(VALUE_HEADERS)),
        *others_after,
        "Ghi chú",
    ]
    rows: list[list[Value]] = [[None] * left + [line] for line in TITLE]
    rows += [[]] * draw(st.integers(0, 2)) + [[None] * left + header]
    if draw(st.booleans()):
        rows.append([None] * left + [f"({n + 1})" for n in range(len(header))])
    above = ""
    for number, figure in enumerate(draw(st.permutations(figures()))):
        unit = CATALOGUE.unit_of(CATALOGUE.indicators[figure.indicator_code]).name
        lead, tail = draw(st.sampled_from(LEADS)), draw(st.sampled_from(TAILS))
        name = draw(st.sampled_from(names(figure.indicator_code)))
        label = lead.format(n=number + 1) + name + tail.format(unit=unit)
        assert figure.value is not None
        value: Value = float(figure.value)
        if figure.is_estimated:
            value = f"ước đạt {format_number(figure.value)}"
        written = draw(st.sampled_from(("nt", '"'))) if unit == above and draw(st.booleans()) else unit
        above = unit
        aside: list[Value] = [draw(st.integers(1, 99)) for _ in others_before]
        behind: list[Value] = [draw(st.integers(1, 99)) for _ in others_after]
        beside: list[Value] = [number + 1] if has_serial else []
        rows.append([None] * left + [*beside, label, written, *aside, value, *behind])
        if draw(st.integers(0, 7)) == 0:
            rows.append([None] * (left + len(beside)) + [draw(st.sampled_from(SECTIONS)) or None])
    rows += [[], *([None] * left + [note] for note in draw(st.lists(st.sampled_from(NOTES), max_size=3)))]
    return write_xlsx({draw(st.sampled_from(("Sheet1", "Biểu 01", "Kinh tế"))): rows})


@settings(max_examples=30, deadline=None, derandomize=True)
@given(papers())
def test_real_figures_in_any_layout(data: bytes) -> None:
    reading = read(data)
    assert not reading.is_rejected, reading.problems
    assert said(reading) == {
        o.indicator_code: f"{'~' if o.is_estimated else ''}{o.value:f}" for o in figures() if o.value is not None
    }
    quiet = ("cover_from_text", "layout_incomplete", "cells_ignored", "columns_not_used")
    assert [p for p in reading.problems if p.rule_code not in quiet] == []
