"""The sentences of one passage: each number a claim, unplaced with a reason, or ignored by kind."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from catalogue.model import Catalogue, Indicator
from transforms.numerals import Style
from transforms.prose.asides import TIME
from transforms.prose.claims import Basis, Claim, Ignored, Unplaced
from transforms.prose.numbers import PLACING, Number, find_numbers
from transforms.prose.obstacles import Obstacles
from transforms.prose.passages import Placed
from transforms.prose.phrases import PhraseBook
from transforms.prose.places import UNCLEAR, Places
from transforms.prose.respectively import pair_respectively
from transforms.prose.text import word_key
from transforms.prose.times import Times
from transforms.prose.topics import Topics
from transforms.prose.values import read_value
from transforms.prose.view import View, make_view

SHARE = "là tỷ trọng, không phải giá trị của chỉ tiêu"
AMOUNT = "là mức tăng, giảm bằng số tuyệt đối, không phải giá trị của kỳ"
YEAR = "là một năm"
OUTSIDE = "là số của tỉnh không phải thành viên của Cụm trong kỳ đó"
SECOND = "là số thứ hai nêu liền sau, chưa rõ của chỉ tiêu nào"
_JOINING = frozenset(map(word_key, (",", "và")))
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass
class Found:
    """What was found in a text so far; `sentences` numbers the sentence of each claim."""

    claims: list[Claim] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    sentence_count: int = 0


class SentenceReader:
    """Reads one passage; `is_plan` says that a heading over it speaks of tasks ahead."""

    def __init__(
        self,
        catalogue: Catalogue,
        book: PhraseBook,
        placed: Placed,
        period: str,
        style: Style,
        found: Found,
        *,
        is_plan: bool,
    ) -> None:
        self.catalogue = catalogue
        self.view = make_view(book, placed)
        self.period = period
        self.style = style
        self.found = found
        self.numbers = find_numbers(self.view)
        self.topics = Topics(catalogue, book, self.view, period)
        over = [m.of("place")[0].meaning for m in self.topics.over if m.has("place")]
        size = len(catalogue.members_of(period))
        self.places = Places(self.view, catalogue.cluster_id, tuple(over[:1]) if len(set(over)) == 1 else (), size)
        self.times = Times(catalogue, self.view, period)
        self.paired = pair_respectively(self.view, self.numbers, self.places)
        self.of_cluster = {table.table_code for table in catalogue.tables if table.layout == "indicators"}
        self.obstacles = Obstacles(self.view, self.places, is_plan=is_plan)
        self.estimated = {self.view.sentences[place]: place for place in _estimated_leads(self.view)}

    def read(self) -> None:
        """Adds the passage's claims, and its numbers that are none."""
        self._ignore_asides()
        for number in self.numbers:
            reason = self._claim(number)
            template = self.view.templates.get(number.end - 1) if reason and number.second else None
            kind = template.of("aside")[0].meaning if template is not None and template.has("aside") else ""
            if kind or reason == YEAR:
                self.found.ignored.append(Ignored(*self._span(number.start, number.end), kind or TIME))
            elif reason and not number.is_word:
                self.found.unplaced.append(Unplaced(*self._span(number.start, number.end), reason))
        self.found.sentence_count += (self.view.sentences[-1] if self.view.sentences else 0) + 1

    def _claim(self, number: Number) -> str:
        """Adds the claims of a number; says why where it makes none."""
        reason = YEAR if _is_year(number) else self.obstacles.of(number)
        if reason:
            return reason
        indicator, reason = self.topics.of(number)
        if indicator is None:
            return reason
        if _is_amount(number, indicator):
            return AMOUNT
        if indicator.is_growth and number.kind == "rate" and self._is_falling(number):
            number.direction = -1
        if indicator.is_growth and number.kind == "rate" and self._is_shared(number):
            return SHARE
        if number.head_has("share") and indicator.indicator_code not in self.catalogue.formulas:
            return SHARE
        is_change = number.kind == "change"
        provinces, reason = self.places.of(number)
        provinces = self.paired.get(number.start, provinces)
        if reason == UNCLEAR and indicator.table_code in self.of_cluster:
            provinces = (self.catalogue.cluster_id,)
        if not provinces:
            return reason
        period, reason = self.times.of(number, indicator, is_change)
        if reason:
            return reason
        members = {member.province_id for member in self.catalogue.members_of(period)} | {self.catalogue.cluster_id}
        if period and not members.issuperset(provinces):
            return OUTSIDE
        figure = read_value(self.catalogue, self.view, number, indicator, period, self.style)
        if figure.value is None:
            return f"không đọc được thành số: {figure.detail}"
        if self._is_second(number, indicator, provinces, figure.value):
            return SECOND
        self.topics.use(number, indicator)
        second = self.catalogue.indicators.get(indicator.fraction_of) if figure.denominator is not None else None
        for province in provinces:
            self._add(number, indicator, province, period, figure.value, figure.basis)
            for beside in self.topics.beside(number, indicator):
                self._add(number, beside, province, period, figure.value, figure.basis)
            if second is not None and figure.denominator is not None:
                self._add(number, second, province, period, figure.denominator, "")
        return ""

    def _is_second(self, number: Number, indicator: Indicator, provinces: tuple[str, ...], value: Decimal) -> bool:
        """Whether its sentence tells another figure of the same, and does not name it anew: "còn 0,98% và 1,5%"."""
        if (
            provinces[-1] == self.catalogue.cluster_id
            or number.start in self.paired
            or (number.noun is not None and number.noun.has("noun"))
        ):
            return False
        view = self.view
        sentence = self.found.sentence_count + view.sentences[number.start]
        period, _ = self.times.of(number, indicator, number.kind == "change")
        told = [
            claim.value
            for claim, of in zip(reversed(self.found.claims), reversed(self.found.sentences), strict=True)
            if of == sentence
            and claim.indicator_code == indicator.indicator_code
            and claim.province_id == provinces[-1]
            and claim.period_code == period
        ]
        last = next((used for used in reversed(self.topics.used) if used.indicator is indicator), None)
        if not told or last is None or value in told:
            return False
        named = (mark for mark in view.marks_in(last.end, number.start) if mark.has("noun", "subject"))
        return not any(self.topics.names(mark, indicator, number) for mark in named if mark.start > last.end)

    def _add(
        self, number: Number, indicator: Indicator, province: str, period: str, value: Decimal, basis: str
    ) -> None:
        told: Basis = "index" if basis == "index" else "growth" if indicator.is_growth else ""
        block, start, end, raw = self._span(*number.words)
        lead = self.estimated.get(self.view.sentences[number.start], number.start)
        is_estimated = number.is_estimated or (
            lead < number.start and not number.is_percent and number.kind != "change"
        )
        self.found.claims.append(
            Claim(block, start, end, raw, indicator.indicator_code, province, period, value, told, is_estimated)
        )
        self.found.sentences.append(self.found.sentence_count + self.view.sentences[number.start])

    def _is_falling(self, number: Number) -> bool:
        """Whether a fall is told before a figure, since its place: "giảm sâu, ở mức 15,3%"."""
        view = self.view
        start, _ = view.bounds(view.segments, number.start)
        for place in range(number.start - 1, start - 1, -1):
            mark = view.mark_at(place)
            if view.is_numeral(place) or (mark is not None and mark.has(*PLACING, "rise")):
                return False
            if mark is not None and mark.has("fall"):
                return True
        return False

    def _is_shared(self, number: Number) -> bool:
        """Whether parts of a whole are told in the segment: "cơ cấu kinh tế: công nghiệp - xây dựng 44,1%, …"."""
        start, _ = self.view.bounds(self.view.segments, number.start)
        told = [mark for mark in self.view.marks_in(start, number.start) if mark.has("share", "rise", "fall")]
        return bool(told) and told[-1].has("share")

    def _ignore_asides(self) -> None:
        """Ignores by kind what is no figure; the parts of one date or document number together."""
        view, row = self.view, list[int]()
        for place in sorted(view.asides):
            joined = row and all(view.tokens[p].key in "/-." for p in range(row[-1] + 1, place))
            if row and not (joined and view.asides[place] == view.asides[row[0]]):
                self.found.ignored.append(Ignored(*self._span(row[0], row[-1] + 1), view.asides[row[0]]))
                row = []
            row.append(place)
        if row:
            self.found.ignored.append(Ignored(*self._span(row[0], row[-1] + 1), view.asides[row[0]]))

    def _span(self, start: int, end: int) -> tuple[int, int, int, str]:
        """Block, start, end and wording of a stretch of tokens."""
        tokens, passage = self.view.tokens, self.view.placed.passage
        block, first, last = passage.block_span(tokens[start].start, tokens[end - 1].end)
        return block, first, last, passage.text[tokens[start].start : tokens[end - 1].end]


