"""One sample that breaks each rule and one that keeps it, told as the cells of a form or as a folder's story."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

import openpyxl

from catalogue import load_catalogue
from expectations.judgement import Received, judge
from transforms.observation import Finding, Observation, Problem, Reading
from transforms.placement import place
from transforms.reading import read_return
from transforms.template.blank import FormValue, render_template

CATALOGUE = load_catalogue()
PERIOD = "2021H1"
SLOTS = {slot.name: slot for slot in place(CATALOGUE, PERIOD)}
NEW_RURAL, ECONOMY, SOCIETY = "A. Nông thôn mới", "D. Kinh tế", "E. Văn hóa – xã hội"
Cells = Mapping[str, FormValue]


@lru_cache(maxsize=1)
def blank_form() -> bytes:
    return render_template(CATALOGUE, PERIOD, "ha-nam")


def read_form(values: Cells, written: Mapping[tuple[str, str], Any] | None = None) -> Reading:
    """The reading of Hà Nam's form with cells filled by name, and others written by sheet and address."""
    if not written:
        return read_return(CATALOGUE, render_template(CATALOGUE, PERIOD, "ha-nam", values))
    book = openpyxl.load_workbook(io.BytesIO(render_template(CATALOGUE, PERIOD, "ha-nam", values)))
    for (sheet, address), value in written.items():
        book[sheet][address] = value
    stream = io.BytesIO()
    book.save(stream)
    return read_return(CATALOGUE, stream.getvalue())


@dataclass(frozen=True)
class Sample:
    """Cells that break a rule at one place, and nearly the same cells that keep it."""

    rule_code: str
    indicator_code: str
    at: str | tuple[str, str]
    breaks: Cells
    keeps: Cells
    breaks_elsewhere: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    keeps_elsewhere: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    says: str = ""

    @property
    def place(self) -> tuple[str, str]:
        if isinstance(self.at, tuple):
            return self.at
        return SLOTS[self.at].sheet, SLOTS[self.at].address


COMMUNES = {"f_ntm_communes_certified": 50, "f_ntm_communes_total": 100}
PRIZES = {f"f_national_student_prizes_{part}": n for part, n in (("first", 1), ("second", 2), ("third", 3))}
ALL_PRIZES = {**PRIZES, "f_national_student_prizes_consolation": 4}


def _rate(value: str) -> Cells:
    return {**COMMUNES, "f_ntm_communes_certified_rate": Decimal(value)}


