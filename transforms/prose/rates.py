"""The rates of a text: percentages against the counts told with them, changes against the two figures compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from catalogue.model import Catalogue
from transforms.numbers_vi import format_number, round_half_up
from transforms.prose.claims import Claim, Prose, TextProblem
from transforms.prose.naming import Names
from transforms.prose.printed_figure import find_printed
from transforms.prose.sums import HALF, beside, step_of

RATE_RULE = "rate_follows_counts"


def check_rates(catalogue: Catalogue, prose: Prose, names: Names) -> Iterator[TextProblem]:
    """Rates that do not follow from the counts told with them, and parts that are more than their whole."""
    for place, claim in enumerate(prose.claims):
        formula = catalogue.formulas.get(claim.indicator_code)
        if formula is not None:
            yield from _check_rate(catalogue, prose, place, names)
        whole = catalogue.indicators[claim.indicator_code].fraction_of
        behind = prose.claims[place + 1] if place + 1 < len(prose.claims) else None
        is_whole = whole and behind is not None and behind.indicator_code == whole and behind.start == claim.start
        if is_whole and behind is not None and behind.value < claim.value:
            message = (
                f"{names.label(claim)} của {names.of([claim.province_id])}: văn bản nêu “{claim.raw}”, "
                "số đứng trước lớn hơn số đứng sau. Kiểm tra lại hai con số."
            )
            yield TextProblem("rate", claim, message, claim.value, behind.value, (claim.province_id,), (behind,))


def _check_rate(catalogue: Catalogue, prose: Prose, place: int, names: Names) -> Iterator[TextProblem]:
    claim = prose.claims[place]
    formula = catalogue.formulas[claim.indicator_code]
    operands = beside(prose.claims, place, formula.formula.names, is_behind=False)
    exact = formula.formula.evaluate({code: c.value for code, c in operands.items()})
    rule = catalogue.rules.get(RATE_RULE)
    tolerance = rule.parameter if rule is not None and rule.parameter is not None else Decimal(0)
    if exact is None or abs(claim.value - exact) <= max(tolerance, find_printed(claim).step):
        return
    counted = operands[formula.formula.names[0]].raw
    expected = round_half_up(exact, formula.decimals)
    message = (
        f"{names.label(claim)} của {names.of([claim.province_id])}: văn bản nêu {format_number(claim.value)}%, "
        f"nhưng tính từ “{counted}” được {format_number(expected)}%. Kiểm tra lại tỷ lệ hoặc hai số đếm."
    )
    yield TextProblem("rate", claim, message, claim.value, expected, (claim.province_id,), tuple(operands.values()))


def check_growth(catalogue: Catalogue, prose: Prose, names: Names) -> Iterator[TextProblem]:
    """Changes that do not follow from this period's figure and that of a year before, where a text tells both."""
    for place, claim in enumerate(prose.claims):
        base = catalogue.indicators[claim.indicator_code].growth_of
        now = next((c for c in _near(prose.claims, place) if _is_of(c, base, claim, claim.period_code)), None)
        year = f"{int(claim.period_code[:4]) - 1}{claim.period_code[4:]}" if claim.period_code else ""
        before = next((c for c in _near(prose.claims, place) if _is_of(c, base, claim, year)), None)
        if not base or now is None or before is None or not before.value:
            continue
        exact = 100 * (now.value / before.value - 1)
        blur = HALF * (step_of(catalogue, now) + step_of(catalogue, before)) / before.value * 100
        if abs(claim.value - exact) <= find_printed(claim).step + blur:
            continue
        expected = round_half_up(exact, 2)
        message = (
            f"{names.label(claim)} của {names.of([claim.province_id])}: văn bản nêu {format_number(claim.value)}%, "
            f"nhưng từ {format_number(before.value)} lên {format_number(now.value)} {names.unit(now)} là "
            f"{format_number(expected)}%. Kiểm tra lại mức tăng, giảm hoặc hai con số."
        )
        yield TextProblem("rate", claim, message, claim.value, expected, (claim.province_id,), (now, before))


def _near(claims: Sequence[Claim], place: int) -> Sequence[Claim]:
    return claims[max(place - 4, 0) : place + 4]


def _is_of(claim: Claim, code: str, like: Claim, period_code: str) -> bool:
    return (claim.indicator_code, claim.province_id, claim.period_code) == (code, like.province_id, period_code)
