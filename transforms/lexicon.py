"""The catalogue's words arranged for reading: phrases longest first, units by quantity, labels by key."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from catalogue.model import Catalogue, Indicator
from transforms.text import clean_text, fold


class Lexicon:
    """What phrases, units and labels mean, prepared once for a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        kinds: dict[str, list[tuple[str, str]]] = {}
        for word in catalogue.words:
            kinds.setdefault(word.kind, []).append((clean_text(word.phrase).casefold(), word.meaning))
        self.phrases = {kind: sorted(words, key=lambda w: -len(w[0])) for kind, words in kinds.items()}
        self.states = dict(kinds["state"])
        self.bases = dict(kinds["basis"])
        self.answers = {**{phrase: "yes" for phrase, _ in kinds["yes"]}, **{phrase: "no" for phrase, _ in kinds["no"]}}
        self.ignored = sorted((fold(phrase) for phrase, _ in kinds["ignored"]), key=len, reverse=True)
        self.magnitudes: dict[str, Decimal] = {m.word.casefold(): m.factor for m in catalogue.magnitudes}
        self.units: dict[str, set[str]] = {}
        for unit in catalogue.units.values():
            self.units.setdefault(unit.quantity, set()).update({fold_unit(unit.quantity), fold_unit(unit.name)})
        for alias in catalogue.unit_aliases:
            self.units.setdefault(alias.quantity, set()).add(fold_unit(alias.alias))
        self.label_words = {
            i.indicator_code: set(fold_unit(" ".join((i.label, i.heading, *i.aliases))).split())
            for i in catalogue.indicators.values()
        }
        self.labels = _labels(catalogue)
        self.codes = {code.casefold(): code for code in catalogue.indicators}
        self.numbers = {i.number: i.indicator_code for i in catalogue.indicators.values()}

    def is_unit(self, text: str, quantity: str, indicator: Indicator) -> bool:
        """Whether a folded text names the quantity, or only repeats words of the indicator's own label."""
        return text in self.units[quantity] or self.label_words[indicator.indicator_code].issuperset(text.split())

    def is_ignored(self, text: str) -> bool:
        """Whether a text outside the table is of a kind that is left aside by name, such as a signature."""
        folded = fold(text)
        return any(folded.startswith(phrase) for phrase in self.ignored)


def fold_unit(text: str) -> str:
    """A unit's key: case and punctuation fall away, tone marks stay (tỷ is not ty), % is kept."""
    cleaned = clean_text(text).casefold()
    return " ".join("".join(c if c.isalnum() or c == "%" else " " for c in cleaned).split())


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
