"""One word under every old Vietnamese encoding: what it would read as, and how strongly it speaks for each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from catalogue.legacy import load_legacy_encodings, load_lookalikes
from transforms.syllables import is_syllable, is_vietnamese

Encoding = Literal["unicode", "tcvn3", "vni", "cp1258"]
PROOF = 2
LEGACY: tuple[Encoding, ...] = ("tcvn3", "vni", "cp1258")

# A word of another language, or a unit, that some old encoding would read as a Vietnamese syllable.
_FOREIGN = frozenset(
    ["où", "thaï", "laïc", "haï", "caïn", "naïm", "laüt", "aún", "lü", "loïc", "mª", "£m", "¥n", "µm", "n·m"]
)
_MODERN = re.compile(r"[ăĂđĐĩĨơƠũŨưƯẠ-ỹ]")
_FORMULA = re.compile(r"[A-Za-z]?[·×÷][A-Za-z]?|[A-Za-z][ª«»]")
_FOOTNOTE = re.compile(r"([A-Za-z]{2,})¹")
_BROKEN_BY_CASE = re.compile(r"[^\W\d_][À-ÖØ-Þ](?=.*[a-zß-öø-þ])|[a-zß-öø-þ][À-ÖØ-Þ]")
# Spelled as no other language of Latin letters spells.
_ONLY_VIETNAMESE = re.compile(r"(?:ngh?|nh|kh)|.*nh$")
# A vowel and the sign of its tone, but for the pairs of French, Spanish and Italian.
_PAIRS: dict[Encoding, re.Pattern[str]] = {
    "vni": re.compile(
        r"^ñ|öô|^chæ|(?![ao]ï(?!ng|nh|ch|t|p|m)|(?:où|[oe]û|[ae]ü|aë|a[éèú]|oá|eá(?=n)|[oe]à)(?!ng|nh|ch|c|p|t|m))"
        r"(?:[aeouyôö][ùøûõï]|[aeo][âáàåãä]|a[êéèúüë])"
    ),
    "cp1258": re.compile(r"(?![eiu]ò)[aeiouyâêôãõý][ìòþ]|ý(?:ng|[õui])"),
}
_TRADE_MARK = re.compile(r"[^\W\d_]{2,}[®©¹]")
_CURRENCY = re.compile(r"(?:n|ng|t|tr|tû|vn)®", re.IGNORECASE)  # "tr®" is "trđ", million đồng


@dataclass(frozen=True, slots=True)
class Reading:
    """A word read in one old encoding; `weight` 0 follows its neighbours, 1 hints, PROOF proves."""

    text: str
    weight: int


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands, and what it becomes in the encodings that make another Vietnamese syllable of it.

    `has_modern_letters`: it has letters that no old encoding shows. `is_odd`: a sign stands inside it that no language
    of Latin letters puts there. `unchanged_in`: the encodings that read it just as it stands.
    """

    text: str
    is_ascii: bool
    is_vietnamese: bool
    has_modern_letters: bool = False
    is_odd: bool = False
    readings: Mapping[Encoding, Reading] = field(default_factory=dict)
    unchanged_in: frozenset[Encoding] = frozenset()

    def is_unicode_against(self, encoding: Encoding) -> bool:
        """Whether the word is Vietnamese in Unicode and nothing in that encoding."""
        if self.has_modern_letters:
            return True
        is_open = encoding in self.readings or encoding in self.unchanged_in
        return self.is_vietnamese and not self.is_ascii and not is_open

    def is_open_to(self, encoding: Encoding) -> bool:
        """Whether the word does not contradict that encoding."""
        if self.is_ascii or self.is_odd or encoding in self.readings or encoding in self.unchanged_in:
            return True
        return not any(map(str.isalpha, self.text)) or is_initials(convert_word(self.text, encoding) or "")

    def is_foreign_to(self, encoding: Encoding) -> bool:
        """Whether the word is another language's; abbreviations in capitals are nobody's."""
        is_word = len(self.text) > 1 and not self.text.isupper() and any(map(str.isalpha, self.text))
        return is_word and not self.is_vietnamese and (self.is_ascii or not self.is_open_to(encoding))

    def has_reading(self, encoding: Encoding) -> bool:
        """Whether the word would be a syllable of that encoding on its own merits."""
        return encoding in self.readings and self.readings[encoding].weight > 0

    def usual_in(self, encoding: Encoding) -> Encoding | None:
        """Which of its two meanings people usually write, where both are Vietnamese; None when both are common."""
        usual = load_lookalikes()[encoding].get(self.text.lower())
        if usual == self.text.lower():
            return "unicode"
        return encoding if usual == self.readings[encoding].text.lower() else None

    def weight_for(self, encoding: Encoding) -> int:
        """How strongly the word, being no Vietnamese as it stands, speaks for that encoding."""
        return 0 if self.is_vietnamese or encoding not in self.readings else self.readings[encoding].weight


