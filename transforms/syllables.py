"""What may be a Vietnamese syllable: an initial, a rime with at most one tone on its right vowel, a final."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# nucleus: the finals that follow it; "-" is none
_RIMES_BY_NUCLEUS = """
a: - c ch i m n ng nh o p t u y
ă: c m n ng p t
â: c m n ng p t u y
e: - c m n ng o p t
ê: - ch m n nh p t u
i: - a ch m n nh p t u
iê: c m n ng p t u
o: - a c e i m n ng p t
oa: c ch i m n ng nh o p t y
oă: c m n ng t
oe: n o t
oo: c ng
ô: - c i m n ng p t
ơ: - i m n p t
u: - a c i m n ng p t y
uâ: n ng t y
uê: - ch nh
uô: c i m n ng t
uơ: -
uy: a ch n nh p t u
uyê: n t
ư: - a c i n ng t u
ươ: c i m n ng p t u
y: -
yê: m n ng t u
"""
_RIMES = {
    nucleus + final.replace("-", "")
    for nucleus, finals in (line.split(": ") for line in _RIMES_BY_NUCLEUS.strip().splitlines())
    for final in finals.split()
}
_AFTER_QU = {rime for rime in _RIMES if rime[0] in "aăâeêiơy"} | {"ôc", "ych", "yn", "ynh", "yt", "yu"}
_AFTER_GI = {rime for rime in _RIMES if rime[0] in "aăâeêoôơuư"} | {"êc", "êng"}
_INITIALS = ("ngh", "ng", "nh", "gh", "kh", "ch", "ph", "th", "tr", *"bcdđghklmnpqrstvx", "")
_TONES = dict.fromkeys("\u0300\u0301\u0303\u0309\u0323")
_STOPPED = re.compile(r"(?:c|ch|p|t)$")
_FINAL = re.compile(r"(?:ch|ng|nh|[cmnpt])$")
_SHAPE = re.compile(r"[bcdđghklmnpqrstvx]{0,3}[aăâeêioôơuưy]{1,3}[cghkmnpt]{0,2}")
_STOP_TONES = ("\u0301", "\u0323")


@lru_cache(maxsize=65536)
def is_syllable(word: str) -> bool:
    """Whether the word is one Vietnamese syllable, spelled and toned by the rules ("hoà" and "hòa" both are)."""
    parts = _split_tone(word)
    if parts is None:
        return False
    plain, tone, position = parts
    for initial, rime in _cut(plain):
        if _STOPPED.search(rime) and tone not in _STOP_TONES:
            continue
        if not tone or position - len(initial) in _tone_places(rime):
            return True
    return False


@lru_cache(maxsize=65536)
def is_vietnamese(word: str) -> bool:
    """Whether the word may be a syllable as people type it: the tone missing or too far left ("tòan"), Ð for Đ."""
    parts = _split_tone(word.replace("Ð", "Đ"))
    if parts is None:
        return False
    plain, tone, position = parts
    return any(not tone or position - len(initial) <= max(_tone_places(rime)) for initial, rime in _cut(plain))


def has_syllable_shape(word: str) -> bool:
    """Whether Vietnamese letters stand in a syllable's order, with one tone at most, be the spelling as it may."""
    parts = _split_tone(word)
    return parts is not None and _SHAPE.fullmatch(parts[0]) is not None


def _split_tone(word: str) -> tuple[str, str, int] | None:
    """The lower-case word without its tone, the tone, and the place of its letter; None when two tones stand in it."""
    plain, tone, position = "", "", -1
    for letter in unicodedata.normalize("NFC", word).lower():
        decomposed = unicodedata.normalize("NFD", letter)
        found = [mark for mark in decomposed if mark in _TONES]
        if found:
            if tone or len(found) > 1:
                return None
            tone, position = found[0], len(plain)
            letter = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONES))
        plain += letter
    return plain, tone, position


def _cut(plain: str) -> list[tuple[str, str]]:
    """Every way to cut a toneless word into an initial and a rime that may follow it."""
    cuts = [(initial, plain[len(initial) :]) for initial in _INITIALS if plain.startswith(initial)]
    found = [(initial, rime) for initial, rime in cuts if rime in _RIMES and _may_follow(initial, rime)]
    if plain.startswith("qu") and plain[2:] in _AFTER_QU:
        found.append(("qu", plain[2:]))
    if plain.startswith("gi") and plain[2:] in _AFTER_GI:
        found.append(("gi", plain[2:]))
    return found


def _may_follow(initial: str, rime: str) -> bool:
    is_front = rime[0] in "eêiy"
    if initial in ("k", "gh", "ngh"):
        return is_front
    if initial in ("c", "ng"):
        return not is_front
    if initial == "g":
        return rime[0] not in "eêy"
    if rime == "y":
        return initial in ("", "h", "l", "m", "s", "t", "v")
    if rime.startswith("yê"):
        return initial == ""
    if rime.startswith("iê"):
        return initial != ""
    return initial != "q"


def _tone_places(rime: str) -> tuple[int, ...]:
    vowels = _FINAL.sub("", rime)
    if len(vowels) == 1:
        return (0,)
    if len(vowels) == 3:
        return (2,) if vowels == "uyê" else (1,)
    if vowels != rime:
        return (1,)
    if vowels in ("oa", "oe", "uy"):
        return (0, 1)
    return (1,) if vowels in ("uê", "uơ") else (0,)
