"""The figure of the same half a year before that a row repeats beside its own: read alike, and never in its way."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from catalogue.model import Catalogue, Indicator
from transforms.comparison import same_half_before
from transforms.fields import read_row, show_cell
from transforms.layout import IndicatorRow
from transforms.numerals import NUMERAL, Style
from transforms.observation import Cell, Observation, Problem

_ALIKE = ("label", "unit")
_HALF_STEP = Decimal("0.5")


def join_previous(
    catalogue: Catalogue,
    indicator: Indicator,
    place: IndicatorRow,
    cells: dict[tuple[int, int], Cell],
    period_code: str,
    style: Style | None,
    found: Iterable[Observation],
) -> tuple[list[Observation], list[Problem]]:
    """What a row says, each observation with the figure that its column `previous` repeats, in its indicator's unit.

    A text that is no number, or may be two, is told (`previous_unreadable`) and repeats nothing; a word such as "không
    phát sinh" is kept as text.
    """
    found = list(found)
    cell = cells.get((place.row, place.columns["previous"]))
    if cell is None:
        return found, []
    columns = {name: place.columns[name] for name in _ALIKE if name in place.columns}
    before = IndicatorRow(place.sheet, place.row, {**columns, "value": cell.column}, place.told)
    earlier = same_half_before(period_code)
    of = earlier if earlier in catalogue.calendar else period_code
    told, troubles = read_row(catalogue, indicator, before, cells, of, style)
    repeated = {} if troubles else {o.indicator_code: o.value for o in told}
    joined = [
        replace(o, previous=repeated.get(o.indicator_code), previous_text=cell.raw, previous_cell=cell.address)
        if o.indicator_code in repeated or o.indicator_code == indicator.indicator_code
        else o
        for o in found
    ]
    return joined, [_tell(t, indicator, cell) for t in troubles[:1] if t.cell == cell.address]


def _tell(trouble: Problem, indicator: Indicator, cell: Cell) -> Problem:
    detail = trouble.detail
    if trouble.rule_code == "unit_mismatch":
        detail = "đơn vị tính không phù hợp"
    elif trouble.rule_code == "number_ambiguous":
        detail = f"có thể là {trouble.expected} hoặc {trouble.detail}"
    return Problem(
        "previous_unreadable", indicator.indicator_code, cell.sheet, cell.address, show_cell(cell), "", detail
    )


def half_step(indicator: Indicator, previous: Decimal, text: str) -> Decimal:
    """Half of the last place in which a repeated figure is written, in its indicator's unit; 0 where it is in words.

    5,3 gives 0,05; 17,1 nghìn tỷ for 17100 tỷ gives 50. The zeros that end a whole number are digits as written.
    """
    numerals = [match[0] for match in NUMERAL.finditer(text)]
    written = previous + 100 if indicator.is_growth else previous
    for numeral in numerals:
        digits = re.sub(r"\D", "", numeral)
        for value in (previous, written):
            if value and _significant(digits) == _significant("".join(map(str, value.as_tuple().digits))):
                return _HALF_STEP * abs(value) / int(digits)
    if len(numerals) != 1:
        return Decimal(0)
    _, mark, decimals = numerals[0].rpartition("," if "," in numerals[0] else ".")
    return _HALF_STEP.scaleb(-len(decimals) if mark else 0)


def _significant(digits: str) -> str:
    return digits.strip("0")
