"""What the page says without its script, and what it hands to it: figures, traces, changes, standing, bounds."""

from __future__ import annotations

import base64
import copy
import datetime as dt
import hashlib
import re
from decimal import Decimal
from typing import Any

import pytest
from drawn import HOSTILE, Outline, draw, large, with_year_before
from half_year_marts import MADE_AT, PERIOD, Marts, empty_marts, half_year_marts

from catalogue import Catalogue
from publications.labels import SYNTHETIC_BANNER
from publications.page.render import to_json
from publications.page.sheets import LARGE, MOST_FINDINGS, SHOWN_OF_LARGE
from publications.page.tile_map import divide
from publications.standing import Standing
from publications.tables.figures import index_marts
from transforms.differences import Difference

OUTSIDE = re.compile(r"""(?:src|href|action|url)\s*[=(]\s*["']?\s*(?:https?:|//|data:|javascript:)""", re.IGNORECASE)


@pytest.fixture(scope="module")
def page(catalogue: Catalogue) -> str:
    return draw(catalogue, with_year_before(half_year_marts(catalogue)), more_files=("bao-cao.docx",))


@pytest.fixture(scope="module")
def outline(page: str) -> Outline:
    return Outline(page)


def test_the_page_is_one_file_that_asks_for_nothing_and_is_small(page: str, outline: Outline) -> None:
    assert not OUTSIDE.search(page)
    assert len(page.encode()) < 1_500_000
    assert set(outline.links) - {link for link in outline.links if link.startswith("#")} == {
        "bang-tong-hop.xlsx",
        "bao-cao.docx",
        "csv/",
        "van-hanh.html",
        "tinh-hinh.html",
        "../van-hanh.html",
    }
    assert {link[1:] for link in outline.links if link.startswith("#")} <= set(outline.ids)
    assert len(outline.ids) == len(set(outline.ids)), "an id stands twice"


def test_only_the_pages_own_script_may_run(page: str, outline: Outline) -> None:
    script = next(text for given, text in outline.scripts if "type" not in given)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert policy[1].replace("&#39;", "'") == (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    )


def test_equal_input_gives_equal_bytes(catalogue: Catalogue, page: str) -> None:
    other_zone = MADE_AT.astimezone(dt.timezone(dt.timedelta(hours=7)))
    marts = with_year_before(half_year_marts(catalogue))
    assert draw(catalogue, marts, made_at=other_zone, more_files=("bao-cao.docx",)) == page


def test_every_printed_figure_has_its_trace(outline: Outline) -> None:
    figures = outline.data["figures"]
    assert set(outline.figures) <= set(figures)
    assert len({key for key in outline.figures if key.startswith("ha-nam/")}) > 25
    assert outline.rows["doanh-nghiep"][1][:3] == ["1", "Bắc Ninh", "1.120"]
    assert figures["bac-ninh/new_enterprises"] == {
        "unit": "bac-ninh",
        "code": "new_enterprises",
        "value": "1.120 doanh nghiệp",
        "status": "tỉnh báo cáo",
        "raw": "1.120 doanh nghiệp",
        "file": figures["bac-ninh/new_enterprises"]["file"],
        "sheet": "B",
        "cell": figures["bac-ninh/new_enterprises"]["cell"],
        "earlier": "896 doanh nghiệp",
        "change": "tăng 25,0%",
    }
    file = outline.data["files"][figures["bac-ninh/new_enterprises"]["file"]]
    assert file["path"] == "returns/bac-ninh_2021H1.xlsx" and file["version"] == "1" and len(file["hash"]) == 12
    assert file["received"] == "08 giờ 30 phút, ngày 02/7/2021"


