"""Who is late, and the rates: never more than the whole, and an empty return is sent but has no figures."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office import PERIOD, Office

from catalogue import Catalogue, load_catalogue
from flows.reminders.status_report import stored_marts
from publications.office.status_page import render_status_page
from publications.tables.progress import Progress, Rate, find_progress, find_rates

ON = dt.date(2021, 7, 9)
CATALOGUE = load_catalogue()


@pytest.fixture(scope="module")
def several(season: Office, catalogue: Catalogue) -> dict[str, Progress]:
    marts = stored_marts(season.settings, PERIOD)
    assert marts is not None
    return {p.province_id: p for p in find_progress(catalogue, PERIOD, marts, ON)}


def test_every_return_has_its_state(several: dict[str, Progress]) -> None:
    assert {p.province_id: p.state for p in several.values()} == {
        "bac-ninh": "warning",
        "ha-nam": "missing",
        "hai-duong": "warning",
        "hung-yen": "warning",
        "nam-dinh": "warning",
        "ninh-binh": "critical",
        "quang-ninh": "warning",
        "thai-binh": "refused",
        "vinh-phuc": "empty",
    }


def test_late_days_count_from_the_due_date(several: dict[str, Progress]) -> None:
    late = {unit: p.late_days for unit, p in several.items() if p.late_days}
    assert late == {"ha-nam": 4, "thai-binh": 4, "nam-dinh": 3}
    assert several["nam-dinh"].is_on_time is False
    assert several["bac-ninh"].is_on_time is True and several["bac-ninh"].late_days == 0


def test_an_empty_return_is_sent_and_in_time_but_has_no_figures(several: dict[str, Progress]) -> None:
    empty = several["vinh-phuc"]
    assert empty.is_submitted and empty.is_on_time and not empty.has_figures
    assert not empty.is_complete and not empty.is_clean


def test_the_rates_of_the_cluster(several: dict[str, Progress]) -> None:
    rates = find_rates(list(several.values()))
    assert (rates.received, rates.on_time, rates.with_figures) == (Rate(7, 9), Rate(6, 9), Rate(6, 9))
    assert rates.complete.part == 0 and rates.clean.part == 0
    assert rates.cells.whole == 9 * 28 and 0 < rates.cells.part < rates.cells.whole
    assert rates.received.text == "77,8 %"


def test_a_rate_shows_a_hundred_only_where_nothing_lacks() -> None:
    assert Rate(9, 9).percent == 100
    assert Rate(9999, 10000).percent == Decimal("99.9")
    assert Rate(0, 0).percent is None and Rate(0, 0).text == "–"


def made_row(
    province: Any, is_submitted: bool, is_on_time: bool | None, received: int, expected: int
) -> dict[str, Any]:
    return {
        "period_code": PERIOD,
        "province_id": province.province_id,
        "province_code": province.province_code,
        "province_name": province.name,
        "is_submitted": is_submitted,
        "is_on_time": is_on_time,
        "cells_expected": expected,
        "cells_received": received,
        "critical_count": 0,
        "warning_count": 0,
        "version": 1 if is_submitted else None,
        "received_at": dt.datetime(2021, 7, 2, tzinfo=dt.UTC) if is_submitted else None,
        "due_on": dt.date(2021, 7, 5),
        "sent_by": None,
    }


ROWS = st.tuples(
    st.booleans(), st.sampled_from([True, False, None]), st.integers(0, 60), st.integers(0, 40), st.integers(1, 3)
)


@given(st.lists(ROWS, min_size=9, max_size=9))
def test_no_rate_is_ever_above_a_hundred(drawn: list[tuple[bool, bool | None, int, int, int]]) -> None:
    """Whatever the marts say: rows given more than once, more cells received than expected, lateness unknown."""
    members = CATALOGUE.members_of(PERIOD)
    rows = [
        made_row(province, sent, on_time, received, expected)
        for province, (sent, on_time, received, expected, times) in zip(members, drawn, strict=True)
        for _ in range(times)
    ]
    marts: dict[str, list[dict[str, Any]]] = {
        "completeness": rows,
        "submissions": [],
        "findings": [],
        "observations": [],
    }
    rates = find_rates(find_progress(CATALOGUE, PERIOD, marts, ON))
    for name in rates.__dataclass_fields__:
        rate = getattr(rates, name)
        assert rate is None or (0 <= rate.part <= rate.whole and (rate.percent is None or 0 <= rate.percent <= 100))
    assert rates.received.whole == 9
    render_status_page(CATALOGUE, PERIOD, marts, ON)


def test_what_collecting_began_too_late_for_is_not_judged() -> None:
    rows = [made_row(p, True, None, 5, 28) for p in CATALOGUE.members_of(PERIOD)]
    marts: dict[str, list[dict[str, Any]]] = {
        "completeness": rows,
        "submissions": [],
        "findings": [],
        "observations": [],
    }
    several = find_progress(CATALOGUE, PERIOD, marts, ON)
    assert find_rates(several).on_time is None
    assert {p.late_days for p in several} == {None}
    assert "Không xét" in render_status_page(CATALOGUE, PERIOD, marts, ON)


def test_the_values_for_a_program_are_plain(season: Office, catalogue: Catalogue) -> None:
    from flows.reminders.status_report import status_values

    told = json.loads(json.dumps(status_values(catalogue, season.settings, PERIOD, ON)))
    assert told["rates"]["received"] == {"part": 7, "whole": 9, "percent": 77.8}
    assert told["due_on"] == "2021-07-05" and told["is_collected"]
    assert [p["late_days"] for p in told["provinces"] if p["province_id"] == "nam-dinh"] == [3]
    before = status_values(catalogue, season.settings, "2021H2", ON)
    assert not before["is_collected"] and before["rates"] is None and before["provinces"] == []
