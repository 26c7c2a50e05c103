"""Errors of figures: slips, exchanges, shifts, and what an earlier half-year left behind."""

from __future__ import annotations

import itertools
import random
from decimal import Decimal

from benchmarks.clean_returns import BEFORE, CATALOGUE, PERIOD, Season
from benchmarks.planted_plan import (
    SECTIONS,
    SUMMED,
    Kind,
    Plan,
    at,
    codes_of,
    figures,
    put,
)
from transforms.slips import slip
from transforms.template.blank import FormValue


def slipped(slip_code: str, codes: list[str]) -> Kind:
    """One slip of one figure among these."""

    def plant(chance: random.Random, season: Season, unit: str) -> Plan | None:
        code = chance.choice(codes)
        ways = slip(slip_code, season.figures[unit][code], CATALOGUE.indicators[code])
        return figures({code: chance.choice(ways)}, season, unit) if ways else None

    return plant


def swapped(chance: random.Random, season: Season, unit: str) -> Plan | None:
    rows = chance.choice([rows for rows in SECTIONS.values() if len(rows) > 1])
    n = chance.randrange(len(rows) - 1)
    return _exchange(rows[n], rows[n + 1], season, unit)


def turned(chance: random.Random, season: Season, unit: str) -> Plan | None:
    codes = [c for c in SLOTS_OF_PARTS if season.figures[unit][c] != season.figures[unit][SLOTS_OF_PARTS[c]]]
    code = chance.choice(codes)
    return _exchange(code, SLOTS_OF_PARTS[code], season, unit)


SLOTS_OF_PARTS = {i.indicator_code: i.fraction_of for i in CATALOGUE.indicators_of(PERIOD) if i.fraction_of}


def _exchange(one: str, other: str, season: Season, unit: str) -> Plan | None:
    own = season.figures[unit]
    return None if own[one] == own[other] else figures({one: own[other], other: own[one]}, season, unit)


def shifted_row(chance: random.Random, season: Season, unit: str) -> Plan | None:
    rows = SECTIONS[chance.choice([code for code, rows in SECTIONS.items() if len(rows) > 4])]
    first = chance.randrange(len(rows) - 3)
    own, run = season.figures[unit], rows[first:]
    cells: dict[str, FormValue] = {f"f_{run[0]}": ""}
    cells |= {f"f_{below}": own[above] for above, below in itertools.pairwise(run)}
    sheet, address = at(run[-1])
    fallen = f"{address[0]}{int(address[1:]) + 1}"
    truth = {run[0]: own[run[0]]}
    return Plan(cells, {}, tuple(at(code) for code in run), truth, (put(sheet, fallen, own[run[-1]]),), is_slip=True)


def shifted_column(chance: random.Random, season: Season, unit: str) -> Plan | None:
    rows = chance.choice([rows for rows in SECTIONS.values() if len(rows) > 2])
    first = chance.randrange(len(rows) - 2)
    run = rows[first : first + chance.randint(2, 4)]
    cells: dict[str, FormValue] = {f"f_{code}": "" for code in run}
    edits = tuple(put(*at(code, "e_"), season.figures[unit][code]) for code in run)
    return Plan(cells, {}, tuple(at(code) for code in run), {run[0]: season.figures[unit][run[0]]}, edits, is_slip=True)


def stale_cell(chance: random.Random, season: Season, unit: str) -> Plan | None:
    code = chance.choice([c for c in SUMMED if CATALOGUE.indicators[c].time_kind == "flow"])
    return figures({code: season.past[chance.choice(BEFORE), unit, code]}, season, unit, is_slip=False)


def stale_return(chance: random.Random, season: Season, unit: str) -> Plan | None:
    period = chance.choice(BEFORE)
    ranked = codes_of(lambda i: bool(i.rank_field))
    changed = {code: season.past[period, unit, code] for code in season.figures[unit] if code not in ranked}
    flow = [code for code in changed if CATALOGUE.indicators[code].time_kind == "flow"]
    long = [code for code in flow if len(changed[code].normalize().as_tuple().digits) > 3]
    told = tuple(at(code) for code in long if not _is_vouched(season, unit, code, period))
    return Plan({f"f_{code}": value for code, value in changed.items()}, places=told)


def _is_vouched(season: Season, unit: str, code: str, period: str) -> bool:
    """Whether the growth that is repeated with a figure of the half-year before happens to fit it."""
    base = season.past[BEFORE[0], unit, code]
    growths = [i.indicator_code for i in CATALOGUE.indicators_of(PERIOD) if i.growth_of == code]
    computed = (season.past[period, unit, code] / base - 1) * 100 if base else None
    fitting = (computed is not None and abs(season.past[period, unit, g] - computed) <= 1 for g in growths)
    return period != BEFORE[0] and any(fitting)


def changed_at_random(codes: list[str]) -> Kind:
    """A figure becomes another one near it, by no slip in particular."""

    def plant(chance: random.Random, season: Season, unit: str) -> Plan | None:
        code = chance.choice(codes)
        value = season.figures[unit][code]
        step = Decimal(chance.randint(2, 9)) if CATALOGUE.indicators[code].is_whole else Decimal("1.37")
        return figures({code: value + chance.choice([-1, 1] if value > 9 else [1]) * step}, season, unit, is_slip=False)

    return plant