def _make_pattern(table: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(shown) for shown in sorted(table, key=len, reverse=True)))


@lru_cache(maxsize=1)
def _tables() -> dict[Encoding, tuple[re.Pattern[str], Mapping[str, str]]]:
    tables = load_legacy_encodings()
    return {encoding: (_make_pattern(tables[encoding]), tables[encoding]) for encoding in LEGACY}


@lru_cache(maxsize=65536)
def convert_word(word: str, encoding: Encoding) -> str | None:
    """The word's letters out of an old encoding; None when it has signs which that encoding does not know."""
    pattern, table = _tables()[encoding]
    if not pattern.sub("", word).isascii():
        return None
    return pattern.sub(lambda match: table[match[0]], word)


@lru_cache(maxsize=65536)
def examine_word(word: str) -> Word:
    """What a word can be: as it stands, and in each old encoding in which it becomes a Vietnamese syllable."""
    stands = is_vietnamese(word) and not _BROKEN_BY_CASE.search(word)
    if word.isascii():
        return Word(word, True, stands)
    readings: dict[Encoding, Reading] = {}
    unchanged = set()
    for encoding in LEGACY:
        text = convert_word(word, encoding)
        if text == word:
            unchanged.add(encoding)
        elif text is not None and is_syllable(text):
            readings[encoding] = Reading(text, _weigh(word, text, encoding))
    is_odd = not stands and _is_odd(word)
    return Word(word, False, stands, bool(_MODERN.search(word)), is_odd, readings, frozenset(unchanged))


def _is_symbol(character: str) -> bool:
    return not character.isascii() and (not character.isalpha() or character in "µª")


def _is_odd(word: str) -> bool:
    if len(word) < 2 or word[0] == "µ" or word.lower() in _FOREIGN or _is_formula(word) or _TRADE_MARK.fullmatch(word):
        return False
    shown = load_legacy_encodings()["tcvn3"]
    has_letter = any(c.isalpha() and c not in "µª" for c in word)
    return bool((has_letter and any(_is_symbol(c) and c in shown for c in word)) or _BROKEN_BY_CASE.search(word))


def _is_formula(word: str) -> bool:
    """A letter beside a sign ("m×n", "N·m", "«"); but "x·" is xã."""
    return _FORMULA.fullmatch(word) is not None and word not in ("x·", "X·")


def _weigh(word: str, text: str, encoding: Encoding) -> int:
    lower = word.lower()
    if encoding != "tcvn3" and text not in (text.lower(), text.upper(), text.capitalize()):
        return 0
    if len(word) == 1 or lower in _FOREIGN or _is_formula(word) or lower[0] == "p" != lower[1:2] != "h":
        return 0
    footnote = _FOOTNOTE.fullmatch(word)
    if (footnote and is_vietnamese(footnote[1])) or (word[0] in "§µ£¥" and len(word) == 2):
        return 0
    if _BROKEN_BY_CASE.search(word) or _ONLY_VIETNAMESE.match(lower):
        return PROOF
    if encoding == "tcvn3":
        return PROOF if _is_odd(word) else 1
    return PROOF if _PAIRS[encoding].search(lower) else 1


def is_currency_word(word: str) -> bool:
    """Whether a word that ends in ® is an amount's unit in TCVN3 ("tr®" for "trđ") and no trade mark."""
    return _CURRENCY.fullmatch(word) is not None


def is_marked_word(word: str) -> bool:
    """Whether a word only carries a trade mark or footnote sign at its end."""
    return _TRADE_MARK.fullmatch(word) is not None and not is_currency_word(word)


def is_initials(converted: str) -> bool:
    """Whether a word is an abbreviation whose only letter that is not ASCII is Đ: "VPĐD"."""
    return converted.isupper() and converted.replace("Đ", "").isascii()
