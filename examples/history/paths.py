"""How one figure of one province moves through the half-years: seeded paths through what stood there in 2021H1."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Mapping
from typing import Any

from examples.history.spans import LAST, REAL, make_period, number_of, period_at, year_of

Path = dict[str, float]
REAL_YEAR = year_of(REAL)


def walk_flow(chance: random.Random, rule: Mapping[str, Any], anchor: float, growth: float | None) -> Path:
    """An amount from 2015H1 to 2025H2: first halves by their yearly changes, second halves from those around them.

    `growth` is what the province told of 2021H1; it settles 2020H1.
    """
    yearly = {int(year): float(change) for year, change in rule["yearly"].items()}
    of_2019 = {int(year): float(share) for year, share in rule.get("of_2019", {}).items()}
    lean = chance.gauss(0, rule["spread"] / 2)
    first = {REAL_YEAR: anchor}
    for year in range(REAL_YEAR, 2015, -1):
        change = yearly[year] + lean + chance.gauss(0, rule["spread"])
        if year == REAL_YEAR and growth is not None:
            change = growth
        first[year - 1] = first[year] / (1 + change / 100)
    for year in range(REAL_YEAR + 1, 2027):
        if year in of_2019:
            first[year] = first[2019] * of_2019[year] * math.exp(chance.gauss(0, rule["spread"] / 100))
        else:
            first[year] = first[year - 1] * (1 + (yearly[year] + lean + chance.gauss(0, rule["spread"])) / 100)
    season = rule["season"] * math.exp(chance.gauss(0, 0.02))
    single = {int(year): float(factor) for year, factor in rule.get("halves", {}).items()}
    path = {make_period(year, 1): value for year, value in first.items()}
    for year in range(2015, 2026):
        noise = math.exp(chance.gauss(0, rule["spread"] / 200))
        path[make_period(year, 2)] = math.sqrt(first[year] * first[year + 1]) * season * single.get(year, 1.0) * noise
    return path


def walk_growth(chance: random.Random, rule: Mapping[str, Any], anchor: float) -> Path:
    """A growth without an amount: the cluster's of each half, part of the province's distance from it, and noise."""
    cluster: list[float] = rule["halves"]
    lean = rule["lean"] * (anchor - cluster[number_of(REAL)])
    path = {REAL: anchor}
    for n, value in enumerate(cluster):
        if period_at(n) != REAL:
            near = {round(path[p], 2) for k in (-2, -1, 1, 2) if (p := period_at(n + k)) in path}
            path[period_at(n)] = _unlike(value + lean + chance.gauss(0, rule["spread"]), near)
    return path


def _unlike(value: float, near: set[float]) -> float:
    """The value, or one a little larger: a growth that is told twice to the last digit looks like a copy."""
    while round(value, 2) in near:
        value += 0.01
    return value


def walk_share(chance: random.Random, rule: Mapping[str, Any], anchor: float) -> Path:
    """A share that falls, or whose distance from 100 falls, by a part of itself in each half-year."""
    start = 100 - anchor if rule["is_gap"] else anchor
    path = {}
    for n in range(number_of(LAST) + 1):
        halves = n - number_of(REAL)
        decay = rule["before"] if halves < 0 else rule["after"]
        noise = 0.0 if halves == 0 else chance.gauss(0, rule["spread"])
        value = start * math.exp(-decay * halves + noise)
        path[period_at(n)] = 100 - value if rule["is_gap"] else value
    return path


def walk_new_standard(chance: random.Random, rule: Mapping[str, Any], old: Path) -> Path:
    """The indicator that takes the place of another: it starts from the other's last half, on a level of its own."""
    first = number_of(rule["from"])
    level = old[period_at(first - 1)] * rule["factor"] + rule["points"]
    return {
        period_at(n): level * math.exp(-rule["decay"] * (n - first) + chance.gauss(0, rule["spread"]))
        for n in range(first, number_of(LAST) + 1)
    }


def walk_stock(
    chance: random.Random, rule: Mapping[str, Any], anchor: int, limits: Mapping[str, int]
) -> dict[str, int]:
    """A count that never falls, through the anchor in 2021H1, and never above `limits`: those of each half-year."""
    real, last, starts = number_of(REAL), number_of(LAST), number_of(rule["starts"])
    start = min(anchor, round(rule["start"] * limits[period_at(starts)] * chance.uniform(0.7, 1.2)))
    end = max(anchor, round(rule["end"] * limits[period_at(last)] * chance.uniform(0.9, 1.0)))
    end = limits[period_at(last)] if rule["end"] == 1 else end
    path = {period_at(n): 0 for n in range(starts)}
    path |= _climb(chance, starts, real, start, anchor)
    path |= _climb(chance, real, last, anchor, end)
    ceilings = itertools.accumulate((limits[period_at(n)] for n in range(last, -1, -1)), min)
    for n, ceiling in zip(range(last, -1, -1), ceilings, strict=True):
        path[period_at(n)] = min(path[period_at(n)], ceiling)
    return path


def _climb(chance: random.Random, first: int, last: int, start: int, end: int) -> dict[str, int]:
    """Whole numbers from `start` to `end`, in steps of uneven size that are never backwards."""
    steps = [chance.uniform(0.3, 1.7) for _ in range(first, last)]
    whole, done, path = sum(steps), 0.0, {period_at(first): start}
    for n, step in enumerate(steps, first + 1):
        done += step
        path[period_at(n)] = start + round((end - start) * done / whole)
    return path
