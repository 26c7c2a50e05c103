"""What a planted error is: the cells that are written otherwise, where they stand, and the truth."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from benchmarks.clean_returns import CATALOGUE, PERIOD, Season
from transforms.placement import indicators_by_section, place
from transforms.template.blank import FormValue

SLOTS = {slot.name: slot for slot in place(CATALOGUE, PERIOD)}
SECTIONS = {code: [i.indicator_code for i in rows] for code, rows in indicators_by_section(CATALOGUE, PERIOD).items()}
Edit = Callable[[Any], None]


@dataclass(frozen=True)
class Plan:
    """One error: cells of the form written otherwise, or the workbook edited.

    `written` are the figures that differ (none: the error is not one of figures, and can always be known), `places`
    where the error stands, `truth` the true figures; only a slip (`is_slip`) is expected to be put right.
    """

    cells: Mapping[str, FormValue] = field(default_factory=dict)
    written: Mapping[str, Decimal] = field(default_factory=dict)
    places: tuple[tuple[str, str], ...] = ()
    truth: Mapping[str, Decimal] = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()
    says: str = ""
    is_slip: bool = False

    @property
    def is_exchange(self) -> bool:
        """Whether two figures stand in each other's place."""
        true = list(self.truth.items())
        return len(true) == 2 and [self.written.get(code) for code, _ in true] == [v for _, v in reversed(true)]


Kind = Callable[[random.Random, Season, str], "Plan | None"]


def at(code: str, field: str = "f_") -> tuple[str, str]:
    """The sheet and address of an indicator's cell."""
    slot = SLOTS[f"{field}{code}"]
    return slot.sheet, slot.address


def codes_of(wanted: Callable[[Any], bool] = lambda i: True) -> list[str]:
    return [i.indicator_code for i in CATALOGUE.indicators_of(PERIOD) if wanted(i)]


SUMMED = codes_of(lambda i: i.aggregation == "sum")
COUNTS = codes_of(lambda i: i.is_whole and i.aggregation == "sum")
PERCENTS = codes_of(lambda i: i.unit_code == "percent" and not i.is_growth)
GROWTHS = codes_of(lambda i: i.is_growth)
RANKS = codes_of(lambda i: i.unit_code == "rank")
WORDS = ("nhiều", "như trên", "xem phụ lục", "12 và 13")
REQUIRED = codes_of(lambda i: i.is_required)
UNDERIVED = [c for c in REQUIRED if c not in CATALOGUE.formulas and c not in CATALOGUE.totals]  # the rest is computed


def figures(changed: Mapping[str, Decimal], season: Season, unit: str, *, is_slip: bool = True) -> Plan:
    """The plan that writes these figures for the true ones; a slip can be undone."""
    truth = {code: season.figures[unit][code] for code in changed}
    cells = {f"f_{code}": value for code, value in changed.items()}
    return Plan(cells, dict(changed), tuple(at(code) for code in changed), truth, is_slip=is_slip)


def put(sheet: str, address: str, value: object) -> Edit:
    def write(book: Any) -> None:
        book[sheet][address] = value

    return write
