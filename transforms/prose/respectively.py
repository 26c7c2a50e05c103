"""Places and figures told in two rows: "Bắc Ninh, Hà Nam và Thái Bình lần lượt tăng 7,45%; 10,4% và 4,92%"."""

from __future__ import annotations

from transforms.prose.numbers import Number
from transforms.prose.places import Places, Site
from transforms.prose.text import word_key
from transforms.prose.view import View

_JOINING = frozenset(map(word_key, (",", "và")))


def pair_respectively(view: View, numbers: list[Number], places: Places) -> dict[int, tuple[str, ...]]:
    """The units of the figures of such rows, by the figure's token; nothing where the rows are not of one length."""
    found: dict[int, tuple[str, ...]] = {}
    said = [mark.start for mark in view.marks if mark.has("respectively")]
    for place in said:
        sites = _sites_of(view, places, place)
        row = _row_before(view, sites, numbers, place)
        since = row[-1].end if row else place
        told = _told(view, numbers, sites, since, place)
        row = row or [s for s in sites if s.end <= place][-len(told) :]
        behind = [number for number in told if number.start >= place]
        ways = (told, _outside_brackets(view, told), behind)
        found |= next((pairs for way in ways if (pairs := _pair(view, row, way))), {})
    sentences = {view.sentences[place] for place in said}
    for site in places.sites:
        if view.sentences[site.start] not in sentences:
            sites = _sites_of(view, places, site.start)
            row = _row_before(view, sites, numbers, site.end)
            told = _joined(view, _told(view, numbers, sites, site.end, site.end)) if row and row[-1] == site else []
            found |= _pair(view, row, told) if len(told) == len(row) else {}
    return found


def _sites_of(view: View, places: Places, place: int) -> list[Site]:
    """The provinces named in the sentence of a token."""
    start, end = view.bounds(view.sentences, place)
    return [s for s in places.sites if start <= s.start < end and not s.is_cluster and not s.reason]


def _told(view: View, numbers: list[Number], sites: list[Site], since: int, place: int) -> list[Number]:
    """The figures behind a token up to the next place behind another."""
    _, end = view.bounds(view.sentences, since - 1 if since else 0)
    limit = next((s.start for s in sites if s.start >= max(since, place)), end)
    return [n for n in numbers if since <= n.start < limit]


def _outside_brackets(view: View, told: list[Number]) -> list[Number]:
    return [number for number in told if not view.groups[number.start]]


def _pair(view: View, row: list[Site], told: list[Number]) -> dict[int, tuple[str, ...]]:
    if len(row) < 2 or not told or len(told) % len(row):
        return {}
    share = len(told) // len(row)
    is_by_place = _is_by_place(told, share)
    sites = (row[place // share] if is_by_place else row[place % len(row)] for place in range(len(told)))
    return {number.start: site.province_ids for number, site in zip(told, sites, strict=True)}


def _joined(view: View, told: list[Number]) -> list[Number]:
    """The last row of figures of one kind that only commas and "và" part: "11,03% và 10,82%"."""
    row: list[Number] = []
    for number in told:
        between = view.tokens[row[-1].end : number.start] if row else ()
        if row and (number.kind != row[-1].kind or not all(token.key in _JOINING for token in between)):
            row = []
        row.append(number)
    return row


def _row_before(view: View, sites: list[Site], numbers: list[Number], place: int) -> list[Site]:
    """The places told one after another without a figure between, the last such row before a token or behind it."""
    rows: list[list[Site]] = []
    for site in sites:
        last = rows[-1][-1] if rows else None
        if last is not None and not any(last.end <= n.start < site.start for n in numbers):
            rows[-1].append(site)
        else:
            rows.append([site])
    kept = [row for row in rows if len(row) > 1 and row[0].start < place]
    return kept[-1] if kept else []


def _is_by_place(told: list[Number], share: int) -> bool:
    """Whether each place's figures stand together ("94/94 xã (100%) và 98/98 xã (100%)"), not each kind's."""
    return share == 1 or told[0].is_percent != told[1].is_percent or bool(told[0].second) != bool(told[1].second)
