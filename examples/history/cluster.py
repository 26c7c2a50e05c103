"""What the chair announces for the whole cluster: sums of the returns, and awards that nobody splits by province."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from decimal import Decimal

from examples.history.figures import derive_rates
from examples.history.rounding import round_to
from examples.history.spans import half_of
from examples.history.truth import Figures, Truth

ELECTION = "election_"
STEADY: Mapping[str, int] = {"pm_emulation_movement_count": 4, "traffic_accident_criteria_reduced": 3}


def tell_cluster(truth: Truth, period_code: str, returns: Iterable[Mapping[str, Decimal]]) -> Figures:
    """The announced figures of a half-year; `returns` are those of the provinces that report."""
    catalogue, told = truth.catalogue, {}
    of_provinces = list(returns)
    for indicator in catalogue.indicators_of(period_code):
        code = indicator.indicator_code
        if not indicator.is_announced or code in catalogue.formulas:
            continue
        values = [figures[code] for figures in of_provinces if code in figures]
        if values:
            told[code] = sum(values, Decimal(0))
        elif not code.startswith(ELECTION) or period_code in truth.rules["turnout"]["elections"]:
            told[code] = _draw(truth, code, period_code)
    return told | derive_rates(truth, told)


def _draw(truth: Truth, code: str, period_code: str) -> Decimal:
    """An award's number around that of 2021H1; the second half of a year has more of them."""
    chance = random.Random(f"{truth.seed} {code} {period_code}")
    if code in STEADY:
        return Decimal(max(0, STEADY[code] - chance.choice((0, 0, 0, 1))))
    anchor = float(truth.anchors.real[truth.catalogue.cluster_id, code])
    season = 1.0 if half_of(period_code) == 1 else 1.25
    return round_to(max(1.0, anchor * season * chance.uniform(0.75, 1.25)), 0)
