"""The column of a table that repeats the figures of the same half a year before, where its header surely says so."""

from __future__ import annotations

import re
from functools import lru_cache

from catalogue.model import Catalogue
from transforms.comparison import same_half_before
from transforms.label_match import is_unit_text
from transforms.lexicon import fold_unit, lexicon_of
from transforms.table_header import Column, Header
from transforms.text import fold

_HALF = re.compile(r"\b(?:0?6|sau) ?(?:thang|t)\b(?: (dau|cuoi)\b)?|\b(20\d\d) ?h([12])\b")
_YEAR = re.compile(r"\b(20\d\d)\b")
_OTHER_SPAN = re.compile(r"\b(?:0?[1-5789]|1[0-2]) ?(?:thang|t)\b|\bquy\b|\bthang (?:0?\d|1[0-2])\b|\bluy ke\b")
_TAIL = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_WHOLE_YEARS = ("plan", "year")


def find_previous_column(catalogue: Catalogue, header: Header, value: int, period: str) -> int | None:
    """The one column beside that of the figures which is surely of the same half a year before; None for none or two.

    "Cùng kỳ" says so but where other columns are of a month, a quarter or a running total; "Năm trước" only under the
    half itself, or where the half stands over the whole table and no column is a plan's or a whole year's. A unit of
    its own that differs from the figures' is not sure.
    """
    if not period:
        return None
    own = header.columns.get(value, Column())
    is_mixed = any(_OTHER_SPAN.search(fold(column.text)) for column in header.columns.values())
    is_of_years = bool(_HALF.search(fold(own.text))) or any(c.kind in _WHOLE_YEARS for c in header.columns.values())
    found = []
    for at, column in header.columns.items():
        if at == value or column.kind != "previous":
            continue
        told = tell_last_year(catalogue, column.text, period)
        is_sure = told == "half" or (not is_mixed and (told == "same" or (told == "year" and not is_of_years)))
        unit = _unit_in(catalogue, column.text)
        if is_sure and (not unit or fold_unit(unit) == fold_unit(_unit_in(catalogue, own.text))):
            found.append(at)
    return found[0] if len(found) == 1 else None


def tell_last_year(catalogue: Catalogue, text: str, period: str) -> str:
    """How a header says that it is of the same half a year before: "half" by naming it, "same" by "cùng kỳ",
    "year" by the year alone; empty where it says anything else besides, or does not say so."""
    if "%" in text:
        return ""
    plain = _TAIL.sub(lambda tail: " " if is_unit_text(lexicon_of(catalogue), tail[1]) else tail[0], text)
    folded, earlier = fold(plain), same_half_before(period)
    halves = list(_HALF.finditer(folded))
    if any(_half_of(match, period) != period[-1] for match in halves):
        return ""
    years = {match[2] for match in halves if match[2]}
    rest = _HALF.sub(" ", folded)
    years |= set(_YEAR.findall(rest))
    if not years <= {earlier[:4], period[:4]}:
        return ""
    words = _words(catalogue)
    rest, is_same = _without(_YEAR.sub(" ", rest), words["same"])
    rest, is_year = _without(rest, words["last_year"])
    rest, _ = _without(rest, words["besides"])
    if rest.strip():
        return ""
    if halves and (is_same or is_year or years == {earlier[:4]}):
        return "half"
    if halves or years == {period[:4]}:
        return ""
    return "same" if is_same else "year" if is_year else ""


def _half_of(match: re.Match[str], period: str) -> str:
    """ "1" or "2"; six months of a year that are not said to be the last are the first, in a return for those."""
    if match[3]:
        return match[3]
    if match[1]:
        return "1" if match[1] == "dau" else "2"
    return "1" if period.endswith("1") else ""


def _without(folded: str, phrases: tuple[str, ...]) -> tuple[str, bool]:
    """A folded text without some phrases, and whether any of them stood in it."""
    left = _spaced(folded)
    for phrase in phrases:
        left = left.replace(_spaced(phrase), "")
    return " ".join(left.split()), left != _spaced(folded)


def _spaced(folded: str) -> str:
    """Every word between spaces of its own, so that whole words are found."""
    return "".join(f" {word} " for word in folded.split())


def _unit_in(catalogue: Catalogue, text: str) -> str:
    return next((m[1] for m in _TAIL.finditer(text) if is_unit_text(lexicon_of(catalogue), m[1])), "")


@lru_cache(maxsize=4)
def _words(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """The folded phrases by what they say of a column, the longest first; what a column of figures says is besides."""
    found: dict[str, set[str]] = {"same": set(), "last_year": set(), "besides": set()}
    for word in catalogue.words:
        if word.kind == "earlier_column":
            found[word.meaning].add(fold(word.phrase))
        elif word.kind == "column" and word.meaning == "value":
            found["besides"].add(fold(word.phrase))
    return {meaning: tuple(sorted(phrases, key=len, reverse=True)) for meaning, phrases in found.items()}
