"""Figures on the map of any day: summed over mergers, rates rebuilt, the rest refused with a reason."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from seasons import IN_TIME, PERIOD, READER, Season, accepted, finding, number, reading, submission

from catalogue.model import Catalogue, Merger
from examples.history.overlay import open_catalogue, write_catalogue
from examples.history.sending import send_period
from examples.history.spans import REAL, list_periods
from examples.history.truth import Truth
from transforms.consolidation import UnitFigures, consolidate, derive_figures, derived_rows
from transforms.observation import Observation, Reading
from warehouse import Assessment, Warehouse, WarehouseError
from warehouse.published import query

TODAY, BEFORE = "2025-07-01", "2025-06-30"
MEMBERS = (
    "bac-ninh",
    "ha-nam",
    "hai-duong",
    "hung-yen",
    "nam-dinh",
    "ninh-binh",
    "quang-ninh",
    "thai-binh",
    "vinh-phuc",
)
UNKNOWN = "(không báo cáo trong Cụm)"
ONE_DAY = dt.date(2030, 1, 1)
ASKED = ("bac-ninh", "hai-duong", "hai-phong", "hung-yen", "phu-tho", "thai-binh", "vinh-phuc")
SUMMED = (
    *("new_enterprises", "budget_revenue", "tourist_visits"),
    *("ntm_communes_certified", "ntm_communes_total"),
)


def on_map(warehouse: Warehouse, code: str, day: str | None, more: str = "") -> dict[tuple[str, str], dict[str, Any]]:
    """The rows of one indicator on a map, by half-year and province."""
    session = warehouse._opened()
    columns = session.columns(f"SELECT * FROM on_boundaries_of(?, ?{more})", [code, day])
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    assert len({(r["period_code"], r["province_id"]) for r in rows}) == len(rows)
    return {(r["period_code"], r["province_id"]): r for r in rows}


def one(season: Season, code: str, province: str, day: str | None = TODAY, more: str = "") -> dict[str, Any]:
    return on_map(season.warehouse, code, day, more)[PERIOD, province]


def collect(season: Season, of: Mapping[str, Sequence[Observation]], disputed: Sequence[tuple[str, str]] = ()) -> None:
    """A half-year of these returns; what may be derived is, and what is disputed has its finding."""
    came = [season.receive(reading(unit, *told)) for unit, told in of.items()]
    units = [figures_of(season.catalogue, unit, told) for unit, told in of.items()]
    findings = tuple(finding(unit, disputed=(code,)) for unit, code in disputed)
    season.judge(*(accepted(c.submission_id) for c in came), findings=findings, derived=derived_rows(units))


def figures_of(catalogue: Catalogue, unit: str, told: Sequence[Observation]) -> UnitFigures:
    observed = {o.indicator_code: o for o in told}
    return UnitFigures(unit, unit, observed, derive_figures(catalogue, observed))


def communes(certified: str, total: str) -> tuple[Observation, Observation]:
    return number("ntm_communes_certified", certified), number("ntm_communes_total", total)


def test_counts_are_summed_and_rates_rebuilt_from_numerator_and_denominator(season: Season) -> None:
    collect(season, {"hung-yen": communes("139", "139"), "thai-binh": communes("262", "263")})
    row = one(season, "ntm_communes_certified", "hung-yen")
    assert (row["value"], row["status"], row["reason"]) == (Decimal(401), "summed", None)
    assert (row["predecessors_known"], row["predecessors_expected"], row["predecessors_missing"]) == (2, 2, None)
    assert (row["province_code"], row["boundaries_on"], row["is_redrawn"]) == ("33", dt.date(2025, 7, 1), True)
    rate = one(season, "ntm_communes_certified_rate", "hung-yen")
    assert (rate["value"], rate["status"]) == (Decimal("99.75"), "rebuilt")  # 401 of 402 is 99.7512…
    assert rate["predecessors_known"] == 2


def test_a_missing_predecessor_leaves_no_sum_unless_a_partial_one_is_asked_for(season: Season) -> None:
    told = {
        "vinh-phuc": [number("new_jobs", "10")],
        "hai-duong": communes("7", "8"),
        "ha-nam": [number("new_jobs", "1")],
    }
    collect(season, told)
    row = one(season, "new_jobs", "phu-tho")
    assert (row["value"], row["status"], row["predecessors_known"], row["predecessors_expected"]) == (
        *(None, "incomplete"),
        *(1, 3),
    )
    assert row["predecessors_missing"] == "Hòa Bình, Phú Thọ"
    assert row["reason"] == f"mới có số của 1 trên 3 tỉnh hợp thành; thiếu Hòa Bình {UNKNOWN}, Phú Thọ {UNKNOWN}"
    partial = one(season, "new_jobs", "phu-tho", TODAY, ", partial := TRUE")
    assert (partial["value"], partial["status"]) == (Decimal(10), "partial")
    assert partial["reason"] == f"mới cộng 1 trên 3 tỉnh hợp thành; thiếu Hòa Bình {UNKNOWN}, Phú Thọ {UNKNOWN}"
    rate = one(season, "ntm_communes_certified_rate", "hai-phong", TODAY, ", partial := TRUE")
    assert (rate["value"], rate["status"], rate["predecessors_missing"]) == (Decimal("87.5"), "partial", "Hải Phòng")
    silent = one(season, "new_jobs", "ninh-binh")
    assert silent["reason"] == "mới có số của 1 trên 3 tỉnh hợp thành; thiếu Nam Định, Ninh Bình"
    nobody = one(season, "new_jobs", "bac-ninh", TODAY, ", partial := TRUE")
    assert (nobody["value"], nobody["status"], nobody["predecessors_known"]) == (None, "incomplete", 0)


def test_none_arising_counts_as_zero_and_a_blank_does_not(season: Season) -> None:
    nothing = Observation("new_branches", "none_arising", raw_text="không phát sinh")
    not_yet = Observation("new_jobs", "not_yet_available", raw_text="chưa có số liệu")
    both = Observation("excellent_labor_collectives", "none_arising", raw_text="0 có")
    told = {
        "hung-yen": [number("new_branches", "5"), not_yet, both],
        "thai-binh": [nothing, number("new_jobs", "3"), both],
    }
    collect(season, told)
    row = one(season, "new_branches", "hung-yen")
    assert (row["value"], row["status"], row["predecessors_known"]) == (Decimal(5), "summed", 2)
    row = one(season, "new_jobs", "hung-yen")
    assert (row["value"], row["status"], row["predecessors_missing"]) == (None, "incomplete", "Hưng Yên")
    assert one(season, "excellent_labor_collectives", "hung-yen")["value"] == 0
    silent = one(season, "new_branches", "thai-binh", BEFORE)  # on its own map it is what observations say
    assert (silent["value"], silent["status"], silent["predecessors_known"]) == (None, "none_arising", 1)


def test_disputed_and_estimated_figures_are_marked(season: Season) -> None:
    told = {
        "hung-yen": [number("new_jobs", "2", is_estimated=True), *communes("1", "2")],
        "thai-binh": communes("1", "2"),
    }
    told["thai-binh"] = (*told["thai-binh"], number("new_jobs", "3"))
    collect(season, told, [("thai-binh", "new_jobs"), ("hung-yen", "ntm_communes_total")])
    row = one(season, "new_jobs", "hung-yen")
    assert (row["value"], row["disputed_count"], row["is_estimated"]) == (Decimal(5), 1, True)
    assert one(season, "ntm_communes_certified_rate", "hung-yen")["disputed_count"] == 1
    assert one(season, "ntm_communes_certified", "hung-yen")["disputed_count"] == 0


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("pci_rank", "xếp hạng là của từng tỉnh nên không gộp được"),
        ("grdp_growth", "mức tăng, giảm không cộng được, và biểu không có số gốc để tính lại"),
        (
            "new_enterprises_growth",
            "mức tăng, giảm không cộng được; hãy tính từ new_enterprises của hai kỳ trên cùng địa giới",
        ),
        ("poverty_rate", "tỷ lệ không có tử số và mẫu số trong biểu nên không tính lại được"),
        ("traffic_accident_criteria_reduced", "danh mục không cho cộng chỉ tiêu này qua các tỉnh"),
    ],
)
def test_ranks_growth_and_bare_rates_are_refused(season: Season, code: str, reason: str) -> None:
    collect(season, {unit: [number(code, "2")] for unit in ("hung-yen", "thai-binh", "quang-ninh")})
    for more in ("", ", partial := TRUE"):
        row = one(season, code, "hung-yen", TODAY, more)
        assert (row["value"], row["status"], row["reason"]) == (None, "refused", reason)
        assert row["predecessors_known"] == 2
    kept = one(season, code, "quang-ninh")  # whose boundaries did not change
    assert (kept["value"], kept["status"], kept["reason"]) == (Decimal(2), "reported", None)


def test_a_rate_over_nothing_is_refused(season: Season) -> None:
    collect(season, {"hung-yen": communes("0", "0"), "thai-binh": communes("0", "0")})
    row = one(season, "ntm_communes_certified_rate", "hung-yen")
    assert (row["value"], row["status"], row["reason"]) == (None, "refused", "mẫu số bằng 0")


def test_what_was_reported_after_a_merger_is_refused_on_older_maps(season: Season) -> None:
    later = [
        dataclasses.replace(reading(u, number("new_jobs", "5")), period_code="2025H2")
        for u in ("hung-yen", "quang-ninh")
    ]
    came = [season.receive(r, submission_id=r.province_id, period_code="2025H2") for r in later]
    entries = tuple(accepted(c.submission_id) for c in came)
    hash_, when = season.catalogue.content_hash, dt.datetime(2026, 1, 6, tzinfo=dt.UTC)
    season.warehouse.add_assessment(Assessment("2025H2", "later", when, hash_, READER, entries, (), (), (), ()))
    own, old = (on_map(season.warehouse, "new_jobs", day, ", partial := TRUE") for day in (None, BEFORE))
    assert own["2025H2", "hung-yen"]["value"] == 5 and ("2025H2", "thai-binh") not in own
    assert own["2025H2", "bac-ninh"]["province_code"] == "24"
    for province, name in (("hung-yen", "Hưng Yên"), ("thai-binh", "Thái Bình")):
        row = old["2025H2", province]
        assert (row["value"], row["status"], row["predecessors_missing"]) == (None, "refused", name)
        assert row["reason"] == (
            "kỳ này báo cáo trên địa giới đã sáp nhập (Hưng Yên), không chia lại được theo địa giới ngày 30/06/2025"
        )
    assert old["2025H2", "bac-ninh"]["province_code"] == "27"
    assert (old["2025H2", "quang-ninh"]["value"], old["2025H2", "quang-ninh"]["status"]) == (5, "reported")


def test_days_and_indicators_that_are_not_known_are_errors(season: Season) -> None:
    collect(season, {"hung-yen": [number("new_jobs", "2")]})
    season.warehouse.close()
    for sql, problem in (
        ("SELECT * FROM on_boundaries_of('new_jobs', '1999-01-01')", "bản đồ đầu tiên từ 2004-07-08"),
        ("SELECT * FROM on_boundaries('1999-01-01')", "bản đồ đầu tiên từ 2004-07-08"),
        ("SELECT * FROM on_boundaries_of('new_job', '2025-07-01')", "Không có chỉ tiêu “new_job”; gần nhất: new_jobs"),
    ):
        with pytest.raises(WarehouseError, match=problem):
            query(season.warehouse.path, sql)


# Any returns: whatever states the cells are in, sums and rates agree with what the core computes for the cluster.
cells = st.lists(st.integers(0, 9), min_size=80, max_size=80)


def returned(catalogue: Catalogue, unit: str, draws: Iterable[int]) -> list[Observation]:
    told = []
    for indicator, draw in zip(catalogue.indicators_of(PERIOD), draws, strict=False):
        code = indicator.indicator_code
        states = {0: "blank", 1: "none_arising", 2: "not_yet_available"}
        if draw in states:
            told.append(Observation(code, states[draw]))  # type: ignore[arg-type]
        elif draw < 9:
            told.append(number(code, f"{draw * 7}.{draw}"))
    return told


def all_rows(warehouse: Warehouse, day: str | None, more: str = "") -> list[tuple[Any, ...]]:
    sql = "SELECT period_code, province_id, indicator_code, value, status, source, province_code, is_estimated"
    return warehouse._opened().rows(f"{sql} FROM on_boundaries(?{more}) ORDER BY ALL", [day])


@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.randoms(use_true_random=False))
def test_the_whole_cluster_as_one_province_is_what_the_core_consolidates(season: Season, chance: random.Random) -> None:
    merged = [Merger(unit, "hung-yen", ONE_DAY) for unit in MEMBERS]
    old = [dataclasses.replace(p, valid_to=ONE_DAY) if p.province_id in MEMBERS and p.valid_from.year < 2025 else p
           for p in season.catalogue.provinces if p.valid_from.year < 2025]  # fmt: skip
    new = next(p for p in season.catalogue.provinces if p.province_id == "hung-yen")
    provinces = (*old, dataclasses.replace(new, valid_from=ONE_DAY, valid_to=None))
    catalogue = dataclasses.replace(
        season.catalogue, provinces=provinces, mergers=tuple(merged), content_hash="one province"
    )
    season.warehouse.sync_catalogue(catalogue)
    season.catalogue = catalogue
    told = {unit: returned(catalogue, unit, [chance.randint(0, 9) for _ in range(80)]) for unit in MEMBERS}
    codes = [i.indicator_code for i in catalogue.indicators_of(PERIOD)]
    disputed = {(chance.choice(MEMBERS), chance.choice(codes)) for _ in range(12)}
    came = [
        season.receive(reading(u, *t, salt=str(season.counter)), submission_id=f"{u} {season.counter}")
        for u, t in told.items()
    ]
    units = tuple(figures_of(catalogue, u, t) for u, t in told.items())
    season.judge(
        *(accepted(c.submission_id) for c in came),
        findings=tuple(finding(unit, disputed=(code,)) for unit, code in sorted(disputed)),
        derived=derived_rows(units),
    )
    totals = consolidate(catalogue, PERIOD, units, None, len(units), frozenset(disputed))
    columns = "indicator_code, value, predecessors_known, disputed_count, status"
    sql = f"SELECT {columns} FROM on_boundaries(?, partial := TRUE)"
    rows = {row[0]: row[1:] for row in season.warehouse._opened().rows(sql, [str(ONE_DAY)])}
    for wanted in totals:
        value, known, disputes, status = rows.get(wanted.indicator_code, (None, 0, 0, "incomplete"))
        assert (value, known, disputes) == (wanted.value, wanted.provinces_reporting, wanted.disputed_count), wanted
        assert status in ("summed", "rebuilt", "partial") or wanted.value is None
    assert {c for c, row in rows.items() if row[3] == "refused"} <= set(codes) - {
        t.indicator_code for t in totals if t.value is not None
    }
    same = season.warehouse._opened().rows(
        "SELECT period_code, province_id, indicator_code, value, status, source, province_code, is_estimated "
        "FROM observations ORDER BY ALL"
    )
    assert all_rows(season.warehouse, "2021-06-30") == all_rows(season.warehouse, None) == same and same


def test_the_order_of_loading_does_not_matter(
    season: Season, template: Path, tmp_path: Path, catalogue: Catalogue
) -> None:
    chance = random.Random(5)
    told = {unit: returned(catalogue, unit, [chance.randint(0, 9) for _ in range(80)]) for unit in MEMBERS}
    collect(season, told)
    path = tmp_path / "other.duckdb"
    path.write_bytes(template.read_bytes())
    with Warehouse.open(path) as other:
        collect(Season(other, catalogue), dict(reversed(told.items())))
        for day in (TODAY, BEFORE):
            assert all_rows(other, day) == all_rows(season.warehouse, day)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, dict[str, dict[str, Decimal]]]]:
    """Ten years of the synthetic history, put into a warehouse without files; and what each return says last."""
    folder = tmp_path_factory.mktemp("history")
    catalogue = open_catalogue(write_catalogue(folder / "catalogue"))
    truth = Truth(catalogue, 2021)
    told: dict[str, dict[str, dict[str, Decimal]]] = {}
    for period in list_periods():
        last = {s.province_id: dict(s.figures) for s in send_period(truth, period) if s.province_id in ASKED}
        told[period] = last
    for (unit, code), value in truth.anchors.real.items():
        if unit in told[REAL]:
            told[REAL][unit][code] = value
    path = folder / "w.duckdb"
    with Warehouse.open(path) as warehouse:
        warehouse.sync_catalogue(catalogue)
        for period, units in told.items():
            received = []
            for unit, figures in units.items():
                read = returned_in(period, unit, {code: v for code, v in figures.items() if code in SUMMED})
                received.append((submission(read, submission_id=f"{period} {unit}", period_code=period), read))
            hash_ = catalogue.content_hash
            warehouse.add_submissions(received, READER, hash_, IN_TIME)
            entries = tuple(accepted(s.submission_id) for s, _ in received)
            warehouse.add_assessment(Assessment(period, period, IN_TIME, hash_, READER, entries, (), (), (), ()))
    return path, told


def returned_in(period: str, unit: str, figures: dict[str, Decimal]) -> Reading:
    return dataclasses.replace(
        reading(unit, *(number(code, str(value)) for code, value in figures.items()), salt=period), period_code=period
    )


def test_hung_yen_in_todays_boundaries_over_ten_years(
    history: tuple[Path, dict[str, dict[str, dict[str, Decimal]]]],
) -> None:
    path, told = history
    sql = (
        "SELECT period_code, value, status FROM on_boundaries_of('{}', '2025-07-01') "
        "WHERE province_id = 'hung-yen' ORDER BY period_code"
    )
    for code in SUMMED:
        by_hand = []
        for period in list_periods():
            parts = ("hung-yen",) if period == "2025H2" else ("hung-yen", "thai-binh")
            values = [told[period][part].get(code) for part in parts]
            value = sum((v for v in values if v is not None), Decimal(0)) if None not in values else None
            status = "reported" if period == "2025H2" else "incomplete" if value is None else "summed"
            by_hand.append((period, value, status))
        assert query(path, sql.format(code))[1] == by_hand
        assert sum(status == "summed" for _, _, status in by_hand) >= 18
    _, rates = query(path, sql.format("ntm_communes_certified_rate"))
    for period, value, status in rates[:-1]:
        certified, total = (
            sum(told[period][part][code] for part in ("hung-yen", "thai-binh"))
            for code in ("ntm_communes_certified", "ntm_communes_total")
        )
        assert (status, value) == ("rebuilt", round(100 * certified / total, 2))


def test_provinces_that_never_reported_are_missing_in_every_half_year_before_the_merger(
    history: tuple[Path, dict[str, dict[str, dict[str, Decimal]]]],
) -> None:
    sql = (
        "SELECT province_name, min(predecessors_known), max(predecessors_known), min(predecessors_expected), "
        "count(value) "
        "FROM on_boundaries_of('new_enterprises', '2025-07-01') WHERE period_code < '2025H2' "
        "AND province_id IN ('hai-phong', 'phu-tho', 'bac-ninh') GROUP BY ALL ORDER BY 1"
    )
    assert query(history[0], sql)[1] == [("Bắc Ninh", 1, 1, 2, 0), ("Hải Phòng", 1, 1, 2, 0), ("Phú Thọ", 1, 1, 3, 0)]
