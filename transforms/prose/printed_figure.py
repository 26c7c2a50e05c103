"""A figure as a text prints it: how precise it is, whether it says a value, and how the text would print another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from transforms.numbers_vi import format_number, round_half_up
from transforms.numerals import NUMERAL, read_numeral
from transforms.prose.claims import Claim

HUNDRED = Decimal(100)
MOST_DECIMALS = 2  # shown where the text has fewer and the true value needs them
_DIRECTIONS = {
    "tăng": ("giảm", "sụt giảm"),
    "giảm": ("tăng",),
}
_DIRECTION = re.compile(r"\b(tăng|giảm)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Printed:
    """The numeral of a claim: its place in the claim's words, its size in the indicator's unit, its decimals.

    `is_index` says that it stands a hundred above the change that it tells. A rank in words has no place.
    """

    start: int
    end: int
    factor: Decimal
    decimals: int
    is_index: bool = False

    @property
    def step(self) -> Decimal:
        """The smallest difference that the numeral could show, in the indicator's unit; zero for words."""
        return self.factor.scaleb(-self.decimals) if self.end else Decimal(0)


IN_WORDS = Printed(0, 0, Decimal(1), 0)


def find_printed(claim: Claim) -> Printed:
    """Which numeral of a claim's words carries its value, and with what precision."""
    is_index = claim.basis == "index"
    wanted = abs(claim.value + HUNDRED if is_index else claim.value)
    for match in NUMERAL.finditer(claim.raw):
        numeral = read_numeral(match[0])
        for meant in () if numeral is None else (numeral.vietnamese, numeral.other):
            factor = None if meant is None else _factor(wanted, meant)
            if meant is not None and factor is not None:
                decimals = max(-int(meant.as_tuple().exponent), 0)
                return Printed(match.start(), match.end(), factor, decimals, is_index)
    return IN_WORDS


def _factor(wanted: Decimal, meant: Decimal) -> Decimal | None:
    """The power of ten between what is written and what is meant; None where it is no such power."""
    if wanted == meant:
        return Decimal(1)
    if not wanted or not meant:
        return None
    factor = (wanted / meant).normalize()
    return factor if factor.as_tuple().digits == (1,) else None


def says(claim: Claim, printed: Printed, value: Decimal, tolerance: Decimal = Decimal(0)) -> bool:
    """Whether a claim says a value, as precisely as it is printed: rounded, or cut off behind its last digit."""
    difference = abs(claim.value - value)
    if difference <= tolerance:
        return True
    step = printed.step
    if not step:
        return difference == 0
    base = HUNDRED if printed.is_index else Decimal(0)
    cut = ((value + base) / step).to_integral_value(ROUND_DOWN) * step - base
    return difference * 2 <= step or cut == claim.value


def print_value(claim: Claim, printed: Printed, value: Decimal) -> str:
    """Another value in the words of a claim: its unit, its magnitude, its direction, its padding."""
    if not printed.end:
        return format_number(value)
    number = (abs(value) if not printed.is_index else value + HUNDRED) / printed.factor
    text = _show(number, printed, claim.raw[printed.start : printed.end])
    before, after = claim.raw[: printed.start], claim.raw[printed.end :]
    if not printed.is_index and value * claim.value < 0:
        turned = _DIRECTION.sub(lambda match: _turn(match[0]), before)
        before = turned if turned != before else f"{before}−" if value < 0 else before
    return f"{before}{text}{after}"


def _turn(word: str) -> str:
    other = _DIRECTIONS[word.casefold()][0]
    return other.capitalize() if word[0].isupper() else other


def _show(number: Decimal, printed: Printed, written: str) -> str:
    decimals = max(printed.decimals, MOST_DECIMALS)
    needed = max(-int(number.normalize().as_tuple().exponent), 0)
    if needed <= decimals:
        decimals = max(printed.decimals, needed)
    text = format_number(round_half_up(number, decimals), decimals)
    is_padded = written.startswith("0") and written.isdigit()
    return text.zfill(len(written)) if is_padded and text.isdigit() else text
