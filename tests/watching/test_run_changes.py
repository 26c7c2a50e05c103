"""What a run found changed: one cause one line, the worst first, nothing where nothing changed."""

from __future__ import annotations

from typing import Any

import pytest

from catalogue import Catalogue, load_catalogue
from flows.settings import find_settings
from flows.telling.period_state import PeriodState, load_state, save_state
from flows.telling.run_changes import MOST_UNITS, find_changes

PERIOD = "2021H1"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def state(**parts: Any) -> PeriodState:
    given: dict[str, Any] = {"units": {"ha-nam": [0, "Đạt"], "nam-dinh": [1, "Cần xem lại 1 chỗ"]}}
    return PeriodState(**{**given, **parts})


def texts(catalogue: Catalogue, before: PeriodState | None, after: PeriodState) -> list[str]:
    return [change.text for change in find_changes(catalogue, PERIOD, before, after)]


def test_equal_states_have_nothing_to_tell(catalogue: Catalogue) -> None:
    assert find_changes(catalogue, PERIOD, state(), state()) == []
    assert find_changes(catalogue, PERIOD, PeriodState(), PeriodState()) == []


def test_one_file_is_one_line_with_all_that_it_did(catalogue: Catalogue) -> None:
    before = state(
        files={"a": ["ha-nam", "ha-nam.xlsx", 1, True, "accepted", False]},
        figures={"ha-nam grdp_growth": "6,1", "ha-nam new_enterprises": "100", "nam-dinh grdp_growth": "7"},
        findings={"f1": ["ha-nam", "warning", "Ô trống", True]},
    )
    after = state(
        units={"ha-nam": [3, "Phải sửa 1 chỗ"], "nam-dinh": [1, "Cần xem lại 1 chỗ"]},
        files={
            "a": ["ha-nam", "ha-nam.xlsx", 1, False, "accepted", False],
            "b": ["ha-nam", "ha-nam-2.xlsx", 2, True, "accepted", False],
        },
        figures={"ha-nam grdp_growth": "61", "nam-dinh grdp_growth": "7"},
        findings={"f2": ["ha-nam", "critical", "GRDP ghi 61%", False]},
    )
    (change,) = find_changes(catalogue, PERIOD, before, after)
    assert (change.kind, change.province_id) == ("file", "ha-nam")
    heads = [catalogue.indicators[code].heading for code in ("grdp_growth", "new_enterprises")]
    assert change.text == (
        "Hà Nam: Đạt → Phải sửa 1 chỗ; gửi lần 2, tệp “ha-nam-2.xlsx”; "
        f"số liệu đổi: {heads[0]} 6,1 → 61; {heads[1]} 100 → (trống); phát hiện mới: GRDP ghi 61%; hết 1 phát hiện."
    )


def test_the_worst_comes_first_and_the_cluster_last(catalogue: Catalogue) -> None:
    before = state(totals={"new_enterprises": "100"})
    after = state(
        units={"ha-nam": [1, "Cần xem lại 1 chỗ"], "nam-dinh": [3, "Phải sửa 2 chỗ"]},
        findings={
            "f1": ["ha-nam", "warning", "Lạ", False],
            "f2": ["nam-dinh", "warning", "Để trống", True],
            "f3": ["nam-dinh", "critical", "Sai", False],
        },
        totals={"new_enterprises": "200"},
    )
    changes = find_changes(catalogue, PERIOD, before, after)
    assert [c.province_id for c in changes] == ["nam-dinh", "ha-nam", ""]
    assert "phát hiện mới: Sai và 1 phát hiện nữa" in changes[0].text
    assert changes[2].text.endswith("100 → 200.")
    assert [c.kind for c in changes] == ["state", "state", "figure"]


def test_a_file_that_cannot_be_used_and_one_that_is_gone_are_told(catalogue: Catalogue) -> None:
    refused = state(files={"x": ["ha-nam", "hỏng.xlsx", 1, False, "rejected", False]})
    assert texts(catalogue, state(), refused) == ["Hà Nam: tệp không dùng được: “hỏng.xlsx”."]
    had = state(figures={"ha-nam grdp_growth": "6"})
    assert texts(catalogue, had, state()) == ["Hà Nam: không còn số liệu nào được dùng."]
    shared = state(files={"t": ["ha-nam", "tổng hợp.xlsx", 1, True, "accepted", True]})
    assert texts(catalogue, state(), shared) == ["Hà Nam: số liệu lấy từ tệp tổng hợp “tổng hợp.xlsx”."]


def test_many_figures_and_many_units_stay_short(catalogue: Catalogue) -> None:
    codes = list(catalogue.indicators)[:15]
    before = state(figures={f"ha-nam {code}": "1" for code in codes})
    after = state(figures={f"ha-nam {code}": "2" for code in codes})
    (text,) = texts(catalogue, before, after)
    assert text.endswith("1 → 2 và 12 số nữa.")
    many = PeriodState(findings={str(n): [f"đơn-vị-{n}", "warning", "x", False] for n in range(MOST_UNITS + 12)})
    told = texts(catalogue, PeriodState(), many)
    assert len(told) == MOST_UNITS + 1
    assert told[-1] == "… và 12 đơn vị nữa có thay đổi."


def test_a_state_is_kept_and_what_is_broken_counts_as_none(tmp_path: Any) -> None:
    settings = find_settings(tmp_path)
    assert load_state(settings, PERIOD) is None
    kept = state(figures={"ha-nam grdp_growth": "6,1"})
    save_state(settings, PERIOD, kept)
    assert load_state(settings, PERIOD) == kept
    (settings.states / f"{PERIOD}.json").write_text('{"units": ')
    assert load_state(settings, PERIOD) is None
