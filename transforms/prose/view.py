"""A passage made ready for reading: its wordings, sentences, segments between semicolons, and brackets."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from transforms.prose.asides import HALF, TIME, find_asides
from transforms.prose.passages import Placed
from transforms.prose.phrases import Mark, PhraseBook
from transforms.prose.text import Token

_STOPS = frozenset(".!?")
_ABBREVIATED = frozenset(("tp", "ths", "ts", "pgs", "gs", "q", "st", "đc", "tx", "tt", "x", "p", "h", "t", "nxb"))
YEAR = "năm"  # "năm 2021", not "6 tháng cuối năm 14.200 lao động"
UNITS = "số tỉnh, đơn vị trong cách nói"
_CONSUMING = {"cluster": UNITS, "earlier": TIME, "other_time": TIME, "end_of": TIME}


@dataclass(frozen=True)
class View:
    """What stands where in a passage; places are numbers of tokens."""

    placed: Placed
    tokens: tuple[Token, ...]
    marks: tuple[Mark, ...]
    contexts: tuple[Mark, ...]
    templates: dict[int, Mark]
    timed: frozenset[int]
    asides: dict[int, str]
    sentences: tuple[int, ...]
    segments: tuple[int, ...]
    groups: tuple[int, ...]

    @cached_property
    def _starts(self) -> list[int]:
        return [mark.start for mark in self.marks]

    @cached_property
    def counted_times(self) -> frozenset[int]:
        """The words that a number counts as time: "6 tháng"."""
        told = (mark for mark in self.templates.values() if mark.has("other_time"))
        return frozenset(place for mark in told for place in range(mark.start, mark.end))

    def mark_at(self, place: int) -> Mark | None:
        """The wording that covers a token."""
        number = bisect_left(self._starts, place + 1) - 1
        if number >= 0 and self.marks[number].start <= place < self.marks[number].end:
            return self.marks[number]
        return None

    def marks_in(self, start: int, end: int) -> Iterator[Mark]:
        """The wordings that begin in a stretch of tokens."""
        for number in range(bisect_left(self._starts, start), len(self.marks)):
            if self.marks[number].start >= end:
                return
            yield self.marks[number]

    def bounds(self, ids: tuple[int, ...], place: int) -> tuple[int, int]:
        """The stretch of tokens around a place that share its sentence, segment or bracket."""
        start = end = place
        while start > 0 and ids[start - 1] == ids[place]:
            start -= 1
        while end < len(ids) and ids[end] == ids[place]:
            end += 1
        return start, end

    def is_numeral(self, place: int) -> bool:
        """Whether a token is a number that may be a figure."""
        return self.tokens[place].kind == "number" and place not in self.asides


def make_view(book: PhraseBook, placed: Placed) -> View:
    """The view of a passage."""
    tokens = placed.passage.tokens
    asides = _shaped_asides(placed, tokens)
    marks, templates = book.find(tokens, frozenset(asides))
    for mark in marks:
        kinds = [m.meaning for m in mark.of("aside")] or [_CONSUMING[m.role] for m in mark.of(*_CONSUMING)]
        if kinds:
            for place in range(mark.start, mark.end):
                is_year = kinds[0] != YEAR or tokens[place].key.isdecimal()
                if tokens[place].kind == "number" and is_year:
                    asides.setdefault(place, kinds[0])
    for place, template in templates.items():
        if _is_told_by(tokens, marks, place, template):
            asides[place] = next((m.meaning for m in template.of("aside")), TIME)
    sentences, segments, groups = _divide(tokens)
    timed = _timed(placed, tokens)
    contexts = tuple(book.find_contexts(tokens))
    return View(placed, tokens, tuple(marks), contexts, templates, timed, asides, sentences, segments, groups)


def _is_told_by(tokens: tuple[Token, ...], marks: list[Mark], place: int, template: Mark) -> bool:
    """Whether the words behind a number tell its kind ("6 tháng"), and no longer wording counts it."""
    before = tokens[place - 1].key if place else ""
    counted = next((mark for mark in marks if mark.start == place + 1), None)
    is_longer = counted is not None and counted.has("unit", "noun", "other") and counted.end > template.end
    return before != "/" and template.start == place and not is_longer


def _shaped_asides(placed: Placed, tokens: tuple[Token, ...]) -> dict[int, str]:
    found: dict[int, str] = {}
    starts = [token.start for token in tokens]
    for start, end, kind in find_asides(placed.passage):
        for place in range(bisect_left(starts, start), len(tokens)):
            if tokens[place].start >= end:
                break
            if tokens[place].kind == "number":
                found.setdefault(place, kind)
    return found


def _timed(placed: Placed, tokens: tuple[Token, ...]) -> frozenset[int]:
    """The words that name a half-year: they say nothing else of a figure."""
    starts = [token.start for token in tokens]
    spans = (match.span() for match in HALF.finditer(placed.passage.text))
    return frozenset(p for start, end in spans for p in range(bisect_left(starts, start), bisect_left(starts, end)))


def _divide(tokens: tuple[Token, ...]) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """The numbers of sentence, segment and bracket (0 for none) of each token."""
    sentences: list[int] = []
    segments: list[int] = []
    groups: list[int] = []
    sentence = segment = opened = group = 0
    for place, token in enumerate(tokens):
        if token.key == "(" and not group:
            opened += 1
            group = opened
        sentences.append(sentence)
        segments.append(segment)
        groups.append(group)
        if token.key == ")":
            group = 0
        if token.key in _STOPS and _is_stop(tokens, place):
            sentence, segment, group = sentence + 1, segment + 1, 0
        elif token.key == ";" and not group:
            segment += 1
    return tuple(sentences), tuple(segments), tuple(groups)


def _is_stop(tokens: tuple[Token, ...], place: int) -> bool:
    """Whether a full stop ends a sentence: not behind an abbreviation, nor before a small letter."""
    if place and tokens[place].key == "." and tokens[place - 1].key in _ABBREVIATED:
        return False
    if place + 1 == len(tokens):
        return True
    following = tokens[place + 1]
    return following.is_capital or following.kind == "number" or following.kind == "mark"