def test_a_derived_figure_has_its_formula_and_a_cluster_figure_its_parts(outline: Outline) -> None:
    figures = outline.data["figures"]
    derived = figures["quang-ninh/ntm_districts_certified_rate"]
    assert derived["formula"] == "100 × “Số huyện đạt chuẩn nông thôn mới” ÷ “Tổng số huyện”"
    assert derived["parts"] == ["quang-ninh/ntm_districts_certified", "quang-ninh/ntm_districts_total"]
    assert "raw" not in derived and derived["status"] == "tính lại"
    rate = figures["toan-cum/ntm_communes_certified_rate"]
    assert rate["parts"] == ["toan-cum/ntm_communes_certified", "toan-cum/ntm_communes_total"]
    total = figures["toan-cum/new_enterprises"]
    assert len(total["parts"]) == 9 and all(part in figures for part in total["parts"])
    assert total["control"]["value"] == "5.824 doanh nghiệp"
    assert outline.data["files"][total["control"]["file"]]["name"] == "toan-cum_2021H1.xlsx"
    assert [outline.data["findings"][n]["name"] for n in total["findings"]] == ["Cần xem lại"]
    prizes = figures["toan-cum/national_student_prizes_total"]
    assert prizes["doubt"].startswith("Gồm 1 số chưa được xác nhận; không kể số đó là 475")
    assert figures["ninh-binh/national_student_prizes_total"]["disputed"] is True


def test_the_head_says_how_complete_the_returns_are_and_what_changed(outline: Outline) -> None:
    text = outline.text
    for wanted in (
        "Báo cáo đã nhận 9/9 tỉnh: 100,0 %",
        "Đúng hạn Không xét",
        "Phải sửa 1 phát hiện còn mở",
        "So với cùng kỳ là so với 6 tháng đầu năm 2020",
        "tăng 25,0% (cùng kỳ 4.609)",
        "Chưa đủ tỉnh để so: kỳ này 5/9, cùng kỳ 5/9.",
        "Đầu bảng: Bắc Ninh 1.120; cuối bảng: Hà Nam 309.",
        "DỰ THẢO",
    ):
        assert wanted in text, wanted
    assert text.count("từ cùng kỳ đến nay") >= 10, "slopes have captions, and their titles"


def test_without_a_year_before_nothing_is_compared(catalogue: Catalogue, marts: Marts) -> None:
    text = Outline(draw(catalogue, marts)).text
    assert "Kho chưa có số liệu của cùng kỳ năm trước" in text
    assert "từ cùng kỳ đến nay" not in text and "tăng 25" not in text


def test_whatever_a_province_writes_stays_text(hostile_page: str) -> None:
    outline = Outline(hostile_page)
    assert [given.get("type") for given, _ in outline.scripts] == ["application/json", None]
    trace = outline.data["figures"]["ninh-binh/national_student_prizes_total"]
    assert trace["raw"] == trace["note"] == trace["sheet"] == HOSTILE
    assert "<script>alert" not in hostile_page and "49" not in outline.data["findings"][trace["findings"][0]]["message"]
    for spelled in ("\u202e", "\u2028", "<!--"):
        assert spelled not in to_json({"text": HOSTILE})


def test_a_half_year_without_returns_says_so(catalogue: Catalogue) -> None:
    outline = Outline(draw(catalogue, empty_marts()))
    assert "Chưa có báo cáo nào" in outline.text and "Báo cáo đã nhận 0/9" in outline.text
    assert "<svg" not in draw(catalogue, empty_marts()) and "ban-do" not in outline.ids
    assert outline.data["figures"] == {}


def test_final_tables_name_the_approval_and_drafts_after_a_seal_what_differs(
    catalogue: Catalogue, marts: Marts
) -> None:
    approval: dict[str, Any] = {"approved_by": "Nguyễn <b>Lan", "approved_at": MADE_AT, "reason": "Đủ số"}
    final = draw(catalogue, marts, Standing(2, is_final=True, is_noted=True, **approval))
    text = Outline(final).text
    assert "Bản chốt số 2" in text and "Nguyễn <b>Lan (tên tự ghi, chưa xác minh)" in text and "DỰ THẢO" not in text
    assert "Phát hiện được ghi nhận khi duyệt" in text
    difference = Difference(
        "ha-nam", "Hà Nam", "new_jobs", "Việc làm", "lao động", Decimal(9000), "reported", Decimal(10103), "reported"
    )
    outline = Outline(draw(catalogue, marts, Standing(1, differences=(difference,), **approval)))
    assert "DỰ THẢO, có thay đổi so với bản đã chốt số 1" in outline.text
    assert "#so-voi-ban-chot" in outline.links
    assert "10.103" in outline.rows["so-voi-ban-chot"][1]


