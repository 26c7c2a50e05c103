"""What a figure is of: the noun it counts, the subject in its clause, the topic of its list, sentence or heading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from catalogue.model import Catalogue, Indicator
from transforms.prose.companions import Companions
from transforms.prose.contexts import Contexts
from transforms.prose.members import Members, Used, with_unit_behind
from transforms.prose.numbers import PLACING, Number
from transforms.prose.phrases import Mark, PhraseBook
from transforms.prose.text import split_tokens
from transforms.prose.view import View

UNKNOWN = "chưa rõ là số của chỉ tiêu nào trong danh mục của Cụm"
OTHER = "là số của một chỉ tiêu không có trong danh mục của Cụm"
UNFIT = "đơn vị tính hoặc cách nói không khớp chỉ tiêu nào đang được nói đến"


class Topics:
    """The subjects of a passage, and which indicator each figure is of."""

    def __init__(self, catalogue: Catalogue, book: PhraseBook, view: View, period_code: str) -> None:
        self.catalogue = catalogue
        self.book = book
        self.view = view
        self.asked = {i.indicator_code: i for i in catalogue.indicators_of(period_code)} or catalogue.indicators
        self.named = [mark for mark in view.marks if mark.has("noun", "subject", "other")]
        headings = [split_tokens(heading) for heading in reversed(view.placed.headings)]
        self.over = [mark for tokens in headings for mark in book.find(tokens, frozenset())[0]]
        contexts_over = [mark for tokens in headings for mark in book.find_contexts(tokens)]
        self.contexts = Contexts(view, self.asked, contexts_over)
        self.totals = {part.part_code: code for code, parts in catalogue.totals.items() for part in parts}
        self.members = Members(catalogue, self.asked)
        self.used: list[Used] = []
        self.companions = Companions(view, self.contexts, self.named, self.over, self.used)
        self.beside_amount: tuple[int, Indicator] | None = None
        self.from_behind: set[int] = set()

    def of(self, number: Number) -> tuple[Indicator | None, str]:
        """The indicator of a figure, or why it has none; figures before it are known by `use`."""
        if number.kind in ("points", "times"):
            return None, UNFIT
        if number.kind == "bare" and number.is_trailed:
            return None, UNKNOWN
        if number.noun is not None and number.noun.has("noun"):
            if number.direction > 0 and any(m.meaning == "fall" for m in number.noun.of("noun")):
                return None, UNFIT
            codes = self.contexts.codes_of(number.noun, number.start, ("noun",))
            if number.second and any(str(self.asked[code].high) == number.second for code in codes):
                number.kind, number.second = "count", ""
            found = self.members.fitting(codes, number)
            if found is not None:
                return found, ""
            if not number.quantities:
                return None, UNKNOWN
        if number.noun is not None and number.noun.has("other"):
            return None, OTHER
        if number.is_index and number.kind == "change" and not number.bases():
            rate = self._rate_of_counts(number)
            if rate is not None:
                return rate, ""
        if number.kind in ("change", "rate"):
            companion = self.companions.of(number)
            if companion is not None:
                return companion, ""
            if self.beside_amount is not None and self.beside_amount[0] == self.view.segments[number.start]:
                return self.beside_amount[1], ""
            if "plan" in number.bases() or "scenario" in number.bases():
                return None, UNFIT
        if number.kind in ("count", "bare") and (told := self.companions.of(replace(number, kind="change", tail=[]))):
            self.beside_amount = self.view.segments[number.start], told
            return None, UNFIT
        for mark in number.tail:
            if self.companions.speaks_ahead(mark):
                break
            if mark is number.noun or not mark.has("noun", "subject", "other"):
                continue
            codes = self.contexts.codes_of(mark, number.start)
            if mark.has("other") or not codes:
                return None, OTHER
            found = self.members.fitting(codes, with_unit_behind(number, mark))
            if found is not None:
                self.from_behind.add(self.view.segments[number.start])
                return found, ""
            if number.kind in ("bare", "count"):
                return None, UNKNOWN
        return self._around(number)

    def beside(self, number: Number, indicator: Indicator) -> list[Indicator]:
        """Further indicators that one rank is told of: "đứng đầu cả nước về PCI và PAR Index"."""
        if number.kind != "rank" or not number.is_word:
            return []
        named = [self.members.fitting(self.contexts.codes_of(mark, number.start), number) for mark in number.tail]
        return [i for i in dict.fromkeys(named) if i is not None and i is not indicator] if indicator in named else []

    def names(self, mark: Mark, indicator: Indicator, number: Number) -> bool:
        """Whether a wording names an indicator where it stands."""
        return self.members.fitting(self.contexts.codes_of(mark, number.start), number) is indicator

    def use(self, number: Number, indicator: Indicator) -> None:
        """Keeps what a figure was found to be of: figures behind it may go with it."""
        self.beside_amount = None
        self.used.append(Used(number.start, number.end, indicator))

    def _rate_of_counts(self, number: Number) -> Indicator | None:
        """The rate of the counts right before it: "1.105/1.480 xã, bằng 74,66%"; the number is then told as a rate."""
        last = self.used[-1] if self.used else None
        if last is None or not last.indicator.fraction_of:
            return None
        if self.view.segments[last.place] != self.view.segments[number.start]:
            return None
        rate = self.members.fitting([last.indicator.indicator_code], replace(number, kind="rate"))
        if rate is not None:
            number.kind, number.is_index = "rate", False
        return rate

    def _around(self, number: Number) -> tuple[Indicator | None, str]:
        view = self.view
        start, end = view.bounds(view.segments, number.start)
        if view.segments[number.start] in self.from_behind and number.kind == "count":
            behind = self._behind(number, end)
            if behind is not None:
                return behind, ""
        is_own = is_nearest = True
        for place, codes, is_other in self._topics(start, number):
            is_own = is_own and not any(view.is_numeral(p) for p in range(place, number.start))
            if is_other:
                if is_own or (is_nearest and number.kind == "change"):
                    return None, OTHER
                is_nearest = False
                continue
            is_nearest = False
            found = self.members.fitting(codes, number)
            if found is not None:
                return (None, UNFIT) if self._is_foreign(number, place) else (found, "")
            if is_own and number.kind != "rate":
                return None, UNFIT
        found = self._behind(number, end)
        if found is not None:
            return found, ""
        if number.is_strange or number.is_trailed:
            return None, UNKNOWN
        found, reason = self._inherited(number, start)
        if found is None and reason != OTHER and number.quantities:
            found = self._ahead(number, end)
        return found, "" if found is not None else reason

    def _ahead(self, number: Number, end: int) -> Indicator | None:
        """What the next figure of the same unit counts: "Quảng Ninh có 8 xã, Ninh Bình có 11 xã nâng cao"."""
        for mark in self.named:
            if number.end <= mark.start < end and mark.has("noun", "subject"):
                found = self.members.fitting(self.contexts.codes_of(mark, number.start), number)
                return found or self._shared(number, mark)
        return None

    def _shared(self, number: Number, mark: Mark) -> Indicator | None:
        """What two figures with units of their own share: "10/10 huyện và 188/204 xã đạt chuẩn nông thôn mới"."""
        place = self._counting(mark)
        if not place or any(t.key == ";" for t in self.view.tokens[number.end : mark.start]):
            return None
        for inner in self.book.find(self.view.tokens[mark.start + 1 : mark.end], frozenset())[0]:
            if inner.has("noun", "subject"):
                return self.members.fitting(self.contexts.codes_of(inner, number.start), number)
        return None

    def _is_foreign(self, number: Number, place: int) -> bool:
        """Whether words that are not understood stand between a topic that is not the number's own and the number."""
        return (number.is_strange or number.is_trailed) and any(
            self.view.is_numeral(p) for p in range(place, number.start)
        )

    def _topics(self, start: int, number: Number) -> Iterable[tuple[int, Sequence[str], bool]]:
        """Place, codes and strangeness of the topics before a figure down to a token, the nearest first."""
        found: list[tuple[int, Sequence[str], bool]] = []
        for mark in self.named:
            if start <= mark.start < number.start and not self._is_counted(mark):
                codes = self.contexts.codes_of(mark, number.start)
                is_other = not codes and (not mark.has("noun") or mark.has("other", "subject"))
                if (codes or is_other) and not self._is_aside(mark, number):
                    found.append((mark.start, codes, is_other))
        for used in self.used:
            if start <= used.place < number.start:
                found.append((used.place, [self._base(used.indicator)], False))
        return sorted(found, key=lambda topic: -topic[0])

    def _is_aside(self, mark: Mark, number: Number) -> bool:
        """Whether a wording stands in brackets with figures of their own, which the number is outside of."""
        group = self.view.groups[mark.start]
        if group in (0, self.view.groups[number.start]):
            return False
        start, end = self.view.bounds(self.view.groups, mark.start)
        return any(self.view.is_numeral(place) for place in range(start, end))

    def _is_counted(self, mark: Mark) -> bool:
        """Whether a wording is what a figure before counts, and speaks through that figure."""
        place = self._counting(mark)
        return place > 0 and any(used.place < place <= used.end for used in self.used)

    def _counting(self, mark: Mark) -> int:
        """The end of the number that counts a noun right behind it; 0 where none does."""
        before = self.view.mark_at(mark.start - 1) if mark.start else None
        place = before.start if before is not None and before.has("magnitude") else mark.start
        return place if place > 0 and mark.has("noun") and self.view.is_numeral(place - 1) else 0

    def _base(self, indicator: Indicator) -> str:
        """What a figure speaks of: of a change, what changes; of a part, the total."""
        code = indicator.growth_of or indicator.accompanies or indicator.indicator_code
        return self.totals.get(code, code)

    def _behind(self, number: Number, end: int) -> Indicator | None:
        """The subject that several figures before it share: "4.299 tập thể, 7.403 cá nhân được tặng Bằng khen"."""
        for mark in self.named:
            if number.end <= mark.start < end and not self._counting(mark) and not self._is_aside(mark, number):
                between = self.view.marks_in(number.end, mark.start)
                if any(m.has(*PLACING) for m in between):
                    return None
                if mark.has("other"):
                    return None
                found = self.members.fitting(self.contexts.codes_of(mark, number.start), number)
                if found is not None and number.quantities:
                    return found
        return None

    def _inherited(self, number: Number, start: int) -> tuple[Indicator | None, str]:
        """The topic of the sentence or of the passage so far, then that of the headings."""
        reason = UNKNOWN
        for place, codes, is_other in self._topics(0, number):
            if is_other and self._is_beside(place, start):
                continue
            if is_other:
                return None, OTHER
            found = self.members.fitting(codes, number)
            if found is not None:
                return found, ""
            reason = UNFIT
        for mark in self.over:
            if mark.has("noun", "subject"):
                found = self.members.fitting(self.contexts.codes_of(mark, number.start), number)
                if found is not None:
                    return found, ""
        return None, reason

    def _is_beside(self, place: int, start: int) -> bool:
        """Whether what is no indicator of ours was told beside one, in a segment that is over: "trong đó vốn FDI"."""
        segment = self.view.segments[place]
        return place < start and any(self.view.segments[used.place] == segment for used in self.used)
