"""Which indicator a label of a province's own table names: surely, after the office's answer, or only probably."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from catalogue.model import Catalogue, is_valid
from transforms.lexicon import Lexicon, fold_unit, lexicon_of
from transforms.text import clean_text, fold

LONGEST = 200  # letters; what is longer is a sentence, no label
LIKENESS = 0.86
MARGIN = 0.04  # by which the best proposal must lead any other indicator's
FARTHEST = LIKENESS - 2 * MARGIN  # what is less like is neither a proposal nor in the way of one
RELATED = 0.5  # share of common words below which letters are not even compared
SHORTEST = 8  # letters that a label needs before anything is proposed for it

_LEAD = re.compile(
    r"\s*(?:\(?\d{1,2}(?:\.\d{1,2})*\)?(?:[.):/-]+\s*|\s+(?=\D))|\(?[ivx]{1,5}(?:[.)]+\s*|\s*-\s+)|[a-zđ][.)]+\s*|[-+*•–—●○▪]+\s*"
    r"|trong đó\s*:?\s*|tr\.?đó\s*:?\s*|bao gồm\s*:?\s*|gồm\s*:\s*)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*:?\s*$")
_FOOTNOTE = re.compile(r"[\d*⁰¹²³⁴-⁹ ]*")
_TAIL = re.compile(r"[\s:;.*⁽⁰¹²³⁴-⁹⁾]+$")
_AFTER_COMMA = re.compile(r"^(.*\w)\s*[,;-]\s*(?:đvt|đơn vị(?: tính)?)?\s*:?\s*([^,;:]+)$", re.IGNORECASE)

_TIME_TAIL = re.compile(
    r"[\s,(–-]*(?:trong )?(?:0?6|sáu) tháng(?: (?P<half>đầu|cuối))?(?: năm)?(?:[ /]+(?P<year>20\d\d))?\s*\)?[\s:.]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class LabelMatch:
    """An indicator for a label, whether it is sure, and the unit that the label itself names."""

    indicator_code: str = ""
    is_sure: bool = False
    unit: str = ""


def match_surely(
    catalogue: Catalogue, text: str, parent: str = "", province_id: str = "", period: str = ""
) -> LabelMatch:
    """The indicator that a label names beyond doubt; without a code where it names none.

    Numbering, "Trong đó:", footnote marks, a unit in brackets and the half-year asked for are left aside; `parent` is
    the heading above the label ("Giải …" / "- tập thể"). An answer counts for its province (or all) and its periods.
    """
    if len(text) > LONGEST:
        return LabelMatch()
    names, unit = _variants(lexicon_of(catalogue), text)
    labels = _labels(catalogue)
    for name in names:
        if (code := labels.get(spell(catalogue, name))) is not None:
            return LabelMatch(code, True, unit)
    for name in names:
        if (code := _answers(catalogue, spell(catalogue, name), province_id, period)) is not None:
            return LabelMatch(code, True, unit)
    if parent and len(parent) <= LONGEST:
        for above in _variants(lexicon_of(catalogue), parent)[0]:
            for name in names:
                if (code := labels.get(spell(catalogue, f"{above} {name}"))) is not None:
                    return LabelMatch(code, True, unit)
    timed = _TIME_TAIL.search(text) if "tháng" in text.casefold() else None
    if timed is not None and timed.start() and _is_of(timed, period):
        return match_surely(catalogue, text[: timed.start()], parent, province_id, period)
    return LabelMatch(unit=unit)


def _is_of(timed: re.Match[str], period: str) -> bool:
    """Whether the half-year behind a label is the one asked for; while none is known, any that names no year is."""
    half = "2" if (timed["half"] or "").casefold() == "cuối" else "1"
    return timed["year"] in (None, period[:4]) and (not period or half == period[-1])


@lru_cache(maxsize=8192)
def spell(catalogue: Catalogue, text: str) -> str:
    """A label's key in one spelling: abbreviations of the catalogue written out, i for y ("tỉ lệ" is "tỷ lệ")."""
    known = _abbreviations(catalogue)
    return " ".join(known.get(word, word) for word in fold(text).split()).replace("y", "i")


@lru_cache(maxsize=4)
def _abbreviations(catalogue: Catalogue) -> dict[str, str]:
    return {fold(word.phrase): fold(word.meaning) for word in catalogue.words if word.kind == "abbreviation"}


