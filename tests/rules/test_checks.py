"""Every rule that was applied to a figure is told with its outcome, and a trace looks for it where it may be."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from catalogue import load_catalogue
from expectations.measured import Case, Received, measure_case
from transforms.checks import Check, list_checks, list_reach
from transforms.measurement import Measurement
from transforms.reading import read_return
from transforms.relations import operands_of

CATALOGUE = load_catalogue()
PERIOD = "2021H1"
RETURNS = Path(__file__).parents[2] / "examples" / "returns"


@pytest.fixture(scope="module")
def checks() -> tuple[list[Measurement], list[Check]]:
    """What is measured of the real returns, and what is told of it."""
    received = []
    for file in sorted(RETURNS.glob("*/*.xlsx")):
        of = read_return(CATALOGUE, file.read_bytes())
        received.append(Received(of.province_id, of.province_id, file.name, of, is_current=True))
    past = {("2020H1", r.province_id, "new_enterprises"): Decimal(700) for r in received}
    past |= {("2020H1", r.province_id, "poverty_rate"): Decimal(1) for r in received}
    one = measure_case(CATALOGUE, PERIOD, Case(tuple(received), past))
    broken = {id(m) for m in one.measurements if m.is_broken}
    return list(one.measurements), list(list_checks(CATALOGUE, PERIOD, one.units.values(), one.measurements, broken))


def test_a_rule_reaches_every_figure_that_it_was_applied_to(checks: tuple[list[Measurement], list[Check]]) -> None:
    reach = {(r.rule_code, r.subject_code, r.indicator_code) for r in list_reach(CATALOGUE)}
    measured = [m for m in checks[0] if m.indicator_code]
    assert {m.rule_code for m in measured} >= {"parts_sum_to_total", "change_fits_growth", "magnitude_of_past"}
    for m in measured:
        for operand in operands_of(CATALOGUE, m):
            assert (m.rule_code, m.indicator_code, operand) in reach
    assert {r.rule_code for r in list_reach(CATALOGUE)} <= set(CATALOGUE.rules)


def test_what_was_measured_is_told_once_and_whether_it_held(checks: tuple[list[Measurement], list[Check]]) -> None:
    measured, told = checks
    assert len([c for c in told if c.rule_code != "required_present"]) == len(
        [m for m in measured if m.indicator_code and m.rule_code != "required_present"]
    )
    [prizes] = [c for c in told if (c.rule_code, c.province_id) == ("parts_sum_to_total", "ninh-binh")]
    assert (prizes.figure, prizes.measured, prizes.reference, prizes.is_held) == (74, 41.0, 33, False)
    [announced] = [c for c in told if (c.rule_code, c.indicator_code) == ("announced_equals_sum", "new_enterprises")]
    assert (announced.province_id, announced.figure, announced.measured, announced.is_held) == ("", 5824, 63.0, False)


def test_an_answer_to_what_is_required_is_a_check_that_held(checks: tuple[list[Measurement], list[Check]]) -> None:
    answered = {(c.province_id, c.indicator_code): c.is_held for c in checks[1] if c.rule_code == "required_present"}
    assert answered["hung-yen", "new_enterprises"] is True
    assert answered["hung-yen", "poverty_rate"] is False  # left blank in the real return
    assert all(unit != CATALOGUE.cluster_id for unit, _ in answered)


def test_bounds_that_do_not_bind_are_told_as_none() -> None:
    nothing = Measurement("share_in_range", "ha-nam", "poverty_rate", float("nan"))
    [check] = list_checks(CATALOGUE, PERIOD, (), [nothing], set())
    assert (check.measured, check.low, check.high, check.is_held) == (None, None, None, True)
