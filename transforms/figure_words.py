"""The words around a numeral: estimate, direction and index before it; comparison, magnitude and unit behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalogue.model import Catalogue, Indicator
from transforms.lexicon import Lexicon, fold_unit
from transforms.numerals import NUMERAL

EDGE = " .,;:()[]“”\"'…"
_HEAD_KINDS = ("estimate", "increase", "decrease", "index", "filler")
_OUTRIGHT = "so "  # "8,2% so với cùng kỳ" is a change; "92% cùng kỳ" is, to the letter, an index


class Words:
    """The words on one side of a numeral, taken away as they are understood."""

    def __init__(self, lexicon: Lexicon, text: str) -> None:
        self._lexicon = lexicon
        self._text = text

    @property
    def left(self) -> str:
        """What is not understood yet."""
        return self._text.strip(EDGE)

    def take(self, kinds: Sequence[str]) -> tuple[str, str, str] | None:
        """Kind, meaning and wording of the longest phrase that stands at either edge, which is then gone."""
        left = self.left
        for phrase, kind, meaning in self._lexicon.phrases_of(*kinds):
            if left == phrase or left.startswith(phrase + " "):
                self._text = left[len(phrase) :]
                return kind, meaning, phrase
            if left.endswith(" " + phrase):
                self._text = left[: -len(phrase)]
                return kind, meaning, phrase
        return None


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before a numeral. `direction` is 1 or −1 where a word says so; `strange` is not understood."""

    direction: int = 0
    is_index: bool = False
    is_estimated: bool = False
    strange: str = ""


def read_head(lexicon: Lexicon, text: str) -> Head:
    """The meaning of the words before a numeral; two directions at once are not understood."""
    words = Words(lexicon, text)
    direction, is_index, is_estimated = 0, False, False
    while words.left:
        taken = words.take(_HEAD_KINDS)
        if taken is None:
            return Head(strange=words.left)
        kind, meaning, phrase = taken
        if kind in ("increase", "decrease"):
            if direction and direction != int(meaning):
                return Head(strange=phrase)
            direction = int(meaning)
        is_index = is_index or kind == "index"
        is_estimated = is_estimated or kind == "estimate"
    return Head(direction, is_index, is_estimated)


@dataclass(frozen=True, slots=True)
class Tail:
    """What stands behind a numeral. `factor` leads into the indicator's unit; `misfit` is a unit that does not fit.

    `has_unit` says that a magnitude or unit is written; `compared` is "index" or "growth" where a base of
    comparison is named; `is_crowded` that a second number stands there.
    """

    factor: Decimal = Decimal(1)
    has_unit: bool = False
    compared: str = ""
    misfit: str = ""
    is_crowded: bool = False
    is_estimated: bool = False


def read_tail(catalogue: Catalogue, lexicon: Lexicon, text: str, indicators: Sequence[Indicator]) -> Tail:
    """The meaning of the words behind a numeral of the first indicator; of both, behind a fraction."""
    words, compared, is_estimated = Words(lexicon, text), "", False
    while (taken := words.take(("comparison", "estimate", "filler"))) is not None:
        is_estimated = is_estimated or taken[0] == "estimate"
        if taken[0] == "comparison":
            compared = "growth" if taken[2].startswith(_OUTRIGHT) else "index"
    unit = catalogue.unit_of(indicators[0])
    written = fold_unit(words.left.replace("%", " % "))
    magnitude, rest = lexicon.split_magnitude(written)
    if rest and not any(lexicon.is_unit(rest, catalogue.unit_of(i).quantity, i) for i in indicators):
        if NUMERAL.search(rest):
            return Tail(is_crowded=True)
        return Tail(misfit=rest)
    if magnitude is None:
        if unit.factor == 1 or rest == fold_unit(unit.name) or rest not in lexicon.units[unit.quantity]:
            return Tail(has_unit=bool(rest), compared=compared, is_estimated=is_estimated)
        return Tail(1 / unit.factor, has_unit=True, compared=compared, is_estimated=is_estimated)
    if unit.quantity == "%":
        return Tail(misfit=written)
    return Tail(magnitude / unit.factor, has_unit=True, compared=compared, is_estimated=is_estimated)
