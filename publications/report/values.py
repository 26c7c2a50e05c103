"""A drafted report as values: paragraphs made of words and figures, tables, charts; every figure has its mark."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from publications.charts.drawing import Chart
from transforms.figure_marks import Basis, FigureMark, name_mark


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it is printed, and what it is."""

    text: str
    mark: FigureMark


Span = str | Figure
Spans = tuple[Span, ...]
Style = Literal["heading", "body", "narrative", "note_head", "note", "warning"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; a heading has its level from 1 to 3."""

    style: Style
    spans: Spans
    level: int = 0


@dataclass(frozen=True, slots=True)
class Grid:
    """One table: a caption, heads, and rows whose first two cells are a place and a name.

    The last row may be the cluster's; `legend` says what the signs in it mean.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Spans, ...], ...]
    has_total: bool
    legend: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """One chart and its caption."""

    caption: str
    chart: Chart
    is_slope: bool = False


Block = Paragraph | Grid | Picture


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands around the text by the rules for official documents; lists are lines."""

    organ_above: str
    organ: str
    motto: str
    motto_below: str
    number: str
    place_date: str
    standing: str
    kind: str
    title: str
    recipients_head: str
    recipients: tuple[str, ...]
    signature: tuple[str, ...]
    signed_by: str
    author: str


@dataclass(frozen=True, slots=True)
class Draft:
    """The whole report of one period; `banner` must stand on it where figures are made up."""

    period_code: str
    letterhead: Letterhead
    banner: str
    blocks: tuple[Block, ...]
    marks: tuple[FigureMark, ...]


@dataclass(slots=True)
class MarkBook:
    """Gives every figure that is told its bookmark's name, in the order of telling."""

    marks: list[FigureMark] = field(default_factory=list)
    _told: dict[tuple[str, str, str, str], int] = field(default_factory=dict)

    def tell(
        self,
        text: str,
        value: Decimal,
        period_code: str,
        province_id: str,
        indicator_code: str,
        basis: Basis,
        place: tuple[str, str, str] = ("", "", ""),
    ) -> Figure:
        key = (period_code, province_id, indicator_code, basis)
        self._told[key] = occurrence = self._told.get(key, 0) + 1
        name = name_mark(period_code, province_id, indicator_code, basis, occurrence)
        mark = FigureMark(name, period_code, province_id, indicator_code, basis, value, text, *place)
        self.marks.append(mark)
        return Figure(text, mark)


def fill(pattern: str, parts: Mapping[str, Spans | str]) -> Spans:
    """A pattern with its placeholders filled by words and figures."""
    found: list[Span] = []
    for literal, name, _, _ in string.Formatter().parse(pattern):
        part = () if name is None else parts[name]
        found += [literal, *((part,) if isinstance(part, str) else part)]
    return merge(found)


def join(parts: Sequence[Spans], separator: str) -> Spans:
    """Spans one after another with a separator between them."""
    found: list[Span] = []
    for n, part in enumerate(parts):
        found += [separator, *part] if n else part
    return merge(found)


def merge(spans: Sequence[Span]) -> Spans:
    """The spans with neighbouring words in one, and without empty ones."""
    found: list[Span] = []
    for span in spans:
        if isinstance(span, str) and found and isinstance(found[-1], str):
            found[-1] += span
        elif span != "":
            found.append(span)
    return tuple(found)


def plain_text(spans: Spans) -> str:
    """The spans as they are read."""
    return "".join(span if isinstance(span, str) else span.text for span in spans)


def capitalise(spans: Spans) -> Spans:
    """The spans with a capital at their start, where they start with a word."""
    if spans and isinstance(spans[0], str):
        return (spans[0][:1].upper() + spans[0][1:], *spans[1:])
    return spans
