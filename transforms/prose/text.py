"""The words of a report as tokens: keys that ignore case and where a tone mark stands, and places in the blocks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from transforms.numerals import NUMERAL
from transforms.prose.claims import TextBlock
from transforms.text import clean_characters, clean_text

TokenKind = Literal["word", "number", "mark"]
_TONES = dict.fromkeys("\u0300\u0301\u0303\u0309\u0323")
_TOKEN = re.compile(rf"(?P<number>{NUMERAL.pattern})|(?P<word>[^\W\d_]+)|(?P<mark>[^\w\s]|_)")
_LEFT_OUT = frozenset("“”\"«»„‘’'*_`")
_DASHES = dict.fromkeys("-–—", "-")
_VOWELS = frozenset("aăâeêioôơuưy")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a numeral or a mark; `start` and `end` are places in its passage's text."""

    key: str
    kind: TokenKind
    start: int
    end: int
    is_capital: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences that belong together, of one block or of several.

    `text` is as people see it, NFC; `origins` holds block, start and end there of each of its letters, block -1 for
    the letters that join two blocks.
    """

    text: str
    origins: tuple[tuple[int, int, int], ...]
    tokens: tuple[Token, ...]

    def block_span(self, start: int, end: int) -> tuple[int, int, int]:
        """Block, start and end there of a stretch of the passage; a stretch lies within one block."""
        first, last = self.origins[start], self.origins[end - 1]
        return first[0], first[1], last[2] if last[0] == first[0] else first[2]


def make_passage(blocks: Iterable[TextBlock], joints: Sequence[str]) -> Passage:
    """A passage of blocks; a joint stands before each but the first."""
    letters: list[str] = []
    origins: list[tuple[int, int, int]] = []
    for number, block in enumerate(blocks):
        if number:
            letters.extend(joints[number - 1])
            origins.extend([(-1, 0, 0)] * len(joints[number - 1]))
        for letter, start, end in clean_characters(block.text):
            letters.append(letter)
            origins.append((block.number, start, end))
    text = "".join(letters)
    return Passage(text, tuple(origins), tuple(_tokens(text)))


def _tokens(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        kind, raw = match.lastgroup, match[0]
        if kind == "mark":
            if raw not in _LEFT_OUT:
                yield Token(_DASHES.get(raw, raw), "mark", match.start(), match.end())
        elif kind == "word":
            yield Token(word_key(raw), "word", match.start(), match.end(), raw[0].isupper())
        else:
            yield Token(raw, "number", match.start(), match.end())


@lru_cache(maxsize=65536)
def word_key(word: str) -> str:
    """A word's key: "Hoà" and "hòa", "sỹ" and "sĩ" have one, "giảm" and "giam" have two."""
    decomposed = unicodedata.normalize("NFD", word.casefold().replace("ð", "đ"))
    tone = "".join(mark for mark in decomposed if mark in _TONES)
    plain = unicodedata.normalize("NFC", "".join(mark for mark in decomposed if mark not in _TONES))
    initial = 2 if plain.startswith("qu") else 0
    vowels = [letter for letter in plain[initial:] if letter in _VOWELS]
    if vowels == ["y"]:
        plain = plain[:initial] + plain[initial:].replace("y", "i")
    return plain + tone


def split_tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a text by itself."""
    return tuple(_tokens(clean_text(text)))


def split_words(text: str) -> list[str]:
    """The keys of a phrase's words and marks, as the tokens of a passage have them."""
    return [token.key for token in split_tokens(text)]
