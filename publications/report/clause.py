"""One figure with all that stands beside it, in words: "209/209 xã đạt chuẩn nông thôn mới (đạt 100%)"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from catalogue.model import Indicator
from catalogue.report import CHANGES, ReportPhrase, ReportPlan
from publications.report.facts import Fact, Facts
from publications.report.items import Item, kind_of
from publications.report.values import Spans, fill, join
from publications.wording import lower_first

Lookup = Callable[[Indicator], Fact | None]
_COUNTING = ("Tổng số ", "Số ")
_YEARLY = {"school_year", "previous_year_rank"}  # a half-year has none of its own


class Wording:
    """Puts facts into the catalogue's phrases."""

    def __init__(self, plan: ReportPlan, facts: Facts) -> None:
        self.plan = plan
        self.facts = facts

    def say(self, code: str, **parts: Spans | str) -> Spans:
        """A set sentence of the catalogue, filled."""
        return fill(self.plan.sentences[code], parts)

    def phrase(self, indicator: Indicator) -> ReportPhrase:
        return self.plan.phrase(kind_of(indicator), indicator.indicator_code)

    def noun(self, indicator: Indicator) -> str:
        """What is counted: the label without its "Số"."""
        own = self.phrase(indicator).noun
        if own:
            return own
        for word in _COUNTING:
            if indicator.label.startswith(word):
                return indicator.label[len(word) :]
        return lower_first(indicator.label)

    def topic(self, indicator: Indicator) -> str:
        """What a note speaks of."""
        if kind_of(indicator) != "rank":
            return indicator.label
        noun = self.noun(indicator)
        return noun[:1].upper() + noun[1:]

    def topics(self, indicators: Sequence[Indicator]) -> str:
        """What a note speaks of that holds for several."""
        first, *others = map(self.topic, indicators)
        return ", ".join([first, *map(lower_first, others)])

    def value(self, fact: Fact, whole: Fact | None = None) -> Spans:
        """The number itself, over its denominator where it has one."""
        figure = self.facts.tell(fact)
        return (figure,) if whole is None else (figure, "/", self.facts.tell(whole))

    def change(self, fact: Fact) -> Spans:
        """A change by its direction: tăng 5%, giảm 02 bậc, không tăng, không giảm."""
        return self.change_of(fact.indicator, fact.value, lambda size: (self.facts.tell_number(fact, size),))

    def change_of(self, indicator: Indicator, value: Decimal, tell: Callable[[Decimal], Spans]) -> Spans:
        """The same of a change that is no fact by itself; `tell` prints its size."""
        rising, falling, same = (
            ("places_up", "places_down", "places_same")
            if kind_of(indicator) == "places"
            else ("rising", "falling", "unchanged")
        )
        return self.say(rising if value > 0 else falling, value=tell(abs(value))) if value else self.say(same)

    def main(self, fact: Fact, whole: Fact | None = None, *, is_listed: bool = False) -> Spans:
        """A figure by itself, after its verb."""
        phrase = self.phrase(fact.indicator)
        return self._fill((is_listed and phrase.short) or phrase.main, fact, whole)

    def beside(self, fact: Fact, whole: Fact | None = None) -> Spans:
        """A figure in brackets beside another one; what is doubtful says so."""
        spans = self._fill(self.phrase(fact.indicator).beside, fact, whole)
        return self.say("doubtful_beside", value=spans) if fact.is_disputed else spans

    def verb(self, fact: Fact) -> str:
        phrase = self.phrase(fact.indicator)
        return phrase.estimated_verb if fact.is_estimated else phrase.verb

    def with_unit(self, fact: Fact, whole: Fact | None = None) -> Spans:
        """A figure with its unit, as it stands in comparisons and notes."""
        if kind_of(fact.indicator) in CHANGES:
            return self.change(fact)
        unit = self.facts.catalogue.unit_of(fact.indicator)
        spans = self.value(fact, whole)
        if fact.indicator.rank_field:
            return self.say("cluster_verb", verb=self.verb(fact), clause=spans)
        return spans if unit.unit_code == "percent" else (*spans, f" {unit.name}")

    def clause(
        self,
        item: Item,
        now: Lookup,
        before: Lookup,
        compared: str,
        growth: Spans = (),
        *,
        is_listed: bool = False,
    ) -> tuple[str, Spans]:
        """Verb and clause of an item of one unit; an empty clause where nothing of it is known.

        The figure named by `compared` says what it was in the year before, where no reported change says it. `growth`
        is a change that was computed.
        """
        parts = [fact for part in item.parts if (fact := now(part)) is not None and fact.value]
        said_parts = [join([self.main(fact) for fact in parts], ", ")] if parts else []
        extras = [] if item.rate is None or (rate := now(item.rate)) is None else [self.beside(rate)]
        beside = [fact for indicator in item.beside if (fact := now(indicator)) is not None]
        extras += [self.beside(fact) for fact in beside]
        main = now(item.main)
        whole = None if item.whole is None else now(item.whole)
        if main is None:
            found = [*extras, *said_parts]
            return "", join(found, ", ")
        if growth:
            extras.append(growth)
        extras += self._earlier(item, before, compared, beside)
        clause = self.main(main, whole, is_listed=is_listed)
        if main.is_disputed:
            extras.insert(0, self.say("doubtful"))
        if extras or said_parts:
            clause = (*clause, " (", *join([*extras, *said_parts], "; "), ")")
        return self.verb(main), clause

    def _earlier(self, item: Item, before: Lookup, compared: str, beside: Sequence[Fact]) -> list[Spans]:
        if compared not in (item.main.indicator_code, item.rate and item.rate.indicator_code):
            return []
        kinds = {kind_of(fact.indicator) for fact in beside}
        if "places" in kinds or any(fact.indicator.growth_of == item.main.indicator_code for fact in beside):
            return []
        indicator = item.rate if item.rate and item.rate.indicator_code == compared else item.main
        fact = before(indicator)
        if fact is None:
            return []
        whole = before(item.whole) if item.whole and indicator is item.main else None
        if indicator.time_kind in _YEARLY:
            return [self.say("earlier_year", value=self.with_unit(fact, whole))]
        value = self.value(fact) if kind_of(indicator) in CHANGES else self.with_unit(fact, whole)
        return [self.say("earlier", value=value)]

    def _fill(self, pattern: str, fact: Fact, whole: Fact | None) -> Spans:
        indicator = fact.indicator
        parts: dict[str, Spans | str] = {
            "noun": self.noun(indicator),
            "unit": self.facts.catalogue.unit_of(indicator).name,
        }
        if kind_of(indicator) in CHANGES:
            parts["change"] = self.change(fact)
        else:
            parts["value"] = self.value(fact, whole)
        return fill(pattern, parts)
