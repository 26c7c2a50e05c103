"""What the draft says: every figure from the marts, gaps and doubts in the open, whatever was sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from half_year_marts import PERIOD, Marts, empty_marts, finding

from catalogue import Catalogue
from catalogue.model import Membership
from publications.labels import SYNTHETIC_BANNER
from publications.report.draft import draft_report
from publications.report.facts import number_text
from publications.report.markdown import render_markdown
from publications.report.values import Draft, Grid, Paragraph, Picture, Spans, plain_text
from publications.standing import Standing
from publications.tables.figures import index_marts
from publications.tables.shape import MOST_UNITS

NUMBER = re.compile(r"\d[\d.,]*\d|\d")


def make(catalogue: Catalogue, marts: Marts, period: str = PERIOD, standing: Standing | None = None) -> Draft:
    figures = index_marts(catalogue, period, marts)
    draft = draft_report(figures) if standing is None else draft_report(figures, standing)
    assert draft is not None
    return draft


def lines(draft: Draft) -> list[str]:
    return [plain_text(block.spans) for block in draft.blocks if isinstance(block, Paragraph)]


def line(draft: Draft, start: str) -> str:
    return next(text for text in lines(draft) if text.startswith(start))


def grids(draft: Draft) -> list[Grid]:
    return [block for block in draft.blocks if isinstance(block, Grid)]


def spans_of(draft: Draft) -> Iterator[Spans]:
    for block in draft.blocks:
        if isinstance(block, Paragraph):
            yield block.spans
        elif isinstance(block, Grid):
            yield from (cell for row in block.rows for cell in row)


def row(marts: Marts, province_id: str, code: str) -> dict[str, Any]:
    return next(r for r in marts["observations"] if (r["province_id"], r["indicator_code"]) == (province_id, code))


def test_the_cluster_comes_first_and_then_the_provinces_in_order(draft: Draft) -> None:
    text = line(draft, "Trong 6 tháng đầu năm 2021, toàn Cụm có 5.761 doanh nghiệp")
    assert text.index("5.761") < text.index("Bắc Ninh có 1.120") < text.index("Quảng Ninh có 1.030")
    assert text.index("Quảng Ninh có 1.030") < text.index("Hà Nam có 309")
    assert text.endswith("Số doanh nghiệp thành lập mới: cao nhất là Bắc Ninh (1.120 doanh nghiệp); "
                         "thấp nhất là Hà Nam (309 doanh nghiệp).")  # fmt: skip


def test_numbers_are_written_as_offices_write_them(draft: Draft) -> None:
    text = "\n".join(lines(draft))
    for expected in (
        "61/81 huyện đạt chuẩn nông thôn mới (đạt 75,31%)",
        "08/08 huyện",
        "04/09 huyện",
        "02 xã đạt chuẩn nông thôn mới nâng cao",
        "ước đạt 19.044,4 tỷ đồng",
        "18.126 tỷ đồng",
        "giảm 43,8% so với cùng kỳ",
        "xếp thứ 9/63 (tăng 07 bậc)",
        "Quảng Ninh xếp thứ 1 (04 năm liền đứng đầu cả nước)",
        "Hà Nam tăng 10,4%",
    ):
        assert expected in text
    assert not re.search(r"(?<![\d,])0\d(%|,)", text)


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        ("new_jobs", "8", "08"),
        ("new_jobs", "0", "0"),
        ("new_jobs", "10", "10"),
        ("new_jobs", "12345", "12.345"),
        ("par_index_rank", "7", "7"),
        ("poverty_rate", "5", "5%"),
        ("ntm_districts_certified_rate", "75.3086419753", "75,31%"),
        ("social_investment", "17103.0", "17.103"),
        ("social_investment", "17008.94", "17.008,9"),
    ],
)
def test_a_number_by_its_kind(catalogue: Catalogue, code: str, value: str, expected: str) -> None:
    assert number_text(catalogue.indicators[code], Decimal(value)) == expected


def test_every_number_stands_in_the_marts_or_in_the_catalogue(catalogue: Catalogue, draft: Draft) -> None:
    """Beside figures with their marks there are years, places, counts of provinces and quotations; none is typed in."""
    known = {
        "6",
        "2021",
        "2020",
        "90",
        "33",
    }  # the period's name, the year before, a definition, what a finding expects
    known |= {f"{count:02d}" for count in range(1, len(catalogue.members_of(PERIOD)) + 1)}  # tied provinces
    known |= {str(n) for n in range(1, 16)}  # numbers of headings, rows and captions; A1 to D14 are cells
    known |= set(NUMBER.findall("429 doanh nghiệp và đơn vị trực thuộc"))  # a province's own remark
    for spans in spans_of(draft):
        for span in spans:
            if isinstance(span, str):
                assert set(NUMBER.findall(span)) <= known, span


def test_every_mark_is_of_an_observation_that_was_handed_in(catalogue: Catalogue, draft: Draft, marts: Marts) -> None:
    reported = {(r["province_id"], r["indicator_code"]): r for r in marts["observations"]}
    totals = {r["indicator_code"]: r for r in marts["cluster_totals"]}
    assert len(draft.marks) > 500
    for mark in draft.marks:
        if mark.province_id != catalogue.cluster_id:
            found = reported[mark.province_id, mark.indicator_code]
            assert (mark.value, mark.file_name, mark.cell) == (found["value"], found["file_name"], found["cell"])
        elif mark.basis == "announced":
            assert mark.value == totals[mark.indicator_code]["control_value"]
        elif mark.basis == "cluster":
            assert mark.value == totals[mark.indicator_code]["value"]
        assert NUMBER.fullmatch(mark.text.rstrip("%").lstrip("−")), mark


def test_a_rate_of_the_cluster_is_rebuilt_and_others_are_not_made_up(draft: Draft) -> None:
    text = line(draft, "Tỷ lệ hộ còn nghèo của các tỉnh")
    assert "không tổng hợp được" in text
    assert not any(mark.indicator_code == "poverty_rate" and mark.basis == "cluster" for mark in draft.marks)


def test_gaps_and_doubts_are_said(draft: Draft) -> None:
    notes = "\n".join(text for text in lines(draft) if "Ghi chú" in text or text.startswith("- "))
    for expected in (
        "Tỷ lệ hộ còn nghèo: chưa có số liệu của Hưng Yên (để trống).",
        "của toàn Cụm do Cụm trưởng công bố (trang “B”, ô D7) là 5.824 doanh nghiệp",
        "số toàn Cụm cộng từ các tỉnh là 5.761 doanh nghiệp",
        "Ninh Bình ghi 74 giải, chưa được xác nhận",
        "không kể số đó là 475",
        "số ước của Bắc Ninh, Hải Dương, Quảng Ninh, Thái Bình, Vĩnh Phúc",
        "Ninh Bình ghi chú “429 doanh nghiệp và đơn vị trực thuộc”",
        "Số liệu trên do Cụm trưởng công bố cho toàn Cụm",
    ):
        assert expected in notes
    assert "Ninh Bình đạt 74 giải (số chưa được xác nhận; 03 giải nhì, 11 giải ba, 19 giải khuyến khích)" in "\n".join(
        lines(draft)
    )


def test_a_new_indicator_is_told_without_code(catalogue: Catalogue, marts: Marts) -> None:
    new = replace(
        catalogue.indicators["new_branches"],
        indicator_code="new_cooperatives",
        label="Số hợp tác xã thành lập mới",
        heading="Hợp tác xã mới",
        is_announced=False,
    )
    richer = replace(catalogue, indicators={**catalogue.indicators, "new_cooperatives": new})
    told = {**row(marts, "ha-nam", "new_branches"), "indicator_code": "new_cooperatives", "value": Decimal(7)}
    marts["observations"].append({**told, "status": "reported"})
    draft = make(richer, marts)
    assert "Hà Nam có 309 doanh nghiệp, 07 hợp tác xã thành lập mới" in "\n".join(lines(draft))
    assert any("Hợp tác xã mới" in grid.heads for grid in grids(draft))


def test_what_changed_since_the_year_before_is_told_where_it_may_be_compared(
    catalogue: Catalogue, marts: Marts
) -> None:
    marts["earlier"] = [{**r, "period_code": "2020H1", "value": r["value"] and r["value"] / 2} for r in
                        marts["observations"] if r["indicator_code"] in ("new_jobs", "poverty_rate")]  # fmt: skip
    totals = [{**r, "period_code": "2020H1", "value": r["value"] / 2} for r in marts["cluster_totals"]
              if r["indicator_code"] == "new_jobs"]  # fmt: skip
    marts["earlier_totals"] = totals
    text = "\n".join(lines(make(catalogue, marts)))
    assert (
        "98.591 lao động được tạo việc làm mới (tăng 100% so với cùng kỳ; cùng kỳ năm trước là 49.296 lao động)" in text
    )
    assert "Thái Bình có 15.900 lao động (cùng kỳ năm trước là 7.950 lao động)" in text
    assert "Quảng Ninh còn 0,14% (cùng kỳ năm trước là 0,07%)" in text


def test_provinces_that_sent_nothing_are_named(catalogue: Catalogue, marts: Marts) -> None:
    kept = catalogue.members_of(PERIOD)[3]
    for name in ("observations", "completeness", "submissions"):
        marts[name] = [r for r in marts[name] if r["province_code"] == kept.province_code]
    marts["cluster_totals"] = marts["findings"] = []
    draft = make(catalogue, marts)
    text = "\n".join(lines(draft))
    others = ", ".join(p.name for p in catalogue.members_of(PERIOD) if p != kept)
    assert f"Chưa có báo cáo dùng được của: {others}." in text
    assert f"Tốc độ tăng tổng sản phẩm trên địa bàn (GRDP): chưa có số liệu của {others} (chưa gửi báo cáo)." in text
    assert f"{kept.name} tăng 5,75%." in text
    assert "nhất là" not in text


@pytest.mark.parametrize("period", ["2021H1", "2025H2", "2030H2"])
def test_a_period_without_any_return_says_so(catalogue: Catalogue, period: str) -> None:
    draft = make(catalogue, empty_marts(), period)
    text = "\n".join(lines(draft))
    assert "chưa có tỉnh nào gửi báo cáo" in text
    assert not draft.marks
    assert not grids(draft)
    assert draft.letterhead.place_date.startswith("Hưng Yên, ngày … tháng ")


def test_after_the_mergers_the_six_are_told_and_districts_are_no_more(catalogue: Catalogue) -> None:
    draft = make(catalogue, empty_marts(), "2025H2")
    assert "Bắc Ninh, Hải Phòng, Hưng Yên, Ninh Bình, Phú Thọ, Quảng Ninh" in lines(draft)[0]
    assert "tháng 01 năm 2026" in draft.letterhead.place_date
    assert "UBND các tỉnh, thành phố trong Cụm" in draft.letterhead.recipients[2]
    assert "huyện" not in "\n".join(lines(draft))


def test_made_up_figures_and_drafts_are_marked(catalogue: Catalogue, marts: Marts, draft: Draft) -> None:
    assert draft.banner == ""
    assert draft.letterhead.standing == "DỰ THẢO"
    marts["observations"][0]["source"] = "synthetic"
    told = make(catalogue, marts, standing=Standing(1, is_final=True))
    assert told.letterhead.standing == ""
    assert render_markdown(told).decode().startswith(f"**{SYNTHETIC_BANNER}**")


def test_the_markdown_has_the_same_words(draft: Draft) -> None:
    text = re.sub(r"\\(.)", r"\1", render_markdown(draft).decode())
    for said in lines(draft):
        assert said in text
    assert render_markdown(draft) == render_markdown(draft)


def test_a_catalogue_without_a_plan_has_no_report(catalogue: Catalogue, marts: Marts) -> None:
    assert draft_report(index_marts(replace(catalogue, report=None), PERIOD, marts)) is None


def test_what_a_rule_doubts_is_told_once_for_all_it_concerns(catalogue: Catalogue, marts: Marts) -> None:
    told = finding(catalogue, "change_fits_growth", "new_jobs", row(marts, "ha-nam", "new_jobs"), message="…")
    other = finding(catalogue, "change_fits_growth", "new_jobs", row(marts, "nam-dinh", "new_jobs"), message="…")
    marts["findings"] = [{**told, "severity": "warning"}, {**other, "severity": "warning"}]
    text = "\n".join(lines(make(catalogue, marts)))
    assert "Số lao động được tạo việc làm mới: cần xem lại số của Hà Nam, Nam Định, vì " in text


def test_figures_of_a_year_are_compared_by_years_and_growth_by_its_sign(catalogue: Catalogue, marts: Marts) -> None:
    codes = {"grdp_growth", "national_student_prizes_total", "ict_index_rank"}
    for found in [r for r in marts["observations"] if r["indicator_code"] in codes and r["value"] is not None]:
        value = -found["value"] if found["indicator_code"] == "grdp_growth" else found["value"]
        marts.setdefault("earlier", []).append({**found, "period_code": "2020H1", "value": value})
    text = "\n".join(lines(make(catalogue, marts)))
    assert "Hà Nam tăng 10,4% (cùng kỳ năm trước là −10,4%)" in text
    assert "Vĩnh Phúc đạt 82 giải (năm trước 82 giải; 11 giải nhất" in text
    assert "Quảng Ninh xếp thứ 3 (năm trước xếp thứ 3)" in text


def test_of_a_cluster_too_large_for_bars_nothing_is_drawn(catalogue: Catalogue, marts: Marts, draft: Draft) -> None:
    model = next(p for p in catalogue.provinces if p.province_id == "ha-nam")
    more = tuple(replace(model, province_id=f"don-vi-{n}", province_code=f"9{n:03}") for n in range(MOST_UNITS))
    members = tuple(Membership(p.province_id, "member", "2016H1", "", True, "thử") for p in more)
    large = replace(catalogue, provinces=(*catalogue.provinces, *more), memberships=(*catalogue.memberships, *members))
    assert any(isinstance(block, Picture) for block in draft.blocks)
    assert not any(isinstance(block, Picture) for block in make(large, marts).blocks)
