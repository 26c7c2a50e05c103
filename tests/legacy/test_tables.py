"""The tables of the old encodings are whole, agree with the standards, and refuse what does not hold together."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from catalogue import DATA, CatalogueError
from catalogue.legacy import load_legacy_encodings, load_lookalikes
from transforms.legacy.text import decode_legacy
from transforms.legacy.words import LEGACY, convert_word, examine_word

TONES = "\u0300\u0301\u0303\u0309\u0323"
SMALL = [
    unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in ("", *TONES)
] + ["đ"]  # fmt: skip
ACCENTED = [letter for letter in SMALL if not letter.isascii()]


def test_every_letter_of_the_alphabet_with_every_tone_has_a_code() -> None:
    tables = load_legacy_encodings()
    assert len(ACCENTED) == 67
    capitals = {letter.upper() for letter in ACCENTED}
    assert set(tables["tcvn3"].values()) == {*ACCENTED, *"ĂÂĐÊÔƠƯ"}
    assert set(tables["vni"].values()) == set(tables["cp1258"].values()) == {*ACCENTED, *capitals}


@pytest.mark.parametrize("encoding", LEGACY)
def test_every_letter_comes_back(encoding: str, encode: Callable[[str, str], str]) -> None:
    letters = ACCENTED if encoding == "tcvn3" else [*ACCENTED, *map(str.upper, ACCENTED)]
    assert [convert_word(encode(encoding, letter), encoding) for letter in letters] == letters
    assert convert_word(encode(encoding, "".join(letters)), encoding) == "".join(letters)


def test_windows_1258_agrees_with_python() -> None:
    for shown, letter in load_legacy_encodings()["cp1258"].items():
        assert unicodedata.normalize("NFC", shown.encode("cp1252").decode("cp1258")) == letter


@pytest.mark.parametrize("font", [".VnTime", "VNI-Times"])
@pytest.mark.parametrize("letter", ACCENTED)
def test_a_syllable_with_every_letter_comes_back_by_its_font(
    letter: str, font: str, encode: Callable[[str, str], str]
) -> None:
    word = f"h{letter}" if letter in "ýỳỷỹỵ" else "đi" if letter == "đ" else f"h{letter}n"
    encoding = "tcvn3" if font == ".VnTime" else "vni"
    assert decode_legacy(encode(encoding, f"tỉnh {word}"), font).text == f"tỉnh {word}"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("tcvn3,A8,ă", "stands already for ă"),
        ("tcvn3,XY,ă", "code 'XY'"),
        ("vps,A8,ă", "'vps' is none of"),
        ("tcvn3,FF,ab", "is not one composed letter"),
        ("tcvn3,FF", "2 cells where 3 columns stand"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(row: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "legacy_encodings.csv"
    shutil.copy(DATA / path.name, path)
    lines = len(path.read_text(encoding="utf-8").splitlines())
    with path.open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    with pytest.raises(CatalogueError, match=message) as refusal:
        load_legacy_encodings(tmp_path)
    assert str(refusal.value).startswith(f"legacy_encodings.csv:{lines + 1}: ")


def test_unknown_columns_are_refused(tmp_path: Path) -> None:
    (tmp_path / "legacy_encodings.csv").write_text("encoding,code,letter,note\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"legacy_encodings.csv:1: columns: unknown \['note'\]"):
        load_legacy_encodings(tmp_path)


def test_lookalikes_are_vietnamese_either_way() -> None:
    for encoding in LEGACY:
        assert len(load_lookalikes()[encoding]) > 10
        for shown, usual in load_lookalikes()[encoding].items():
            word = examine_word(shown)
            assert word.is_vietnamese
            assert usual in (shown, word.readings[encoding].text)


@pytest.mark.parametrize(
    ("row", "message"),
    [("tcvn3,bá,bá", "stands already"), ("vps,ba,ba", "'vps' is none of"), ("vni,BA,ba", "'BA' is no word in small")],
)
def test_a_wrong_lookalike_is_refused_with_its_line(row: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "legacy_lookalikes.csv").write_text(f"encoding,shown,usual\ntcvn3,bá,bỏ\n{row}\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match=message) as refusal:
        load_lookalikes(tmp_path)
    assert str(refusal.value).startswith("legacy_lookalikes.csv:3: ")
