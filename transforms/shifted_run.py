"""A run of rows whose figures all stand one row too low or too high."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from transforms.consolidation import UnitFigures
from transforms.culprit import Change, Culprit
from transforms.measurement import Measurement
from transforms.numerals import read_numeral
from transforms.observation import Problem
from transforms.placement import indicators_by_section
from transforms.relations import Ground, operands_of, with_values

LEAST_BROKEN = 2  # what a run has to explain, where its last figure did not fall out of the table
_NUMBER = re.compile(r"[-−]?\d[\d.,]*")
_ADDRESS = re.compile(r"([A-Z]+)(\d+)")
Place = tuple[str, str, int]  # sheet, column, row


@dataclass(frozen=True, slots=True)
class Run:
    """A shift found: what every cell of the run should hold, and the cell below the table that took the last figure."""

    culprit: Culprit
    sheet: str
    overflow: str


def find_runs(
    ground: Ground, unit: UnitFigures, broken: Sequence[Measurement], problems: Iterable[Problem]
) -> list[Run]:
    """The shifted runs of a return, at most one a section: after it nothing of the section is broken any more."""
    fallen = {_place_of(p.sheet, p.cell): p.observed for p in problems if p.rule_code == "cell_unclaimed"}
    if not broken and not fallen:
        return []
    found = []
    for rows in indicators_by_section(ground.catalogue, ground.period_code).values():
        codes = _in_one_column(unit, [i.indicator_code for i in rows])
        hurt = {id(m) for m in broken if m.rule_code != "required_present" and _touches(ground, m, codes)}
        last = _place(unit, codes[-1]) if codes else None
        below = None if last is None else (last[0], last[1], last[2] + 1)
        overflow = _number(fallen.get(below, ""))
        if len(codes) < 3 or (overflow is None and len(hurt) < LEAST_BROKEN):
            continue
        fitting = [c for c in _shifts(unit, codes, overflow) if _fits(ground, unit, c, codes)]
        if len(fitting) == 1 and below is not None:
            address = f"{below[1]}{below[2]}" if overflow is not None else ""
            found.append(Run(fitting[0], below[0], address))
    return found


def _number(text: str) -> Decimal | None:
    """A number as a problem quotes it."""
    numeral = read_numeral(text.lstrip("-−")) if _NUMBER.fullmatch(text) else None
    if numeral is None:
        return None
    return -numeral.vietnamese if text.startswith(("-", "−")) else numeral.vietnamese


def _place(unit: UnitFigures, code: str) -> Place | None:
    return _place_of(unit.observations[code].sheet, unit.observations[code].cell)


def _place_of(sheet: str, cell: str) -> Place | None:
    match = _ADDRESS.fullmatch(cell)
    return None if match is None else (sheet, match[1], int(match[2]))


def _in_one_column(unit: UnitFigures, codes: list[str]) -> list[str]:
    """The codes from top to bottom where they stand row below row in one column of one sheet; else none."""
    placed = [(place, code) for code in codes if code in unit.observations and (place := _place(unit, code))]
    placed.sort()
    if not placed or any(place[:2] != placed[0][0][:2] for place, _ in placed):
        return []
    is_dense = placed[-1][0][2] - placed[0][0][2] == len(placed) - 1
    return [code for _, code in placed] if is_dense else []


def _touches(ground: Ground, measurement: Measurement, codes: Iterable[str]) -> bool:
    return bool(operands_of(ground.catalogue, measurement) & set(codes))


def _shifts(unit: UnitFigures, codes: list[str], overflow: Decimal | None) -> Iterator[Culprit]:
    """Every run that starts or ends at a blank cell: its figures one row higher, or one row lower, than they stand."""
    values = [unit.reported(code) for code in codes]
    blanks = [n for n, code in enumerate(codes) if unit.observations[code].state == "blank"]
    end = len(codes) - 1
    for blank in blanks:
        if overflow is not None:
            yield _run("run_moved_down", codes, blank, end, [*values[blank + 1 :], overflow])
            continue
        for last in range(blank + 2, end + 1):
            if None not in values[blank + 1 : last + 1]:
                yield _run("run_moved_down", codes, blank, last, [*values[blank + 1 : last + 1], None])
        for first in range(blank - 1):
            if None not in values[first:blank]:
                yield _run("run_moved_up", codes, first, blank, [None, *values[first:blank]])


def _run(slip_code: str, codes: list[str], first: int, last: int, values: list[Decimal | None]) -> Culprit:
    changes: tuple[Change, ...] = tuple(zip(codes[first : last + 1], values, strict=True))
    return Culprit(slip_code, changes)


def _fits(ground: Ground, unit: UnitFigures, culprit: Culprit, codes: list[str]) -> bool:
    """Whether nothing of the section is broken then, but that the figure which the run lost is not there."""
    lost = {code for code, value in culprit.changes if value is None}
    left = ground.broken(with_values(unit, dict(culprit.changes)), codes)
    return all(m.rule_code == "required_present" and m.indicator_code in lost for m in left)
