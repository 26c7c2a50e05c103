"""The catalogue's words arranged for reading: phrases longest first, units by quantity, labels by key."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from catalogue.model import Catalogue, Indicator
from transforms.text import clean_text, fold

_DATE_LINE = re.compile(r"\bngay (?:\d{1,2} )?thang (?:\d{1,2} )?nam\b")
_THOUSANDS = re.compile(r"1(?: ?000){1,2}(?= \S)")


class Lexicon:
    """What phrases, units and labels mean, prepared once for a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        kinds: dict[str, list[tuple[str, str]]] = {}
        for word in catalogue.words:
            kinds.setdefault(word.kind, []).append((clean_text(word.phrase).casefold(), word.meaning))
        self._kinds = kinds
        self._phrases: dict[tuple[str, ...], list[tuple[str, str, str]]] = {}
        self.states = dict(kinds["state"])
        self.bases = dict(kinds["basis"])
        self.answers = {**{phrase: "yes" for phrase, _ in kinds["yes"]}, **{phrase: "no" for phrase, _ in kinds["no"]}}
        self.ignored = [(fold(phrase), meaning) for phrase, meaning in kinds["ignored"]]
        self.headings = _headings(catalogue, [phrase for phrase, _ in kinds["heading"]])
        self._headers = {fold(text): f.name for f in catalogue.form.fields for text in (f.header, *f.aliases)}
        self.finality = dict(kinds["finality"])
        self.magnitudes: dict[str, Decimal] = {m.word.casefold(): m.factor for m in catalogue.magnitudes}
        self.units: dict[str, set[str]] = {}
        for unit in catalogue.units.values():
            self.units.setdefault(unit.quantity, set()).update({fold_unit(unit.quantity), fold_unit(unit.name)})
        for alias in catalogue.unit_aliases:
            self.units.setdefault(alias.quantity, set()).add(fold_unit(alias.alias))
        self._unit_names = set().union(*self.units.values())
        self.label_words = {
            i.indicator_code: set(fold_unit(" ".join((i.label, i.heading, *i.aliases))).split())
            for i in catalogue.indicators.values()
        }
        self.labels = _labels(catalogue)
        self.codes = {code.casefold(): code for code in catalogue.indicators}
        self.numbers = {i.number: i.indicator_code for i in catalogue.indicators.values()}

    def phrases_of(self, *kinds: str) -> list[tuple[str, str, str]]:
        """Phrase, kind and meaning of every phrase of some kinds, the longest first."""
        known = self._phrases.get(kinds)
        if known is None:
            found = ((phrase, kind, meaning) for kind in kinds for phrase, meaning in self._kinds[kind])
            known = self._phrases[kinds] = sorted(found, key=lambda p: -len(p[0]))
        return known

    def split_magnitude(self, text: str) -> tuple[Decimal | None, str]:
        """The product of the number words that a folded text begins with, None without one, and what follows."""
        words = text.split()
        magnitude = None
        while words and words[0] in self.magnitudes:
            magnitude = (magnitude or 1) * self.magnitudes[words.pop(0)]
        return magnitude, " ".join(words)

    def split_unit(self, text: str) -> tuple[Decimal | None, str]:
        """The same for a unit by itself, which may count in figures: "1.000 tỷ đồng" is folded to "1 000 tỷ đồng"."""
        counted = _THOUSANDS.match(text)
        magnitude, rest = self.split_magnitude(text[counted.end() :] if counted else text)
        return (Decimal(counted[0].replace(" ", "")) * (magnitude or 1) if counted else magnitude), rest

    def is_unit(self, text: str, quantity: str, indicator: Indicator) -> bool:
        """Whether a folded text names the quantity, or repeats words of the indicator's own label that are no unit.

        Behind a fitting unit words of the label may follow: "giải nhất", "% hộ nghèo".
        """
        own = self.units[quantity]
        if text in own:
            return True
        words = text.split()
        for length in range(len(words), 0, -1):
            start = " ".join(words[:length])
            if start in own:
                words = words[length:]
                break
            if start in self._unit_names:
                return False
        return self.label_words[indicator.indicator_code].issuperset(words)

    def ignored_as(self, text: str) -> str:
        """The kind of text that is left aside by name outside the table, such as signature; empty for none."""
        return _ignored_as(self, fold(text) + " ")

    def header(self, text: str) -> str:
        """The field whose column has this header; empty for none."""
        return self._headers.get(fold(text), "")

    def is_heading(self, text: str) -> bool:
        """Whether the form itself writes a text above its tables."""
        return _is_heading(self, fold(text) + " ")


@lru_cache(maxsize=16384)
def _ignored_as(lexicon: Lexicon, folded: str) -> str:
    for phrase, meaning in lexicon.ignored:
        if folded.startswith(phrase + " "):
            return meaning
    return "date_line" if _DATE_LINE.search(folded) else ""


@lru_cache(maxsize=16384)
def _is_heading(lexicon: Lexicon, folded: str) -> bool:
    return any(folded.startswith(heading + " ") for heading in lexicon.headings)


@lru_cache(maxsize=16384)
def fold_unit(text: str) -> str:
    """A unit's key: case and punctuation fall away, tone marks stay (tỷ is not ty), % is kept."""
    cleaned = clean_text(text).casefold()
    return " ".join("".join(c if c.isalnum() or c == "%" else " " for c in cleaned).split())


def _headings(catalogue: Catalogue, phrases: list[str]) -> set[str]:
    sections = (f"{s.section_code}. {s.name}" for s in catalogue.sections)
    periods = (entry.name for entry in catalogue.calendar.values())
    texts = (catalogue.form.organisation, catalogue.form.title, *sections, *periods, *phrases)
    return {fold(text) for text in texts}


def _labels(catalogue: Catalogue) -> dict[str, str]:
    labels = {fold(i.label): i.indicator_code for i in catalogue.indicators.values()}
    shared: set[str] = set()
    aliases: dict[str, str] = {}
    for indicator in catalogue.indicators.values():
        for text in (indicator.heading, *indicator.aliases):
            key = fold(text)
            if aliases.setdefault(key, indicator.indicator_code) != indicator.indicator_code:
                shared.add(key)
    return {**{k: v for k, v in aliases.items() if k not in shared}, **labels}


@lru_cache(maxsize=4)
def lexicon_of(catalogue: Catalogue) -> Lexicon:
    """The lexicon of a catalogue, built once."""
    return Lexicon(catalogue)