def test_made_up_figures_are_labelled_above_and_on_every_printed_sheet(catalogue: Catalogue, marts: Marts) -> None:
    for row in marts["submissions"]:
        row["source"] = "synthetic"
    page = draw(catalogue, marts)
    assert Outline(page).text.startswith(" Bỏ qua") and page.count(SYNTHETIC_BANNER) == 2
    assert f'<p class="made-up">{SYNTHETIC_BANNER}' in page and f'content: "{SYNTHETIC_BANNER}"' in page


def test_after_the_mergers_six_provinces_stand_on_the_map(catalogue: Catalogue, marts: Marts) -> None:
    moved = copy.deepcopy(marts)
    names = {p.province_id: p for p in catalogue.members_of("2025H2")}
    for rows in moved.values():
        for row in rows:
            row["period_code"] = "2025H2"
    moved["observations"] = [
        row
        | {"province_name": names[row["province_id"]].name, "province_code": names[row["province_id"]].province_code}
        for row in moved["observations"]
        if row["province_id"] in names
    ]
    outline = Outline(draw(catalogue, moved, period="2025H2"))
    choice = next(iter(outline.data["map"].values()))
    assert set(choice["tiles"]) == set(names)
    assert choice["tiles"]["hai-phong"] == ["…", 0, "chưa có số liệu"]


def test_a_province_without_a_tile_is_still_listed(catalogue: Catalogue, marts: Marts) -> None:
    from dataclasses import replace

    fewer = replace(catalogue, tiles=tuple(t for t in catalogue.tiles if t.province_id != "ha-nam"))
    text = Outline(draw(fewer, marts)).text
    assert re.search(r"Chưa có ô trên bản đồ Hà Nam : 100,00%", text)


def test_a_large_cluster_does_not_make_a_large_page(catalogue: Catalogue) -> None:
    sizes = {}
    for count in (LARGE, 160, 300):
        page = draw(*large(catalogue, count))
        outline = Outline(page)
        sizes[count] = len(page.encode())
        rows = count if count <= LARGE else SHOWN_OF_LARGE
        assert len(outline.rows["doanh-nghiep"]) == rows + 2, "head and cluster"
        assert "<svg" not in page
        assert len(outline.rows["phat-hien"]) - 1 == min(count, MOST_FINDINGS)
        if count > LARGE:
            assert f"còn {count - rows} dòng nữa, đầy đủ trong" in outline.text
            assert "csv/doanh-nghiep.csv" in outline.links
    assert max(sizes.values()) < 1_500_000
    assert sizes[300] < sizes[160] * 1.03


@pytest.mark.parametrize(
    ("values", "classes"),
    [
        ([1], [(1, 1)]),
        ([1, 2, 2], [(1, 1), (2, 2)]),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9], [(1, 3), (4, 6), (7, 9)]),
        ([5, 9, 9, 9, 9, 9, 9, 9, 8], [(5, 5), (8, 8), (9, 9)]),
        ([1, 1, 1, 1, 2, 3, 4], [(1, 1), (2, 3), (4, 4)]),
    ],
)
def test_classes_of_the_map_are_nearly_equal_and_never_part_equals(
    values: list[int], classes: list[tuple[int, int]]
) -> None:
    found = divide([Decimal(v) for v in values])
    assert [(int(low), int(high)) for low, high in found] == classes


def test_the_map_names_its_classes_and_excludes_what_has_not_arisen_from_rates(
    catalogue: Catalogue, marts: Marts
) -> None:
    for row in marts["observations"]:
        if row["indicator_code"] == "voter_turnout" and row["province_id"] == "ha-nam":
            row |= {"value": None, "status": "none_arising"}
    found = Outline(draw(catalogue, marts)).data["map"]
    assert found["voter_turnout"]["tiles"]["ha-nam"] == ["–", 0, "không phát sinh"]
    assert [line[1] for line in found["par_index_rank"]["legend"]] == [
        "Nhóm đầu",
        "Nhóm giữa",
        "Nhóm cuối",
        "Không có số liệu",
    ]
    assert found["new_enterprises"]["legend"][0] == [1, "Nhóm thấp", "309 – 429"]
    assert {level for _, level, _ in found["new_enterprises"]["tiles"].values()} == {1, 2, 3}


def test_the_index_of_the_marts_is_not_changed_by_drawing(catalogue: Catalogue, marts: Marts) -> None:
    before = copy.deepcopy(marts)
    draw(catalogue, marts)
    assert marts == before
    assert index_marts(catalogue, PERIOD, marts).period_code == PERIOD
