"""The macros over years, held against the same sums by hand over ten years; and the documents written from them."""

from __future__ import annotations

import shutil
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

from catalogue.model import Catalogue
from examples.handbook import DOCS, render
from examples.history.direct import fill_home
from examples.history.overlay import open_catalogue
from publications.tables.ranking import rank
from transforms.comparison import half_before, same_half_before

pytestmark = [pytest.mark.slow, pytest.mark.long]

Row = dict[str, Any]
COUNTS = ("new_enterprises", "ntm_communes_certified", "national_student_prizes_total")
RATES = ("poverty_rate", "poverty_rate_2022", "voter_turnout", "ntm_communes_certified_rate")
EVERY = (*COUNTS, *RATES, "par_index_rank")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("years")
    fill_home(folder)
    return folder


@pytest.fixture(scope="module")
def catalogue(home: Path) -> Catalogue:
    return open_catalogue(home / "catalogue")


@pytest.fixture(scope="module")
def figures(home: Path) -> dict[tuple[str, str, str], Row]:
    """Every row of `observations` by indicator, period and province."""
    return {(r["indicator_code"], r["period_code"], r["province_id"]): r for r in ask(home, "FROM observations")}


@cache
def opened(home: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(home / "published" / "warehouse.duckdb"), read_only=True)
    return connection.execute("SET TimeZone = 'Asia/Ho_Chi_Minh'")


def ask(home: Path, sql: str) -> list[Row]:
    result = opened(home).execute(sql)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def amount(row: Row | None, is_summed: bool) -> Decimal | None:
    """What may be counted with: never a disputed figure, and zero only where something summed did not arise."""
    if row is None or row["status"] not in ("reported", "derived"):
        return Decimal(0) if row is not None and row["status"] == "none_arising" and is_summed else None
    value: Decimal | None = row["value"]
    return value


def percent(part: Decimal, whole: Decimal) -> Decimal | None:
    return (100 * part / whole).quantize(Decimal("0.01"), ROUND_HALF_UP) if whole else None


def grew(catalogue: Catalogue, province: str, earlier: str, later: str) -> bool:
    """Whether the extent of a province changed between the ends of two half-years."""
    ends = [catalogue.calendar[p].ends_on if p in catalogue.calendar else None for p in (earlier, later)]
    days = [m.merged_on for m in catalogue.mergers if m.successor_id == province]
    return any((ends[0] is None or ends[0] < day) and ends[1] is not None and day <= ends[1] for day in days)


@pytest.mark.parametrize("code", EVERY)
def test_same_period_is_what_it_is_by_hand(
    home: Path, catalogue: Catalogue, figures: dict[tuple[str, str, str], Row], code: str
) -> None:
    rows = ask(home, f"FROM same_period('{code}')")
    assert {(r["period_code"], r["province_id"]) for r in rows} == {key[1:] for key in figures if key[0] == code}
    is_summed = catalogue.indicators[code].aggregation == "sum"
    for row in rows:
        period, province = row["period_code"], row["province_id"]
        before = same_half_before(period)
        now, then = (amount(figures.get((code, p, province)), is_summed) for p in (period, before))
        assert row["earlier_period"] == before
        if now is None or then is None or grew(catalogue, province, before, period):
            assert row["difference"] is None and row["growth_percent"] is None and row["reason"], row
            continue
        assert row["difference"] == now - then
        if code in COUNTS:
            assert row["growth_percent"] == percent(now - then, then)
            assert (row["reason"] is None) == (then != 0)
        else:
            assert row["growth_percent"] is None and row["reason"]
            assert row["difference_unit"] == ("bậc" if code == "par_index_rank" else "điểm %")


def reason(home: Path, macro: str, period: str, province: str) -> str:
    [row] = ask(home, f"SELECT reason FROM {macro} WHERE period_code = '{period}' AND province_id = '{province}'")
    return str(row["reason"])


def test_what_cannot_be_compared_says_why(home: Path) -> None:
    prizes, firms = "same_period('national_student_prizes_total')", "same_period('new_enterprises')"
    assert reason(home, prizes, "2021H1", "ninh-binh") == "kỳ này: số liệu đang nghi vấn"
    assert reason(home, prizes, "2022H1", "ninh-binh") == "kỳ 2021H1: số liệu đang nghi vấn"
    assert reason(home, firms, "2019H2", "ha-nam") == "kỳ này: tỉnh chưa gửi báo cáo"
    assert reason(home, firms, "2020H2", "ha-nam") == "kỳ 2019H2: tỉnh chưa gửi báo cáo"
    assert reason(home, firms, "2016H1", "ha-nam") == "kỳ 2015H1 chưa có trong kho"
    assert "01/07/2025" in reason(home, firms, "2025H2", "hung-yen")
    assert "2024H2" in reason(home, firms, "2025H2", "hai-phong")
    assert "chưa được hỏi" in reason(home, "same_period('poverty_rate_2022')", "2022H1", "hung-yen")
    assert ask(home, "FROM same_period('poverty_rate') WHERE period_code > '2021H2'") == []
    assert "kỳ này: không phát sinh" in reason(home, "same_period('voter_turnout')", "2016H2", "hung-yen")


