"""The likely culprit: a slip of a consistent return is put right or left open, and nothing is sure that is not so."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue import load_catalogue
from transforms.consolidation import UnitFigures
from transforms.culprit import Culprit, find_culprit
from transforms.measurement import Measurement
from transforms.observation import Observation, Problem
from transforms.placement import place
from transforms.relations import Ground, with_values
from transforms.shifted_run import find_runs
from transforms.slips import slip

CATALOGUE = load_catalogue()
PERIOD = "2021H1"
UNIT = "ha-nam"
CELLS = {s.indicator_code: (s.sheet, s.address) for s in place(CATALOGUE, PERIOD) if s.field == "value"}
PRIZES = [f"national_student_prizes_{n}" for n in ("total", "first", "second", "third", "consolation")]
COMMUNES = ["ntm_communes_certified", "ntm_communes_total", "ntm_communes_certified_rate"]
TRUE = {
    "ntm_communes_certified": "139",
    "ntm_communes_total": "152",
    "ntm_communes_certified_rate": "91.45",
    "ntm_communes_advanced": "38",
    "ntm_communes_model": "12",
    "national_student_prizes_total": "93",
    "national_student_prizes_first": "4",
    "national_student_prizes_second": "17",
    "national_student_prizes_third": "26",
    "national_student_prizes_consolation": "46",
    "new_jobs": "14203",
    "new_enterprises": "680",
    "new_enterprises_growth": "26.39",
}
PAST = {
    ("2020H1", UNIT, "new_jobs"): Decimal(13111),
    ("2020H1", UNIT, "new_enterprises"): Decimal(538),
    ("2020H1", UNIT, "ntm_communes_certified"): Decimal(137),
    ("2020H1", UNIT, "ntm_communes_total"): Decimal(152),
}
GROUND = Ground(CATALOGUE, PERIOD, past=PAST)


def unit(figures: Mapping[str, object]) -> UnitFigures:
    """A return with these figures, and nothing else in it."""
    observations = {
        code: Observation(code, "number", Decimal(str(figures[code])), False, str(figures[code]), *CELLS[code])
        if code in figures
        else Observation(code, "not_yet_available", None, False, "…", *CELLS[code])
        for code in CELLS
    }
    return UnitFigures(UNIT, "1", observations, {})


def find(changed: Mapping[str, object], ground: Ground = GROUND) -> list[tuple[Measurement, Culprit | None]]:
    """Every broken rule of the true return with these figures changed, and its culprit."""
    own = unit({**TRUE, **changed})
    broken = ground.broken(own, CELLS)
    return [(m, find_culprit(ground, own, m, broken)) for m in broken]


def test_the_true_return_breaks_nothing() -> None:
    assert find({}) == []


@pytest.mark.parametrize(
    ("changed", "slip_code", "mended"),
    [
        ({"national_student_prizes_consolation": 64}, "transposed", {"national_student_prizes_consolation": 46}),
        ({"ntm_communes_certified": 193}, "transposed", {"ntm_communes_certified": 139}),
        ({"ntm_communes_certified_rate": "9.145"}, "over_10", {"ntm_communes_certified_rate": "91.45"}),
        ({"ntm_communes_certified_rate": "0.9145"}, "fraction_for_percent", {"ntm_communes_certified_rate": "91.45"}),
        ({"ntm_communes_total": 125}, "transposed", {"ntm_communes_total": 152}),
        ({"new_jobs": "14.203"}, "dot_for_comma", {"new_jobs": 14203}),
        ({"new_jobs": -14203}, "sign", {"new_jobs": 14203}),
        ({"new_jobs": 142030}, "times_10", {"new_jobs": 14203}),
        ({"new_enterprises": 6800}, "times_10", {"new_enterprises": 680}),
        ({"new_enterprises_growth": "126.39"}, "index_for_growth", {"new_enterprises_growth": "26.39"}),
        (
            {"ntm_communes_certified": 152, "ntm_communes_total": 139},
            "fraction_turned",
            {"ntm_communes_certified": 139, "ntm_communes_total": 152},
        ),
        (
            {"new_enterprises": "26.39", "new_enterprises_growth": 680},
            "neighbours_swapped",
            {"new_enterprises": 680, "new_enterprises_growth": "26.39"},
        ),
    ],
)
def test_a_slip_is_recognised_and_mended(changed: dict[str, object], slip_code: str, mended: dict[str, object]) -> None:
    culprits = [culprit for _, culprit in find(changed)]
    assert culprits
    for culprit in culprits:
        assert culprit is not None
        assert culprit.slip_code == slip_code
        assert dict(culprit.changes) == {code: Decimal(str(value)) for code, value in mended.items()}


def test_last_periods_figure_is_named_without_a_value() -> None:
    [(_, culprit)] = find({"new_enterprises": 538})
    assert culprit == Culprit("past_pasted", (("new_enterprises", None),))


def test_where_several_slips_explain_it_none_is_named() -> None:
    [(_, culprit)] = find({"national_student_prizes_first": 5})
    assert culprit is None or not culprit.slip_code


def test_what_no_slip_explains_has_no_culprit() -> None:
    [(_, culprit)] = find({"national_student_prizes_total": 9337})
    assert culprit is None or not culprit.slip_code


def test_of_a_total_with_a_blank_part_nothing_is_guessed() -> None:
    own = with_values(unit({**TRUE, "national_student_prizes_total": 740}), {"national_student_prizes_first": None})
    broken = [m for m in GROUND.broken(own, PRIZES) if m.rule_code == "parts_sum_to_total"]
    assert [find_culprit(GROUND, own, m, broken) for m in broken] == [None]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 60), min_size=4, max_size=4),
    st.integers(20, 300),
    st.floats(0.5, 1),
    st.sampled_from([*PRIZES, *COMMUNES]),
    st.sampled_from(["transposed", "digit_doubled", "digit_dropped", "digit_wrong", "times_10", "over_10", "sign"]),
    st.data(),
)
def test_a_slip_in_a_consistent_return_is_mended_or_left_open(
    parts: list[int], total: int, share: float, code: str, slip_code: str, data: st.DataObject
) -> None:
    """A true explanation is always among those weighed, so what is sure is true; what is likely is consistent."""
    certified = max(38, round(total * share))
    total = max(total, certified)
    figures: dict[str, object] = {**TRUE, **dict(zip(PRIZES[1:], parts, strict=True)), PRIZES[0]: sum(parts)}
    rate = (Decimal(100 * certified) / total).quantize(Decimal("0.01"))
    figures |= dict(zip(COMMUNES, (certified, total, rate), strict=True))
    true = Decimal(str(figures[code]))
    ways = slip(slip_code, true, CATALOGUE.indicators[code])
    if not ways:
        return
    written = data.draw(st.sampled_from(ways))
    ground = Ground(CATALOGUE, PERIOD)
    own = unit({**figures, code: written})
    broken = ground.broken(own, [*PRIZES, *COMMUNES, "ntm_communes_advanced"])
    for measurement in broken:
        culprit = find_culprit(ground, own, measurement, broken)
        if culprit is None or not culprit.slip_code:
            continue
        assert ground.holds(with_values(own, dict(culprit.changes)), culprit.codes)
        if culprit.is_sure:
            assert dict(culprit.changes) == {code: true}


def test_a_run_one_row_too_low_is_found_with_the_figure_that_fell_out() -> None:
    rows = [s.indicator_code for s in place(CATALOGUE, PERIOD) if s.field == "value" and s.sheet.startswith("D")]
    true = dict(zip(rows, (7.5, 2.8, 9.1, 18126, 11, 9100, 37.9, 17600, -8), strict=True))
    first = 3
    moved: dict[str, object] = {code: true[code] for code in rows[:first]}
    moved |= {below: true[above] for above, below in zip(rows[first:], rows[first + 1 :], strict=False)}
    own = with_values(unit(moved | {rows[first]: 0}), {rows[first]: None})
    sheet, last = CELLS[rows[-1]]
    fallen = f"{last[0]}{int(last[1:]) + 1}"
    problems = [Problem("cell_unclaimed", "", sheet, fallen, "−8")]
    broken = GROUND.broken(own, rows)
    [run] = find_runs(GROUND, own, broken, problems)
    assert run.culprit.slip_code == "run_moved_down"
    assert dict(run.culprit.changes) == {code: Decimal(str(true[code])) for code in rows[first:]}
    assert (run.sheet, run.overflow) == (sheet, fallen)
    assert find_runs(GROUND, unit({}), [], problems) == []


def test_how_many_are_ranked_is_not_proposed_otherwise_than_known() -> None:
    found = find({"par_index_rank": 48, "par_index_rank_out_of": 1, "par_index_rank_change": 63})
    assert found
    for _, culprit in found:
        assert culprit is None or dict(culprit.changes).get("par_index_rank_out_of") in (None, Decimal(63))
