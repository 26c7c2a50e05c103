"""One written figure into numbers: words, sign, magnitude, unit, basis of comparison, fraction."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from catalogue.model import Catalogue, Indicator
from transforms.figure_words import EDGE, Words, read_head, read_tail
from transforms.lexicon import Lexicon, lexicon_of
from transforms.numerals import NUMERAL, Numeral, Style, read_numeral
from transforms.observation import State
from transforms.text import clean_text

LIMIT = Decimal(10) ** 27
ONE = Decimal(1)
SUSPICIOUS = Decimal(1000)  # "2.375 triệu": whoever counts in millions hardly writes thousands of them
_SIGN = re.compile(r"(?:^|[\s(])([-+–—])\s*$")
_BRACKETED = re.compile(r"\(\s*[\d.,' ]+%?\s*\)")
_NOTE_MARK = re.compile(  # but 10⁶ and m² mean something else
    r"(?:\s*\(\*{1,3}\)|(?<![a-zđ])(?<!\b10)[⁽⁰¹²³⁴-⁹⁾*]+)(?=\s|[;,.)]|$)"
)
_FRACTION_GAP = re.compile(r"\s*/\s*")
_RATE = re.compile(r"\(?\s*(?:đạt|chiếm|tỷ lệ)?\s*(\d+(?:[.,]\d+)?)\s*%\s*\)?\s*$")


@dataclass(frozen=True, slots=True)
class Figure:
    """What a written figure says. `value` is in the indicator's unit and, for growth, the change in percent.

    `denominator` is the second number of a fraction, `rate` the percentage written behind it. `trouble` names
    a rule (`figure_unreadable`, `unit_mismatch`) with `detail` saying why; `ambiguous` holds the two readings
    of a doubtful numeral. `compared` ("index", "growth") says what a percentage leans to that is compared with a
    base but is not told to be a rise or a share of it.
    """

    value: Decimal | None = None
    denominator: Decimal | None = None
    rate: Decimal | None = None
    state: State = "number"
    is_estimated: bool = False
    basis: str = ""
    trouble: str = ""
    detail: str = ""
    compared: str = ""
    ambiguous: tuple[Decimal, Decimal] | None = None


def evident_style(text: str) -> Style | None:
    """What the numerals of a text prove of its writer's dots and commas, if anything."""
    styles: set[Style] = set()
    for match in NUMERAL.finditer(text):
        numeral = read_numeral(match[0])
        if numeral is not None and numeral.style is not None:
            styles.add(numeral.style)
    return styles.pop() if len(styles) == 1 else None


