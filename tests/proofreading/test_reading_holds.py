"""Whatever the text: reading never fails, every number in it is accounted for once, and spelling changes nothing."""

from __future__ import annotations

import random
import tomllib
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue import load_catalogue
from transforms.prose.checks import check_prose
from transforms.prose.claims import Claim, Ignored, Prose, TextBlock, Unplaced
from transforms.prose.reading import read_prose

CASES = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text(encoding="utf-8"))["case"]
TEXTS = [(case["text"], case["period"]) for case in CASES]
WORDS = sorted({word for text, _ in TEXTS for word in text.split()})
ODD = [*"();:.,%/-–½٣№±", "1.2.3", "0", "00/00", "1,2,3", "\u00ad", "9" * 40]


def read(text: str, period: str = "2021H1") -> Prose:
    lines = [line for line in text.splitlines() if line.strip()]
    blocks = tuple(TextBlock(number, line, f"đoạn {number + 1}") for number, line in enumerate(lines))
    return read_prose(load_catalogue(), blocks, period)


def said(prose: Prose) -> Counter[tuple[str, str, str, str, str, bool]]:
    return Counter(
        (c.indicator_code, c.province_id, c.period_code, str(c.value), c.basis, c.is_estimated) for c in prose.claims
    )


def assert_accounted(prose: Prose) -> None:
    """Every digit stands in one claim's span, one unplaced or one ignored; and spans say what stands there."""
    everything: list[Claim | Unplaced | Ignored] = [*prose.claims, *prose.unplaced, *prose.ignored]
    spans = {(item.block, item.start, item.end) for item in everything}
    for block in prose.blocks:
        covered = Counter(
            place for number, start, end in spans if number == block.number for place in range(start, end)
        )
        digits = {place for place, letter in enumerate(block.text) if letter.isdecimal()}
        assert {place for place in digits if covered[place] != 1} == set(), block.text
    claimed = {(c.block, c.start, c.end) for c in prose.claims}
    others = [(n.block, n.start, n.end) for n in prose.unplaced] + [(n.block, n.start, n.end) for n in prose.ignored]
    assert not claimed & set(others) and len(set(others)) == len(others)
    for item in everything:
        assert item.raw and 0 <= item.start < item.end <= len(prose.blocks[item.block].text)


@pytest.mark.parametrize(("text", "period"), TEXTS)
def test_every_number_of_a_sentence_is_accounted_for(text: str, period: str) -> None:
    assert_accounted(read(text, period))


@pytest.mark.parametrize(("text", "period"), TEXTS)
def test_spelling_changes_nothing(text: str, period: str) -> None:
    wanted = said(read(text, period))
    for spelled in (
        unicodedata.normalize("NFD", text),
        text.replace(" ", "\u00a0"),
        text.replace(" ", "  "),
        text.replace("a", "a\u00ad").replace("-", "\u2011"),
        text.replace("Đ", "\u00d0").replace("đ", "\u00f0"),
        text.replace("òa", "oà").replace("ủy", "uỷ").replace("sĩ", "sỹ").replace("tỷ", "tỉ"),
        text.replace('"', "“"),
    ):
        prose = read(spelled, period)
        assert said(prose) == wanted
        assert_accounted(prose)


def test_padding_of_small_numbers_changes_nothing() -> None:
    text = "Hà Nam có {}/{} huyện đạt chuẩn nông thôn mới, {} xã nông thôn mới kiểu mẫu."
    assert said(read(text.format("6", "6", "9"))) == said(read(text.format("06", "06", "09")))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*WORDS, *ODD]), max_size=60))
def test_any_words_are_read(words: list[str]) -> None:
    prose = read(" ".join(words))
    assert_accounted(prose)
    check_prose(load_catalogue(), prose)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    prose = read(text, "")
    assert_accounted(prose)
    check_prose(load_catalogue(), prose)


NAMES = {
    "Bắc Ninh": "bac-ninh",
    "Hà Nam": "ha-nam",
    "Hải Dương": "hai-duong",
    "Hưng Yên": "hung-yen",
    "Nam Định": "nam-dinh",
    "Ninh Bình": "ninh-binh",
    "Quảng Ninh": "quang-ninh",
    "Thái Bình": "thai-binh",
    "Vĩnh Phúc": "vinh-phuc",
}
FORMS = (
    ("Số lao động được tạo việc làm mới: ", "{name} {value} lao động", "new_jobs"),
    ("Thu ngân sách nhà nước của các tỉnh: ", "{name} đạt {value} tỷ đồng", "budget_revenue"),
    ("Toàn Cụm có doanh nghiệp thành lập mới ở cả 9 tỉnh, gồm ", "{value} doanh nghiệp ở {name}", "new_enterprises"),
    ("Kết quả du lịch: ", "tỉnh {name} đón {value} lượt khách", "tourist_visits"),
)


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(FORMS), st.sampled_from(("; ", ", ")))
def test_the_items_of_a_list_may_stand_in_any_order(
    shuffle: random.Random, form: tuple[str, str, str], joint: str
) -> None:
    names = list(NAMES)
    shuffle.shuffle(names)
    values = {name: shuffle.randint(1_000, 99_999) for name in names}
    items = [form[1].format(name=name, value=f"{value:,}".replace(",", ".")) for name, value in values.items()]
    prose = read(form[0] + joint.join(items) + ".")
    assert {(c.indicator_code, c.province_id, int(c.value)) for c in prose.claims} == {
        (form[2], NAMES[name], value) for name, value in values.items()
    }
    assert len(prose.claims) == len(names) and len(prose.lists) == 1
