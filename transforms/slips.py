"""Slips of the hand: what a true figure may be written as, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from catalogue.model import Indicator

HUNDRED = Decimal(100)
THOUSAND = Decimal(1000)
MOST_DIGITS = 15  # a workbook keeps no more
Figures = Callable[[Decimal, Indicator], Iterator[Decimal]]


@dataclass(frozen=True, slots=True)
class Guess:
    """A true figure that one slip turns into the written one; `share` is how often just this slip of it would."""

    slip_code: str
    value: Decimal
    share: float


def slip(slip_code: str, value: Decimal, indicator: Indicator) -> tuple[Decimal, ...]:
    """All that a true figure may be written as through one slip; KeyError for a slip of more than one figure."""
    made = SLIPS[slip_code][0](value, indicator)
    return tuple(dict.fromkeys(written for written in made if written != value))


def undo(written: Decimal, indicator: Indicator) -> list[Guess]:
    """The true figures that one slip each turns into the written one; only such as could be written themselves."""
    places = 0 if indicator.is_whole else max(indicator.decimals, 2, places_of(written))
    guesses = []
    for slip_code, (_, back) in SLIPS.items():
        for value in dict.fromkeys(v for spelling in _spellings(written, places) for v in back(spelling, indicator)):
            if value != written and places_of(value) <= places:
                ways = slip(slip_code, value, indicator)
                if written in ways:
                    guesses.append(Guess(slip_code, value, 1 / len(ways)))
    return guesses


def _spellings(written: Decimal, places: int) -> list[Decimal]:
    """The figure as it stands and with the noughts that a cell does not show: 5,2 may be 5,20."""
    shown = places_of(written)
    return [written, *(written.quantize(Decimal(1).scaleb(-n)) for n in range(shown + 1, places + 1))]


def places_of(value: Decimal) -> int:
    """How many decimal places a figure needs."""
    return max(0, -int(value.normalize().as_tuple().exponent))


def _spell(value: Decimal) -> tuple[str, str, int]:
    """Sign, digits and how many of them stand behind the comma."""
    text = f"{abs(value):f}"
    whole, _, fraction = text.partition(".")
    return "-" if value < 0 else "", whole + fraction, len(fraction)


def _figure(sign: str, digits: str, places: int) -> Iterator[Decimal]:
    """The figure of these digits, unless nobody would write it so."""
    is_padded = len(digits) - places > 1 and digits[0] == "0"
    if digits and len(digits) >= places and len(digits) <= MOST_DIGITS and not is_padded:
        yield Decimal(f"{sign}{digits}").scaleb(-places)


def _transpose(value: Decimal, indicator: Indicator) -> Iterator[Decimal]:
    sign, digits, places = _spell(value)
    for n in range(len(digits) - 1):
        if digits[n] != digits[n + 1]:
            yield from _figure(sign, digits[:n] + digits[n + 1] + digits[n] + digits[n + 2 :], places)


def _mistype(value: Decimal, indicator: Indicator) -> Iterator[Decimal]:
    sign, digits, places = _spell(value)
    for n, digit in enumerate(digits):
        for other in "0123456789":
            if other != digit:
                yield from _figure(sign, digits[:n] + other + digits[n + 1 :], places)


def _drop(value: Decimal, indicator: Indicator) -> Iterator[Decimal]:
    sign, digits, places = _spell(value)
    for n in range(len(digits)):
        is_behind = n >= len(digits) - places
        yield from _figure(sign, digits[:n] + digits[n + 1 :], places - is_behind)


def _insert(value: Decimal, indicator: Indicator) -> Iterator[Decimal]:
    sign, digits, places = _spell(value)
    if places and digits.startswith("0"):  # 0,01 of 10,01
        for digit in "123456789":
            yield from _figure(sign, digit + digits, places)
    digits = digits.removeprefix("0") if places else digits
    for n in range(len(digits) + 1):
        for digit in "0123456789":
            longer = digits[:n] + digit + digits[n:]
            if n <= len(digits) - places:
                yield from _figure(sign, longer, places)
            if n >= len(digits) - places:
                yield from _figure(sign, longer, places + 1)


def _double(value: Decimal, indicator: Indicator) -> Iterator[Decimal]:
    sign, digits, places = _spell(value)
    for n in range(len(digits)):
        is_behind = n >= len(digits) - places
        yield from _figure(sign, digits[: n + 1] + digits[n:], places + is_behind)


def _single(value: Decimal, indicator: Indicator) -> Iterator[Decimal]:
    sign, digits, places = _spell(value)
    for n in range(len(digits) - 1):
        if digits[n] == digits[n + 1]:
            is_behind = n + 1 >= len(digits) - places
            yield from _figure(sign, digits[:n] + digits[n + 1 :], places - is_behind)


def _times(factor: Decimal) -> Figures:
    def multiply(value: Decimal, indicator: Indicator) -> Iterator[Decimal]:
        yield value * factor

    return multiply


def _over(factor: Decimal) -> Figures:
    def divide(value: Decimal, indicator: Indicator) -> Iterator[Decimal]:
        yield value / factor

    return divide


def _point(value: Decimal, indicator: Indicator) -> Iterator[Decimal]:
    """1.288 meant as thousands and kept as 1,288; nothing larger than one dot divides."""
    is_grouped = THOUSAND <= abs(value) < THOUSAND * THOUSAND and value == value.to_integral_value()
    if is_grouped and value % THOUSAND and indicator.unit_code != "percent":
        yield value / THOUSAND


def _unpoint(value: Decimal, indicator: Indicator) -> Iterator[Decimal]:
    if places_of(value) and indicator.unit_code != "percent":
        yield value * THOUSAND


def _share(value: Decimal, indicator: Indicator) -> Iterator[Decimal]:
    if indicator.unit_code == "percent" and not indicator.is_growth and 0 < value <= HUNDRED:
        yield value / HUNDRED


def _percent(value: Decimal, indicator: Indicator) -> Iterator[Decimal]:
    if indicator.unit_code == "percent" and not indicator.is_growth and 0 < value <= 1:
        yield value * HUNDRED


def _negate(value: Decimal, indicator: Indicator) -> Iterator[Decimal]:
    yield -value


def _plus_hundred(value: Decimal, indicator: Indicator) -> Iterator[Decimal]:
    if indicator.is_growth:
        yield value + HUNDRED


def _minus_hundred(value: Decimal, indicator: Indicator) -> Iterator[Decimal]:
    if indicator.is_growth:
        yield value - HUNDRED


SLIPS: dict[str, tuple[Figures, Figures]] = {
    "transposed": (_transpose, _transpose),
    "digit_doubled": (_double, _single),
    "digit_dropped": (_drop, _insert),
    "digit_wrong": (_mistype, _mistype),
    "times_10": (_times(Decimal(10)), _over(Decimal(10))),
    "times_100": (_times(HUNDRED), _over(HUNDRED)),
    "times_1000": (_times(THOUSAND), _over(THOUSAND)),
    "over_10": (_over(Decimal(10)), _times(Decimal(10))),
    "over_100": (_over(HUNDRED), _times(HUNDRED)),
    "over_1000": (_over(THOUSAND), _times(THOUSAND)),
    "dot_for_comma": (_point, _unpoint),
    "fraction_for_percent": (_share, _percent),
    "sign": (_negate, _negate),
    "index_for_growth": (_plus_hundred, _minus_hundred),
    "growth_for_index": (_minus_hundred, _plus_hundred),
}
