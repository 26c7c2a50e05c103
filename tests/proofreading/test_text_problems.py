"""What a text's own figures deny: told with both numbers; a text that agrees with itself is told nothing."""

from __future__ import annotations

import pytest

from catalogue import load_catalogue
from transforms.prose.checks import check_prose
from transforms.prose.claims import TextBlock, TextProblem
from transforms.prose.reading import read_prose

JOBS = "toàn Cụm tạo việc làm mới cho {total} lao động, cụ thể: "
NINE = (
    "Thái Bình 9.000 lao động; Hải Dương 8.000 lao động; Bắc Ninh 7.000 lao động; Nam Định 6.000 lao động; "
    "Hà Nam 5.000 lao động; Ninh Bình 4.000 lao động; Hưng Yên 3.000 lao động; Vĩnh Phúc 2.000 lao động; "
    "Quảng Ninh 1.000 lao động."
)


def problems_of(text: str, period: str = "2019H1") -> list[TextProblem]:
    lines = [line for line in text.splitlines() if line.strip()]
    blocks = tuple(TextBlock(number, line, f"đoạn {number + 1}") for number, line in enumerate(lines))
    catalogue = load_catalogue()
    return list(check_prose(catalogue, read_prose(catalogue, blocks, period)))


def told(text: str, period: str = "2019H1") -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [(p.kind, str(p.observed), str(p.expected), p.province_ids) for p in problems_of(text, period)]


def test_a_list_of_all_is_held_against_its_total() -> None:
    assert told(JOBS.format(total="45.000") + NINE) == []
    [problem] = problems_of(JOBS.format(total="45.120") + NINE)
    assert (problem.kind, str(problem.observed), str(problem.expected)) == ("sum", "45120", "45000")
    assert "45.120" in problem.message and "45.000" in problem.message and "ít hơn 120" in problem.message


def test_a_total_behind_its_list_is_held_against_it_too() -> None:
    text = "Lao động được tạo việc làm mới: " + NINE[:-1] + ". Tính chung toàn Cụm có 46.000 lao động có việc làm mới."
    assert told(text) == [("sum", "46000", "45000", ())]


def test_a_total_told_in_thousands_is_as_precise_as_it_says() -> None:
    assert told(JOBS.format(total="45,1 nghìn") + NINE.replace("9.000", "9.060")) == []
    assert told(JOBS.format(total="45,1 nghìn") + NINE.replace("9.000", "9.260")) == [("sum", "45100.0", "45260", ())]


def test_examples_out_of_a_total_are_no_list_of_all() -> None:
    text = JOBS.format(total="45.000") + "Thái Bình 9.000 lao động; Hải Dương 8.000 lao động."
    assert told(text) == []
    assert [p[0] for p in told(text.replace("9.000", "39.000"))] == ["sum"]


def test_a_province_that_a_list_leaves_out_is_named() -> None:
    without = NINE.replace("Hà Nam 5.000 lao động; ", "")
    assert told("Số lao động được tạo việc làm mới: " + without) == [("left_out", "None", "None", ("ha-nam",))]
    [problem] = problems_of(JOBS.format(total="45.000") + without)
    assert (problem.kind, problem.province_ids) == ("sum", ("ha-nam",)) and "Hà Nam" in problem.message


def test_a_province_is_not_left_out_that_is_told_of_elsewhere() -> None:
    without = NINE.replace("Hà Nam 5.000 lao động; ", "")
    assert told(f"Số lao động được tạo việc làm mới: {without}\nTỉnh Hà Nam tạo việc làm mới cho 5.000 lao động.") == []


def test_prizes_by_class_give_their_total() -> None:
    text = "Kỳ thi học sinh giỏi quốc gia, Hà Nam đạt {} giải (12 giải nhì, 13 giải ba, 21 giải khuyến khích)."
    assert told(text.format(46)) == []
    assert told(text.format(64)) == [("sum", "64", "46", ("ha-nam",))]
    some = "Kỳ thi học sinh giỏi quốc gia, Hà Nam đạt 46 giải, trong đó có 3 giải nhất."
    assert told(some) == []


@pytest.mark.parametrize("rate", ["75,30%", "75,31%", "75,3%", "75%"])
def test_a_rate_may_be_rounded_or_cut_off(rate: str) -> None:
    assert told(f"Toàn Cụm có 61/81 huyện đạt chuẩn nông thôn mới (đạt {rate}).") == []


