"""Where a text itself says that a figure is not confirmed yet, so that nobody has to be asked about it again."""

from __future__ import annotations

import re

from transforms.prose.claims import Claim, Prose

_WORDS = re.compile(
    r"chưa\s+(?:được\s+)?(?:xác\s+nhận|xác\s+minh|thống\s+nhất)|(?:còn|đang)\s+(?:bị\s+)?nghi\s+vấn", re.IGNORECASE
)

Key = tuple[str, str, str]  # period, province, indicator


def admitted_doubts(prose: Prose) -> frozenset[Key]:
    """The figures behind which such words stand, before the text comes to another figure of a total or a subject.

    Parts told in between ("74 giải: 3 nhì, 11 ba, chưa được xác nhận") leave the doubt also with their total.
    """
    by_block: dict[int, list[Claim]] = {}
    for claim in prose.claims:
        by_block.setdefault(claim.block, []).append(claim)
    found: set[Key] = set()
    for number, claims in by_block.items():
        for words in _WORDS.finditer(prose.blocks[number].text):
            before = [c for c in claims if c.end <= words.start()]
            if before:
                nearest = max(before, key=lambda c: c.end)
                found |= {(c.period_code, c.province_id, c.indicator_code) for c in before if _is_of(c, nearest)}
    return frozenset(found)


def _is_of(claim: Claim, nearest: Claim) -> bool:
    return (claim.period_code, claim.province_id) == (nearest.period_code, nearest.province_id)
