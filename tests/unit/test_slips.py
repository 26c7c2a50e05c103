"""Every slip can be made and undone, and makes only what a hand would write."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue import load_catalogue
from transforms.slips import SLIPS, places_of, slip, undo

CATALOGUE = load_catalogue()
COUNT, MONEY = CATALOGUE.indicators["new_jobs"], CATALOGUE.indicators["social_investment"]
RATE, GROWTH = CATALOGUE.indicators["poverty_rate"], CATALOGUE.indicators["grdp_growth"]


@pytest.mark.parametrize(
    ("slip_code", "indicator", "true", "written"),
    [
        ("transposed", COUNT, "8700", ["7800", "8070"]),
        ("transposed", COUNT, "108", ["180"]),
        ("transposed", RATE, "86.21", ["68.21", "82.61", "86.12"]),
        ("digit_dropped", COUNT, "452", ["52", "42", "45"]),
        ("digit_dropped", MONEY, "17.5", ["7.5", "1.5", "17"]),
        ("digit_doubled", COUNT, "45", ["445", "455"]),
        ("times_10", MONEY, "17.5", ["175"]),
        ("over_1000", COUNT, "8700", ["8.7"]),
        ("dot_for_comma", COUNT, "1288", ["1.288"]),
        ("dot_for_comma", COUNT, "288", []),
        ("fraction_for_percent", RATE, "80", ["0.8"]),
        ("fraction_for_percent", GROWTH, "80", []),
        ("sign", GROWTH, "-7.5", ["7.5"]),
        ("index_for_growth", GROWTH, "33", ["133"]),
        ("index_for_growth", RATE, "33", []),
        ("growth_for_index", GROWTH, "33", ["-67"]),
    ],
)
def test_a_slip_makes_of_a_figure(slip_code: str, indicator: object, true: str, written: list[str]) -> None:
    assert slip(slip_code, Decimal(true), indicator) == tuple(map(Decimal, written))  # type: ignore[arg-type]


def test_one_digit_wrong_is_any_other_digit() -> None:
    assert len(slip("digit_wrong", Decimal(452), COUNT)) == 8 + 9 + 9
    assert Decimal(152) in slip("digit_wrong", Decimal(452), COUNT)
    assert Decimal(52) not in slip("digit_wrong", Decimal(452), COUNT)


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(sorted(SLIPS)),
    st.sampled_from([COUNT, MONEY, RATE, GROWTH]),
    st.integers(1, 9_999_999),
    st.data(),
)
def test_what_a_slip_makes_can_be_undone(slip_code: str, indicator: object, number: int, data: st.DataObject) -> None:
    true = Decimal(number) if indicator is COUNT else Decimal(number) / 100
    if indicator is MONEY:
        true = Decimal(number) / 10
    ways = slip(slip_code, true, indicator)  # type: ignore[arg-type]
    for written in ways:
        guesses = undo(written, indicator)  # type: ignore[arg-type]
        assert (slip_code, true) in {(guess.slip_code, guess.value) for guess in guesses}
        assert all(0 < guess.share <= 1 for guess in guesses)


def test_undone_figures_are_such_as_can_be_written() -> None:
    assert {places_of(guess.value) for guess in undo(Decimal(8705), COUNT)} == {0}
    assert all(guess.value != 8705 for guess in undo(Decimal(8705), COUNT))


def test_every_slip_of_a_figure_is_a_row_and_every_row_is_known() -> None:
    rows = {slip.slip_code for slip in CATALOGUE.slips.values() if slip.scope == "figure"}
    assert rows == set(SLIPS)
    others = {slip.slip_code: slip.scope for slip in CATALOGUE.slips.values() if slip.scope != "figure"}
    assert others == {
        "neighbours_swapped": "pair",
        "fraction_turned": "pair",
        "run_moved_down": "run",
        "run_moved_up": "run",
        "column_shifted": "column",
        "past_pasted": "past",
    }
