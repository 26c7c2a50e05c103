"""A change since the year before is told only where the two may be compared, and in the terms of the indicator."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from catalogue import Catalogue
from publications.tables.figures import Figures, index_marts
from publications.tables.year_before import (
    IN_DISPUTE,
    NO_EARLIER,
    OTHER_BOUNDARIES,
    OTHER_FIELD,
    OTHER_MEMBERS,
    OTHER_SOURCE,
    Change,
    find_change,
)


def figure(unit: str, code: str, value: str | None, status: str = "reported") -> dict[str, Any]:
    number = None if value is None else Decimal(value)
    return {"province_id": unit, "indicator_code": code, "value": number, "status": status}


def total(code: str, value: str, source: str = "sum", reporting: int = 9, disputed: int = 0) -> dict[str, Any]:
    counts = {"provinces_reporting": reporting, "provinces_expected": 9, "disputed_count": disputed}
    return {"indicator_code": code, "value": Decimal(value), "value_source": source, **counts}


def figures(
    catalogue: Catalogue,
    now: dict[str, Any],
    before: dict[str, Any],
    name: str = "observations",
    period: str = "2021H1",
) -> Figures:
    names = ("observations", "cluster_totals", "findings", "submissions", "completeness")
    marts: dict[str, list[dict[str, Any]]] = {key: [] for key in names}
    marts[name] = [now | {"period_code": period}]
    marts["earlier" if name == "observations" else "earlier_totals"] = [before]
    return index_marts(catalogue, period, marts)


def change(
    catalogue: Catalogue, code: str, now: str | None, before: str | None, unit: str = "ha-nam", period: str = "2021H1"
) -> Change:
    found = figures(catalogue, figure(unit, code, now), figure(unit, code, before), period=period)
    return find_change(found, unit, catalogue.indicators[code])


@pytest.mark.parametrize(
    ("code", "now", "before", "direction", "words"),
    [
        ("new_enterprises", "309", "300", "up", "tăng 3,0%"),
        ("new_enterprises", "270", "300", "down", "giảm 10,0%"),
        ("new_enterprises", "300", "300", "same", "bằng cùng kỳ"),
        ("new_enterprises", "30001", "30000", "up", "tăng 0,003%"),
        ("new_enterprises", "5", "0", "up", "tăng 5 doanh nghiệp"),
        ("poverty_rate", "1.77", "2.00", "down", "giảm 0,23 điểm phần trăm"),
        ("grdp_growth", "-1", "2.5", "down", "thấp hơn 3,50 điểm phần trăm"),
        ("grdp_growth", "7.5", "-0.5", "up", "cao hơn 8,00 điểm phần trăm"),
        ("par_index_rank", "8", "11", "down", "lên 3 bậc"),
        ("par_index_rank", "11", "8", "up", "xuống 3 bậc"),
    ],
)
def test_changes_in_the_terms_of_the_indicator(
    catalogue: Catalogue, code: str, now: str, before: str, direction: str, words: str
) -> None:
    assert change(catalogue, code, now, before) == Change(Decimal(before), direction, words)  # type: ignore[arg-type]


def test_what_cannot_be_compared_is_refused_with_the_reason(catalogue: Catalogue) -> None:
    assert change(catalogue, "new_enterprises", None, "3") == Change(None, "", "")
    assert change(catalogue, "new_enterprises", "3", None).words == NO_EARLIER
    assert change(catalogue, "par_index_rank_change", "3", "2") == Change(None, "", "")
    assert change(catalogue, "new_enterprises", "3", "2", "hung-yen", "2025H2").words == OTHER_BOUNDARIES
    assert change(catalogue, "new_enterprises", "3", "2", "quang-ninh", "2025H2").words == "tăng 50,0%"
    field = next(f for f in catalogue.rank_fields if f.rank_field == "province" and f.valid_from > "2016H1")
    assert change(catalogue, "par_index_rank", "3", "2", "quang-ninh", field.valid_from).words == OTHER_FIELD
    indicator = catalogue.indicators["new_enterprises"]
    for states in (("disputed", "reported"), ("reported", "disputed")):
        pair = [figure("ha-nam", "new_enterprises", "3", status) for status in states]
        assert find_change(figures(catalogue, *pair), "ha-nam", indicator).words == IN_DISPUTE


def test_what_has_not_arisen_is_nothing_of_a_sum_and_no_rate(catalogue: Catalogue) -> None:
    for code, words in (("new_enterprises", "giảm 100,0%"), ("voter_turnout", "")):
        pair = figure("ha-nam", code, None, "none_arising"), figure("ha-nam", code, "99")
        assert find_change(figures(catalogue, *pair), "ha-nam", catalogue.indicators[code]).words == words


@pytest.mark.parametrize(
    ("now", "before", "period", "words"),
    [
        (total("new_jobs", "110"), total("new_jobs", "100"), "2021H1", "tăng 10,0%"),
        (
            total("new_jobs", "110", reporting=8),
            total("new_jobs", "100"),
            "2021H1",
            "chưa đủ tỉnh để so: kỳ này 8/9, cùng kỳ 9/9",
        ),
        (total("new_jobs", "110", disputed=1), total("new_jobs", "100"), "2021H1", IN_DISPUTE),
        (total("new_jobs", "110"), total("new_jobs", "100", "announced"), "2021H1", OTHER_SOURCE),
        (total("new_jobs", "110", "announced", 0), total("new_jobs", "100", "announced", 0), "2021H1", "tăng 10,0%"),
        (total("new_jobs", "110"), total("new_jobs", "100"), "2025H2", OTHER_MEMBERS),
    ],
)
def test_the_cluster_is_compared_only_where_it_is_whole_and_the_same(
    catalogue: Catalogue, now: dict[str, Any], before: dict[str, Any], period: str, words: str
) -> None:
    found = figures(catalogue, now, before, "cluster_totals", period)
    assert find_change(found, catalogue.cluster_id, catalogue.indicators["new_jobs"]).words == words