@pytest.mark.parametrize("rate", ["75,34%", "76,3%", "57,30%"])
def test_a_rate_that_does_not_follow_is_told(rate: str) -> None:
    value = rate.rstrip("%").replace(",", ".")
    text = f"Toàn Cụm có 61/81 huyện đạt chuẩn nông thôn mới (đạt {rate})."
    assert told(text) == [("rate", value, "75.31", ("toan-cum",))]


def test_a_part_is_not_more_than_its_whole() -> None:
    assert [p[0] for p in told("Bắc Ninh có 98/89 xã đạt chuẩn nông thôn mới.")] == ["rate"]


def test_a_change_follows_from_the_two_figures_told() -> None:
    text = "Bắc Ninh có 1.310 doanh nghiệp thành lập mới (cùng kỳ năm 2018 là 1.102 doanh nghiệp), tăng {}%."
    assert told(text.format("18,9")) == []
    assert told(text.format("28,9")) == [("rate", "28.9", "18.87", ("bac-ninh",))]


def test_one_figure_out_of_a_sorted_row_is_told() -> None:
    text = (
        "Tỷ lệ hộ nghèo: Quảng Ninh còn 0,14%; Vĩnh Phúc còn 0,7%; Nam Định còn 0,86%; Bắc Ninh còn 1,04%; "
        "Hải Dương còn 3,3%; Hà Nam còn 1,77%; Ninh Bình còn 1,87%; Thái Bình còn 2,35%; Hưng Yên còn 2,9%."
    )
    assert told(text) == [("order", "3.3", "1.77", ("hai-duong",))]
    assert told(text.replace("3,3", "1,3")) == []


def test_fractions_sorted_by_their_rate_are_in_order() -> None:
    text = (
        "Xã đạt chuẩn nông thôn mới: Hà Nam 98/98 xã; Nam Định 204/204 xã; Bắc Ninh 94/94 xã; Thái Bình 241/241 xã; "
        "Hưng Yên 139/140 xã; Hải Dương 170/178 xã; Ninh Bình {} xã; Vĩnh Phúc 80/105 xã; Quảng Ninh 55/98 xã."
    )
    assert told(text.format("100/119")) == []


def test_an_order_that_is_announced_is_kept() -> None:
    text = "Số doanh nghiệp thành lập mới, theo thứ tự từ cao xuống thấp: Bắc Ninh 900; Hưng Yên {}; Hà Nam 300."
    assert told(text.format(500)) == []
    assert [p[0] for p in told(text.format(200))] == ["order"]


def test_a_superlative_is_denied_by_a_higher_figure() -> None:
    text = "Về GRDP, cao nhất là Hà Nam tăng {}%, Bắc Ninh tăng 8,5%, thấp nhất là Thái Bình tăng 4,1%."
    assert told(text.format("9,2")) == []
    assert told(text.format("8,2")) == [("order", "8.2", "8.5", ("ha-nam",))]
    assert told("Bắc Ninh tăng trưởng GRDP 8,5%, cao nhất trong 5 năm qua. Hà Nam tăng trưởng GRDP 9,2%.") == []


def test_two_figures_for_one_province_are_told() -> None:
    text = "Số lao động được tạo việc làm mới: Thái Bình 9.000 lao động; Hà Nam 5.000 lao động."
    again = "Tỉnh Hà Nam tạo việc làm mới cho {} lao động."
    assert told(f"{text}\n{again.format('5.000')}") == []
    assert told(f"{text}\n{again.format('5.500')}") == [("repeated", "5500", "5000", ("ha-nam",))]


def test_a_province_is_not_left_out_that_the_text_says_it_has_no_figure_of() -> None:
    without = NINE.replace("Hà Nam 5.000 lao động; ", "")[:-1] + "; riêng Hà Nam chưa có số liệu."
    assert told("Số lao động được tạo việc làm mới: " + without) == []


def test_two_totals_that_a_sentence_weighs_are_no_slip() -> None:
    text = "Toàn Cụm có 5.100 doanh nghiệp thành lập mới."
    note = (
        "Số doanh nghiệp thành lập mới toàn Cụm do Cụm trưởng công bố là 5.150 doanh nghiệp, "
        "cộng từ các tỉnh là 5.100 doanh nghiệp."
    )
    assert told(f"{text}\n{note}") == []
