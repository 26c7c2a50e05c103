"""Whatever is typed wherever: it is loaded, left aside by name, or reported with exactly its cell."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutations import CATALOGUE, SHEETS, SLOTS, Reading, read, real_return, told

from transforms.observation import cell_address

BOOK = openpyxl.load_workbook(io.BytesIO(real_return("Quảng Ninh")))
COVER = CATALOGUE.form.cover_sheet
KEPT = {SLOTS["m_province"].address, SLOTS["m_period"].address}  # without them there is no return to speak of
KEPT_ASIDE = {SLOTS["m_officer"].address, SLOTS["m_contact"].address}  # claimed by the cover, of no figure
NUMBER, MIXED, WORDS = 7777, "mục 7777 bò", "xin xem lại"
PLACES = st.tuples(st.integers(0, 39), st.integers(0, 13), st.sampled_from((NUMBER, MIXED, WORDS)))


def read_with(tokens: dict[str, tuple[str, Any]]) -> Reading:
    """The reading of the real return with one cell of each sheet overwritten; the book is put back after."""
    before = {}
    for sheet, (address, token) in tokens.items():
        cell = BOOK[sheet][address]
        before[sheet] = cell.value
        cell.value = token
    stream = io.BytesIO()
    BOOK.save(stream)
    for sheet, (address, _) in tokens.items():
        BOOK[sheet][address].value = before[sheet]
    return read(stream.getvalue())


def fate(reading: Reading, sheet: str, address: str, token: Any) -> str:
    """What became of a token: loaded, reported, ignored; empty where it fell under the table."""
    shown = {str(token), "7.777"}
    for o in reading.observations:
        if o.sheet == sheet and ((o.cell == address and str(token) in o.raw_text) or o.note == str(token)):
            return "loaded"
    for p in reading.problems:
        if p.sheet == sheet and p.cell == address:
            return "ignored" if p.rule_code == "cells_ignored" else "reported"
        if p.sheet == sheet and p.rule_code == "label_unknown" and p.detail in shown:
            return "reported"
    is_aside = any(p.sheet == sheet and p.rule_code == "cells_ignored" for p in reading.problems)
    return "ignored" if (is_aside and token == WORDS) or (sheet == COVER and address in KEPT_ASIDE) else ""


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(st.fixed_dictionaries(dict.fromkeys((COVER, *SHEETS), PLACES)))
def test_every_cell_is_accounted_for(places: dict[str, tuple[int, int, Any]]) -> None:
    tokens = {}
    for sheet, (row, column, token) in places.items():
        address = cell_address(row, column)
        is_hidden_by_merge = type(BOOK[sheet][address]).__name__ == "MergedCell"
        if not is_hidden_by_merge and not (sheet == COVER and address in KEPT):
            tokens[sheet] = (address, token)
    reading = read_with(tokens)
    assert not reading.is_rejected, told(reading)
    lost = {sheet: at for sheet, at in tokens.items() if not fate(reading, sheet, *at)}
    assert lost == {}


def test_the_untouched_return_says_nothing() -> None:
    assert told(read_with({})) == []
