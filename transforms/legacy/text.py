"""Text of old Vietnamese fonts (TCVN3, VNI) and of Windows-1258 into Unicode, word by word, harming nothing else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from transforms.legacy.choice import choose_encoding, choose_for_word
from transforms.legacy.words import (
    LEGACY,
    Encoding,
    Word,
    convert_word,
    examine_word,
    is_currency_word,
    is_initials,
    is_marked_word,
)
from transforms.syllables import has_syllable_shape, is_syllable, is_vietnamese

_WORD = re.compile(r"[^\x00-@\[-`{-\xa0\u2000-\u206f\u3000-\u303f\ufeff]+")
_HYPHENED = re.compile(r"[^\W\d_]*-[^\x00-@\[-`{-\xa0]+")
_LONE_LETTERS = frozenset("«¸¹¶®")  # the signs of TCVN3 that are words of their own: ô á ạ ả đ
_LETTERS_OF_1258 = re.compile("[ĂăĐđƠơƯư₫\u0300\u0301\u0303\u0309\u0323]")
_TCVN3_FONT = re.compile(r"\.Vn", re.IGNORECASE)
_VNI_FONT = re.compile(r"VNI(?![a-z])", re.IGNORECASE)
_RAISED = str.maketrans("0123456789()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text in Unicode (NFC), the encoding it was found in, and whether that is beyond doubt.

    Of a text in several encodings the old one is named. What is doubtful was left as it stood, but for a short text
    whose letters contradict its Unicode font.
    """

    text: str
    encoding: Encoding
    is_certain: bool


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a cell's text in one font, None where nobody named it; `is_raised` as marks of footnotes are."""

    text: str
    font: str | None
    is_raised: bool = False


def name_encoding(font: str | None) -> Encoding | None:
    """The encoding a font was made for: "tcvn3", "vni", "unicode" for every other font, None without one."""
    if not font:
        return None
    if _TCVN3_FONT.match(font):
        return "tcvn3"
    return "vni" if _VNI_FONT.match(font) else "unicode"


def is_capital_font(font: str | None) -> bool:
    """Whether a TCVN3 font shows capitals for lower-case codes, as .VnTimeH does."""
    if font is None or name_encoding(font) != "tcvn3":
        return False
    return font.endswith("H") or (font.islower() and font.endswith("h"))


def decode_legacy(text: str, font: str | None = None) -> Decoded:
    """The text in Unicode (NFC): by its font when one is named, by its letters otherwise; never raises.

    To be called on the text as it was stored: cleaning first would lose ư of TCVN3 (the soft hyphen).
    """
    if text.isascii() and not ("-" in text and name_encoding(font) == "tcvn3"):
        return Decoded(text, "unicode", True)
    return _decode(text, name_encoding(font), is_capital_font(font))


def decode_runs(runs: Sequence[Run]) -> Decoded:
    """The text of a cell whose parts have fonts of their own; raised digits stay raised: 750¹ is not 7501."""
    parts = []
    for _, group in groupby(runs, key=lambda run: (name_encoding(run.font), is_capital_font(run.font), run.is_raised)):
        same = list(group)
        part = decode_legacy("".join(run.text for run in same), same[0].font)
        parts.append(replace(part, text=part.text.translate(_RAISED)) if same[0].is_raised else part)
    encodings: list[Encoding] = [part.encoding for part in parts if part.encoding != "unicode"]
    text = unicodedata.normalize("NFC", "".join(part.text for part in parts))
    return Decoded(text, encodings[0] if encodings else "unicode", all(part.is_certain for part in parts))


@lru_cache(maxsize=16384)
def _decode(text: str, told: Encoding | None, is_capital: bool) -> Decoded:
    composed = unicodedata.normalize("NFC", text)
    if told == "tcvn3":
        composed = _restore_hyphens(composed)
    spans, words = _examine(composed, told)
    chosen, is_certain = choose_encoding(words, told)
    if told != "unicode" and (seen := _see_through_1258(text, words)):
        again = _decode(seen, told, is_capital)
        if again.encoding in ("tcvn3", "vni") and again.is_certain:
            return again
    if chosen == "unicode":
        return Decoded(composed, "unicode", is_certain)
    if chosen == "tcvn3" and told is None and (restored := _restore_hyphens(composed)) != composed:
        composed = restored
        spans, words = _examine(composed, told)
    all_capitals = is_capital or (chosen == "tcvn3" and _is_all_capitals(words))
    pieces: list[str] = []
    position = 0
    has_converted = False
    for place, ((start, end), word) in enumerate(zip(spans, words, strict=True)):
        choice, is_clear = choose_for_word(place, words, chosen, told)
        converted, is_sure = _convert(composed, (start, end), word, choice, told)
        is_certain = is_certain and is_clear and is_sure
        has_converted = has_converted or converted != word.text
        if chosen == "tcvn3" and (converted != word.text or (word.is_ascii and is_capital)):
            converted = _raise_capitals(word.text, converted, all_capitals)
        pieces += (composed[position:start], converted)
        position = end
    result = unicodedata.normalize("NFC", "".join((*pieces, composed[position:])))
    return Decoded(result, chosen if has_converted else "unicode", is_certain)


