"""Text as it comes from offices, made comparable: composed, without invisible characters, folded to keys."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPACES = re.compile(r"\s+")
_MARKS = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_CONTROLS = (c for c in (*range(0x20), *range(0x7F, 0xA0)) if not chr(c).isspace())
_INVISIBLE = dict.fromkeys((*map(ord, _MARKS), *_CONTROLS))
_LOOKALIKES = str.maketrans(
    {
        "\u00a0": " ",
        "\u202f": " ",
        "\u2212": "-",  # minus sign
        "\u2010": "-",
        "\u2011": "-",
        "\ufe63": "-",
        "\uff0d": "-",
        "\u00d0": "Đ",  # the Icelandic letter that old fonts put for Đ
        "\u00f0": "đ",
        "\u0189": "Đ",
        "\u0256": "đ",
        "\uff05": "%",
        "\uff0c": ",",
        "\uff0e": ".",
        "\uff0b": "+",
        "\uff0f": "/",
        "\u2044": "/",
        "\u2215": "/",
    }
)
_NOT_WORD = re.compile(r"[^0-9a-z]+")
_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")


@lru_cache(maxsize=16384)
def clean_text(text: str) -> str:
    """The text composed (NFC), in one line, without invisible and control characters, spaces folded and trimmed."""
    if text.isascii():
        return " ".join(text.translate(_INVISIBLE).split())
    composed = unicodedata.normalize("NFC", text.translate(_INVISIBLE).translate(_LOOKALIKES))
    latin = _FOREIGN_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), composed)
    return _SPACES.sub(" ", latin).strip()


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """A key that ignores case, tone marks, Đ, punctuation and spacing: "Hòa Bình" and "HOÀ-BÌNH" give "hoa binh"."""
    plain = unicodedata.normalize("NFD", clean_text(text).casefold().replace("đ", "d"))
    return _NOT_WORD.sub(" ", "".join(c for c in plain if not unicodedata.combining(c))).strip()


def clean_characters(text: str) -> list[tuple[str, int, int]]:
    """The characters that `clean_text` leaves of a text, each with the place (start, end) it had there."""
    found: list[tuple[str, int, int]] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and (unicodedata.combining(text[end]) or ord(text[end]) in _INVISIBLE):
            end += 1
        if text[start].isspace():
            if found and found[-1][0] != " ":
                found.append((" ", start, end))
        else:
            found.extend((letter, start, end) for letter in clean_text(text[start:end]))
        start = end
    while found and found[-1][0] == " ":
        found.pop()
    return found
