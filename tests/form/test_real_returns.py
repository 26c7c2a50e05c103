"""The committed returns of 2021H1: what the script makes, each figure of the report in exactly one of them."""

from __future__ import annotations

import importlib.util
import sys
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from catalogue.load import load_catalogue
from transforms.placement import place
from transforms.reading import read_return
from transforms.workbook import read_workbook

EXAMPLES = Path(__file__).parents[2] / "examples"
CATALOGUE = load_catalogue()
PERIOD = "2021H1"
SLOTS = {slot.name: slot for slot in place(CATALOGUE, PERIOD)}


def _load_script() -> Any:
    spec = importlib.util.spec_from_file_location("make_returns", EXAMPLES / "make_returns.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_returns"] = module
    spec.loader.exec_module(module)
    return module


SCRIPT = _load_script()
RETURNS = sorted((EXAMPLES / "returns").rglob("*.xlsx"))


def _content(path: Path) -> tuple[Any, ...]:
    """Every cell and name of a workbook; the instructions aside, which follow the rules and words of the day."""
    workbook = read_workbook(path.read_bytes())
    cells = {sheet: held for sheet, held in workbook.cells.items() if sheet != CATALOGUE.form.instructions_sheet}
    return workbook.sheets, cells, workbook.names


@lru_cache(maxsize=16)
def _cells(name: str) -> dict[str, Any]:
    path = next(p for p in RETURNS if p.parent.name == name)
    workbook = read_workbook(path.read_bytes())
    return {n: workbook.cells[s.sheet].get((s.row, s.column)) for n, s in SLOTS.items()}


def test_the_committed_workbooks_are_what_the_script_makes(tmp_path: Path) -> None:
    made = {path.relative_to(tmp_path): path for path in SCRIPT.make_returns(tmp_path)}
    committed = {path.relative_to(EXAMPLES / "returns"): path for path in RETURNS}
    assert set(made) == set(committed)
    assert len(made) == 10
    for name, path in made.items():
        assert _content(path) == _content(committed[name]), f"{name}: run python -m examples.make_returns"


def test_the_script_makes_the_same_bytes_again(tmp_path: Path) -> None:
    first, second = (SCRIPT.make_returns(tmp_path / name) for name in ("a", "b"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_every_figure_stands_in_exactly_one_workbook() -> None:
    expected = {
        (SCRIPT.province_of(CATALOGUE, row), row["indicator"]): (Decimal(row["value"]), row["estimated"] == "1")
        for row in SCRIPT.read_figures()
    }
    assert len(expected) == len(SCRIPT.read_figures())
    found: dict[tuple[str, str], tuple[Decimal | None, bool]] = {}
    for path in RETURNS:
        reading = read_return(CATALOGUE, path.read_bytes())
        assert not reading.problems, path.name
        for seen in reading.observations:
            if seen.state != "blank":
                assert (reading.province_id, seen.indicator_code) not in found
                found[reading.province_id, seen.indicator_code] = (seen.value, seen.is_estimated)
    assert found == expected


def test_the_cluster_announces_31_figures() -> None:
    path = EXAMPLES / "returns" / "Toàn Cụm" / "toan-cum_2021H1.xlsx"
    reading = read_return(CATALOGUE, path.read_bytes())
    assert reading.province_id == CATALOGUE.cluster_id
    assert sum(o.state == "number" for o in reading.observations) == 31


def test_the_returns_know_nothing_of_a_date() -> None:
    for path in RETURNS:
        assert read_return(CATALOGUE, path.read_bytes()).reported_on is None


@pytest.mark.parametrize(
    ("province", "name", "raw"),
    [
        ("Ninh Bình", "f_social_investment", "11,83 nghìn tỷ"),
        ("Ninh Bình", "f_tourist_visits", "867,5 nghìn lượt khách"),
        ("Ninh Bình", "n_new_enterprises", "gồm cả đơn vị trực thuộc"),
        ("Quảng Ninh", "f_tourist_visits", "2,37 triệu lượt"),
        ("Quảng Ninh", "f_tourist_visits_growth", "giảm 43,8% cùng kỳ"),
        ("Quảng Ninh", "f_new_enterprises", "1030"),
        ("Quảng Ninh", "f_sipas_rank", "đứng thứ hai"),
        ("Quảng Ninh", "f_par_index_rank", "đứng đầu cả nước"),
        ("Vĩnh Phúc", "f_budget_revenue_growth", "bằng 133% cùng kỳ"),
        ("Thái Bình", "b_budget_revenue_growth", "bằng %"),
        ("Bắc Ninh", "f_ntm_districts_certified", "08/08"),
        ("Bắc Ninh", "f_par_index_rank", "17/63"),
        ("Hải Dương", "f_social_investment", "19.044,4 tỷ đồng"),
        ("Toàn Cụm", "f_ntm_communes_certified", "1.288/1.310"),
        ("Toàn Cụm", "f_traffic_accident_criteria_reduced", "cả 3 tiêu chí"),
    ],
)
def test_what_is_printed_unusually_stands_as_printed(province: str, name: str, raw: str) -> None:
    cell = _cells(province)[name]
    assert (cell.kind, cell.raw) == ("text", raw)


def test_a_basis_may_be_told_by_words_or_by_choice() -> None:
    assert _cells("Vĩnh Phúc")["b_budget_revenue_growth"] is None
    assert _cells("Thái Bình")["f_budget_revenue_growth"].number == Decimal("105.8")
    assert _cells("Hải Dương")["b_new_enterprises_growth"].raw == "bằng %"
    assert _cells("Quảng Ninh")["b_social_investment_growth"].raw == "tăng/giảm %"


def test_gaps_stay_gaps() -> None:
    assert _cells("Hưng Yên")["f_poverty_rate"] is None
    assert _cells("Nam Định")["f_agri_output_growth"] is None
    assert _cells("Thái Bình")["f_insurance_coverage_rate"] is None
    assert _cells("Bắc Ninh")["f_par_index_rank_out_of"] is None  # the fraction says it
    states = [_cells(p.parent.name)[n] for p in RETURNS for n in SLOTS if n.startswith("s_")]
    assert not any(states)
