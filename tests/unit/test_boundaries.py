"""Maps as properties of any country: provinces that merge, and merge again, under old or new names."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue import load_catalogue
from catalogue.model import Merger, Province
from catalogue.verify import CatalogueError, Located
from catalogue.verify_mergers import verify_mergers
from transforms.boundaries import BoundaryPart, compare_maps, find_owners

START = dt.date(2004, 7, 8)
DAYS = (dt.date(2010, 1, 1), dt.date(2018, 7, 1), dt.date(2025, 7, 1))
Country = tuple[list[Province], list[Merger]]


@st.composite
def countries(draw: st.DrawFn) -> Country:
    """Two to seven provinces; on each of three days some of them merge, into one of them or into a new one."""
    alive = {f"p{n}": START for n in range(draw(st.integers(2, 7)))}
    provinces: list[Province] = []
    mergers: list[Merger] = []
    for day in DAYS:
        group = draw(st.lists(st.sampled_from(sorted(alive)), max_size=4, unique=True))
        if len(group) < 2:
            continue
        successor = draw(st.sampled_from([*group, f"new-{day.year}"]))
        provinces += [version(one, alive.pop(one), day) for one in group]
        mergers += [Merger(one, successor, day) for one in group]
        alive[successor] = day
    provinces += [version(one, since, None) for one, since in alive.items()]
    return draw(st.permutations(provinces)), draw(st.permutations(mergers))


def version(province_id: str, since: dt.date, until: dt.date | None) -> Province:
    return Province(province_id, f"{province_id}/{since.year}", province_id, province_id, "province", since, until)


def located(rows: list[Any]) -> list[Located[Any]]:
    return [Located(row, "rows.csv", n) for n, row in enumerate(rows, 2)]


def on(parts: tuple[BoundaryPart, ...], then: dt.date, now: dt.date) -> list[BoundaryPart]:
    return [
        p
        for p in parts
        if p.reported_from <= then < (p.reported_to or dt.date.max)
        and p.drawn_from <= now < (p.drawn_to or dt.date.max)
    ]


days = st.dates(START, dt.date(2030, 1, 1)) | st.sampled_from([START, *DAYS])


@settings(deadline=None, max_examples=30)
@given(countries(), days, days)
def test_every_province_belongs_to_exactly_one_province_of_any_later_map(
    country: Country, a: dt.date, b: dt.date
) -> None:
    verify_mergers(*map(located, country))  # type: ignore[arg-type]
    then, now = sorted((a, b))
    parts = on(compare_maps(*country), then, now)
    living = [p.province_id for p in country[0] if p.valid_from <= then and (p.valid_to is None or then < p.valid_to)]
    assert sorted(p.province_id for p in parts) == sorted(living)
    assert {p.relation for p in parts} <= {"same", "part"}
    assert all((p.relation == "same") == (p.expected == 1) for p in parts)
    assert Counter(p.drawn_id for p in parts) == {p.drawn_id: p.expected for p in parts}
    codes = {p.province_id: p.province_code for p in country[0] if p.valid_from <= now < (p.valid_to or dt.date.max)}
    assert {p.drawn_id: p.drawn_code for p in parts} == codes


@settings(deadline=None, max_examples=30)
@given(countries(), days, days, st.randoms(use_true_random=False))
def test_a_sum_over_a_later_map_is_the_sum_over_the_earlier_one(
    country: Country, a: dt.date, b: dt.date, chance: Any
) -> None:
    then, now = sorted((a, b))
    parts = on(compare_maps(*country), then, now)
    told = {p.province_id: Decimal(chance.randint(0, 10**6)) / 100 for p in parts}
    summed: dict[str, Decimal] = defaultdict(Decimal)
    for part in parts:
        summed[part.drawn_id] += told[part.province_id]
    assert sum(summed.values()) == sum(told.values())


@settings(deadline=None, max_examples=30)
@given(countries(), days)
def test_a_map_laid_on_itself_is_the_same_and_the_order_of_rows_does_not_matter(country: Country, day: dt.date) -> None:
    parts = compare_maps(*country)
    assert {(p.province_id == p.drawn_id, p.relation) for p in on(parts, day, day)} == {(True, "same")}
    assert compare_maps(country[0][::-1], country[1][::-1]) == parts


@settings(deadline=None, max_examples=30)
@given(countries(), days, days)
def test_on_an_older_map_what_merged_is_cut_and_nothing_else(country: Country, a: dt.date, b: dt.date) -> None:
    now, then = sorted((a, b))
    before, after = find_owners(*country, now), find_owners(*country, then)
    extents = Counter(after.values())
    for part in on(compare_maps(*country), then, now):
        is_whole = Counter(before.values())[part.drawn_id] == extents[part.province_id]
        assert part.relation == ("same" if is_whole else "cut")
    assert before.keys() == after.keys()


@settings(deadline=None, max_examples=30)
@given(countries())
def test_validity_has_neither_gaps_nor_overlaps(country: Country) -> None:
    parts = compare_maps(*country)
    for spans in (
        {(p.reported_from, p.reported_to) for p in parts},
        {(p.drawn_from, p.drawn_to) for p in parts},
    ):
        ordered = sorted(spans, key=lambda span: span[0])
        assert [until for _, until in ordered] == [*(since for since, _ in ordered[1:]), None]


def test_the_merger_of_july_2025() -> None:
    catalogue = load_catalogue()
    parts = on(compare_maps(catalogue.provinces, catalogue.mergers), dt.date(2025, 6, 30), dt.date(2025, 7, 1))
    whole: dict[str, set[str]] = defaultdict(set)
    for part in parts:
        whole[f"{part.drawn_code} {part.drawn_name}"].add(part.province_name)
    assert whole == {
        "22 Quảng Ninh": {"Quảng Ninh"},
        "24 Bắc Ninh": {"Bắc Ninh", "Bắc Giang"},
        "25 Phú Thọ": {"Phú Thọ", "Vĩnh Phúc", "Hòa Bình"},
        "31 Hải Phòng": {"Hải Phòng", "Hải Dương"},
        "33 Hưng Yên": {"Hưng Yên", "Thái Bình"},
        "37 Ninh Bình": {"Ninh Bình", "Hà Nam", "Nam Định"},
    }
    assert catalogue.province_on("bac-ninh", dt.date(2025, 6, 30)).province_code == "27"  # type: ignore[union-attr]


def test_the_catalogue_refuses_mergers_that_fit_no_map() -> None:
    a, b = version("a", START, DAYS[0]), version("b", START, DAYS[0])
    c = version("c", DAYS[0], None)
    good = [Merger("a", "c", DAYS[0]), Merger("b", "c", DAYS[0])]
    verify_mergers(located([a, b, c]), located(good))
    refused: list[tuple[list[Province], list[Merger], str]] = [
        ([a, b, c], good[:1], "ends without a merger"),
        ([a, b, c], [*good, good[0]], "merges twice"),
        ([a, b, replace(c, valid_from=DAYS[1])], good, "starts on"),
        ([a, replace(b, valid_to=None), c], good, "ends on"),
        ([a, b, c, version("a", DAYS[0], None)], good, "goes on after"),
        ([a, b, version("b", DAYS[0], None)], [Merger("a", "b", DAYS[0])], "its own predecessors"),
        ([a, b, c, version("c", START, START.replace(year=2006))], good, "leaves a gap"),
    ]
    for provinces, mergers, problem in refused:
        with pytest.raises(CatalogueError, match=problem):
            verify_mergers(located(provinces), located(mergers))