SAMPLES = (
    Sample("figure_unreadable", "new_jobs", "f_new_jobs", {"f_new_jobs": "nhiều"}, {"f_new_jobs": "8.700"}),
    Sample("figure_unreadable", "new_jobs", "f_new_jobs", {"f_new_jobs": "12 và 13"}, {"f_new_jobs": "12"}),
    Sample(
        "figure_unreadable",
        "ntm_districts_certified",
        "f_ntm_districts_certified",
        {},
        {"f_ntm_districts_certified": "08/08"},
        breaks_elsewhere={(NEW_RURAL, "D12"): dt.date(2021, 8, 8)},
        says="ghi “08/8/2021”, không đọc được thành số: Excel đã đổi nội dung thành ngày tháng",
    ),
    Sample(
        "unit_mismatch",
        "social_investment",
        "f_social_investment",
        {"f_social_investment": "120 ha"},
        {"f_social_investment": "120 tỷ đồng"},
        says="tỷ đồng",
    ),
    Sample(
        "unit_mismatch",
        "social_investment",
        (ECONOMY, "C10"),
        {"f_social_investment": 120},
        {"f_social_investment": 120000},
        breaks_elsewhere={(ECONOMY, "C10"): "ha"},
        keeps_elsewhere={(ECONOMY, "C10"): "triệu đồng"},
    ),
    Sample(
        "value_conflict",
        "ntm_communes_total",
        "f_ntm_communes_total",
        {"f_ntm_communes_certified": "50/100", "f_ntm_communes_total": 101},
        {"f_ntm_communes_certified": "50/100", "f_ntm_communes_total": 100},
        says="101 và 100",
    ),
    Sample(
        "state_conflict",
        "new_jobs",
        "f_new_jobs",
        {"f_new_jobs": 5, "s_new_jobs": "không phát sinh"},
        {"f_new_jobs": 0, "s_new_jobs": "không phát sinh"},
    ),
    Sample("share_in_range", "poverty_rate", "f_poverty_rate", {"f_poverty_rate": 140}, {"f_poverty_rate": 100}),
    Sample("share_in_range", "poverty_rate", "f_poverty_rate", {"f_poverty_rate": -1}, {"f_poverty_rate": 0}),
    Sample(
        "growth_in_range",
        "tourist_visits_growth",
        "f_tourist_visits_growth",
        {"f_tourist_visits_growth": Decimal("-100.5")},
        {"f_tourist_visits_growth": -100},
        says="giảm quá 100%",
    ),
    Sample(
        "growth_in_range",
        "tourist_visits_growth",
        "f_tourist_visits_growth",
        {"f_tourist_visits_growth": "bằng −5% cùng kỳ"},
        {"f_tourist_visits_growth": "bằng 0% cùng kỳ"},
    ),
    Sample(
        "growth_in_range",
        "grdp_growth",
        "f_grdp_growth",
        {"f_grdp_growth": -5, "b_grdp_growth": "bằng %"},
        {"f_grdp_growth": 500, "b_grdp_growth": "bằng %"},
    ),
    Sample("rank_in_range", "papi_rank", "f_papi_rank", {"f_papi_rank": 64}, {"f_papi_rank": 63}, says="từ 1 đến 63"),
    Sample("rank_in_range", "papi_rank", "f_papi_rank", {"f_papi_rank": 0}, {"f_papi_rank": 1}),
    Sample("amount_in_range", "new_jobs", "f_new_jobs", {"f_new_jobs": -3}, {"f_new_jobs": 0}),
    Sample(
        "whole_number",
        "new_enterprises",
        "f_new_enterprises",
        {"f_new_enterprises": Decimal("1.288")},
        {"f_new_enterprises": 1288},
        says="1,288",
    ),
    Sample(
        "part_within_whole",
        "ntm_communes_certified",
        "f_ntm_communes_certified",
        {**COMMUNES, "f_ntm_communes_certified": 101},
        {**COMMUNES, "f_ntm_communes_certified": 100},
        says="101, lớn hơn tổng số xã",
    ),
    Sample(
        "part_within_whole",
        "ntm_districts_certified",
        "f_ntm_districts_certified",
        {"f_ntm_districts_certified": "12/8"},
        {"f_ntm_districts_certified": "8/12"},
        says="12/8, lớn hơn tổng số huyện",
    ),
    Sample(
        "parts_sum_to_total",
        "national_student_prizes_total",
        "f_national_student_prizes_total",
        {**ALL_PRIZES, "f_national_student_prizes_total": 11},
        {**ALL_PRIZES, "f_national_student_prizes_total": 10},
        says="ghi 11, nhưng các phần cộng lại là 10 (1 + 2 + 3 + 4)",
    ),
    Sample(
        "parts_sum_to_total",
        "national_student_prizes_total",
        "f_national_student_prizes_total",
        {**PRIZES, "s_national_student_prizes_consolation": "không phát sinh", "f_national_student_prizes_total": 7},
        {**PRIZES, "s_national_student_prizes_consolation": "không phát sinh", "f_national_student_prizes_total": 6},
    ),
    Sample(
        "parts_sum_to_total",
        "national_student_prizes_total",
        "f_national_student_prizes_total",
        {**ALL_PRIZES, "s_national_student_prizes_total": "không phát sinh"},
        {**PRIZES, "f_national_student_prizes_total": 9},
    ),
    Sample(
        "rate_follows_counts",
        "ntm_communes_certified_rate",
        "f_ntm_communes_certified_rate",
        _rate("50.0101"),
        _rate("50.01"),
        says="ghi 50,0101%, tính lại từ số đếm là 50% (50/100)",
    ),
    Sample(
        "rate_rounding",
        "ntm_communes_certified_rate",
        "f_ntm_communes_certified_rate",
        _rate("50.006"),
        _rate("50.005"),
    ),
    Sample(
        "rate_rounding",
        "ntm_communes_certified_rate",
        "f_ntm_communes_certified_rate",
        _rate("50.01"),
        _rate("50"),
    ),
    Sample(
        "required_present",
        "new_jobs",
        "f_new_jobs",
        {},
        {"s_new_jobs": "chưa có số liệu"},
        says="để trống",
    ),
    Sample(
        "levels_in_order",
        "ntm_communes_model",
        "f_ntm_communes_model",
        {"f_ntm_communes_model": 3, "f_ntm_communes_advanced": 2},
        {"f_ntm_communes_model": 2, "f_ntm_communes_advanced": 2},
    ),
    Sample(
        "levels_in_order",
        "ntm_communes_advanced",
        "f_ntm_communes_advanced",
        {**COMMUNES, "f_ntm_communes_advanced": 51},
        {**COMMUNES, "f_ntm_communes_advanced": 50},
    ),
    Sample(
        "levels_in_order",
        "ntm_communes_model",
        "f_ntm_communes_model",
        {"f_ntm_communes_model": 3, "s_ntm_communes_advanced": "không phát sinh"},
        {"f_ntm_communes_model": 3, "s_ntm_communes_advanced": "chưa có số liệu"},
    ),
    Sample(
        "number_ambiguous",
        "social_investment",
        "f_social_investment",
        {"f_social_investment": "17.103"},
        {"f_social_investment": "17.103", "f_budget_revenue": "9.100,5"},
        says="có thể là 17.103 hoặc 17,103; đang hiểu là 17.103",
    ),
    Sample(
        "number_ambiguous",
        "tourist_visits_growth",
        "f_tourist_visits_growth",
        {"f_tourist_visits_growth": "đạt 92% cùng kỳ"},
        {"f_tourist_visits_growth": "đạt 92% cùng kỳ", "b_tourist_visits_growth": "bằng %"},
        says="có thể là −8% hoặc 92%",
    ),
    Sample(
        "basis_conflict",
        "tourist_visits_growth",
        "f_tourist_visits_growth",
        {"f_tourist_visits_growth": "giảm 5%", "b_tourist_visits_growth": "bằng %"},
        {"f_tourist_visits_growth": "bằng 95%", "b_tourist_visits_growth": "bằng %"},
    ),
    Sample(
        "choice_unknown",
        "new_jobs",
        "s_new_jobs",
        {"s_new_jobs": "sẽ gửi sau"},
        {"s_new_jobs": "Chưa có số liệu"},
        says="không có trong danh sách (không phát sinh; chưa có số liệu)",
    ),
    Sample(
        "label_unknown",
        "",
        (ECONOMY, "B17"),
        {},
        {},
        breaks_elsewhere={(ECONOMY, "B17"): "Số trâu bò", (ECONOMY, "D17"): 1200},
        keeps_elsewhere={(ECONOMY, "B17"): "Người lập biểu", (ECONOMY, "D17"): "Chủ tịch"},
        says="(1.200) chưa được dùng",
    ),
    Sample(
        "label_changed",
        "grdp_growth",
        (ECONOMY, "B7"),
        {"f_grdp_growth": 5},
        {"f_grdp_growth": 5},
        breaks_elsewhere={(ECONOMY, "B7"): "Kinh tế tăng bao nhiêu"},
        keeps_elsewhere={(ECONOMY, "B7"): "tốc độ tăng tổng sản phẩm trên địa bàn - GRDP"},
    ),
    Sample(
        "header_changed",
        "",
        (ECONOMY, "D5"),
        {"f_grdp_growth": 5},
        {"f_grdp_growth": 5},
        breaks_elsewhere={(ECONOMY, "D5"): "Số của tỉnh"},
        keeps_elsewhere={(ECONOMY, "D5"): "KẾT QUẢ THỰC HIỆN"},
    ),
    Sample(
        "layout_incomplete",
        "grdp_growth",
        (ECONOMY, ""),
        {},
        {},
        breaks_elsewhere={(ECONOMY, "B7"): None},
        keeps_elsewhere={(ECONOMY, "B7"): "GRDP"},
    ),
    Sample(
        "cell_unclaimed",
        "",
        (ECONOMY, "K9"),
        {},
        {},
        breaks_elsewhere={(ECONOMY, "K9"): 77},
        keeps_elsewhere={(ECONOMY, "H9"): 77},
        says="ghi “77”",
    ),
    Sample(
        "cells_ignored",
        "",
        (ECONOMY, "B18"),
        {},
        {},
        breaks_elsewhere={(ECONOMY, "B18"): "Nơi nhận: như trên"},
        keeps_elsewhere={(ECONOMY, "B18"): "   "},
    ),
    Sample(
        "form_version_unknown",
        "",
        "m_form_version",
        {"m_form_version": "7"},
        {"m_form_version": "1"},
    ),
)