def _estimated_leads(view: View) -> list[int]:
    """Where a list is opened as one of estimates: "ước tính: …"."""
    leads = (mark.end for mark in view.marks if mark.has("estimate") and mark.end < len(view.tokens))
    return [place for place in leads if view.tokens[place].key == ":" or place in view.timed or _is_half(view, place)]


def _is_half(view: View, place: int) -> bool:
    """Whether the half-year is told by its months alone: "ước 6 tháng, …"."""
    return place in view.templates and view.tokens[place].key.lstrip("0") == "6"


def _is_year(number: Number) -> bool:
    return number.kind == "bare" and not number.magnitude and _YEAR.fullmatch(number.first) is not None


def _is_amount(number: Number, indicator: Indicator) -> bool:
    """Whether a count is by how much something rose ("tăng 120 doanh nghiệp", "thêm 05 xã"), not how much it is."""
    if number.kind not in ("count", "bare", "fraction") or indicator.low is None:
        return False
    if number.noun is not None and any(m.meaning == "fall" for m in number.noun.of("noun")):
        return False
    near = next((mark for mark in number.head if not mark.has("estimate", "comparison")), None)
    if near is None:
        return False
    is_more = near.has("more") and indicator.time_kind != "flow"
    return is_more or near.has("added") or (near.has("rise", "fall") and not near.has("level"))
