"""The figures of one indicator told province after province, with the cluster's total where it is stated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from transforms.prose.claims import Claim, FigureList

_Key = tuple[str, str]
LEAST = 2


class _Open:
    def __init__(self, total: int | None = None) -> None:
        self.total = total
        self.items: list[int] = []


def gather_lists(
    claims: Sequence[Claim], passages: Iterable[range], cluster_id: str, sentence_of: Sequence[int]
) -> tuple[tuple[Claim, ...], tuple[FigureList, ...]]:
    """The claims with the numbers of their lists, and the lists; `passages` are the claims of each passage."""
    found: list[tuple[_Key, _Open]] = []
    stated: dict[_Key, int] = {}
    for passage in passages:
        opened: dict[_Key, _Open] = {}
        totals: dict[_Key, int] = {}
        for place in passage:
            claim = claims[place]
            key = (claim.indicator_code, claim.period_code)
            current = opened.get(key)
            if claim.province_id == cluster_id:
                totals[key] = place
                if current is not None and current.total is None and len(current.items) >= LEAST:
                    current.total = place
                else:
                    opened[key] = _Open(place)
                    found.append((key, opened[key]))
                continue
            if current is None:
                current = opened[key] = _Open(stated.get(key))
                found.append((key, current))
            told = [claims[item].value for item in current.items if claims[item].province_id == claim.province_id]
            if told and (claim.value in told or sentence_of[place] != sentence_of[current.items[-1]]):
                continue
            current.items.append(place)
        stated = totals
    return _number(claims, [(key, opened) for key, opened in found if len(opened.items) >= LEAST])


def _number(
    claims: Sequence[Claim], found: Sequence[tuple[_Key, _Open]]
) -> tuple[tuple[Claim, ...], tuple[FigureList, ...]]:
    numbered = list(claims)
    for number, (_, opened) in enumerate(found):
        for place in (*opened.items, *(() if opened.total is None else (opened.total,))):
            numbered[place] = replace(claims[place], list_number=number)
    lists = tuple(
        FigureList(
            number,
            code,
            period,
            tuple(numbered[place] for place in opened.items),
            None if opened.total is None else numbered[opened.total],
        )
        for number, ((code, period), opened) in enumerate(found)
    )
    return tuple(numbered), lists