def judge_alone_at_once(readings: list[Reading]) -> list[list[Finding]]:
    """The findings of each reading by itself, all from one validation."""
    received = [Received(str(n), f"case-{n}", "tệp.xlsx", reading, True) for n, reading in enumerate(readings)]
    found: dict[str, list[Finding]] = {one.submission_id: [] for one in received}
    for finding in judge(CATALOGUE, PERIOD, received, is_whole_period=False).findings:
        found[finding.submission_id].append(finding)
    return list(found.values())


def reading_of(province_id: str, figures: Mapping[str, float | str]) -> Reading:
    """A reading in memory: these figures, everything else without data yet."""
    observations = []
    for indicator in CATALOGUE.indicators_of(PERIOD):
        code = indicator.indicator_code
        slot = SLOTS[f"f_{code}"]
        value = figures.get(code)
        observations.append(
            Observation(code, "not_yet_available", None, False, "…", slot.sheet, slot.address)
            if value is None
            else Observation(code, "number", Decimal(str(value)), False, str(value), slot.sheet, slot.address)
        )
    return Reading(province_id, province_id, PERIOD, observations=tuple(observations))


def judge_period(
    returns: Mapping[str, Mapping[str, float | str]],
    past: Mapping[tuple[str, str, str], Decimal] | None = None,
    notices: list[tuple[str, Problem, str]] | None = None,
) -> list[Finding]:
    """The findings of a whole period of such readings."""
    received = [Received(p, p, f"{p}.xlsx", reading_of(p, figures), True) for p, figures in returns.items()]
    return list(judge(CATALOGUE, PERIOD, received, past=past, notices=notices or ()).findings)


MEMBERS = [p.province_id for p in CATALOGUE.members_of(PERIOD)]
Story = Callable[[], list[Finding]]
