"""Any figures of any provinces, drawn as columns, as rows or as a list, say what was written; every cell is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from papers import CATALOGUE, PERIOD, TITLE, Value, read, said, write_xlsx

from transforms.label_match import match_surely
from transforms.observation import Reading
from transforms.unit_names import is_beside_units, name_unit

UNITS = tuple(p.province_id for p in CATALOGUE.members_of(PERIOD))
NAMES = {p.province_id: p.name for p in CATALOGUE.provinces}
CODES = tuple(
    i.indicator_code
    for i in CATALOGUE.indicators_of(PERIOD)
    if match_surely(CATALOGUE, i.label).indicator_code == i.indicator_code
)
QUIET = ("cover_from_text", "layout_incomplete", "cells_ignored")
Figures = Mapping[str, Mapping[str, int]]


@st.composite
def figures(draw: st.DrawFn) -> Figures:
    """Whole numbers within the bounds, for at least two provinces and three indicators; some left out."""
    units = draw(st.lists(st.sampled_from(UNITS), min_size=2, max_size=9, unique=True))
    codes = draw(st.lists(st.sampled_from(CODES), min_size=3, max_size=12, unique=True))
    return {
        unit: {
            code: draw(st.integers(1, int(CATALOGUE.bounds_of(CATALOGUE.indicators[code], PERIOD)[1] or 99999)))
            for code in codes
            if draw(st.integers(0, 9)) or code in codes[:2]
        }
        for unit in units
    }


def codes_of(table: Figures) -> list[str]:
    return list(dict.fromkeys(code for own in table.values() for code in own))


def unit_of(code: str) -> str:
    return CATALOGUE.unit_of(CATALOGUE.indicators[code]).name


def as_columns(table: Figures, names: Sequence[str]) -> list[list[Value]]:
    rows: list[list[Value]] = [["TT", "Chỉ tiêu", "ĐVT", *names]]
    for number, code in enumerate(codes_of(table), 1):
        held: list[Value] = [own.get(code) for own in table.values()]
        rows.append([number, CATALOGUE.indicators[code].label, unit_of(code), *held])
    return rows


def as_rows(table: Figures, names: Sequence[str]) -> list[list[Value]]:
    codes = codes_of(table)
    rows: list[list[Value]] = [["TT", "Đơn vị", *(f"{CATALOGUE.indicators[c].label} ({unit_of(c)})" for c in codes)]]
    for number, (name, own) in enumerate(zip(names, table.values(), strict=True), 1):
        rows.append([number, name, *(own.get(code) for code in codes)])
    return rows


def as_list(table: Figures, names: Sequence[str]) -> list[list[Value]]:
    rows: list[list[Value]] = [["Tỉnh", "Chỉ tiêu", "Đơn vị tính", "Giá trị"]]
    for name, own in zip(names, table.values(), strict=True):
        rows += [[name, CATALOGUE.indicators[code].label, unit_of(code), value] for code, value in own.items()]
    return rows


def read_back(rows: list[list[Value]], left: int) -> Reading:
    shifted: list[list[Value]] = [[None] * left + row for row in rows]
    return read(write_xlsx({"Sheet1": [[TITLE[1]], [], *shifted]}))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(figures(), st.sampled_from(("{}", "Tỉnh {}", "UBND tỉnh {}", "T. {}")), st.integers(0, 2))
def test_any_figures_of_any_units_in_every_geometry(table: Figures, manner: str, left: int) -> None:
    names = [manner.format(NAMES[unit]) for unit in table]
    expected = {unit: {code: f"{Decimal(value):f}" for code, value in own.items()} for unit, own in table.items()}
    for drawn in (as_columns, as_rows, as_list):
        reading = read_back(drawn(table, names), left)
        assert {part.province_id: said(part) for part in reading.parts} == expected, drawn.__name__
        problems = [p for one in (reading, *reading.parts) for p in one.problems if p.rule_code not in QUIET]
        assert problems == [], drawn.__name__
        for part in reading.parts:
            places = [(o.sheet, o.cell) for o in part.observations if o.state == "number"]
            assert len(set(places)) == len(places)


def test_words_for_totals_are_the_clusters_and_others_nobodys() -> None:
    for text in ("Toàn Cụm", "Tổng cộng", "CỘNG:", "Cả cụm"):
        found = name_unit(CATALOGUE, text.rstrip(":"))
        assert found is not None and found.province_id == CATALOGUE.cluster_id
    for text in ("Hà Tây", "Tổng số xã", "Hưng", "Nam Định và Hà Nam"):
        assert name_unit(CATALOGUE, text) is None
    assert is_beside_units(CATALOGUE, "Cả nước") and not is_beside_units(CATALOGUE, "Hà Tây")
