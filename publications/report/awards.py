"""What the cluster as a whole was given, proposed or counted, in the catalogue's order."""

from __future__ import annotations

from collections.abc import Sequence

from catalogue.model import Indicator
from publications.report.clause import Wording
from publications.report.facts import Fact
from publications.report.items import kind_of
from publications.report.section import say_when
from publications.report.values import Spans, capitalise, join
from publications.wording import lower_first


def tell_awards(wording: Wording, indicators: Sequence[Indicator], title: str) -> list[Spans]:
    """The sentences of a table whose rows are figures of the cluster; that nothing is known is said.

    A figure that has a verb of its own in the catalogue makes a sentence. The others are one list, in which those that
    share what stands before the colon of their label are told as one: "Bằng khen cho 24 tập thể, 28 cá nhân".
    """
    groups: list[tuple[str, list[Fact]]] = []
    sentences: list[Spans] = []
    for indicator in indicators:
        fact = wording.facts.of_cluster(indicator)
        if fact is None:
            continue
        verb = wording.verb(fact)
        if verb and (kind_of(indicator), indicator.indicator_code) in wording.plan.phrases:
            clause = wording.say("cluster_verb", verb=verb, clause=wording.main(fact))
            sentences.append(capitalise(wording.say("cluster", when=say_when(wording, indicator), clauses=clause)))
            continue
        stem = _stem(wording, indicator)
        if stem and groups and groups[-1][0] == stem:
            groups[-1][1].append(fact)
        else:
            groups.append((stem, [fact]))
    if groups:
        told = [_told(wording, stem, facts) for stem, facts in groups]
        sentences.append(wording.say("awards", items=join(told, "; ")))
    return sentences or [wording.say("none_known", topic=title)]


def _stem(wording: Wording, indicator: Indicator) -> str:
    """What several figures have in common: their own noun, or what stands before the colon of their label."""
    own = wording.phrase(indicator).noun
    stem, colon, _ = indicator.label.rpartition(": ")
    return own or (lower_first(stem) if colon else "")


def _told(wording: Wording, stem: str, facts: Sequence[Fact]) -> Spans:
    if not stem:
        return wording.main(facts[0])
    values = []
    for fact in facts:
        unit = wording.facts.catalogue.unit_of(fact.indicator).name
        values.append(wording.say("award_value", value=wording.value(fact), unit=unit))
    return wording.say("award", stem=stem, values=join(values, ", "))
