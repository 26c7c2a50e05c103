"""What one section of the report says of its table: the cluster first, then the provinces in order, then who leads."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from catalogue.model import Indicator, Province, Table
from catalogue.ranking import ranked_by
from publications.report.clause import Wording
from publications.report.facts import Fact, Facts
from publications.report.items import Item, group_items, kind_of
from publications.report.values import Spans, capitalise, join
from publications.tables.ranking import rank
from publications.tables.year_before import counted_value
from publications.wording import lower_first
from transforms.numbers_vi import format_number

_NAMED = {"count", "fraction"}  # what says by itself what it is
_FEWEST_RANKED = 3


class SectionText:
    """The sentences of a section whose table has the provinces as its rows."""

    def __init__(self, wording: Wording, table: Table, indicators: Sequence[Indicator]) -> None:
        self.wording = wording
        self.facts: Facts = wording.facts
        self.table = table
        self.items = group_items(self.facts.catalogue, indicators)
        self.ranked_code = ranked_by(self.facts.catalogue, table, self.facts.figures.period_code)

    @property
    def ranked(self) -> Indicator:
        """The figure by which provinces are put in order: the table's own, or that of the only item told."""
        codes = {i.indicator_code for item in self.items for i in item.indicators}
        return self.facts.catalogue.indicators[self.ranked_code] if self.ranked_code in codes else self.items[0].main

    def order(self, indicator: Indicator) -> list[Province]:
        """The provinces, best first; those without the figure last, in the order of the membership table."""
        figures, code = self.facts.figures, indicator.indicator_code
        rows = [figures.observations.get((p.province_id, code)) for p in figures.members]
        values = [counted_value(row, indicator) for row in rows]
        return [figures.members[n] for n, _ in rank(values, self.table.direction == "descending")]

    def by_province(self) -> list[Spans]:
        """The sentences where every province is told with all its figures."""
        ranked = self.ranked
        items = [
            (*self._name(p), *clauses)
            for p in self.order(ranked)
            if (clauses := self._clauses(self.items, p, ranked.indicator_code))
        ]
        topic = self.wording.topic(self.items[0].main) if len(self.items) == 1 else self.table.title
        return self._told(self.items, items, topic, ranked)

    def by_indicator(self) -> list[list[Spans]]:
        """The sentences where every figure is told with all provinces: one list of sentences an item."""
        told = []
        for item in self.items:
            ranked = item.main
            items = [
                (*self._name(p), *clauses)
                for p in self.order(ranked)
                if (clauses := self._clauses([item], p, ranked.indicator_code))
            ]
            told.append(self._told([item], items, self.wording.topic(ranked), ranked))
        return told

    def _told(self, items: Sequence[Item], provinces: list[Spans], topic: str, ranked: Indicator) -> list[Spans]:
        wording = self.wording
        cluster = self._cluster(items, ranked.indicator_code)
        if not provinces:
            rows = [
                self.facts.figures.observations.get((p.province_id, ranked.indicator_code)) for p in self.order(ranked)
            ]
            has_none = all(row is not None and row["status"] == "none_arising" for row in rows)
            return [cluster] if cluster else [wording.say("none_arising" if has_none else "none_reported", topic=topic)]
        listed = join(provinces, "; ")
        if cluster:
            found = [cluster, wording.say("list", items=listed)]
        elif kind_of(ranked) == "rank":
            noun = wording.noun(ranked)
            found = [capitalise(wording.say("list_rank", when=say_when(self.wording, ranked), noun=noun, items=listed))]
        else:
            found = [wording.say("list_only", topic=topic, items=listed)]
        return [*found, *self._extremes(ranked, len(items))]

    @staticmethod
    def _name(province: Province) -> Spans:
        return (f"{province.name} ",)

    def _clauses(self, items: Sequence[Item], province: Province, compared: str) -> Spans:
        def now(indicator: Indicator) -> Fact | None:
            return self.facts.of_province(province, indicator)

        def before(indicator: Indicator) -> Fact | None:
            return self.facts.before(province, indicator)

        return self._strung([self.wording.clause(item, now, before, compared, is_listed=True) for item in items])

    def _cluster(self, items: Sequence[Item], compared: str) -> Spans:
        said = []
        first: Item | None = None
        for item in items:
            if self._cluster_now(item.main) is None:
                continue
            first = first or item
            growth = self._growth(item)
            said.append(self.wording.clause(item, self._cluster_now, self.facts.cluster_before, compared, growth))
        if first is None:
            return ()
        code = "cluster" if kind_of(first.main) in _NAMED else "cluster_topic"
        when, topic = say_when(self.wording, first.main), lower_first(first.main.label)
        return capitalise(self.wording.say(code, when=when, topic=topic, clauses=self._strung(said)))

    def _cluster_now(self, indicator: Indicator) -> Fact | None:
        return self.facts.of_cluster(indicator)

    def _growth(self, item: Item) -> Spans:
        """By how much the cluster's sum changed; flows only, for a stock of last year says more by itself."""
        value = self.facts.growth_of_cluster(item.main) if item.main.time_kind == "flow" else None
        if value is None:
            return ()

        def tell(size: Decimal) -> Spans:
            return (self.facts.tell_computed(self._growth_of(item.main), value, f"{format_number(size)}%"),)

        return self.wording.say("growth", change=self.wording.change_of(item.main, value, tell))

    def _growth_of(self, indicator: Indicator) -> Indicator:
        """The figure that a change of another one is, where the catalogue has it."""
        known = (i for i in self.facts.catalogue.indicators.values() if i.growth_of == indicator.indicator_code)
        return next(known, indicator)

    def _strung(self, clauses: Sequence[tuple[str, Spans]]) -> Spans:
        """Clauses one after another; a verb is said again only where it is another one."""
        strung: list[Spans] = []
        said = ""
        for verb, clause in clauses:
            if clause:
                is_new = bool(verb) and verb != said
                strung.append(self.wording.say("cluster_verb", verb=verb, clause=clause) if is_new else clause)
                said = verb or said
        return join(strung, ", ")

    def _extremes(self, ranked: Indicator, items: int) -> list[Spans]:
        """Who leads and who comes last by the figure that ranks, which is named where more are told.

        Nothing where few are known, or all are equal.
        """
        known = [(p, f) for p in self.order(ranked) if (f := self.facts.of_province(p, ranked)) is not None]
        if len(known) < _FEWEST_RANKED or known[0][1].value == known[-1][1].value:
            return []
        if kind_of(ranked) == "rank":
            places = ["leading", "trailing"]
        else:
            places = ["highest", "lowest"] if known[0][1].value > known[-1][1].value else ["lowest", "highest"]
        best, worst = (self._at_end(known, end, place) for end, place in zip((0, -1), places, strict=True))
        if items > 1:
            return [self.wording.say("extremes_of", topic=self.wording.topic(ranked), best=best, worst=worst)]
        return [capitalise(self.wording.say("extremes", best=best, worst=worst))]

    def _at_end(self, known: Sequence[tuple[Province, Fact]], end: int, place: str) -> Spans:
        there = [(p, f) for p, f in known if f.value == known[end][1].value]
        fact = there[0][1]
        value = self.wording.with_unit(fact, self._whole_of(there[0][0], fact.indicator))
        place_words = self.wording.say(place)
        if len(there) == 1:
            return self.wording.say("alone", place=place_words, name=there[0][0].name, value=value)
        names = ", ".join(p.name for p, _ in there)
        count = f"{len(there):02d}"
        return self.wording.say("tied", place=place_words, count=count, value=value, names=names)

    def _whole_of(self, province: Province, indicator: Indicator) -> Fact | None:
        whole = self.facts.catalogue.indicators.get(indicator.fraction_of)
        return None if whole is None else self.facts.of_province(province, whole)


def say_when(wording: Wording, indicator: Indicator) -> Spans:
    """The time that a kind of figures is of."""
    period_code = wording.facts.figures.period_code
    entry = wording.facts.catalogue.calendar[period_code]
    year = int(period_code[:4])
    month, before = str(entry.ends_on.month), str(year - 1)
    code = f"when_{indicator.time_kind}"
    return wording.say(code, period=entry.name, month=month, year=str(year), previous_year=before)