def _examine(text: str, told: Encoding | None) -> tuple[list[tuple[int, int]], list[Word]]:
    """The words of a text and their places; guillemets that quote are no letters.

    » at the edge of a word quotes: it is ằ in TCVN3, which neither begins nor ends a syllable of any use.
    """
    spans = [match.span() for match in _WORD.finditer(text)]
    is_quoting = told not in LEGACY and any(text[start] == "»" or text[end - 1] == "»" for start, end in spans)
    edges = "«»" if is_quoting else ""
    found = []
    for start, end in spans:
        word = text[start:end].rstrip(edges or "»")
        bare = word.lstrip(edges) if edges else word
        if bare:
            found.append((start + len(word) - len(bare), start + len(word)))
    return found, [examine_word(text[start:end]) for start, end in found]


def _see_through_1258(text: str, words: Sequence[Word]) -> str | None:
    """The text's bytes taken for Windows-1252, when they seem to have been taken for Windows-1258 on the way."""
    letters = [word for word in words if _LETTERS_OF_1258.search(word.text)]
    if not _LETTERS_OF_1258.search(text) or any(word.is_vietnamese or is_initials(word.text) for word in letters):
        return None
    try:
        return text.encode("cp1258").decode("cp1252")
    except UnicodeError:
        return None


def _convert(text: str, span: tuple[int, int], word: Word, chosen: Encoding, told: Encoding | None) -> tuple[str, bool]:
    """A word's letters in Unicode, and whether they are beyond doubt."""
    if word.is_ascii or chosen == "unicode":
        return word.text, True
    if len(word.text) == 1:
        return _convert_lone(text, span, word, chosen), True
    if chosen in word.readings:
        return word.readings[chosen].text, True
    converted = convert_word(word.text, chosen)
    if converted is None or converted == word.text:
        return word.text, not word.is_odd
    # No syllable, yet plainly of the old font: "H§ND", "Q§", two words run together, a word spelled wrong.
    is_of_old_font = word.is_odd or is_currency_word(word.text) or is_initials(converted)
    is_told = told in LEGACY and (word.text.isupper() or has_syllable_shape(converted))
    if is_of_old_font or is_told:
        return converted, True
    return word.text, is_marked_word(word.text) or told not in LEGACY


def _convert_lone(text: str, span: tuple[int, int], word: Word, chosen: Encoding) -> str:
    start, end = span
    is_beside_digit = text[start - 1 : start].isdigit() or text[end : end + 1].isdigit()
    is_shortened = word.text == "§" and re.match(r"[./-]\s?[^\W\d_]", text[end : end + 3])  # "§.V.T"
    is_word = word.text.isalpha() or word.text in _LONE_LETTERS or is_shortened
    if not is_word or (is_beside_digit and word.text != "®"):
        return word.text
    return convert_word(word.text, chosen) or word.text


def _restore_hyphens(text: str) -> str:
    """The ư of TCVN3 where copying made the soft hyphen a plain one: "H-ng Yªn", "tr-êng"."""

    def restore(match: re.Match[str]) -> str:
        left, _, right = match[0].partition("-")
        whole = convert_word(f"{left}\xad{right}", "tcvn3")
        is_lost = whole is not None and is_syllable(whole) and not is_vietnamese(left) and not is_vietnamese(right)
        return f"{left}\xad{right}" if is_lost else match[0]

    return _HYPHENED.sub(restore, text)


def _is_all_capitals(words: Sequence[Word]) -> bool:
    """TCVN3 has no codes for toned capitals: where nothing else is small, they were meant."""
    plain = ["".join(c for c in word.text if c.isascii()) for word in words]
    return not any(c.islower() for part in plain for c in part) and any(len(part) > 1 for part in plain)


def _raise_capitals(source: str, converted: str, all_capitals: bool) -> str:
    plain = "".join(c for c in source if c.isascii())
    return converted.upper() if all_capitals or (len(plain) > 1 and plain.isupper()) else converted
