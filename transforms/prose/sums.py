"""The sums of a text: lists of provinces against the cluster's total, parts against theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalogue.model import Catalogue
from transforms.numbers_vi import format_number
from transforms.prose.claims import Claim, FigureList, Prose, TextProblem
from transforms.prose.naming import Names
from transforms.prose.printed_figure import find_printed

NEAR = 12  # claims between a rate and its counts, or a total and its parts, that still speak of one thing
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Deviation:
    """What a sum is stated to be and what it gives."""

    stated: Decimal
    given: Decimal

    @property
    def amount(self) -> Decimal:
        return abs(self.stated - self.given)


def step_of(catalogue: Catalogue, claim: Claim) -> Decimal:
    """By how much a figure may differ from the true one because of how it is printed; 0 for a whole number told so."""
    printed = find_printed(claim)
    if claim.is_estimated and printed.end:
        digits = claim.raw[printed.start : printed.end]
        zeros = len(digits) - len(digits.rstrip("0")) if digits.replace(".", "").isdigit() and "," not in digits else 0
        return printed.step.scaleb(zeros)
    is_exact = catalogue.indicators[claim.indicator_code].is_whole and printed.factor == 1
    return Decimal(0) if is_exact else printed.step


def check_sums(catalogue: Catalogue, prose: Prose, names: Names) -> Iterator[TextProblem]:
    """Lists whose provinces do not give the total that the text states."""
    for figures in prose.lists:
        indicator = catalogue.indicators[figures.indicator_code]
        if figures.total is None or indicator.aggregation != "sum" or _is_repeating(figures):
            continue
        found = Deviation(figures.total.value, sum((c.value for c in figures.items), Decimal(0)))
        slack = HALF * sum(step_of(catalogue, c) for c in (*figures.items, figures.total))
        missing = names.missing(figures)
        is_all = not missing
        is_most = 2 * len(figures.items) >= len(catalogue.members_of(figures.period_code))
        if found.amount <= slack or (found.given < found.stated and not is_all and not is_most):
            continue
        yield _tell_sum(figures, figures.total, found, names, missing)


def _is_repeating(figures: FigureList) -> bool:
    return len({c.province_id for c in figures.items}) < len(figures.items)


def _tell_sum(figures: FigureList, total: Claim, found: Deviation, names: Names, missing: Sequence[str]) -> TextProblem:
    label, unit = names.label(total), names.unit(total)
    relation = "ít hơn" if found.given < found.stated else "nhiều hơn"
    whole = f"{len(figures.items)} tỉnh trong danh sách" if missing else f"cả {len(figures.items)} tỉnh trong danh sách"
    lacking = f" Danh sách chưa nêu {names.of(missing)}." if missing else ""
    message = (
        f"{label}: văn bản nêu toàn Cụm {format_number(found.stated)} {unit}, nhưng cộng {whole} được "
        f"{format_number(found.given)} {unit}, {relation} {format_number(found.amount)}.{lacking} "
        "Kiểm tra lại số tổng và số của từng tỉnh."
    )
    return TextProblem("sum", total, message, found.stated, found.given, tuple(missing), figures.items)


def check_parts(catalogue: Catalogue, prose: Prose, names: Names) -> Iterator[TextProblem]:
    """Totals that the parts told behind them do not give, such as prizes by class."""
    for place, claim in enumerate(prose.claims):
        codes = [part.part_code for part in catalogue.totals.get(claim.indicator_code, ())]
        if not codes:
            continue
        parts = beside(prose.claims, place, codes, is_behind=True)
        given = sum((part.value for part in parts.values()), Decimal(0))
        is_told_whole = len(parts) > 2 or (len(parts) > 1 and _is_bracketed(prose, claim, parts))
        if not parts or given == claim.value or (given < claim.value and not is_told_whole):
            continue
        told = " + ".join(format_number(part.value) for part in parts.values())
        message = (
            f"{names.label(claim)} của {names.of([claim.province_id])}: văn bản nêu {format_number(claim.value)} "
            f"{names.unit(claim)}, nhưng các phần cộng lại được {told} = {format_number(given)}, "
            f"chênh {format_number(abs(claim.value - given))}. Kiểm tra lại tổng số và từng phần."
        )
        yield TextProblem("sum", claim, message, claim.value, given, (claim.province_id,), tuple(parts.values()))


def _is_bracketed(prose: Prose, claim: Claim, parts: dict[str, Claim]) -> bool:
    first = next(iter(parts.values()))
    text = prose.blocks[claim.block].text
    return first.block == claim.block and "(" in text[claim.end : first.start]


def beside(claims: Sequence[Claim], place: int, codes: Sequence[str], *, is_behind: bool) -> dict[str, Claim]:
    """The figures of some indicators told near a claim of the same unit and time, the nearest of each."""
    claim, found = claims[place], dict[str, Claim]()
    near = (
        range(place + 1, min(place + NEAR, len(claims))) if is_behind else range(place - 1, max(place - NEAR, -1), -1)
    )
    for other in (claims[p] for p in near):
        is_same = (other.province_id, other.period_code) == (claim.province_id, claim.period_code)
        if is_same and other.indicator_code == claim.indicator_code:
            break
        if is_same and other.indicator_code in codes:
            found.setdefault(other.indicator_code, other)
    return found
