"""One written figure into numbers: words, sign, magnitude, unit, basis of comparison, fraction."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from catalogue.model import Catalogue, Indicator
from transforms.lexicon import Lexicon, fold_unit, lexicon_of
from transforms.numbers_vi import format_number
from transforms.numerals import NUMERAL, Numeral, Style, read_numeral
from transforms.observation import State
from transforms.text import clean_text

LIMIT = Decimal(10) ** 27
_EDGE = " .,;:()[]“”\"'…"
_SIGN = re.compile(r"(?:^|[\s(])([-+–—])\s*$")
_FRACTION_GAP = re.compile(r"\s*/\s*")
_RATE = re.compile(r"\(?\s*(?:đạt|chiếm|tỷ lệ)?\s*(\d+(?:[.,]\d+)?)\s*%\s*\)?\s*$")


@dataclass(frozen=True, slots=True)
class Figure:
    """What a written figure says. `value` is in the indicator's unit and, for growth, the change in percent.

    `denominator` is the second number of a fraction, `rate` the percentage written behind it. `trouble` names
    a rule (`figure_unreadable`, `unit_mismatch`) with `detail` saying why; `ambiguous` holds the two readings
    of a doubtful numeral.
    """

    value: Decimal | None = None
    denominator: Decimal | None = None
    rate: Decimal | None = None
    state: State = "number"
    is_estimated: bool = False
    basis: str = ""
    trouble: str = ""
    detail: str = ""
    ambiguous: tuple[Decimal, Decimal] | None = None


class _Words:
    """The words around a numeral, taken away as they are understood."""

    def __init__(self, text: str) -> None:
        self.left = text

    def take(self, phrases: list[tuple[str, str]]) -> str | None:
        """The meaning of the longest phrase that stands at either edge, which is then gone."""
        left = self.left.strip(_EDGE)
        self.left = left
        for phrase, meaning in phrases:
            if left == phrase or left.startswith(phrase + " "):
                self.left = left[len(phrase) :]
                return meaning
            if left.endswith(" " + phrase):
                self.left = left[: -len(phrase)]
                return meaning
        return None


def evident_style(text: str) -> Style | None:
    """What the numerals of a text prove of its writer's dots and commas, if anything."""
    styles: set[Style] = set()
    for match in NUMERAL.finditer(text):
        numeral = read_numeral(match[0])
        if numeral is not None and numeral.style is not None:
            styles.add(numeral.style)
    return styles.pop() if len(styles) == 1 else None


def read_figure(
    catalogue: Catalogue, indicator: Indicator, text: str, period_code: str, style: Style | None = None
) -> Figure:
    """What a text in an indicator's cell says. `style` is what the rest of the file proves of dots and commas."""
    lexicon = lexicon_of(catalogue)
    lowered = clean_text(text).casefold()
    state = lexicon.states.get(lowered) or lexicon.states.get(lowered.strip(_EDGE) or lowered)
    if state is not None:
        return Figure(state="none_arising" if state == "none_arising" else "not_yet_available")
    first = NUMERAL.search(lowered)
    if first is None:
        return _read_words(lexicon, indicator, lowered)
    before, after = lowered[: first.start()], lowered[first.end() :]
    second = None
    gap = _FRACTION_GAP.match(after)
    if gap and indicator.fraction_of:
        second = NUMERAL.match(after, gap.end())
        if second:
            after = after[second.end() :]
    numeral = read_numeral(first[0])
    if numeral is None:
        return _unreadable(f"“{first[0]}” viết không thành số (dấu chấm, dấu phẩy sai chỗ hoặc quá dài)")
    return _assemble(
        catalogue, lexicon, indicator, before, numeral, second[0] if second else "", after, period_code, style
    )


def _assemble(
    catalogue: Catalogue,
    lexicon: Lexicon,
    indicator: Indicator,
    before: str,
    numeral: Numeral,
    second: str,
    after: str,
    period_code: str,
    style: Style | None,
) -> Figure:
    sign, signed_word, basis, estimated = 1, "", "", False
    negative = _SIGN.search(before)
    if negative:
        before = before[: negative.start(1)]
        sign = -1 if negative[1] != "+" else 1
    head = _Words(before)
    while head.left.strip(_EDGE):
        if head.take(lexicon.phrases["estimate"]) is not None:
            estimated = True
        elif (meaning := head.take(lexicon.phrases["increase"] + lexicon.phrases["decrease"])) is not None:
            signed_word = meaning
        elif head.take(lexicon.phrases["index"]) is not None:
            basis = "index"
        elif head.take(lexicon.phrases["filler"]) is None:
            return _unreadable(f"không hiểu chữ “{head.left.strip(_EDGE)}”")
    rate = _RATE.search(after) if second else None
    if rate:
        after = after[: rate.start()]
    factor, trouble = _read_tail(catalogue, lexicon, indicator, after, is_fraction=bool(second))
    if trouble:
        return trouble
    value, ambiguous = _resolve(catalogue, indicator, numeral, period_code, style, has_words=bool(after.strip(_EDGE)))
    value *= factor
    if signed_word and indicator.low is not None and indicator.low >= 0:
        return _unreadable("ghi mức tăng, giảm ở chỗ phải ghi giá trị")
    if signed_word:
        basis = "growth"
        sign = int(signed_word) if sign > 0 else -1
    value *= sign
    if basis == "index" and not indicator.is_growth:
        return _unreadable("ghi “bằng …%” ở chỗ phải ghi giá trị")
    if abs(value) >= LIMIT:
        return _unreadable("con số lớn quá mức hệ thống nhận")
    denominator = None
    if second:
        other = read_numeral(second)
        if other is None:
            return _unreadable(f"“{second}” viết không thành số (dấu chấm, dấu phẩy sai chỗ hoặc quá dài)")
        pair = catalogue.indicators[indicator.fraction_of]
        denominator, _ = _resolve(catalogue, pair, other, period_code, style, has_words=True)
    return Figure(
        value - 100 if basis == "index" else value,
        denominator,
        None if rate is None else Decimal(rate[1].replace(",", ".")),
        is_estimated=estimated,
        basis=basis,
        ambiguous=None if ambiguous is None else (ambiguous[0] * factor * sign, ambiguous[1] * factor * sign),
    )


