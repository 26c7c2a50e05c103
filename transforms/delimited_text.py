"""Bytes of a text file into text: Unicode by its marks, old Vietnamese code pages by what makes syllables."""

from __future__ import annotations

import codecs
import re
import unicodedata

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
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_SYLLABLE = re.compile(
    r"(?:ngh?|gh?|gi|kh|ph|th|tr|ch|nh|qu|[bcdđhklmnprstvxw])?"
    r"[aăâeêioôơuưy]{1,3}(?:ng|nh|ch|[cmnpt])?"
)
_UNDEFINED = {byte: chr(byte) for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}  # Windows-1252 has no letters there


def decode_text(data: bytes) -> str | None:
    """The text in some bytes, without its byte order mark; None for bytes that are no text.

    Without a mark: UTF-16 by its zero bytes, UTF-8 by its sequences, then Windows-1258 where it makes Vietnamese
    syllables, else Windows-1252, which also carries TCVN3 and VNI as the letters that their fonts replace.
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
    return (
        "".join(_UNDEFINED.get(b, "") or bytes((b,)).decode("cp1252") for b in data)
        if any(b in data for b in _UNDEFINED)
        else data.decode("cp1252")
    )


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


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
    fitting = sum(_is_syllable(word.decode("cp1258", "replace")) for word in words)
    return bool(words) and 2 * fitting > len(words)


def _is_syllable(word: str) -> bool:
    letters = unicodedata.normalize("NFD", word.lower())
    plain = "".join(c for c in letters if c not in _TONES)
    tones = len(letters) - len(plain)
    return tones <= 1 and _SYLLABLE.fullmatch(unicodedata.normalize("NFC", plain)) is not None
