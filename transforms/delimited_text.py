"""Bytes of a text file into text: Unicode by its marks, old Vietnamese code pages by what makes syllables."""

from __future__ import annotations

import codecs
import re
import unicodedata

from transforms.legacy.text import decode_legacy
from transforms.syllables import is_vietnamese

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
_END_OF_FILE = "\x1a"  # what DOS programs end a text with
_SAMPLE = 1024 * 1024
_WORD = re.compile(rb"[A-Za-z\xa1-\xff]+")
_HIGH = re.compile(rb"[\xa1-\xff]")
_ESCAPED = re.compile("[\udc80-\udcff]")


def decode_text(data: bytes) -> str | None:
    """The text in some bytes, without its byte order mark; None for bytes that are no text.

    Without a mark: UTF-16 by its zero bytes, UTF-8 by its sequences, then Windows-1258 where it makes Vietnamese
    syllables, else Windows-1252, whose letters are those of TCVN3 or VNI where they make Vietnamese words.
    """
    text = _decode(data)
    if text is None:
        return None
    text = text.removesuffix(_END_OF_FILE)
    return None if _CONTROL.search(text) else text


def _decode(data: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding)
    if b"\0" in data[:_SAMPLE]:
        return _decode_wide(data)
    text = _strictly(data, "utf-8")
    if text is not None:
        return text
    if _is_mostly_utf8(data):
        return data.decode("utf-8", "replace")
    if _makes_syllables(data):
        return unicodedata.normalize("NFC", data.decode("cp1258", "replace"))
    return "\n".join(decode_legacy(line).text for line in _decode_western(data).split("\n"))


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _decode_western(data: bytes) -> str:
    """Windows-1252, with a character of its own for the bytes that it leaves out."""
    text = data.decode("cp1252", "surrogateescape")
    return text if text.isascii() else _ESCAPED.sub(lambda match: chr(ord(match[0]) - 0xDC00), text)


def _decode_wide(data: bytes) -> str | None:
    """UTF-16 without a mark: the zero bytes of its ASCII letters are many and stand on one side only."""
    sample = data[:_SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if len(data) % 2 or min(even, odd) * 20 > max(even, odd) or max(even, odd) * 6 < len(sample):
        return None
    return _strictly(data, "utf-16-be" if even > odd else "utf-16-le")


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether a few broken bytes stand among many right sequences, as after a cut or a careless edit."""
    text = data[:_SAMPLE].decode("utf-8", "replace")
    right = sum(1 for c in text if c > "\x7f" and c != "\ufffd")
    return right > 10 * text.count("\ufffd")


def _makes_syllables(data: bytes) -> bool:
    """Whether most words with letters beyond ASCII are Vietnamese syllables when read as Windows-1258."""
    words = [w for w in set(_WORD.findall(data[:_SAMPLE])) if _HIGH.search(w)]
    fitting = sum(is_vietnamese(word.decode("cp1258", "replace")) for word in words)
    return bool(words) and 2 * fitting > len(words)
