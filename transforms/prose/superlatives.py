"""Superlatives that a text's own figures deny: "cao nhất" that is not the highest, "dẫn đầu" that does not lead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from catalogue.model import Catalogue
from transforms.numbers_vi import format_number
from transforms.prose.block import BlockView
from transforms.prose.claims import Claim, Prose, TextProblem
from transforms.prose.naming import Names
from transforms.prose.phrases import Mark
from transforms.prose.text import word_key

# "cao nhất cả nước", "cao nhất từ trước đến nay" compare with what the text does not hold
_OF_OTHERS = frozenset(map(word_key, ("cả", "từ", "kể", "trong", "toàn", "vùng", "khu")))
NEAR, CLOSE = 80, 25  # letters between a superlative and the figure behind it, or the one before it


def check_superlatives(catalogue: Catalogue, prose: Prose, view: BlockView, names: Names) -> Iterator[TextProblem]:
    claims = [claim for claim in prose.claims if claim.block == view.block.number]
    for mark in view.marks:
        if not mark.has("highest", "lowest", "leading") or mark.has("first"):
            continue
        claim = _told_of(view, mark, claims, catalogue.cluster_id)
        if claim is None:
            continue
        direction = _direction(catalogue, claim, mark)
        rivals = [c for c in prose.claims if _is_rival(c, claim, catalogue.cluster_id)]
        beaten = [c for c in rivals if (c.value - claim.value) * direction > 0]
        if beaten:
            best = max(beaten, key=lambda c, sign=direction: c.value * sign)  # type: ignore[misc]
            word = view.block.text[view.place(mark.start) : view.end(mark)]
            message = (
                f"{names.label(claim)}: văn bản nói {names.of([claim.province_id])} ({format_number(claim.value)}) "
                f"“{word}”, nhưng {names.of([best.province_id])} là {format_number(best.value)} {names.unit(claim)}. "
                "Kiểm tra lại hai con số hoặc lời văn."
            )
            yield TextProblem("order", claim, message, claim.value, best.value, (claim.province_id,), (best,))


def _is_rival(claim: Claim, other: Claim, cluster_id: str) -> bool:
    same = (claim.indicator_code, claim.period_code) == (other.indicator_code, other.period_code)
    return same and claim.province_id not in (other.province_id, cluster_id)


def _direction(catalogue: Catalogue, claim: Claim, mark: Mark) -> int:
    """1 where the word means the largest figure, −1 where the smallest."""
    if not mark.has("leading"):
        return 1 if mark.has("highest") else -1
    ascending = {t.sort_by for t in catalogue.tables if t.direction == "ascending"}
    return -1 if claim.indicator_code in ascending or catalogue.indicators[claim.indicator_code].rank_field else 1


def _told_of(view: BlockView, mark: Mark, claims: Sequence[Claim], cluster_id: str) -> Claim | None:
    """The figure that a superlative is said of: the first behind it in its sentence, or the one right before it."""
    start, end = view.place(mark.start), view.end(mark)
    tokens, text = view.passage.tokens, view.block.text
    if mark.end < len(tokens) and tokens[mark.end].key in _OF_OTHERS:
        return None
    told = [claim for claim in claims if claim.province_id != cluster_id]
    behind = next((claim for claim in told if claim.start >= end), None)
    if behind is not None and behind.start - end < NEAR and not _is_cut(text[end : behind.start]):
        return behind
    before = next((claim for claim in reversed(told) if claim.end <= start), None)
    if before is not None and start - before.end < CLOSE and not _is_cut(text[before.end : start]):
        return before
    return None


def _is_cut(between: str) -> bool:
    return ";" in between or ". " in between