@pytest.mark.parametrize("code", [*COUNTS, "poverty_rate", "par_index_rank"])
def test_within_the_year_flows_add_up_and_rates_do_not(
    home: Path, catalogue: Catalogue, figures: dict[tuple[str, str, str], Row], code: str
) -> None:
    kind = catalogue.indicators[code].time_kind
    for row in ask(home, f"FROM within_year('{code}')"):
        period, province = row["period_code"], row["province_id"]
        value = amount(figures[code, period, province], is_summed=True)
        if code not in COUNTS:
            assert row["year_value"] is None and row["method"] is None and row["reason"]
            continue
        if kind == "flow" and period.endswith("H2") and value is not None:
            first = amount(figures.get((code, half_before(period), province)), is_summed=True)
            value = None if first is None or grew(catalogue, province, half_before(period), period) else value + first
        assert row["year_value"] == value
        assert row["method"] == ("sum" if kind == "flow" else "last") and (row["reason"] is None) == (value is not None)


def test_a_rate_is_rebuilt_from_the_parts_that_the_catalogue_names(
    home: Path, figures: dict[tuple[str, str, str], Row]
) -> None:
    code, parts = "ntm_communes_certified_rate", ("ntm_communes_certified", "ntm_communes_total")
    for row in ask(home, f"FROM within_year('{code}', '{parts[0]}', '{parts[1]}')"):
        above, below = (figures[p, row["period_code"], row["province_id"]]["value"] for p in parts)
        assert row["year_value"] == (None if above is None else percent(above, below)) and row["method"] == "rebuilt"
    refused = ask(home, f"FROM within_year('{code}', 'new_jobs', '{parts[1]}')")
    assert {r["year_value"] for r in refused} == {None} and all(parts[0] in r["reason"] for r in refused)


@pytest.mark.parametrize(("code", "is_descending"), [("new_enterprises", True), ("poverty_rate_2022", False),
                                                     ("par_index_rank", False), ("voter_turnout", True)])  # fmt: skip
def test_ranking_is_that_of_the_publications(
    home: Path, figures: dict[tuple[str, str, str], Row], code: str, is_descending: bool
) -> None:
    places: dict[tuple[str, str], int | None] = {}
    for period in sorted({key[1] for key in figures if key[0] == code}):
        rows = [r for (c, p, _), r in figures.items() if (c, p) == (code, period)]
        values = [Decimal(0) if r["status"] == "none_arising" else r["value"] for r in rows]
        places |= {(period, rows[n]["province_id"]): place for n, place in rank(values, is_descending)}
    for row in ask(home, f"FROM ranking('{code}')"):
        period, province = row["period_code"], row["province_id"]
        assert row["place"] == places[period, province]
        for column, earlier in (
            ("change_from_last_year", same_half_before(period)),
            ("change_from_half_before", half_before(period)),
        ):
            then, now = places.get((earlier, province)), places[period, province]
            can = then is not None and now is not None and period != "2025H2"
            assert row[column] == (then - now if can and then is not None and now is not None else None), row


def test_no_place_where_the_catalogue_names_no_direction(home: Path) -> None:
    rows = ask(home, "FROM ranking('par_index_rank_out_of')")
    assert rows and {r["place"] for r in rows} == {None} and all("chiều xếp hạng" in r["reason"] for r in rows)


def test_shares_are_of_a_whole_total_unless_a_part_is_asked_for(
    home: Path, figures: dict[tuple[str, str, str], Row]
) -> None:
    code = "new_enterprises"
    for partial in ("FALSE", "TRUE"):
        for row in ask(home, f"FROM share_of_cluster('{code}', partial := {partial})"):
            period = row["period_code"]
            values = [amount(r, is_summed=True) for (c, p, _), r in figures.items() if (c, p) == (code, period)]
            known = [v for v in values if v is not None]
            own = amount(figures[code, period, row["province_id"]], is_summed=True)
            is_whole = len(known) == len(values)
            assert row["is_partial"] == (not is_whole)
            said = own is not None and (is_whole or partial == "TRUE")
            assert row["share_percent"] == (percent(own, sum(known)) if said and own is not None else None), row
            assert (row["reason"] is None) == (said and is_whole)
    assert {r["share_percent"] for r in ask(home, "FROM share_of_cluster('poverty_rate')")} == {None}


