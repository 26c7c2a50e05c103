"""Text as it comes from offices, made comparable: composed, without invisible characters, folded to keys."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPACES = re.compile(r"\s+")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_LOOKALIKES = str.maketrans(
    {
        "\u00a0": " ",
        "\u202f": " ",
        "\u2212": "-",  # minus sign
        "\u2010": "-",
        "\u2011": "-",
        "\ufe63": "-",
        "\uff0d": "-",
        "\u00d0": "Đ",  # the Icelandic capital that old fonts put for Đ
        "\u0189": "Đ",
        "\uff05": "%",
        "\u2044": "/",
        "\u2215": "/",
    }
)
_NOT_WORD = re.compile(r"[^0-9a-z]+")


def clean_text(text: str) -> str:
    """The text composed (NFC), in one line, without invisible characters, spaces folded and trimmed."""
    if text.isascii():
        return _SPACES.sub(" ", text).strip()
    composed = unicodedata.normalize("NFC", text.translate(_INVISIBLE).translate(_LOOKALIKES))
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() and not c.isascii() else c for c in composed)
    return _SPACES.sub(" ", digits).strip()


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """A key that ignores case, tone marks, Đ, punctuation and spacing: "Hòa Bình" and "HOÀ-BÌNH" give "hoa binh"."""
    plain = unicodedata.normalize("NFD", clean_text(text).casefold().replace("đ", "d"))
    return _NOT_WORD.sub(" ", "".join(c for c in plain if not unicodedata.combining(c))).strip()
