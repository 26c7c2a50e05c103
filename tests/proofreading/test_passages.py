"""How blocks hang together: page breaks, lists under a line, headings that name a province, sections of tasks ahead."""

from __future__ import annotations

import pytest

from catalogue import load_catalogue
from transforms.prose.claims import Prose, TextBlock
from transforms.prose.reading import find_period_of, read_prose


def read(*texts: str, period: str = "2021H1", headings: tuple[int, ...] = (), cut: tuple[int, ...] = ()) -> Prose:
    blocks = tuple(
        TextBlock(number, text, f"đoạn {number + 1}", number in headings, number in cut)
        for number, text in enumerate(texts)
    )
    return read_prose(load_catalogue(), blocks, period)


def told(prose: Prose) -> list[tuple[int, str, str, int]]:
    return [(c.block, c.indicator_code, c.province_id, int(c.value)) for c in prose.claims]


def test_a_sentence_goes_on_behind_a_page_break() -> None:
    prose = read(
        "Toàn Cụm tạo việc làm mới cho 14.000 lao động, cụ thể: Thái Bình",
        "9.000 lao động; Hà Nam 5.000 lao động.",
        cut=(1,),
    )
    assert told(prose) == [
        (0, "new_jobs", "toan-cum", 14000),
        (1, "new_jobs", "thai-binh", 9000),
        (1, "new_jobs", "ha-nam", 5000),
    ]
    assert [(len(f.items), f.total is not None) for f in prose.lists] == [(2, True)]


def test_a_line_that_begins_small_goes_on_though_no_reader_says_so() -> None:
    prose = read("Số lao động được tạo việc làm mới: Thái Bình có 9.000 lao động, Hà Nam", "có 5.000 lao động.")
    assert told(prose)[1:] == [(1, "new_jobs", "ha-nam", 5000)]


def test_the_lines_of_a_list_go_with_the_line_that_opens_it() -> None:
    prose = read(
        "Thu ngân sách nhà nước của các tỉnh như sau:",
        "Bắc Ninh: 16.011 tỷ đồng.",
        "Hà Nam: 7.309 tỷ đồng.",
        "Các tỉnh đã chủ động điều hành.",
    )
    assert told(prose) == [(1, "budget_revenue", "bac-ninh", 16011), (2, "budget_revenue", "ha-nam", 7309)]
    assert len(prose.lists) == 1


def test_a_heading_gives_its_province_to_what_stands_under_it() -> None:
    prose = read(
        "1. Tỉnh Bắc Ninh",
        "Thành lập mới 1.120 doanh nghiệp; tạo việc làm cho 14.000 lao động.",
        "2. Tỉnh Hà Nam",
        "Thành lập mới 309 doanh nghiệp.",
        "3. Toàn Cụm",
        "Thành lập mới 5.761 doanh nghiệp.",
    )
    assert [(c, p) for _, c, p, _ in told(prose)] == [
        ("new_enterprises", "bac-ninh"),
        ("new_jobs", "bac-ninh"),
        ("new_enterprises", "ha-nam"),
        ("new_enterprises", "toan-cum"),
    ]


def test_a_name_alone_is_a_heading_too() -> None:
    prose = read(
        "Tỉnh Bắc Ninh:", "Thành lập mới 1.120 doanh nghiệp.", "Tỉnh Hà Nam:", "Thành lập mới 309 doanh nghiệp."
    )
    assert [p for _, _, p, _ in told(prose)] == ["bac-ninh", "ha-nam"]


def test_tasks_ahead_hold_no_result() -> None:
    prose = read(
        "II. PHƯƠNG HƯỚNG, NHIỆM VỤ 6 THÁNG CUỐI NĂM",
        "Toàn Cụm có 12.000 doanh nghiệp thành lập mới, tạo việc làm cho 90.000 lao động.",
        headings=(0,),
    )
    assert prose.claims == () and len(prose.unplaced) == 2
    assert {u.reason for u in prose.unplaced} == {"là mục tiêu, kế hoạch chứ không phải kết quả đã đạt"}


