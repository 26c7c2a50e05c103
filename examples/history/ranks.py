"""Places in the national rankings: every year one ranking of 63, in which no two provinces hold one place."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from examples.history.anchors import Anchors
from examples.history.spans import REAL, year_of

PLACES = 63
YEARS = range(2015, 2026)
Ranks = dict[tuple[str, str, int], int]  # by indicator, province and the year that reports it


def walk_ranks(seed: int, rule: Mapping[str, Any], anchors: Anchors) -> Ranks:
    """The places of all provinces in all years, through those of 2021 and what is told of the change to 2020."""
    ranks: Ranks = {}
    for code in rule["codes"]:
        fixed = _fixed(code, rule, anchors)
        wanted = _wanted(seed, code, float(rule["spread"]), fixed, anchors)
        for year in YEARS:
            ranks |= {(code, p, year): place for p, place in _seat(wanted[year], fixed.get(year, {})).items()}
    return ranks


def _fixed(code: str, rule: Mapping[str, Any], anchors: Anchors) -> dict[int, dict[str, int]]:
    """What is known: 2021, 2020 where a change was told, and the places that paths.toml holds."""
    real = year_of(REAL)
    fixed: dict[int, dict[str, int]] = {real: {}, real - 1: {}}
    for province_id in anchors.provinces:
        place = anchors.find(province_id, code)
        change = anchors.real.get((province_id, f"{code}_change"))
        if place is not None:
            fixed[real][province_id] = int(place)
        if place is not None and change is not None:
            fixed[real - 1][province_id] = int(place + change)
    for key, places in rule.get("held", {}).items():
        held_code, province_id = key.split("/")
        for year, place in places.items() if held_code == code else ():
            fixed.setdefault(int(year), {})[province_id] = place
    return fixed


def _wanted(
    seed: int, code: str, spread: float, fixed: dict[int, dict[str, int]], anchors: Anchors
) -> dict[int, dict[str, float]]:
    """Where each province would stand: it wanders away from 2021 in both directions, drawn to where it stood."""
    wanted: dict[int, dict[str, float]] = {year: {} for year in YEARS}
    for province_id in anchors.provinces:
        chance = random.Random(f"{seed} {code} {province_id}")
        home = anchors.value(province_id, code)
        for years in (range(year_of(REAL), YEARS.stop), range(year_of(REAL), YEARS.start - 1, -1)):
            place = home
            for year in years:
                wanted[year][province_id] = float(fixed.get(year, {}).get(province_id, place))
                place = home + 0.8 * (wanted[year][province_id] - home) + chance.gauss(0, spread)
    return wanted


def _seat(wanted: Mapping[str, float], fixed: Mapping[str, int]) -> dict[str, int]:
    """A place for each: what is known as it is, the others as near to what they want as is free."""
    seated = dict(fixed)
    free = set(range(1, PLACES + 1)) - set(seated.values())
    for province_id, place in sorted(wanted.items(), key=lambda item: (item[1], item[0])):
        if province_id not in seated:
            seated[province_id] = min(free, key=lambda n: (abs(n - place), n))
            free.discard(seated[province_id])
    return seated
