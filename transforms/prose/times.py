"""Of which half-year a figure is: the text's own, one named in its sentence, the same period a year before, or none."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from catalogue.model import Catalogue, Indicator
from transforms.prose.asides import HALF
from transforms.prose.numbers import PLACING, Number
from transforms.prose.text import word_key
from transforms.prose.view import View

_YEAR = re.compile(r"\bnăm\s+((?:19|20)\d\d)\b(?!\s*[-–])", re.IGNORECASE)
_END = re.compile(
    r"\b(?:hết|cuối|đến)\s+(?:ngày\s+\d{1,2}/)?(?:tháng\s+)?(?:0?(6|12)/|năm\s+)((?:19|20)\d\d)", re.IGNORECASE
)
_BEGINNING = re.compile(r"(?<!tháng )(?<!nửa )\bđầu (?:năm|kỳ|nhiệm kỳ)\b", re.IGNORECASE)
_PART = re.compile(rf"[^.;:]{{0,80}}\b(?:trong đó|riêng),? (?:tính riêng |riêng )?(?:{HALF.pattern})", re.IGNORECASE)
_COMPARED = re.compile(
    r"(?:cùng kỳ|so với|so|kịch bản|từ|trước|sau|kế hoạch|đến|học)(?: của| kết quả)?\s*$", re.IGNORECASE
)
_STOCKS = ("stock", "stock_rate")
_OPENING = frozenset("(,;")
_SAME = word_key("cùng")
_SIX = ("6", "06")
_UNTIMED = ("previous_year_rank", "school_year", "event")
OTHER_TIME = "là số của khoảng thời gian khác, không phải của nửa năm báo cáo"
WHOLE_YEAR = "là số của cả năm, không phải của nửa năm"
TARGET = "là mục tiêu, kế hoạch chứ không phải kết quả đã đạt"


@dataclass(frozen=True, slots=True)
class Told:
    """A time named in a passage, at letters `start` to `end`: a half-year, a year ("2020"), or the end of one."""

    start: int
    end: int
    period_code: str = ""
    year: str = ""


class Times:
    """The times that a passage names, for a text on a half-year."""

    def __init__(self, catalogue: Catalogue, view: View, period_code: str) -> None:
        self.catalogue = catalogue
        self.view = view
        self.period_code = period_code
        self.told = list(_halves(view.placed.passage.text, period_code))
        self.years = list(_years(view.placed.passage.text))
        self.ends = list(_ends(view.placed.passage.text))

    def of(self, number: Number, indicator: Indicator, is_change: bool) -> tuple[str, str]:
        """The half-year that a figure is of, or why it is of none."""
        if indicator.time_kind in _UNTIMED:
            is_earlier = not is_change and self._is_earlier(number)
            return self._earlier(self.view.tokens[number.start].start) if is_earlier else self.period_code, ""
        tokens, view = self.view.tokens, self.view
        start = tokens[number.start].start
        sentence, _ = view.bounds(view.sentences, number.start)
        segment, _ = view.bounds(view.segments, number.start)
        if self._opens_earlier(number) if is_change else self._is_earlier(number):
            is_year = any(m.meaning for mark in number.head for m in mark.of("earlier"))
            return ("", OTHER_TIME) if is_year else (self._earlier(start), "")
        if indicator.time_kind not in _STOCKS and self._is_of_other_time(number):
            return "", OTHER_TIME
        if indicator.time_kind in _STOCKS and self._is_of_beginning(number):
            return "", OTHER_TIME
        if indicator.time_kind == "flow" and _PART.match(view.placed.passage.text, tokens[number.end - 1].end):
            return "", WHOLE_YEAR
        since = tokens[sentence].start
        halves = [told for told in self.told if since <= told.start < start and self._holds(told, number)]
        if indicator.time_kind in _STOCKS:
            ends = [told for told in self.ends if since <= told.start < start and self._holds(told, number)]
            if ends and (not halves or ends[-1].start > halves[-1].start):
                return self._known(ends[-1].period_code)
        if halves:
            return self._known(halves[-1].period_code)
        near = [t for t in self.years if tokens[segment].start <= t.start < start and self._holds(t, number)]
        if near and near[-1].year != self.period_code[:4] and indicator.time_kind not in _STOCKS:
            return "", WHOLE_YEAR
        return self.period_code, ""

    def _is_of_beginning(self, number: Number) -> bool:
        """Whether a state is told to be that of the year's beginning: "đầu năm tỷ lệ hộ nghèo là 3,78%, …"."""
        text, end = self.view.placed.passage.text, self.view.tokens[number.start].start
        for match in _BEGINNING.finditer(text[:end]):
            if _COMPARED.search(text[: match.start()]) is None and not re.search(
                r"[,;.:()](?!\d)", text[match.end() : end]
            ):
                return True
        return False

    def _is_of_other_time(self, number: Number) -> bool:
        """Whether the last time told before a figure in its segment is a month, a quarter, months other than six."""
        view = self.view
        start, _ = view.bounds(view.segments, number.start)
        for place in range(number.start - 1, start - 1, -1):
            if view.is_numeral(place) and place not in view.templates:
                return False
            if place in view.timed:
                return False
            mark, template = view.mark_at(place), view.templates.get(place)
            if template is not None and template.has("other_time"):
                return view.tokens[place].key not in _SIX
            if mark is not None and mark.has("other_time"):
                return True
        return False

    def _holds(self, told: Told, number: Number) -> bool:
        """Whether a time holds for a figure: one told in brackets holds in them only."""
        starts = [token.start for token in self.view.tokens]
        group = self.view.groups[min(bisect_left(starts, told.start), len(starts) - 1)]
        return group in (0, self.view.groups[number.start])

    def _known(self, period_code: str) -> tuple[str, str]:
        if self.period_code and period_code > self.period_code:
            return "", TARGET
        return (period_code, "") if period_code in self.catalogue.calendar else ("", OTHER_TIME)

    def _opens_earlier(self, number: Number) -> bool:
        """Whether the clause of a change is opened by a year before: "tăng 9,02%, cùng kỳ năm 2023 tăng 9,46%"."""
        tokens = self.view.tokens
        opening = (m.start for m in number.head if m.has("earlier") or m.of("comparison"))
        return any(p > 0 and tokens[p - 1].key in _OPENING and tokens[p].key == _SAME for p in opening)

    def _is_opened(self, number: Number) -> bool:
        """Whether a clause is opened by a year before, its province next: "Cùng kỳ năm 2023 Thái Bình có 420"."""
        view, place = self.view, number.start - 1
        while place >= 0 and (mark := view.mark_at(place)) is not None and mark.has(*PLACING, "filler", "earlier"):
            place = mark.start - 1
            if mark.has("earlier"):
                return place < 0 or view.tokens[place].kind == "mark"
        return False

    def _is_earlier(self, number: Number) -> bool:
        """Whether a figure is told to be that of the same period a year before."""
        if self._is_opened(number):
            return True
        if number.head_has("earlier"):
            return not any(mark.has("against", "rise", "fall") for mark in number.head) or number.direction == 0
        if number.head_has("against") and not number.is_index:
            return any(mark.has("comparison", "earlier") for mark in number.tail) or not number.tail
        return False

    def _earlier(self, start: int) -> str:
        """The half-year a year before, or of the year that is named with it."""
        if not self.period_code:
            return ""
        text = self.view.placed.passage.text
        named = re.search(r"cùng kỳ(?: năm)? ((?:19|20)\d\d)\D{0,40}$", text[max(0, start - 80) : start], re.IGNORECASE)
        year = int(named[1]) if named else int(self.period_code[:4]) - 1
        return f"{year}{self.period_code[4:]}"


def _halves(text: str, period_code: str) -> list[Told]:
    """The half-years of a text that are no base of comparison; one without a year is of the text's own year."""
    found = []
    for match in HALF.finditer(text):
        if _COMPARED.search(text[: match.start()]):
            continue
        year = match[3] or period_code[:4]
        half = "1" if (match[1] or match[2]).casefold() == "đầu" else "2"
        if year:
            found.append(Told(match.start(), match.end(), f"{year}H{half}"))
    return found


def _ends(text: str) -> Iterator[Told]:
    """The ends of half-years that a text names: "đến hết tháng 6/2019", "cuối năm 2018"."""
    for match in _END.finditer(text):
        if not _COMPARED.search(text[: match.start()]):
            yield Told(match.start(), match.end(), f"{match[2]}H{'1' if match[1] == '6' else '2'}")


def _years(text: str) -> list[Told]:
    halves = [match.span() for match in HALF.finditer(text)]
    return [
        Told(match.start(), match.end(), year=match[1])
        for match in _YEAR.finditer(text)
        if not _COMPARED.search(text[: match.start()])
        and not any(start <= match.start() < end for start, end in halves)
    ]