@lru_cache(maxsize=4)
def _labels(catalogue: Catalogue) -> dict[str, str]:
    """The indicators by the keys of their names; a key that two would share is none's."""
    found: dict[str, set[str]] = {}
    for name, code in lexicon_of(catalogue).labels.items():
        found.setdefault(spell(catalogue, name), set()).add(code)
    return {key: next(iter(codes)) for key, codes in found.items() if len(codes) == 1}


def propose(catalogue: Catalogue, text: str, unit: str = "", period: str = "") -> str:
    """The code of the one indicator whose name is nearest to a label, if it is near enough; else empty."""
    lexicon = lexicon_of(catalogue)
    if len(text) > LONGEST:
        return ""
    names, own_unit = _variants(lexicon, text)
    folded = spell(catalogue, names[-1])
    if len(folded) < SHORTEST:
        return ""
    best: dict[str, float] = {}
    for key, code in _labels(catalogue).items():
        likeness = _likeness(folded, key)
        if likeness < FARTHEST or likeness <= best.get(code, 0.0):
            continue
        if period and not catalogue.indicators[code].is_valid_in(period):
            continue
        if _is_fitting(catalogue, lexicon, unit or own_unit, code):
            best[code] = likeness
    ranked = sorted(best.values(), reverse=True)
    if not ranked or ranked[0] < LIKENESS or (len(ranked) > 1 and ranked[0] - ranked[1] < MARGIN):
        return ""
    return max(best, key=lambda code: best[code])


def _likeness(text: str, name: str) -> float:
    """The likeness of letters or of the set of words, whichever is greater, from 0 to 1."""
    words, others = _words(text), _words(name)
    overlap = 2 * len(words & others) / (len(words) + len(others))
    if overlap < RELATED:
        return overlap
    matcher = SequenceMatcher(None, text, name, autojunk=False)
    if matcher.real_quick_ratio() < LIKENESS - MARGIN or matcher.quick_ratio() < LIKENESS - MARGIN:
        return overlap
    return max(overlap, matcher.ratio())


@lru_cache(maxsize=1024)
def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _is_fitting(catalogue: Catalogue, lexicon: Lexicon, unit: str, code: str) -> bool:
    if not unit:
        return True
    indicator = catalogue.indicators[code]
    _, rest = lexicon.split_unit(fold_unit(unit))
    return not rest or lexicon.is_unit(rest, catalogue.unit_of(indicator).quantity, indicator)


@lru_cache(maxsize=4096)
def _variants(lexicon: Lexicon, text: str) -> tuple[tuple[str, ...], str]:
    """The label as it stands and with what surrounds it taken away step by step, and the unit found in it."""
    current, unit = clean_text(text), ""
    found = [current]
    while True:
        shorter = _TAIL.sub("", current)
        if (match := _BRACKETS.search(current)) is not None:
            if is_unit_text(lexicon, match[1]):
                unit, shorter = unit or match[1], current[: match.start()]
            elif _FOOTNOTE.fullmatch(match[1]):
                shorter = current[: match.start()]
        elif (match := _AFTER_COMMA.match(current)) is not None and is_unit_text(lexicon, match[2]):
            unit, shorter = unit or match[2], match[1]
        if shorter == current and (match := _LEAD.match(current)) is not None:
            shorter = current[match.end() :]
        if shorter == current or not fold(shorter):
            return tuple(dict.fromkeys(found)), unit
        current = shorter
        found.append(current)


def is_unit_text(lexicon: Lexicon, text: str) -> bool:
    """Whether a text is a unit and nothing else: "tỷ đồng", "%", "lượt khách"."""
    magnitude, rest = lexicon.split_unit(fold_unit(text))
    return (magnitude is not None and not rest) or any(rest in names for names in lexicon.units.values())


@lru_cache(maxsize=4)
def _known_answers(catalogue: Catalogue) -> dict[str, list[tuple[str, str, str, str]]]:
    found: dict[str, list[tuple[str, str, str, str]]] = {}
    for answer in catalogue.label_answers:
        row = (answer.province_id, answer.indicator_code, answer.valid_from, answer.valid_to)
        found.setdefault(spell(catalogue, answer.label), []).append(row)
    return found


def _answers(catalogue: Catalogue, key: str, province_id: str, period: str) -> str | None:
    """The province's own answer before the one for all."""
    fitting = {
        whose: code
        for whose, code, since, until in _known_answers(catalogue).get(key, ())
        if whose in ("", province_id) and is_valid(since, until, period)
    }
    return fitting.get(province_id, fitting.get(""))
