"""The numbers of a passage with the words around them: how it is told (change, share, rank, count) and in what unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from transforms.prose.phrases import Mark
from transforms.prose.text import word_key
from transforms.prose.view import View

Kind = Literal["change", "rate", "points", "fraction", "rank", "count", "bare", "times"]
NAMING = ("noun", "subject", "other")
PLACING = ("place", "cluster", "elsewhere")
_BOUNDARIES = frozenset(",;:.()!?")
_PERCENT = "%"
_SIGNS = {"+": 1, "-": -1}
_ORDERED = frozenset(map(word_key, ("năm", "lần", "kỳ", "ngày")))
_GOING_ON = frozenset(map(word_key, (",", "và", ";")))
_POINTS = "điểm phần trăm"


@dataclass(slots=True)
class Number:
    """A figure as it stands: tokens `start` to `end` with its magnitude and %; `second` is what it is a fraction of.

    `head` and `tail` are the wordings before it (the nearest first) and behind it, up to a comma, a place, a number.
    """

    start: int
    end: int
    first: str
    second: str = ""
    kind: Kind = "bare"
    magnitude: str = ""
    quantities: frozenset[str] = frozenset()
    noun: Mark | None = None
    head: list[Mark] = field(default_factory=list)
    tail: list[Mark] = field(default_factory=list)
    tail_end: int = 0
    direction: int = 0
    is_index: bool = False
    is_estimated: bool = False
    is_strange: bool = False
    is_trailed: bool = False
    is_word: bool = False
    addend: str = ""

    @property
    def words(self) -> tuple[int, int]:
        """The tokens of the figure with the direction right before it and the unit right behind: "giảm 43,8%"."""
        start, end = self.start, self.end
        if self.head and self.head[0].end == start and self.head[0].has("rise", "fall", "index"):
            start = self.head[0].start
        if self.noun is not None and self.noun.start == end and self.noun.has("unit"):
            end = self.noun.end
        return start, end

    def head_has(self, *roles: str) -> bool:
        return any(mark.has(*roles) for mark in self.head)

    @property
    def is_percent(self) -> bool:
        return self.quantities == {_PERCENT}

    def bases(self) -> set[str]:
        """What the figure is compared with: previous_year, scenario, plan."""
        found = {m.meaning for mark in (*self.head, *self.tail) for m in mark.of("comparison")}
        return found | {"plan" for mark in self.tail if mark.has("base")}


def find_numbers(view: View) -> list[Number]:
    """The numbers of a passage that may be figures, those written in words too, in its order."""
    found: list[Number] = []
    place = 0
    while place < len(view.tokens):
        number = _numeral(view, place) if view.is_numeral(place) else _word_number(view, place)
        if number is None:
            place += 1
            continue
        _go_on(view, found[-2:], number)
        found.append(number)
        place = number.end
    return found


def _go_on(view: View, told: Sequence[Number], number: Number) -> None:
    """A percentage joined to a change is one as well: "tăng 5,1% và 12%", "tăng 9% về số lượng và 32% về vốn"."""
    before = told[-1] if told else None
    if before is None or before.kind != "change" or number.kind != "rate":
        return
    if len(told) > 1 and told[0].kind == "rate" and view.tokens[told[0].end].key == ",":
        return  # "8,1%, giảm 12,6% và 7,7%": the fall is of one
    between = view.tokens[before.end : number.start]
    is_joined = bool(between) and between[-1].key in _GOING_ON
    is_close = is_joined and all(token.key in _GOING_ON for token in between)
    is_beside = is_joined and view.segments[before.start] == view.segments[number.start]
    if is_close or (is_beside and any(mark.has("companion") for mark in number.tail)):
        number.kind, number.direction, number.is_index = "change", before.direction, before.is_index


def _numeral(view: View, place: int) -> Number:
    tokens = view.tokens
    number = Number(place, place + 1, tokens[place].key)
    if place + 2 < len(tokens) and tokens[place + 1].key == "/" and view.is_numeral(place + 2):
        number.second, number.end = tokens[place + 2].key, place + 3
    _read_tail(view, number)
    _read_head(view, number)
    number.kind = _kind_of(view, number)
    return number


def _word_number(view: View, place: int) -> Number | None:
    """A rank in words ("đứng thứ hai", "đứng đầu cả nước"), or a small number in words before a noun of ours."""
    mark = view.mark_at(place)
    if mark is None or mark.start != place:
        return None
    if mark.has("first"):
        number = Number(place, mark.end, mark.of("first")[0].meaning, kind="rank", is_word=True)
        _read_tail(view, number)
        _read_head(view, number)
        return number
    following = view.mark_at(mark.end) if mark.end < len(view.tokens) else None
    if following is None or following.start != mark.end:
        return None
    if mark.has("rank") and following.has("ordinal") and view.tokens[place - 1].key not in _ORDERED:
        number = Number(
            place, following.end, following.of("ordinal")[0].meaning, kind="rank", tail_end=following.end, is_word=True
        )
        _read_head(view, number)
        return number
    if mark.has("cardinal") and following.has("noun"):
        number = Number(place, mark.end, mark.of("cardinal")[0].meaning, is_word=True)
        _read_tail(view, number)
        _read_head(view, number)
        number.kind = "count"
        return number
    return None


def _read_tail(view: View, number: Number) -> None:
    tokens = view.tokens
    place = number.end
    while (mark := _mark_starting(view, place)) is not None and mark.has("magnitude"):
        number.magnitude += " " + view.placed.passage.text[tokens[mark.start].start : tokens[mark.end - 1].end]
        place = number.end = mark.end
    if number.magnitude and place < len(tokens) and view.is_numeral(place):
        place = number.end = _read_addend(view, number, place)
    mark = _mark_starting(view, place)
    if mark is not None and mark.has("unit", "noun", "other", "times"):
        number.noun = mark
        number.quantities = frozenset(m.meaning for m in mark.of("unit"))
        place = mark.end
        if tokens[mark.start].key == _PERCENT:
            number.end = mark.end
    elif place < len(tokens) and tokens[place].kind == "word" and mark is None:
        number.is_trailed = True
    first = True
    while place < len(tokens) and view.sentences[place] == view.sentences[number.start]:
        mark = view.mark_at(place)
        if place in view.timed:
            place += 1
        elif mark is not None:
            if mark.has(*PLACING):
                break
            number.tail.append(mark)
            place = mark.end
        elif tokens[place].key in _BOUNDARIES or view.is_numeral(place):
            break
        else:
            number.is_trailed = number.is_trailed or (first and tokens[place].kind == "word")
            place += 1
        first = False
    number.tail_end = place


def _read_addend(view: View, number: Number, place: int) -> int:
    """Takes the second half of an amount told in two: "17.350 tỷ 500 triệu"; where it ends."""
    mark = _mark_starting(view, place + 1)
    if mark is None or not mark.has("magnitude"):
        return place
    text = view.placed.passage.text
    number.addend = text[view.tokens[place].start : view.tokens[mark.end - 1].end]
    return mark.end


def _mark_starting(view: View, place: int) -> Mark | None:
    mark = view.mark_at(place) if place < len(view.tokens) else None
    return mark if mark is not None and mark.start == place else None


def _read_head(view: View, number: Number) -> None:
    """Reads backwards to a comma, a bracket, a place, another number or what names an indicator."""
    place = number.start - 1
    is_level = False
    while place >= 0 and view.sentences[place] == view.sentences[number.start]:
        token, mark = view.tokens[place], view.mark_at(place)
        if (place in view.timed or place in view.counted_times) and (mark is None or mark.start in view.timed):
            place -= 1
        elif mark is not None:
            if mark.has(*PLACING, "noun", "subject") or (mark.has("other") and not mark.has("filler")):
                for meaning in mark.of("rise", "fall"):
                    number.direction = number.direction or (0 if is_level else int(meaning.meaning))
                break
            number.head.append(mark)
            is_level = is_level or (mark.has("level") and not number.direction)
            for meaning in mark.of("rise", "fall"):
                number.direction = number.direction or (0 if is_level else int(meaning.meaning))
            place = mark.start - 1
        elif token.key == "," and number.head and number.head[-1].has("respectively"):
            place -= 1
        elif token.key in _BOUNDARIES or view.is_numeral(place):
            break
        else:
            number.is_strange = number.is_strange or token.kind == "word"
            place -= 1
    number.is_index = bool(number.head) and _near(number, "index")
    number.is_estimated = number.head_has("estimate")
    sign = view.tokens[number.start - 1] if number.start else None
    is_close = sign is not None and sign.end == view.tokens[number.start].start
    if sign is not None and sign.key in _SIGNS and is_close and number.is_percent and not number.direction:
        number.direction = _SIGNS[sign.key]


def _near(number: Number, role: str) -> bool:
    """Whether a wording of a role stands before the number with nothing but estimates and fillers between."""
    for mark in number.head:
        if mark.has(role):
            return True
        if not mark.has("estimate", "filler", "comparison"):
            return False
    return False


def _kind_of(view: View, number: Number) -> Kind:
    noun = number.noun
    if noun is not None and noun.has("times"):
        return "change" if number.is_index else "times"
    if number.quantities == {_PERCENT}:
        if noun is not None and view.tokens[noun.start].key != _PERCENT and noun.end - noun.start == 3:
            return "points"
        compared = "previous_year" in number.bases()
        return "change" if number.direction or number.is_index or compared else "rate"
    if number.second:
        return "fraction"
    if number.head and number.head[0].has("rank") and not (noun is not None and noun.has("noun")):
        return "rank"
    return "bare" if noun is None else "count"