def read_figure(
    catalogue: Catalogue,
    indicator: Indicator,
    text: str,
    period_code: str,
    style: Style | None = None,
    factor: Decimal = ONE,
) -> Figure:
    """What a text in an indicator's cell says. `style` is what the rest of the file proves of dots and commas.

    `factor` leads from the unit written on the row into the indicator's, where the text names none of its own.
    """
    lexicon = lexicon_of(catalogue)
    lowered = _NOTE_MARK.sub("", clean_text(text).casefold()).strip()
    state = lexicon.states.get(lowered) or lexicon.states.get(lowered.strip(EDGE) or lowered)
    if state is not None:
        return Figure(state="none_arising" if state == "none_arising" else "not_yet_available")
    first = NUMERAL.search(lowered)
    if first is None:
        return _read_words(lexicon, indicator, lowered)
    before, after = lowered[: first.start()], lowered[first.end() :]
    second = None
    if before.endswith((".", ",")):
        return _unreadable(f"thiếu chữ số trước dấu “{before[-1]}”")
    if _BRACKETED.fullmatch(lowered):
        return _unreadable("số để trong ngoặc: không rõ là số âm hay số thường")
    gap = _FRACTION_GAP.match(after)
    if gap and (indicator.fraction_of or indicator.rank_field):
        second = NUMERAL.match(after, gap.end())
        if second:
            after = after[second.end() :]
    numeral = read_numeral(first[0])
    if numeral is None:
        return _unreadable(f"“{first[0]}” viết không thành số (dấu chấm, dấu phẩy sai chỗ hoặc quá dài)")
    return _assemble(
        catalogue, lexicon, indicator, before, numeral, second[0] if second else "", after, period_code, style, factor
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
    row_factor: Decimal,
) -> Figure:
    negative = _SIGN.search(before)
    sign = 1
    if negative:
        before = before[: negative.start(1)]
        sign = -1 if negative[1] != "+" else 1
    head = read_head(lexicon, before)
    if head.strange:
        return _unreadable(f"không hiểu chữ “{head.strange}”")
    rate = _RATE.search(after) if second else None
    if rate:
        after = after[: rate.start()]
    pair = catalogue.indicators.get(indicator.fraction_of) if second else None
    tail = read_tail(catalogue, lexicon, after, (indicator, pair) if pair is not None else (indicator,))
    if tail.is_crowded:
        return _unreadable("trong ô có nhiều hơn một con số")
    if tail.misfit:
        return Figure(state="unreadable", trouble="unit_mismatch", detail=tail.misfit)
    factor = tail.factor if tail.has_unit else row_factor
    value, ambiguous = _resolve(catalogue, indicator, numeral, period_code, style, factor, tail.has_unit)
    if head.direction and indicator.low is not None and indicator.low >= 0:
        return _unreadable("ghi mức tăng, giảm ở chỗ phải ghi giá trị")
    if head.direction > 0 > sign:
        return _unreadable("vừa ghi tăng vừa ghi dấu trừ")
    if head.is_index and (head.direction or not indicator.is_growth):
        return _unreadable("ghi “bằng …%” ở chỗ phải ghi giá trị")
    sign = head.direction if head.direction and sign > 0 else sign
    value *= sign
    if abs(value) >= LIMIT:
        return _unreadable("con số lớn quá mức hệ thống nhận")
    denominator = None
    if second:
        other = read_numeral(second)
        if other is None:
            return _unreadable(f"“{second}” viết không thành số (dấu chấm, dấu phẩy sai chỗ hoặc quá dài)")
        denominator, _ = _resolve(catalogue, pair or indicator, other, period_code, style, ONE, True)
        if pair is None and denominator != catalogue.rank_size(indicator, period_code):
            return _unreadable(f"số sau dấu gạch ({second}) không phải số tỉnh, thành phố được xếp hạng")
    is_told = head.is_index or head.direction or negative or not indicator.is_growth
    return Figure(
        value - 100 if head.is_index else value,
        denominator if pair is not None else None,
        None if rate is None else Decimal(rate[1].replace(",", ".")),
        is_estimated=head.is_estimated or tail.is_estimated,
        basis="index" if head.is_index else "growth" if head.direction else "",
        compared="" if is_told else tail.compared,
        ambiguous=None if ambiguous is None else (ambiguous[0] * sign, ambiguous[1] * sign),
    )


def _resolve(
    catalogue: Catalogue,
    indicator: Indicator,
    numeral: Numeral,
    period_code: str,
    style: Style | None,
    factor: Decimal,
    has_unit: bool,
) -> tuple[Decimal, tuple[Decimal, Decimal] | None]:
    """The value meant by a numeral of two meanings, and both meanings where the evidence does not decide.

    `factor` leads into the indicator's unit: 2,375 triệu visits is a whole number, 2,375 visits is not.
    """
    first = numeral.vietnamese * factor
    if numeral.other is None:
        return first, None
    other = numeral.other * factor
    fitting = [value for value in (first, other) if _fits(catalogue, indicator, value, period_code)]
    if len(fitting) == 1:
        return fitting[0], None
    if style == "en":
        return other, None
    is_percent = catalogue.unit_of(indicator).quantity == "%"
    is_grouped = first > other  # the dot as thousands; a comma is a Vietnamese decimal before it is anything else
    if is_percent:  # nobody writes thousands of percent
        return (other, (other, first)) if is_grouped else (first, None)
    if style == "vi" or (has_unit and (not is_grouped or factor < SUSPICIOUS)):
        return first, None
    return first, (first, other)


def _fits(catalogue: Catalogue, indicator: Indicator, value: Decimal, period_code: str) -> bool:
    low, high = catalogue.bounds_of(indicator, period_code)
    whole = not indicator.is_whole or value == value.to_integral_value()
    return whole and (low is None or value >= low) and (high is None or value <= high)


def _read_words(lexicon: Lexicon, indicator: Indicator, lowered: str) -> Figure:
    """A figure written in words alone: a rank such as "đứng thứ hai"."""
    words, rank = Words(lexicon, lowered), None
    while indicator.rank_field and words.left:
        taken = words.take(("filler",) if rank is not None else ("ordinal", "filler"))
        if taken is None:
            return _unreadable("không có con số nào")
        if taken[0] == "ordinal":
            rank = Decimal(taken[1])
    return _unreadable("không có con số nào") if rank is None else Figure(rank)


def _unreadable(detail: str) -> Figure:
    return Figure(state="unreadable", trouble="figure_unreadable", detail=detail)
