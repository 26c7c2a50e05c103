"""How the cluster's report is drafted: its sections, how figures of a kind are worded, and its set sentences."""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from catalogue.report_sentences import SENTENCES

if TYPE_CHECKING:
    from catalogue.model import Indicator, Table
    from catalogue.verify import Located

LISTINGS = frozenset(("", "province", "indicator", "award"))
CHARTS = frozenset(("", "bars", "slope"))
KINDS = frozenset(("count", "fraction", "amount", "rate", "growth", "rank", "places"))
_OF_FIGURE = frozenset(("value", "noun", "unit"))
_OF_CHANGE = frozenset(("change", "noun"))
CHANGES = frozenset(("growth", "places"))


@dataclass(frozen=True, slots=True)
class ReportSection:
    """One heading of the report; under it what the office writes itself, the figures of a table, or both.

    `indicator_codes` are those of the table that it tells; blank: all that no other section of the table tells.
    """

    section_code: str
    position: int
    level: int
    heading: str
    narrative: str
    table_code: str
    indicator_codes: tuple[str, ...]
    listing: str
    has_table: bool
    chart: str


@dataclass(frozen=True, slots=True)
class ReportPhrase:
    """How a figure is worded: by itself after its verb (`main`), and beside another one (`beside`).

    `short` is the form in a list of provinces, where the sentence before has said what is counted; blank: `main`. It
    holds for a kind of figures, or for the one indicator that it names; a blank noun is the indicator's label.
    """

    kind: str
    indicator_code: str
    verb: str
    estimated_verb: str
    main: str
    beside: str
    short: str
    noun: str


@dataclass(frozen=True, slots=True)
class ReportSentence:
    sentence_code: str
    pattern: str


@dataclass(frozen=True, slots=True)
class ReportPlan:
    """The report as its tables say; every kind has a phrase, every sentence its pattern."""

    sections: tuple[ReportSection, ...]
    phrases: dict[tuple[str, str], ReportPhrase]
    sentences: dict[str, str]

    def phrase(self, kind: str, indicator_code: str) -> ReportPhrase:
        return self.phrases.get((kind, indicator_code)) or self.phrases[kind, ""]


def plan_report(
    sections: Sequence[Located[ReportSection]],
    phrases: Sequence[Located[ReportPhrase]],
    sentences: Sequence[Located[ReportSentence]],
    tables: Sequence[Located[Table]],
    indicators: Sequence[Located[Indicator]],
) -> ReportPlan:
    """The verified plan; raises CatalogueError, with file and line, at the first row that names what is not there."""
    _verify_sections(sections, {t.row.table_code: t for t in tables}, {i.row.indicator_code: i.row for i in indicators})
    _verify_phrases(phrases, {i.row.indicator_code for i in indicators})
    _once(sentences, lambda row: row.sentence_code)
    for sentence in sentences:
        allowed = SENTENCES.get(sentence.row.sentence_code)
        if allowed is None:
            raise sentence.refuse(f"column sentence_code: {sentence.row.sentence_code!r} is unknown")
        _placeholders(sentence, "pattern", sentence.row.pattern, allowed)
    missing = sorted(set(SENTENCES) - {s.row.sentence_code for s in sentences})
    if missing and sentences:
        raise sentences[-1].refuse(f"sentences are missing: {', '.join(missing)}")
    return ReportPlan(
        tuple(sorted((s.row for s in sections), key=lambda row: row.position)),
        {(p.row.kind, p.row.indicator_code): p.row for p in phrases},
        {s.row.sentence_code: s.row.pattern for s in sentences},
    )


def _verify_sections(
    sections: Sequence[Located[ReportSection]], tables: dict[str, Located[Table]], indicators: dict[str, Indicator]
) -> None:
    _once(sections, lambda row: row.section_code)
    _once(sections, lambda row: row.position)
    rest: dict[str, int] = {}
    for section in sections:
        row = section.row
        if row.level not in (1, 2, 3):
            raise section.refuse(f"column level: {row.level} is none of 1, 2, 3")
        if row.listing not in LISTINGS or bool(row.listing) != bool(row.table_code):
            raise section.refuse(f"column listing: {row.listing!r} does not go with the table {row.table_code!r}")
        if row.chart not in CHARTS:
            raise section.refuse(f"column chart: {row.chart!r} is unknown")
        if row.table_code and row.table_code not in tables:
            raise section.refuse(f"column table_code: {row.table_code!r} is unknown")
        for code in row.indicator_codes:
            if code not in indicators:
                raise section.refuse(f"column indicator_codes: {code!r} is unknown")
            if indicators[code].table_code != row.table_code:
                raise section.refuse(f"column indicator_codes: {code!r} does not stand in the table {row.table_code!r}")
        if row.table_code and not row.indicator_codes:
            if row.table_code in rest:
                raise section.refuse(f"the table {row.table_code!r} is told in line {rest[row.table_code]} already")
            rest[row.table_code] = section.line
    for code, table in tables.items():
        if sections and code not in rest:
            raise table.refuse(f"no section of the report tells the table {code!r}")


def _verify_phrases(phrases: Sequence[Located[ReportPhrase]], indicators: set[str]) -> None:
    _once(phrases, lambda row: (row.kind, row.indicator_code))
    for phrase in phrases:
        row = phrase.row
        if row.kind not in KINDS:
            raise phrase.refuse(f"column kind: {row.kind!r} is unknown")
        if row.indicator_code and row.indicator_code not in indicators:
            raise phrase.refuse(f"column indicator_code: {row.indicator_code!r} is unknown")
        allowed = _OF_CHANGE if row.kind in CHANGES else _OF_FIGURE
        needed = "change" if row.kind in CHANGES else "value"
        for name in ("main", "beside", "short"):
            used = _placeholders(phrase, name, getattr(row, name), allowed)
            if needed not in used and (name != "short" or row.short):
                raise phrase.refuse(f"column {name}: it says no {{{needed}}}")
    missing = sorted(KINDS - {p.row.kind for p in phrases if not p.row.indicator_code})
    if missing and phrases:
        raise phrases[-1].refuse(f"kinds without a phrase: {', '.join(missing)}")


def _placeholders(located: Located[Any], column: str, pattern: str, allowed: frozenset[str]) -> set[str]:
    try:
        used = {name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None}
    except ValueError as error:
        raise located.refuse(f"column {column}: {error}") from error
    unknown = sorted(used - allowed)
    if unknown:
        raise located.refuse(f"column {column}: unknown placeholders {unknown}")
    return used


def _once(rows: Sequence[Located[Any]], key: Callable[[Any], object]) -> None:
    seen: dict[object, int] = {}
    for located in rows:
        value = key(located.row)
        if value in seen:
            raise located.refuse(f"{value!r} stands already in line {seen[value]}")
        seen[value] = located.line
