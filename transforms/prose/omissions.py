"""Whom a text leaves out of a list, and what it says twice and differently."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from catalogue.model import Catalogue
from transforms.numbers_vi import format_number
from transforms.prose.block import BlockView
from transforms.prose.claims import Claim, FigureList, Prose, TextProblem
from transforms.prose.naming import Names
from transforms.prose.phrases import book_of
from transforms.prose.sums import step_of
from transforms.text import fold


def check_omissions(
    catalogue: Catalogue, prose: Prose, names: Names, told: Sequence[TextProblem]
) -> Iterator[TextProblem]:
    """Lists of at least half of the members that lack some, of indicators that every province has to report.

    A list that gives its stated total lacks none; one whose sum is told to be wrong is not told of again.
    """
    summed = {problem.claim.list_number for problem in told if problem.kind == "sum"}
    parts = {part.part_code for parts in catalogue.totals.values() for part in parts}
    longest: dict[tuple[str, str], FigureList] = {}
    for figures in prose.lists:
        known = longest.get((figures.indicator_code, figures.period_code))
        if known is None or len(figures.items) > len(known.items):
            longest[figures.indicator_code, figures.period_code] = figures
    admissions = _Admissions(catalogue, prose)
    for figures in longest.values():
        indicator = catalogue.indicators[figures.indicator_code]
        members = len(catalogue.members_of(figures.period_code))
        elsewhere = {c.province_id for c in prose.claims if _key(c) == (figures.indicator_code, figures.period_code)}
        excused = elsewhere | set(admissions.of(figures))
        missing = [province for province in names.missing(figures) if province not in excused]
        is_asked = indicator.is_required and not indicator.accompanies and figures.indicator_code not in parts
        if not missing or not is_asked or 2 * len(figures.items) < members or figures.number in summed:
            continue
        if figures.total is not None and _gives_total(catalogue, figures, figures.total):
            continue
        first = figures.items[0]
        message = (
            f"{names.label(first)}: danh sách nêu {len(figures.items)} trong {members} tỉnh, chưa có số của "
            f"{names.of(missing)}. Bổ sung số liệu, hoặc nói rõ là chưa có."
        )
        yield TextProblem("left_out", first, message, None, None, tuple(missing), figures.items[1:])


class _Admissions:
    """Where a text itself says that there is no figure of some provinces."""

    def __init__(self, catalogue: Catalogue, prose: Prose) -> None:
        self.catalogue = catalogue
        book = book_of(catalogue)
        views = (BlockView(book, block) for block in prose.blocks)
        self.views = [view for view in views if any(mark.has("no_figure") for mark in view.marks)]

    def of(self, figures: FigureList) -> Iterator[str]:
        """The provinces that it says so of for a list: in the list's own block, or naming its indicator."""
        own = {claim.block for claim in figures.items}
        label = fold(self.catalogue.indicators[figures.indicator_code].label)
        for view in self.views:
            codes = {meaning.code for mark in view.marks for meaning in mark.of("noun", "subject")}
            if view.block.number in own or figures.indicator_code in codes or label in fold(view.block.text):
                yield from (mark.of("place")[0].meaning for mark in view.marks if mark.has("place"))


def _key(claim: Claim) -> tuple[str, str]:
    return claim.indicator_code, claim.period_code


def _gives_total(catalogue: Catalogue, figures: FigureList, total: Claim) -> bool:
    return (
        catalogue.indicators[figures.indicator_code].aggregation == "sum"
        and sum((claim.value for claim in figures.items), Decimal(0)) == total.value
    )


def check_repetitions(catalogue: Catalogue, prose: Prose, names: Names) -> Iterator[TextProblem]:
    """Figures of one indicator, province and half-year that a text tells more than once, and not alike."""
    first: dict[tuple[str, str, str], Claim] = {}
    weighed = _weighed_against(catalogue, prose)
    for claim in prose.claims:
        if (claim.block, claim.indicator_code) in weighed and claim.province_id == catalogue.cluster_id:
            continue
        known = first.setdefault((claim.indicator_code, claim.province_id, claim.period_code), claim)
        slack = max(step_of(catalogue, known), step_of(catalogue, claim))
        if known is claim or abs(known.value - claim.value) <= slack:
            continue
        place, other = prose.blocks[known.block].place, prose.blocks[claim.block].place
        where = (f" ({place})", f" ({other})") if place != other else ("", f" (cùng {place})")
        unit = names.unit(claim) if names.unit(claim) == "%" else f" {names.unit(claim)}"
        message = (
            f"{names.label(claim)} của {names.of([claim.province_id])} được nêu hai lần với hai số khác nhau: "
            f"{format_number(known.value)}{where[0]} và {format_number(claim.value)}{unit}{where[1]}. "
            "Giữ lại một số đúng."
        )
        yield TextProblem("repeated", claim, message, claim.value, known.value, (claim.province_id,), (known,))


def _weighed_against(catalogue: Catalogue, prose: Prose) -> set[tuple[int, str]]:
    """The blocks that tell two figures of the cluster for one indicator: they know of both and speak of them."""
    told: dict[tuple[int, str, str], set[Decimal]] = {}
    for claim in prose.claims:
        if claim.province_id == catalogue.cluster_id:
            told.setdefault((claim.block, *_key(claim)), set()).add(claim.value)
    return {(block, code) for (block, code, _), values in told.items() if len(values) > 1}
