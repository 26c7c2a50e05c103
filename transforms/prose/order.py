"""The order that a text keeps or announces: one figure out of a sorted row, and superlatives."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal

from catalogue.model import Catalogue
from transforms.numbers_vi import format_number
from transforms.prose.block import BlockView
from transforms.prose.claims import Claim, FigureList, Prose, TextProblem
from transforms.prose.naming import Names
from transforms.prose.phrases import book_of
from transforms.prose.superlatives import check_superlatives

LEAST_SORTED = 6  # of five figures in any order, four stand sorted by chance more than one time in four
LEAST_DISTINCT = 4


def check_order(catalogue: Catalogue, prose: Prose, names: Names) -> Iterator[TextProblem]:
    """Rows sorted but for one figure, orders announced and not kept, superlatives that other figures deny."""
    book = book_of(catalogue)
    views = {block.number: BlockView(book, block) for block in prose.blocks if any(c.isalpha() for c in block.text)}
    for figures in prose.lists:
        announced = _announced(views, figures)
        row = _row_of(prose, views, figures)
        if announced:
            yield from _check_announced(row, announced, names)
        elif len(row) >= LEAST_SORTED and _leads(prose, row) and not _is_by_rate(catalogue, prose, row):
            yield from _check_sorted(row, names)
    for view in views.values():
        yield from check_superlatives(catalogue, prose, view, names)


def _announced(views: dict[int, BlockView], figures: FigureList) -> str:
    """The order that stands before a list in its block: "ascending", "descending" or none."""
    first = figures.items[0]
    view = views.get(first.block)
    found = ""
    for mark in view.marks if view is not None else ():
        if view is not None and view.place(mark.start) < first.start and mark.has("descending", "ascending"):
            is_near = not any(view.place(mark.start) < stop < first.start for stop in view.stops())
            found = mark.of("descending", "ascending")[0].role if is_near else found
    return found


def _row_of(prose: Prose, views: dict[int, BlockView], figures: FigureList) -> list[Claim]:
    """The figures of a list that stand in one row: until a sentence of the same block ends, or an exception is made."""
    row = [figures.items[0]]
    for claim in figures.items[1:]:
        view = views.get(claim.block)
        since = row[-1].end if row[-1].block == claim.block else 0
        if view is not None:
            is_cut = row[-1].block == claim.block and any(since <= stop < claim.start for stop in view.stops())
            between = (m for m in view.marks if since <= view.place(m.start) < claim.start)
            if is_cut or any(m.has("exception") for m in between):
                break
        row.append(claim)
    return row


def _leads(prose: Prose, row: Sequence[Claim]) -> bool:
    """Whether the row's figure is the first that is told of each of its provinces: only then the row may be sorted."""
    place = {id(claim): number for number, claim in enumerate(prose.claims)}
    for claim in row:
        number = place.get(id(claim), 0)
        before = prose.claims[number - 1] if number else None
        if before is not None and before.province_id == claim.province_id:
            return False
    return True


def _is_by_rate(catalogue: Catalogue, prose: Prose, row: Sequence[Claim]) -> bool:
    """Whether a row of fractions is sorted by what part they are: "98/98, 94/94, 100/109", not by how many."""
    whole = catalogue.indicators[row[0].indicator_code].fraction_of
    wholes = {(c.block, c.start, c.province_id): c.value for c in prose.claims if c.indicator_code == whole}
    told = [(claim.value, wholes.get((claim.block, claim.start, claim.province_id))) for claim in row]
    rates = [value / total for value, total in told if total]
    return len(rates) == len(row) and rates in (sorted(rates), sorted(rates, reverse=True))


def _check_announced(row: Sequence[Claim], order: str, names: Names) -> Iterator[TextProblem]:
    for first, second in itertools.pairwise(row):
        if first.value != second.value and (first.value > second.value) != (order == "descending"):
            yield _tell(second, first, order, "văn bản nói xếp theo thứ tự", names)
            return


def _check_sorted(row: Sequence[Claim], names: Names) -> Iterator[TextProblem]:
    values = [claim.value for claim in row]
    for order, sign in (("descending", -1), ("ascending", 1)):
        kept = _longest_sorted([value * sign for value in values])
        if len(kept) == len(row) - 1 and len({values[place] for place in kept}) > LEAST_DISTINCT:
            out = next(place for place in range(len(row)) if place not in kept)
            neighbour = _denied_by(values, out, sign)
            yield _tell(row[out], row[neighbour], order, "danh sách xếp theo thứ tự", names)
            return


def _denied_by(values: Sequence[Decimal], out: int, sign: int) -> int:
    """The neighbour that a figure stands on the wrong side of."""
    before, behind = out - 1, out + 1
    if before >= 0 and (values[before] - values[out]) * sign > 0:
        return before
    return behind if behind < len(values) else before


def _longest_sorted(values: Sequence[Decimal]) -> list[int]:
    """The places of a longest row of values that never fall."""
    tails: list[Decimal] = []
    ends: list[int] = []
    before: list[int] = []
    for place, value in enumerate(values):
        at = bisect_right(tails, value)
        before.append(ends[at - 1] if at else -1)
        if at == len(tails):
            tails.append(value)
            ends.append(place)
        else:
            tails[at], ends[at] = value, place
    found: list[int] = []
    place = ends[-1] if ends else -1
    while place >= 0:
        found.append(place)
        place = before[place]
    return found[::-1]


def _tell(claim: Claim, other: Claim, order: str, how: str, names: Names) -> TextProblem:
    word = "giảm dần" if order == "descending" else "tăng dần"
    first, second = (other, claim) if other.start < claim.start or other.block < claim.block else (claim, other)
    message = (
        f"{names.label(claim)}: {how} {word}, nhưng {names.of([first.province_id])} "
        f"({format_number(first.value)}) đứng trước {names.of([second.province_id])} ({format_number(second.value)}). "
        "Kiểm tra con số hoặc xếp lại thứ tự."
    )
    return TextProblem("order", claim, message, claim.value, other.value, (claim.province_id,), (other,))
