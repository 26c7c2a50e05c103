"""Every rule of the catalogue is broken once and kept once, at a cell that is known beforehand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from samples import (
    CATALOGUE,
    MEMBERS,
    PERIOD,
    SAMPLES,
    SLOTS,
    Sample,
    blank_form,
    judge_alone_at_once,
    judge_period,
    read_form,
)

from expectations.judgement import judge_alone
from transforms.consolidation import UnitFigures
from transforms.measurement import observations_by_code
from transforms.observation import Finding, Problem, Reading, Submission
from transforms.peers import measure_peers
from transforms.reading import read_return, reject
from transforms.succession import Arrival, attribute, held_notices, settle

NOW = dt.datetime(2021, 7, 5, 8, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def judged() -> dict[tuple[int, bool], list[Finding]]:
    """The findings of every sample's broken and kept form, by its number."""
    keys = [(n, is_broken) for n in range(len(SAMPLES)) for is_broken in (True, False)]
    readings = []
    for n, is_broken in keys:
        sample = SAMPLES[n]
        cells = (sample.breaks, sample.breaks_elsewhere) if is_broken else (sample.keeps, sample.keeps_elsewhere)
        readings.append(read_form(*cells))
    return dict(zip(keys, judge_alone_at_once(readings), strict=True))


def _of_rule(findings: list[Finding], sample: Sample) -> list[Finding]:
    return [f for f in findings if f.rule_code == sample.rule_code and f.indicator_code == sample.indicator_code]


@pytest.mark.parametrize("number", range(len(SAMPLES)), ids=[f"{n}-{s.rule_code}" for n, s in enumerate(SAMPLES)])
def test_a_sample_breaks_its_rule_at_its_cell_and_another_keeps_it(
    number: int, judged: dict[tuple[int, bool], list[Finding]]
) -> None:
    sample = SAMPLES[number]
    found = _of_rule(judged[number, True], sample)
    assert [(f.sheet, f.cell) for f in found] == [sample.place]
    assert found[0].severity == CATALOGUE.rules[sample.rule_code].severity
    assert sample.says in found[0].message
    assert _of_rule(judged[number, False], sample) == []


@pytest.mark.parametrize("number", range(len(SAMPLES)), ids=[f"{n}-{s.rule_code}" for n, s in enumerate(SAMPLES)])
def test_one_bad_cell_gives_one_critical_finding(number: int, judged: dict[tuple[int, bool], list[Finding]]) -> None:
    sample = SAMPLES[number]
    critical = [f.rule_code for f in judged[number, True] if f.severity == "critical"]
    assert critical == ([sample.rule_code] if CATALOGUE.rules[sample.rule_code].severity == "critical" else [])
    if sample.indicator_code:
        told = [f.rule_code for f in judged[number, True] if f.indicator_code == sample.indicator_code]
        assert told == [sample.rule_code], "an unreadable figure, say, is not missing as well"


# --- whole files -----------------------------------------------------------------------------------------------


def _alone(reading: Reading) -> list[tuple[str, str, str]]:
    return [(f.rule_code, f.sheet, f.cell) for f in judge_alone(CATALOGUE, reading, "tệp.xlsx") if f.severity != "info"]


def test_a_file_that_cannot_be_used_says_why_and_where() -> None:
    cover = SLOTS["m_province"].sheet
    assert _alone(read_return(CATALOGUE, b"")) == [("file_unreadable", "", "")]
    assert _alone(reject("", "reader_failed", "ValueError")) == [("reader_failed", "", "")]
    assert _alone(read_form({"m_province": "Hà Tây"})) == [("province_unknown", cover, "C5")]
    assert _alone(read_form({"m_period": "quý III"})) == [("period_unknown", cover, "C6")]
    assert _alone(read_form({"m_province": ""}))[0] == ("province_unknown", cover, "C5")
    sound = {rule for rule, _, _ in _alone(read_form({}))}
    assert sound == {"required_present"}


def test_a_unit_that_owes_no_return_for_the_period_is_unknown() -> None:
    cover = SLOTS["m_province"].sheet
    assert _alone(read_form({"m_province": "Hải Phòng"})) == [("province_unknown", cover, "C5")]
    assert _alone(read_form({"m_province": "Ninh Bình", "m_period": "2025H2"}))[0][0] == "required_present"
    assert _alone(read_form({"m_province": "Nam Định", "m_period": "2025H2"})) == [("province_unknown", cover, "C5")]


