"""The value of a figure in a sentence: its words put as a cell's text and read as every cell is."""

from __future__ import annotations

from dataclasses import replace

from catalogue.model import Catalogue, Indicator
from transforms.figures import Figure, read_figure
from transforms.numbers_vi import format_number
from transforms.numerals import Style, read_numeral
from transforms.prose.numbers import Number
from transforms.prose.view import View


def read_value(
    catalogue: Catalogue, view: View, number: Number, indicator: Indicator, period_code: str, style: Style
) -> Figure:
    """What a number says of an indicator, in the indicator's own unit; with trouble where it says nothing."""
    figure = read_figure(catalogue, indicator, _as_cell(catalogue, view, number, indicator), period_code, style)
    if not number.addend or figure.value is None:
        return figure
    unit = catalogue.unit_of(indicator).quantity
    added = read_figure(catalogue, indicator, f"{number.addend} {unit}", period_code, style)
    return added if added.value is None else replace(figure, value=figure.value + added.value)


def _as_cell(catalogue: Catalogue, view: View, number: Number, indicator: Indicator) -> str:
    unit = catalogue.unit_of(indicator)
    direction = {1: "tăng ", -1: "giảm "}.get(number.direction, "")
    numeral = f"{number.first}/{number.second}" if number.second else number.first
    if number.noun is not None and number.noun.has("times"):
        times = read_numeral(number.first)
        return f"bằng {format_number(times.vietnamese * 100)}%" if times is not None else numeral
    if number.kind == "change":
        is_index = number.is_index or not number.direction
        return f"{'bằng ' if is_index else direction}{numeral}%"
    if number.kind == "rate":
        return f"{'giảm ' if indicator.is_growth and number.direction < 0 else ''}{numeral}%"
    if number.kind in ("rank", "fraction"):
        return numeral
    if unit.quantity == "bậc":
        return f"{direction}{numeral} {unit.name}"
    written = unit.quantity if number.magnitude else ""
    if number.noun is not None and number.noun.has("unit"):
        tokens = view.tokens
        text = view.placed.passage.text
        written = text[tokens[number.noun.start].start : tokens[number.noun.end - 1].end]
    elif number.noun is not None and number.magnitude:
        written = unit.quantity
    return f"{numeral}{number.magnitude} {written}".strip()
