"""A repeated figure against the one reported then, as exactly as it is written."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from catalogue import load_catalogue
from expectations.judgement import Received, judge
from transforms.comparison import comparable_past
from transforms.consolidation import UnitFigures
from transforms.history import measure_history
from transforms.observation import Observation, Reading, Revision
from transforms.previous_figures import half_step
from transforms.revisions import find_revisions

CATALOGUE = load_catalogue()


def repeats(code: str, previous: str, text: str, cell: str = "D6") -> Observation:
    now = Decimal(previous)
    return Observation(code, "number", Decimal(1), False, "1", "Sheet1", "E6", "", now, text, cell)


@pytest.mark.parametrize(
    ("code", "previous", "text", "then", "is_revised"),
    [
        ("poverty_rate", "5.3", "5,3", "5.26", False),
        ("poverty_rate", "5.3", "5.3", "5.25", False),
        ("poverty_rate", "5.3", "5,3%", "5.36", True),
        ("poverty_rate", "5.3", "5,30", "5.26", True),
        ("poverty_rate", "5", "5", "5.26", False),
        ("poverty_rate", "0", "0", "0.4", False),
        ("poverty_rate", "0", "0,0", "0.4", True),
        ("new_jobs", "9000", "9.000", "9000", False),
        ("new_jobs", "9000", "9000", "9001", True),
        ("social_investment", "17100", "17,1 nghìn tỷ", "17149", False),
        ("social_investment", "17100", "17,1 nghìn tỷ", "17151", True),
        ("social_investment", "8000", "8000000", "8000.0004", False),
        ("social_investment", "8000", "8000000", "8000.001", True),
        ("ntm_communes_certified", "80", "80/83", "80", False),
        ("ntm_communes_total", "83", "80/83", "83.4", False),
        ("ntm_communes_total", "83", "80/83", "84", True),
        ("budget_revenue_growth", "-8", "bằng 92%", "-8.4", False),
        ("budget_revenue_growth", "-8", "bằng 92%", "-8.6", True),
        ("budget_revenue_growth", "-7.5", "giảm 7,5%", "-7.54", False),
        ("par_index_rank", "2", "đứng thứ hai", "2", False),
        ("par_index_rank", "2", "đứng thứ hai", "3", True),
    ],
)
def test_a_figure_is_revised_where_rounding_does_not_explain_it(
    code: str, previous: str, text: str, then: str, is_revised: bool
) -> None:
    unit = UnitFigures("ha-nam", "s1", {code: repeats(code, previous, text)}, {})
    found = find_revisions(CATALOGUE, "2021H1", [unit], {("2020H1", "ha-nam", code): Decimal(then)})
    told = Revision(
        "ha-nam", code, "2020H1", Decimal(then), Decimal(previous), "s1", "Sheet1", "D6", text
    )  # fmt: skip
    assert found == ((told,) if is_revised else ())


def test_half_a_step_is_in_the_unit_of_the_indicator() -> None:
    steps = {text: half_step(CATALOGUE.indicators["social_investment"], Decimal(17100), text) for text in TEXTS}
    assert steps == {text: Decimal(step) for text, step in TEXTS.items()}


TEXTS = {"17100": "0.5", "17.100,0": "0.05", "17,1 nghìn tỷ": "50", "17100000": "0.0005"}


def test_only_numbers_of_the_same_half_and_the_same_unit_are_compared() -> None:
    unit = UnitFigures("ha-nam", "s1", {"new_jobs": repeats("new_jobs", "9000", "9000")}, {})
    other = (("2020H2", "ha-nam", "new_jobs"), ("2020H1", "nam-dinh", "new_jobs"), ("2020H1", "ha-nam", "grdp_growth"))
    assert find_revisions(CATALOGUE, "2021H1", [unit], dict.fromkeys(other, Decimal(1))) == ()
    silent = Observation("new_jobs", "number", Decimal(1), previous_text="không phát sinh", previous_cell="D6")
    unit = UnitFigures("ha-nam", "s1", {"new_jobs": silent}, {})
    assert find_revisions(CATALOGUE, "2021H1", [unit], {("2020H1", "ha-nam", "new_jobs"): Decimal(5)}) == ()


def test_nothing_is_compared_over_a_merger_of_provinces() -> None:
    unit = UnitFigures("ninh-binh", "s1", {"new_jobs": repeats("new_jobs", "9000", "9000")}, {})
    for period, earlier, count in (("2025H1", "2024H1", 1), ("2025H2", "2024H2", 0), ("2026H2", "2025H2", 1)):
        past = {(earlier, "ninh-binh", "new_jobs"): Decimal(3000)}
        assert len(find_revisions(CATALOGUE, period, [unit], past)) == count


def test_growth_and_size_are_not_held_against_another_extent() -> None:
    figures = {"new_enterprises": Decimal(900), "new_enterprises_growth": Decimal(5)}
    unit = UnitFigures("ninh-binh", "s1", {c: Observation(c, "number", v) for c, v in figures.items()}, {})
    for period, earlier, broken in (
        ("2025H1", "2024H1", ["change_fits_growth", "magnitude_of_past"]),
        ("2025H2", "2024H2", []),
        ("2026H1", "2025H1", []),
        ("2026H2", "2025H2", ["change_fits_growth", "magnitude_of_past"]),
    ):
        past = {(earlier, "ninh-binh", "new_enterprises"): Decimal(9)}
        assert sorted(m.rule_code for m in measure_history(CATALOGUE, period, (unit,), past) if m.is_broken) == broken
    same = {("2025H1", "quang-ninh", "new_enterprises"): Decimal(9), ("2025H1", "ninh-binh", "new_jobs"): Decimal(1)}
    assert list(comparable_past(CATALOGUE, "2025H2", same)) == [("2025H1", "quang-ninh", "new_enterprises")]


def judged(*observations: Observation, **then: int) -> list[tuple[str, str, str, tuple[str, ...]]]:
    reading = Reading("h", "ha-nam", "2021H1", observations=observations)
    past = {("2020H1", "ha-nam", code): Decimal(value) for code, value in then.items()}
    judgement = judge(CATALOGUE, "2021H1", [Received("s1", "ha-nam", "tệp.xlsx", reading, True)], past=past)
    assert len(judgement.revisions) == len(observations)
    return [(f.severity, f.cell, f.message, f.disputed) for f in judgement.findings if f.rule_code == "figure_revised"]


def test_the_office_is_told_both_figures_and_nothing_is_disputed() -> None:
    assert judged(repeats("new_jobs", "9000", "9.000"), new_jobs=8700) == [
        (
            "info",
            "D6",
            "Số lao động được tạo việc làm mới (ô D6) ghi số cùng kỳ năm trước là 9.000, khi đó tỉnh đã báo cáo 8.700.",
            (),
        )
    ]
    [(_, _, message, _)] = judged(repeats("budget_revenue", "8000", "8000000"), budget_revenue=8100)
    assert message.endswith("là 8.000.000 (tức 8.000 tỷ đồng), khi đó tỉnh đã báo cáo 8.100 tỷ đồng.")


def test_many_on_one_sheet_are_told_once() -> None:
    codes = ("new_jobs", "budget_revenue", "tourist_visits", "new_enterprises")
    told = judged(
        *(repeats(code, "9000", "9000", f"D{n}") for n, code in enumerate(codes, 6)), **dict.fromkeys(codes, 8000)
    )
    assert [(severity, message.partition("; ")[0]) for severity, _, message, _ in told] == [
        ("info", "Trang “Sheet1” có 4 ô ghi số cùng kỳ năm trước khác số tỉnh đã báo cáo khi đó: D6, D7, D8, D9")
    ]


def test_the_repeated_figure_bears_out_a_growth_that_the_stored_one_does_not() -> None:
    def told(previous: int) -> tuple[str, str]:
        base = Observation("budget_revenue", "number", Decimal(5400), False, "5400", "S", "E5")
        base = replace(base, previous=Decimal(previous), previous_text=str(previous), previous_cell="D5")
        growth = Observation("budget_revenue_growth", "number", Decimal(8), False, "8", "S", "F5")
        reading = Reading("h", "ha-nam", "2021H1", observations=(base, growth))
        past = {("2020H1", "ha-nam", "budget_revenue"): Decimal(4800)}
        found = judge(CATALOGUE, "2021H1", [Received("s1", "ha-nam", "tệp.xlsx", reading, True)], past=past).findings
        [finding] = [f for f in found if f.rule_code == "change_fits_growth"]
        return finding.slip, finding.advice

    assert told(5000)[0] == "" and "khớp với số cùng kỳ ghi ở ô D5" in told(5000)[1]
    assert "khớp với số cùng kỳ" not in told(4800)[1]
