"""Places and figures told in two rows: "Bắc Ninh, Hà Nam và Thái Bình lần lượt tăng 7,45%; 10,4% và 4,92%"."""

from __future__ import annotations

from transforms.prose_numbers import Number
from transforms.prose_places import Places, Site
from transforms.prose_view import View


def pair_respectively(view: View, numbers: list[Number], places: Places) -> dict[int, tuple[str, ...]]:
    """The units of the figures of such rows, by the figure's token; nothing where the rows are not of one length."""
    found: dict[int, tuple[str, ...]] = {}
    for mark in view.marks:
        if not mark.has("respectively"):
            continue
        start, end = view.bounds(view.sentences, mark.start)
        row = _row_before(view, [s for s in places.sites if start <= s.start < end], numbers, mark.start)
        if len(row) < 2:
            continue
        limit = next((s.start for s in places.sites if s.start > mark.end), end)
        told = [n for n in numbers if row[-1].end <= n.start < min(limit, end)]
        told = told if len(told) % len(row) == 0 else [n for n in told if not view.groups[n.start]]
        if not told or len(told) % len(row):
            continue
        share = len(told) // len(row)
        for place, number in enumerate(told):
            site = row[place // share] if _is_by_place(view, told, share) else row[place % len(row)]
            found[number.start] = site.province_ids
    return found


def _row_before(view: View, sites: list[Site], numbers: list[Number], place: int) -> list[Site]:
    """The places told one after another without a figure between, the last such row before a token or behind it."""
    rows: list[list[Site]] = []
    for site in sites:
        if site.is_cluster or site.reason:
            continue
        last = rows[-1][-1] if rows else None
        if last is not None and not any(last.end <= n.start < site.start for n in numbers):
            rows[-1].append(site)
        else:
            rows.append([site])
    kept = [row for row in rows if len(row) > 1 and row[0].start < place]
    return kept[-1] if kept else []


def _is_by_place(view: View, told: list[Number], share: int) -> bool:
    """Whether each place's figures stand together ("94/94 xã (100%) và 98/98 xã (100%)"), not each kind's."""
    return share == 1 or told[0].is_percent != told[1].is_percent or bool(told[0].second) != bool(told[1].second)
