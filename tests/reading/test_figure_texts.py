"""Any text in a value cell: read to a figure or refused with a reason, never an exception; its sign is never lost."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from mutations import CATALOGUE, PERIOD

from transforms.figures import LIMIT, read_figure
from transforms.numbers_vi import format_number

PIECES = (
    *"0123456789.,/%-+–()' ~=x…",
    *(
        "1.234",
        "1,234",
        "12,5",
        "63",
        "999999999999999999999",
        " triệu",
        " tỷ đồng",
        " nghìn tỷ",
        " xã",
        " lượt",
        " hạng",
    ),
    *("tăng ", "giảm ", "bằng ", "ước đạt ", "đứng thứ ", "nhất", " cùng kỳ", " so với cùng kỳ", "còn ", " (đạt 5%)"),
)
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join) | st.text(max_size=30)
INDICATORS = st.sampled_from(CATALOGUE.indicators_of(PERIOD))
STYLES = st.sampled_from((None, "vi", "en"))


@settings(max_examples=600, deadline=None, derandomize=True)
@given(INDICATORS, TEXTS, STYLES)
def test_any_text_is_a_figure_or_refused_with_a_reason(indicator, text, style) -> None:  # type: ignore[no-untyped-def]
    figure = read_figure(CATALOGUE, indicator, text, PERIOD, style)
    if figure.state == "number":
        assert figure.value is not None
        assert abs(figure.value) < LIMIT
        assert not figure.trouble
        assert any(c.isdigit() for c in text) or indicator.rank_field, "no number out of words alone, ranks apart"
    else:
        assert figure.value is None
        assert (figure.trouble in ("figure_unreadable", "unit_mismatch") and figure.detail) or not figure.trouble


@settings(max_examples=300, deadline=None, derandomize=True)
@given(INDICATORS, st.decimals(-(10**9), 10**9, places=2), st.sampled_from(("", "{unit}", "ước ", "khoảng ")))
def test_a_number_in_vietnamese_form_is_read_back(indicator, value, around) -> None:  # type: ignore[no-untyped-def]
    if indicator.is_whole:
        value = value.to_integral_value()
    unit = CATALOGUE.unit_of(indicator).name
    text = f"{around.format(unit='')}{format_number(value)} {unit if '{' in around else ''}"
    figure = read_figure(CATALOGUE, indicator, text, PERIOD, "vi")
    if around.startswith(("ước", "khoảng")):
        assert figure.is_estimated
    assert figure.value == Decimal(value), text
