"""Whose a figure is: the province told before it or behind it, several in turn, the cluster, or somewhere else."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from transforms.prose.numbers import Number
from transforms.prose.phrases import Mark
from transforms.prose.text import word_key
from transforms.prose.view import View

_JOINING = frozenset(map(word_key, (",", "và", "cùng", "với", "tỉnh", "hay", "-")))
_BASE = frozenset(map(word_key, ("hơn", "với", "so", "bằng", "kém", "quân", "sau")))
_AFTER = frozenset(map(word_key, ("sau", "hơn", "trừ", "kém", "với")))
_COUNTED = frozenset(map(word_key, ("hai", "ba", "bốn", "các", "những", "tỉnh", "địa", "phương")))
_UNITS = frozenset(map(word_key, ("tỉnh", "địa")))
_OPENING = frozenset(map(word_key, ("gồm", "là", ":", "(")))
_LOCAL = word_key("địa")
_NATION = frozenset(map(word_key, ("trong", "của", "toàn")))
_DISTRICT = "huyện"  # districts are counted by no district
_BEHIND, _WITH = word_key("sau"), word_key("với")
SUPERLATIVE = ("leading", "highest", "lowest", "first")
UNCLEAR = "không rõ là số của tỉnh nào hay của toàn Cụm"
OF_LATER = "không rõ có phải là số của tỉnh nêu sau đó không"
OF_SEVERAL = "là số chung của nhiều tỉnh"
OF_PART = "là số của huyện, thành phố hoặc nơi khác nhỏ hơn tỉnh"


@dataclass(frozen=True, slots=True)
class Site:
    """A place named at tokens `start` to `end`: units of the cluster, or why it is none of them."""

    start: int
    end: int
    province_ids: tuple[str, ...] = ()
    reason: str = ""
    is_cluster: bool = False


class Places:
    """The places of a passage, and which of them each figure is of."""

    def __init__(self, view: View, cluster_id: str, over: tuple[str, ...], size: int) -> None:
        self.view = view
        self.cluster_id = cluster_id
        self.over = over
        found = [site for mark in view.marks if (site := self._site(mark)) is not None]
        self.sites = sorted([*found, *self._counted(size, found)], key=lambda site: site.start)
        self._held: Site | None = None

    def _counted(self, size: int, named: list[Site]) -> Iterator[Site]:
        """Provinces told by their number: "9 tỉnh" are the cluster where it has nine, "hai tỉnh" are nobody's."""
        view = self.view
        starts = {site.start for site in named}
        for place, token in enumerate(view.tokens[:-1]):
            mark = view.mark_at(place)
            is_word = mark is not None and mark.start == place and mark.end == place + 1 and mark.has("cardinal")
            if not (is_word or token.kind == "number") or view.tokens[place + 1].key not in _UNITS:
                continue
            end = place + (3 if view.tokens[place + 1].key == _LOCAL else 2)
            if end in starts or (mark is not None and mark.has("cluster")):
                continue
            is_whole = token.key.lstrip("0") == str(size)
            is_share = place > 0 and view.tokens[place - 1].key == "/"
            if is_share and not is_whole:
                continue
            told = self._told_behind(end, named, token.key, mark)
            if told:
                yield Site(place, end, told)
            elif is_whole and not is_share:
                yield Site(place, end, (self.cluster_id,), "", True)
            else:
                yield Site(place, end, (), OF_SEVERAL)

    def _told_behind(self, place: int, named: list[Site], count: str, mark: Mark | None) -> tuple[str, ...]:
        """The provinces that stand behind their number in one row: "07 tỉnh (100%), gồm Bắc Ninh, Hà Nam, …"."""
        view = self.view
        wanted = int(mark.of("cardinal")[0].meaning) if mark is not None and mark.has("cardinal") else 0
        wanted = wanted or (int(count) if count.isdecimal() and len(count) < 3 else 0)
        behind = [s for s in named if s.start >= place and view.sentences[s.start] == view.sentences[place - 1]][
            :wanted
        ]
        if len(behind) < max(wanted, 2) or any(s.is_cluster or s.reason for s in behind):
            return ()
        lead = view.tokens[place : behind[0].start]
        is_row = all(
            all(view.tokens[p].key in _JOINING for p in range(a.end, b.start)) for a, b in itertools.pairwise(behind)
        )
        return tuple(i for s in behind for i in s.province_ids) if is_row and lead and lead[-1].key in _OPENING else ()

    def _site(self, mark: Mark) -> Site | None:
        view = self.view
        if mark.has("place"):
            return Site(mark.start, mark.end, (mark.of("place")[0].meaning,))
        before = view.tokens[mark.start - 1].key if mark.start else ""
        following = view.tokens[mark.end] if mark.end < len(view.tokens) else None
        if mark.has("part_of_unit"):
            is_named = mark.of("part_of_unit")[0].meaning or (following is not None and following.is_capital)
            is_counted = mark.start > 0 and view.tokens[mark.start - 1].kind == "number"
            return Site(mark.start, mark.end, (), OF_PART) if is_named and not is_counted else None
        if mark.has("elsewhere"):
            previous = view.mark_at(mark.start - 1) if mark.start else None
            if before in _NATION and mark.start > 1:
                previous = view.mark_at(mark.start - 2) or previous
            of_rank = previous is not None and previous.has("ordinal", "rank", *SUPERLATIVE)
            if of_rank or (mark.start and view.tokens[mark.start - 1].kind == "number"):
                return None
            return Site(mark.start, mark.end, (), "là " + mark.of("elsewhere")[0].meaning)
        if mark.has("cluster") and not mark.has("leading", "highest", "lowest"):
            previous = view.mark_at(mark.start - 1) if mark.start else None
            if previous is not None and previous.has("rank", "ordinal", *SUPERLATIVE):
                return None
            return Site(mark.start, mark.end, (self.cluster_id,), "", True)
        return None

    def of(self, number: Number) -> tuple[tuple[str, ...], str]:
        """The units that a figure is of, or why it is of none. Figures are asked for in the order of the text."""
        site = self._find(number)
        if site is None:
            return (), UNCLEAR
        if not self.view.groups[number.start]:
            self._held = site
        return (site.province_ids, "") if not site.reason else ((), site.reason)

    def _find(self, number: Number) -> Site | None:
        view = self.view
        group = view.groups[number.start]
        if group:
            start, end = view.bounds(view.groups, number.start)
            inside = [s for s in self.sites if start <= s.start < end and not s.is_cluster]
            if inside:
                return self._among(number, inside, end) or inside[0]
        start, end = view.bounds(view.segments, number.start)
        sites = [s for s in self.sites if start <= s.start < end and (not view.groups[s.start])]
        if _DISTRICT in number.quantities:
            sites = [s for s in sites if s.reason != OF_PART]
        named = self.in_brackets(number)
        return named or self._among(number, sites, end) or self._inherited(number)

    def in_brackets(self, number: Number) -> Site | None:
        """The place in brackets right behind a figure: "391 doanh nghiệp (Thái Bình)"."""
        view, place = self.view, number.tail_end
        if view.groups[number.start] or place + 1 >= len(view.tokens) or view.tokens[place].key != "(":
            return None
        site = next((s for s in self.sites if s.start == place + 1), None)
        return site if site is not None and site.end < len(view.tokens) and view.tokens[site.end].key == ")" else None

    def _among(self, number: Number, sites: list[Site], end: int) -> Site | None:
        behind = next((s for s in sites if s.start >= number.end), None)
        if behind is not None and not behind.is_cluster and self._is_at(number, behind):
            is_counted = self.view.tokens[behind.start - 1].key in _COUNTED
            return Site(behind.start, behind.end, (), OF_SEVERAL) if is_counted else behind
        before = [s for s in sites if s.end <= number.start and self._reaches(s, number)]
        if before:
            return self._joined(before, number)
        if behind is None or not self._is_free(number, behind, sites, end):
            return None
        return behind

    def _is_at(self, number: Number, site: Site) -> bool:
        """Whether a figure is told to be at the place behind it: "391 doanh nghiệp ở Thái Bình"."""
        view = self.view
        between = range(number.end, site.start)
        if any(view.tokens[p].key in (",", ";", ":", "(", ")") or view.is_numeral(p) for p in between):
            return False
        place = site.start
        while place > number.end and view.tokens[place - 1].key in _COUNTED:
            place -= 1
        last = view.mark_at(place - 1)
        return last is not None and last.has("at") and last.start >= number.end

    def _reaches(self, site: Site, number: Number) -> bool:
        """A base of comparison ("cao hơn bình quân cả nước, đạt …") holds for its own clause only."""
        view = self.view
        near = view.tokens[max(site.start - 2, 0) : site.start]
        cut = max((place for place, token in enumerate(near) if token.kind == "mark"), default=-1)
        if not any(token.key in _BASE for token in near[cut + 1 :]):
            return True
        between = range(site.end, number.start)
        return not any(view.tokens[p].key in (",", ")") for p in between) and (
            bool(site.reason) or any(view.tokens[p].key == _BEHIND for p in range(max(site.start - 2, 0), site.start))
        )

    def _joined(self, before: list[Site], number: Number) -> Site:
        """The last place before a figure, with those that stand in one row with it: "Bắc Ninh, Hà Nam và Thái Bình"."""
        view, last = self.view, before[-1]
        row = [last]
        for site in reversed(before[:-1]):
            between = range(site.end, row[0].start)
            if not between or not all(view.tokens[p].key in _JOINING for p in between):
                break
            row.insert(0, site)
        if len(row) == 1 or any(s.is_cluster or s.reason for s in row):
            return last
        first = view.tokens[row[0].start - 1].key if row[0].start else ""
        if first in _AFTER or any(view.is_numeral(p) for p in range(last.end, number.start)):
            return last
        return Site(row[0].start, last.end, tuple(i for s in row for i in s.province_ids))

    def _is_free(self, number: Number, behind: Site, sites: list[Site], end: int) -> bool:
        """Whether the place behind a figure has no figure of its own: "Với 1.120 doanh nghiệp, Bắc Ninh dẫn đầu"."""
        view = self.view
        start, _ = view.bounds(view.segments, number.start)
        if view.tokens[start].key == _WITH:
            return True
        following = next((s.start for s in sites if s.start >= behind.end), end)
        return not any(view.is_numeral(p) for p in range(behind.end, following))

    def _inherited(self, number: Number) -> Site | None:
        view = self.view
        sentence_start, _ = view.bounds(view.sentences, number.start)
        segment_start, _ = view.bounds(view.segments, number.start)
        earlier = [s for s in self.sites if sentence_start <= s.start < segment_start and not view.groups[s.start]]
        if earlier:
            return earlier[-1] if self._held is None or self._held.start < sentence_start else self._held
        before = [s for s in self.sites if s.start < sentence_start and not s.reason]
        named = {s.province_ids for s in before}
        if any(m.has("same_unit") for m in view.marks_in(sentence_start, number.end)) and before:
            return before[-1]
        if len(named) == 1:
            return before[-1]
        _, sentence_end = view.bounds(view.sentences, number.start)
        later = [s for s in self.sites if number.end <= s.start < sentence_end]
        if not named and later and not any(view.is_numeral(p) for p in range(later[0].end, sentence_end)):
            return Site(-1, -1, (), OF_LATER)
        if not named:
            return Site(-1, -1, self.over or (self.cluster_id,), "", not self.over)
        if self._held is not None and self._held.is_cluster:
            return self._held
        return None