def test_the_size_of_a_ranking_follows_the_period() -> None:
    def told(period_code: str) -> bool:
        cells = {"m_province": "Ninh Bình", "m_period": period_code, "f_pci_rank": 40}
        return "rank_in_range" in {rule for rule, _, _ in _alone(read_form(cells))}

    assert [told(period) for period in ("2021H1", "2025H2", "2026H1")] == [False, False, True]


def test_a_workbook_without_the_form_is_no_return() -> None:
    import io

    import openpyxl

    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    assert _alone(read_return(CATALOGUE, stream.getvalue())) == [("file_not_a_return", "", "")]


def test_a_return_in_another_provinces_folder_is_rejected() -> None:
    reading = read_return(CATALOGUE, blank_form())
    assert _alone(attribute(CATALOGUE, reading, "nam-dinh", PERIOD)) == [("province_mismatch", "", "")]
    assert attribute(CATALOGUE, reading, "ha-nam", PERIOD) is reading


def test_a_nameless_return_is_taken_for_its_folders() -> None:
    nameless = attribute(CATALOGUE, read_form({"m_province": ""}), "nam-dinh", PERIOD)
    assert [p.rule_code for p in nameless.problems] == ["province_from_folder"]
    assert not nameless.is_rejected


# --- folders ---------------------------------------------------------------------------------------------------


def _arrival(name: str, hour: int) -> Arrival:
    return Arrival(name, name, name, NOW.replace(hour=hour))


def _settled(known: list[Submission], *arrivals: Arrival) -> list[str]:
    readings = {a.sha256: Reading(a.sha256, "ha-nam", PERIOD) for a in arrivals}
    readings |= {s.sha256: Reading(s.sha256, "ha-nam", PERIOD) for s in known}
    after = [*known, *settle("ha-nam", PERIOD, known, arrivals, readings, NOW)]
    current = next((s for s in reversed(after) if s.is_taken), None)
    return [problem.rule_code for problem, _ in held_notices(after, current, arrivals)]


def test_files_that_compete_are_told() -> None:
    assert _settled([], _arrival("a.xlsx", 1), _arrival("b.xlsx", 2)) == ["rival_files"]
    assert _settled([], _arrival("a.xlsx", 1)) == []
    first = settle("ha-nam", PERIOD, [], [_arrival("a.xlsx", 3)], {"a.xlsx": Reading("a.xlsx", "ha-nam", PERIOD)}, NOW)
    assert _settled(first, _arrival("a.xlsx", 3), _arrival("old.xlsx", 1)) == ["older_file"]
    assert _settled(first, _arrival("a.xlsx", 3), _arrival("new.xlsx", 4)) == []


NOTICED = ("folder_unmatched", "other_period", "share_unreachable", "file_unsettled")


@pytest.mark.parametrize("rule_code", NOTICED)
def test_what_a_run_notices_in_a_folder_becomes_a_finding(rule_code: str) -> None:
    notice = ("", Problem(rule_code, observed="2020H2"), "Sơn La/tệp.xlsx")
    found = [f for f in judge_period({}, notices=[notice]) if f.rule_code == rule_code]
    assert len(found) == 1
    assert "Sơn La/tệp.xlsx" in found[0].message
    assert not [f for f in judge_period({}) if f.rule_code == rule_code]


# --- across returns --------------------------------------------------------------------------------------------


def _rules(findings: list[Finding], rule_code: str) -> list[tuple[str, str, str]]:
    return [(f.province_id, f.indicator_code, f.cell) for f in findings if f.rule_code == rule_code]


def test_a_missing_return_is_told_with_its_due_date() -> None:
    found = [f for f in judge_period({m: {} for m in MEMBERS[1:]}) if f.rule_code == "return_missing"]
    assert [f.province_id for f in found] == [MEMBERS[0]]
    assert "05/07/2021" in found[0].message
    assert not _rules(judge_period({m: {} for m in MEMBERS}), "return_missing")


def test_the_announced_sum_is_compared_with_the_provinces() -> None:
    jobs = {m: {"new_jobs": 100} for m in MEMBERS}
    at = SLOTS["f_new_jobs"].address
    assert _rules(judge_period({**jobs, "toan-cum": {"new_jobs": 901}}), "announced_equals_sum") == [
        ("", "new_jobs", at)
    ]
    assert not _rules(judge_period({**jobs, "toan-cum": {"new_jobs": 900}}), "announced_equals_sum")
    some = {m: jobs[m] for m in MEMBERS[1:]}
    assert not _rules(judge_period({**some, "toan-cum": {"new_jobs": 900}}), "announced_equals_sum"), "one is missing"
    assert _rules(judge_period({**some, "toan-cum": {"new_jobs": 700}}), "announced_equals_sum"), "less than is known"


