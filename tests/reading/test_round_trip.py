"""The form filled with any valid figures and read again gives the same figures, to the last place."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from mutations import CATALOGUE, PERIOD, read, told, values

from catalogue.model import Indicator
from transforms.legacy.text import decode_legacy
from transforms.numbers_vi import format_number
from transforms.template.blank import FormValue, render_template
from transforms.text import clean_text

STATES = {"không phát sinh": "none_arising", "chưa có số liệu": "not_yet_available"}
LETTERS = st.characters(
    codec="utf-8", max_codepoint=0x1EFF, categories=["L", "N", "P", "S", "Z"], exclude_characters="ÐƉ"
)
NOTES = st.text(st.characters(max_codepoint=0x7E, min_codepoint=0x20) | LETTERS, max_size=40).filter(
    lambda text: decode_legacy(text).text == text  # what an old font would show otherwise is not modern text
)
Row = tuple[dict[str, FormValue], tuple[str, Decimal | None, bool, str]]


def figures(indicator: Indicator) -> st.SearchStrategy[Decimal]:
    """Any value that the indicator allows: up to ten decimals, fifteen digits in all, as a workbook keeps."""
    low, high = CATALOGUE.bounds_of(indicator, PERIOD)
    if indicator.is_whole:
        return st.integers(int(low if low is not None else -999), int(high if high is not None else 10**12)).map(
            Decimal
        )
    top = high if high is not None else Decimal(999 if indicator.is_growth else 99999)
    return st.integers(0, 10).flatmap(
        lambda places: st.decimals(low if low is not None else Decimal(-999), top, places=places)
    )


@st.composite
def rows(draw: st.DrawFn, indicator: Indicator) -> Row:
    """The cells of one row, and what must be read from them: state, value, estimated, note."""
    code = indicator.indicator_code
    note = draw(st.just("") | NOTES)
    cells: dict[str, FormValue] = {f"n_{code}": note}
    read_note = clean_text(note)
    kind = draw(st.sampled_from(("number", "number", "number", "text", "index", "state", "blank")))
    if kind == "blank":
        return cells, ("blank", None, False, read_note)
    if kind == "state":
        state = draw(st.sampled_from(sorted(STATES)))
        return {**cells, f"s_{code}": state}, (STATES[state], None, False, read_note)
    value = draw(figures(indicator))
    is_estimated = draw(st.booleans())
    if is_estimated:
        cells[f"e_{code}"] = "x"
    cells[f"f_{code}"] = value
    if kind == "text":
        cells[f"f_{code}"] = f"{format_number(value)} {CATALOGUE.unit_of(indicator).name}"
    if kind == "index" and indicator.is_growth:
        cells |= {f"f_{code}": value + 100, f"b_{code}": "bằng %"}
    return cells, ("number", value, is_estimated, read_note)


FORMS = st.fixed_dictionaries({i.indicator_code: rows(i) for i in CATALOGUE.indicators_of(PERIOD)})


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # a form of 66 rows takes minutes to shrink
    suppress_health_check=list(HealthCheck),
)
@given(FORMS)
def test_what_is_written_is_read(form: dict[str, Row]) -> None:
    cells = {name: value for written, _ in form.values() for name, value in written.items()}
    reading = read(render_template(CATALOGUE, PERIOD, "nam-dinh", cells))
    assert told(reading) == []
    assert (reading.province_id, reading.period_code) == ("nam-dinh", PERIOD)
    found: dict[str, Any] = values(reading)
    assert {c: (form[c], v) for c, v in found.items() if v != form[c][1]} == {}
