"""The spelling rules of a Vietnamese syllable."""

from __future__ import annotations

import re

import pytest

from transforms.syllables import is_syllable, is_vietnamese

SYLLABLES = """
quý quốc giếng già gìn thuý thúy khuyến nghiêng được ở xoong khuỷu hoà hòa quả
yêu rượu khuya thuở huệ gì quyết quỳnh ngoẹo NGHĨA Đồng
"""
OTHER_WORDS = "ấộ bồt cị kà gê ngế ăo thuyen1 français Müller đ bâ hoaà yiê qa nằ tìêu été xãy3 w"


@pytest.mark.parametrize("word", SYLLABLES.split())
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", OTHER_WORDS.split())
def test_no_syllables(word: str) -> None:
    assert not is_syllable(word)


def test_sloppy_typing_is_still_vietnamese() -> None:
    assert all(map(is_vietnamese, ("tòan", "qúy", "hop", "Ðồng", "dat")))
    assert not any(map(is_vietnamese, ("cuàr", "jazz", "xaõ")))


def test_every_word_of_the_catalogue_is_a_syllable(labels: list[str]) -> None:
    words = {word for label in labels for word in re.findall(r"[^\W\d_]+", label) if not word.isascii()}
    assert {word for word in words if not is_syllable(word) and not word.isupper()} == set()