@pytest.mark.parametrize(
    ("texts", "period"),
    [
        (
            ("Kết quả 06 tháng đầu năm; nhiệm vụ 06 tháng cuối năm 2021", "So với 6 tháng đầu năm 2020: tăng."),
            "2021H1",
        ),
        (("Báo cáo", "Trong 6 tháng cuối năm 2018, các tỉnh đã hoàn thành."), "2018H2"),
        (("Báo cáo", "Các tỉnh đã hoàn thành nhiệm vụ."), ""),
    ],
)
def test_a_text_says_which_half_year_it_reports_on(texts: tuple[str, str], period: str) -> None:
    blocks = (TextBlock(0, texts[0], "đoạn 1", True), TextBlock(1, texts[1], "đoạn 2"))
    assert find_period_of(load_catalogue(), blocks) == period


def test_a_text_without_a_half_year_claims_without_one() -> None:
    prose = read("Hà Nam tạo việc làm mới cho 5.000 lao động.", period="")
    assert [(c.period_code, int(c.value)) for c in prose.claims] == [("", 5000)]


def test_what_is_left_aside_says_its_kind() -> None:
    text = (
        "1. Theo Nghị quyết số 35/NQ-CP ngày 16/5/2017, khóa XV nhiệm kỳ 2021-2026, Chỉ thị 05, lớp 10, dưới 05 tuổi, "
        "dịch Covid-19, tháng 6/2021, 6 tháng, 5 năm qua, Điều 12, năm 2020."
    )
    prose = read(text)
    assert (prose.claims, prose.unplaced) == ((), ())
    assert {i.raw: i.kind for i in prose.ignored} == {
        "1": "số mục",
        "35": "số văn bản",
        "16/5/2017": "ngày tháng",
        "2021-2026": "giai đoạn",
        "05": "tuổi, lớp",
        "10": "tuổi, lớp",
        "19": "tên gọi",
        "6/2021": "ngày tháng",
        "6": "thời gian",
        "5": "thời gian",
        "12": "văn bản",
        "2020": "thời gian",
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Bắc Ninh tăng 120 doanh nghiệp thành lập mới so với cùng kỳ.", "là mức tăng, giảm bằng số tuyệt đối"),
        ("Huyện Tiên Du có 120 doanh nghiệp thành lập mới.", "là số của huyện, thành phố"),
        ("Cả nước có 67.100 doanh nghiệp thành lập mới.", "là số của cả nước"),
        ("Trong tháng 5, Bắc Ninh có 120 doanh nghiệp thành lập mới.", "là số của khoảng thời gian khác"),
        ("Bắc Ninh phấn đấu có 2.400 doanh nghiệp thành lập mới.", "là mục tiêu, kế hoạch"),
        ("Bắc Ninh có 120 bưu phẩm.", "chưa rõ là số của chỉ tiêu nào"),
        ("Hải Phòng tạo việc làm mới cho 20.000 lao động.", "là số của tỉnh không phải thành viên"),
    ],
)
def test_a_number_that_is_no_claim_says_why(text: str, reason: str) -> None:
    prose = read(text)
    assert prose.claims == ()
    assert [u.reason.startswith(reason) for u in prose.unplaced] == [True], prose.unplaced


def test_what_stands_under_the_heading_of_another_half_year_is_of_that_one() -> None:
    texts = (
        "I. Kết quả 6 tháng đầu năm 2021",
        "Tỉnh Hà Nam thành lập mới 309 doanh nghiệp.",
        "II. Kết quả 6 tháng cuối năm 2020",
        "Tỉnh Hà Nam thành lập mới 287 doanh nghiệp.",
        "III. Nhiệm vụ trọng tâm 6 tháng cuối năm 2021",
        "Tỉnh Hà Nam thành lập mới 400 doanh nghiệp.",
    )
    for period, named in (("2021H1", "2021H1"), ("", "2021H1"), ("2019H1", "2019H1")):
        prose = read(*texts, period=period, headings=(0, 2, 4))
        found = [(c.period_code, int(c.value)) for c in prose.claims]
        assert found == [(named, 309), ("2020H2", 287)], period
        assert [n.raw for n in prose.unplaced if n.raw == "400"] == ["400"]