def test_the_announced_rate_is_compared_with_the_rebuilt_one() -> None:
    counts = {m: {"ntm_communes_certified": 2, "ntm_communes_total": 3} for m in MEMBERS}
    code = "ntm_communes_certified_rate"

    def told(rate: str) -> list[tuple[str, str, str]]:
        return _rules(judge_period({**counts, "toan-cum": {code: rate}}), "announced_equals_rate")

    assert told("66.69") == [("", code, SLOTS[f"f_{code}"].address)]
    assert [told(rate) for rate in ("66.66", "66.67", "66.68")] == [[], [], []]


def test_one_rank_is_held_by_one_province() -> None:
    twice = judge_period({MEMBERS[0]: {"pci_rank": 5}, MEMBERS[1]: {"pci_rank": 5}, MEMBERS[2]: {"pci_rank": 6}})
    [found] = [f for f in twice if f.rule_code == "rank_held_once"]
    names = [p.name for p in CATALOGUE.members_of(PERIOD)][:2]
    assert all(f"{name} ô {SLOTS['f_pci_rank'].address}" in found.message for name in names)
    assert not _rules(judge_period({MEMBERS[0]: {"pci_rank": 5}, MEMBERS[1]: {"pci_rank": 6}}), "rank_held_once")


@pytest.mark.parametrize(("factor", "is_told"), [(1000, True), (Decimal("0.001"), True), (3, False), (1, False)])
def test_a_slip_of_a_thousand_stands_out_among_the_peers(factor: Decimal, is_told: bool) -> None:
    jobs = {m: {"new_jobs": 9000 + 1000 * n} for n, m in enumerate(MEMBERS)}
    jobs[MEMBERS[4]] = {"new_jobs": str(13000 * factor)}
    told = _rules(judge_period(jobs), "magnitude_of_peers")
    assert told == ([(MEMBERS[4], "new_jobs", SLOTS["f_new_jobs"].address)] if is_told else [])


def test_nearly_every_slip_of_a_thousand_in_the_real_figures_is_caught_and_none_invented() -> None:
    """Each figure of 2021H1 that may be summed, times and through 1000. The one missed: Hưng Yên's visits × 1000
    lie seven times above the largest, where the true figure lies thirteen times below the smallest."""
    paths = sorted((Path(__file__).parents[2] / "examples" / "returns").glob("*/*.xlsx"))
    readings = [read_return(CATALOGUE, path.read_bytes()) for path in paths]
    units = [
        UnitFigures(r.province_id, "", observations_by_code(r.observations), {})
        for r in readings
        if r.province_id != CATALOGUE.cluster_id
    ]

    def caught(changed: tuple[UnitFigures, ...]) -> set[tuple[str, str]]:
        measured = measure_peers(CATALOGUE, PERIOD, changed)
        return {(m.province_id, m.indicator_code) for m in measured if m.value > m.high}

    assert caught(tuple(units)) == set()
    summed = {i.indicator_code for i in CATALOGUE.indicators.values() if i.aggregation == "sum"}
    everything = measure_peers(CATALOGUE, PERIOD, tuple(units))
    measured = [(m.province_id, m.indicator_code) for m in everything if m.indicator_code in summed]
    missed = []
    for n, unit in enumerate(units):
        for code in [code for province_id, code in measured if province_id == unit.province_id]:
            before = unit.observations[code]
            for factor in (Decimal(1000), Decimal("0.001")):
                assert before.value is not None
                slipped = {**unit.observations, code: replace(before, value=before.value * factor)}
                others = (*units[:n], replace(unit, observations=slipped), *units[n + 1 :])
                if (unit.province_id, code) not in caught(others):
                    missed.append((unit.province_id, code, factor))
    assert missed == [("hung-yen", "tourist_visits", Decimal(1000))]


def test_the_past_is_a_witness() -> None:
    past = {("2020H1", MEMBERS[0], "budget_revenue"): Decimal(9000)}

    def told(rule_code: str, **figures: float) -> list[tuple[str, str, str]]:
        return _rules(judge_period({MEMBERS[0]: figures}, past), rule_code)

    assert told("magnitude_of_past", budget_revenue=9_500_000) == [
        (MEMBERS[0], "budget_revenue", SLOTS["f_budget_revenue"].address)
    ]
    assert not told("magnitude_of_past", budget_revenue=9500)
    assert told("change_fits_growth", budget_revenue=9900, budget_revenue_growth=12) == [
        (MEMBERS[0], "budget_revenue_growth", SLOTS["f_budget_revenue_growth"].address)
    ]
    assert not told("change_fits_growth", budget_revenue=9900, budget_revenue_growth=10.9)
    assert not told("change_fits_growth", budget_revenue=9900), "no growth, nothing to compare"