def test_an_index_stands_on_the_provinces_own_base(home: Path, figures: dict[tuple[str, str, str], Row]) -> None:
    code, base = "new_enterprises", "2018H1"
    for row in ask(home, f"FROM index_to('{code}', '{base}')"):
        now, then = (amount(figures.get((code, p, row["province_id"])), True) for p in (row["period_code"], base))
        can = (
            now is not None
            and then is not None
            and (row["period_code"] < "2025H2" or row["province_id"] == "quang-ninh")
        )
        assert row["index_value"] == (percent(now, then) if can and now is not None and then is not None else None)
        assert (row["reason"] is None) == can
    assert {r["index_value"] for r in ask(home, f"FROM index_to('poverty_rate', '{base}')")} == {None}


def test_revised_figures_are_the_corrections_and_the_ledger(home: Path) -> None:
    told = ask(home, "FROM revised_figures('2021H1')")
    assert {(r["kind"], r["province_id"], r["indicator_code"], r["difference"]) for r in told} == {
        ("restatement", "hai-duong", "new_enterprises", Decimal(16)),
        ("restatement", "hai-duong", "budget_revenue", Decimal("132.5")),
        ("restatement", "nam-dinh", "new_jobs", Decimal(-350)),
        ("restatement", "vinh-phuc", "tourist_visits", Decimal(-40100)),
    }
    [row] = ask(
        home,
        "FROM revised_figures('2018H1') WHERE indicator_code = 'ntm_communes_certified' AND version = 2 "
        "AND province_id = 'hung-yen'",
    )
    assert (row["kind"], row["value_before"], row["value_after"]) == ("correction", 90, 92)
    assert row["difference_percent"] == Decimal("2.22") and row["version"] == 2


def test_what_was_said_at_a_moment_stays_said(home: Path) -> None:
    where = "WHERE period_code = '2018H1' AND indicator_code = 'ntm_communes_certified'"
    own = f"{where} AND province_id = 'hung-yen'"
    said = [ask(home, f"SELECT value, version FROM as_of('{day}') {own}") for day in
            ("2018-07-05 16:59", "2018-07-05 17:00", "2018-07-16 12:00", "2018-07-17")]  # fmt: skip
    assert said == [[], *[[{"value": 90, "version": 1}]] * 2, [{"value": 92, "version": 2}]]
    totals = [ask(home, f"SELECT value FROM cluster_totals_as_of('{day}') {where}")[0]["value"] for day in
              ("2018-07-10", "2018-07-17")]  # fmt: skip
    assert totals[1] - totals[0] == 2
    for view, macro in (
        ("observations", "as_of"),
        ("cluster_totals", "cluster_totals_as_of"),
        ("findings", "findings_as_of"),
    ):
        assert ask(home, f"FROM {view} EXCEPT ALL FROM {macro}('2099-01-01')") == []
    assert ask(home, "FROM findings_as_of('2021-07-05')") == [] != ask(home, "FROM findings_as_of('2021-07-06')")


def test_findings_over_time_are_zero_where_nothing_was_found(home: Path) -> None:
    rows = ask(home, "FROM findings_over_time('parts_sum_to_total')")
    assert {r["period_code"]: r["finding_count"] for r in rows if r["finding_count"]} == {"2021H1": 1}
    assert len(rows) == 20


def test_wide_views_say_what_the_long_one_says(home: Path, figures: dict[tuple[str, str, str], Row]) -> None:
    rows = ask(home, "FROM wide_enterprises")
    assert len(rows) == 177
    for row in rows:
        long = figures["new_enterprises", row["period_code"], row["province_id"]]
        assert (row["new_enterprises"], row["new_enterprises_status"]) == (long["value"], long["status"])
    assert "poverty_rate_2022" in ask(home, "FROM wide_poverty LIMIT 1")[0]


def test_the_documents_are_what_the_database_says_of_itself(home: Path, tmp_path: Path) -> None:
    """Where this fails after a change: `make handbook` writes them anew."""
    copy = shutil.copyfile(home / "published" / "warehouse.duckdb", tmp_path / "warehouse.duckdb")
    for name, text in render(copy).items():
        assert (DOCS / name).read_text(encoding="utf-8") == text, name