def _read_tail(
    catalogue: Catalogue, lexicon: Lexicon, indicator: Indicator, after: str, *, is_fraction: bool
) -> tuple[Decimal, Figure | None]:
    """The factor that the words behind a numeral ask for, into the indicator's unit."""
    tail = _Words(after)
    while tail.take(lexicon.phrases["comparison"] + lexicon.phrases["filler"]) is not None:
        pass
    words = fold_unit(tail.left.replace("%", " % ")).split()
    magnitude = Decimal(1)
    taken = 0
    while taken < len(words) and words[taken] in lexicon.magnitudes:
        magnitude *= lexicon.magnitudes[words[taken]]
        taken += 1
    unit = catalogue.unit_of(indicator)
    rest = " ".join(words[taken:])
    pairs = (indicator, catalogue.indicators[indicator.fraction_of]) if is_fraction else (indicator,)
    if rest and not any(lexicon.is_unit(rest, catalogue.unit_of(i).quantity, i) for i in pairs):
        if NUMERAL.search(rest):
            return magnitude, _unreadable("trong ô có nhiều hơn một con số")
        return magnitude, Figure(state="unreadable", trouble="unit_mismatch", detail=rest)
    if not taken and (not rest or rest not in lexicon.units[unit.quantity] or unit.factor == 1):
        return Decimal(1), None
    if not taken and rest == fold_unit(unit.name):
        return Decimal(1), None
    if unit.quantity == "%" and taken:
        return magnitude, Figure(state="unreadable", trouble="unit_mismatch", detail=" ".join(words))
    return magnitude / unit.factor, None


def _resolve(
    catalogue: Catalogue,
    indicator: Indicator,
    numeral: Numeral,
    period_code: str,
    style: Style | None,
    *,
    has_words: bool,
) -> tuple[Decimal, tuple[Decimal, Decimal] | None]:
    """The value meant by a numeral of two meanings, and both meanings where the evidence does not decide."""
    first, other = numeral.vietnamese, numeral.other
    if other is None:
        return first, None
    fitting = [value for value in (first, other) if _fits(catalogue, indicator, value, period_code)]
    if len(fitting) == 1:
        return fitting[0], None
    if style == "en":
        return other, None
    is_percent = catalogue.unit_of(indicator).quantity == "%"
    if is_percent and first > other:  # nobody writes thousands of percent with a dot
        return other, (other, first)
    if style == "vi" or (has_words and not is_percent):
        return first, None
    return first, (first, other)


def _fits(catalogue: Catalogue, indicator: Indicator, value: Decimal, period_code: str) -> bool:
    high = indicator.high
    if indicator.rank_field:
        size = catalogue.rank_size(indicator, period_code)
        high = Decimal(size) if size is not None else high
    whole = not indicator.is_whole or value == value.to_integral_value()
    return whole and (indicator.low is None or value >= indicator.low) and (high is None or value <= high)


def _read_words(lexicon: Lexicon, indicator: Indicator, lowered: str) -> Figure:
    """A figure written in words alone: a rank such as "đứng thứ hai"."""
    if indicator.rank_field:
        words, rank = _Words(lowered), None
        while words.left.strip(_EDGE):
            meaning = words.take(lexicon.phrases["ordinal"]) if rank is None else None
            if meaning is not None:
                rank = Decimal(meaning)
            elif words.take(lexicon.phrases["filler"]) is None:
                break
        else:
            if rank is not None:
                return Figure(rank)
    return _unreadable("không có con số nào")


def _unreadable(detail: str) -> Figure:
    return Figure(state="unreadable", trouble="figure_unreadable", detail=detail)


def describe_choice(first: Decimal, other: Decimal) -> tuple[str, str]:
    """Both readings of a doubtful numeral in Vietnamese form."""
    return format_number(first), format_number(other)
