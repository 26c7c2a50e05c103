"""One unit held against the others is what all of them held against one another say of it, at a cost that stays."""

from __future__ import annotations

from bisect import bisect_left
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import load_catalogue
from transforms.consolidation import UnitFigures
from transforms.observation import Observation
from transforms.peers import comparable_figure, is_comparable, measure_among, measure_peers_of
from transforms.relations import Ground, with_values

CATALOGUE = load_catalogue()
PERIOD = "2021H1"
COMPARABLE = [i for i in CATALOGUE.indicators_of(PERIOD) if is_comparable(i)]
KINDS = {(i.aggregation == "sum", i.is_growth): i for i in COMPARABLE}
FIGURES = st.lists(
    st.none() | st.decimals(-20, 2_000_000, places=2) | st.sampled_from([Decimal(7), Decimal(7000)]), max_size=12
)


def unit_of(number: int, code: str, value: Decimal | None) -> UnitFigures:
    state = "blank" if value is None else "number"
    return UnitFigures(f"tinh-{number}", f"s{number}", {code: Observation(code, state, value)}, {})


@pytest.mark.parametrize("indicator", KINDS.values(), ids=lambda i: i.indicator_code)
@given(figures=FIGURES)
def test_one_unit_is_told_what_all_are(indicator, figures) -> None:  # type: ignore[no-untyped-def]
    units = tuple(unit_of(n, indicator.indicator_code, value) for n, value in enumerate(figures))
    of_all = {m.province_id: m for m in measure_peers_of(CATALOGUE, indicator, units)}
    values = sorted(v for u in units if (v := comparable_figure(indicator, u)) is not None)
    for unit in units:
        own = comparable_figure(indicator, unit)
        others = list(values)
        if own is not None:
            del others[bisect_left(others, own)]
        wanted = [of_all[unit.province_id]] if unit.province_id in of_all else []
        assert measure_among(CATALOGUE, indicator, unit, others) == wanted


class Counted(UnitFigures):
    """A unit that counts how often its figures are asked for."""

    asked = 0

    def reported(self, indicator_code: str) -> Decimal | None:
        Counted.asked += 1
        return super().reported(indicator_code)


def test_a_guess_does_not_ask_all_the_others_again() -> None:
    """Looking for a likely culprit tries dozens of guesses for every finding: each must not cost every unit."""
    code = next(i.indicator_code for i in COMPARABLE if i.aggregation == "sum")
    units = tuple(
        Counted(f"t{n}", f"s{n}", {code: Observation(code, "number", Decimal(n + 5))}, {}) for n in range(500)
    )
    ground = Ground(CATALOGUE, PERIOD, units)
    assert not ground.holds(with_values(units[7], {code: Decimal(9_000_000)}), [code])
    Counted.asked = 0
    for guess in range(50, 100):
        assert ground.holds(with_values(units[7], {code: Decimal(guess)}), [code])
    assert Counted.asked < 50 * 10