def test_what_stood_there_the_period_before_is_asked_about() -> None:
    past = {
        ("2020H1", MEMBERS[0], "new_jobs"): Decimal(14203),
        ("2020H2", MEMBERS[0], "social_investment"): Decimal("17103.5"),
        ("2020H1", MEMBERS[0], "budget_revenue"): Decimal(9100),
        ("2020H1", MEMBERS[0], "new_enterprises"): Decimal(1681),
        ("2020H1", MEMBERS[0], "ntm_communes_total"): Decimal(145),
    }

    def told(**figures: float) -> list[tuple[str, str, str]]:
        return _rules(judge_period({MEMBERS[0]: figures}, past), "past_repeated")

    assert told(new_jobs=14203) == [(MEMBERS[0], "new_jobs", SLOTS["f_new_jobs"].address)]
    assert told(social_investment=17103.5) == [(MEMBERS[0], "social_investment", SLOTS["f_social_investment"].address)]
    assert not told(new_jobs=14204)
    assert not told(budget_revenue=9100), "few digits may well be the same again"
    assert not told(ntm_communes_total=145), "a stock may stay as it was"
    assert told(new_enterprises=1681)
    assert not told(new_enterprises=1681, new_enterprises_growth=0), "the province says itself that nothing changed"


def test_a_share_of_the_base_among_rises_is_asked_about() -> None:
    rises = {m: {"grdp_growth": 5 + n} for n, m in enumerate(MEMBERS)}

    def told(value: float) -> list[tuple[str, str, str]]:
        return _rules(judge_period({**rises, MEMBERS[4]: {"grdp_growth": value}}), "index_among_peers")

    assert told(107) == [(MEMBERS[4], "grdp_growth", SLOTS["f_grdp_growth"].address)]
    assert [told(value) for value in (-14, 9, 33, 250)] == [[], [], [], []]


def test_a_percentage_that_stands_alone_among_close_peers_is_asked_about() -> None:
    shares = {m: {"insurance_coverage_rate": 89 + n} for n, m in enumerate(MEMBERS)}

    def told(value: float) -> list[tuple[str, str, str]]:
        return _rules(judge_period({**shares, MEMBERS[4]: {"insurance_coverage_rate": value}}), "magnitude_of_peers")

    assert [len(told(value)) for value in (9.3, 0.93, 93, 70)] == [1, 1, 0, 0]


def test_nothing_where_every_other_province_has_much_is_asked_about() -> None:
    jobs = {m: {"new_jobs": 9000 + 1000 * n} for n, m in enumerate(MEMBERS)}

    def told(value: int, other: int = 9000) -> list[tuple[str, str, str]]:
        figures = {**jobs, MEMBERS[3]: {"new_jobs": other}, MEMBERS[4]: {"new_jobs": value}}
        return _rules(judge_period(figures), "zero_among_peers")

    assert told(0) == [(MEMBERS[4], "new_jobs", SLOTS["f_new_jobs"].address)]
    assert [told(1), told(0, other=15)] == [[], []], "a zero alone is asked about, and only where all others have much"


# --- completeness ----------------------------------------------------------------------------------------------

WHOLE_FILES = {"file_unreadable", "reader_failed", "file_not_a_return", "province_unknown", "period_unknown"}
FOLDERS = {"province_mismatch", "province_from_folder", "rival_files", "older_file", *NOTICED}
ACROSS = {
    "return_missing",
    "announced_equals_sum",
    "announced_equals_rate",
    "rank_held_once",
    "magnitude_of_peers",
    "zero_among_peers",
    "magnitude_of_past",
    "change_fits_growth",
    "past_repeated",
    "index_among_peers",
}


def test_no_rule_goes_without_a_sample() -> None:
    """What this file does not break itself, another test names."""
    here = {s.rule_code for s in SAMPLES} | WHOLE_FILES | FOLDERS | ACROSS
    elsewhere = [p.read_text(encoding="utf-8") for p in Path(__file__).parents[1].rglob("test_*.py")]
    assert here <= set(CATALOGUE.rules)
    assert [code for code in CATALOGUE.rules if code not in here and not any(f'"{code}"' in t for t in elsewhere)] == []
