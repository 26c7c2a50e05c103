"""Texts of old fonts become Unicode, by font and by letters; everything else stays as it is."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.legacy.text import Run, decode_legacy, decode_runs, is_capital_font, name_encoding
from transforms.syllables import is_syllable

Encode = Callable[[str, str], str]
FORMS: tuple[Literal["NFC"], Literal["NFD"]] = ("NFC", "NFD")
FONTS = {"tcvn3": ".VnTime", "vni": "VNI-Times"}
PROVINCES = (
    "Bắc Ninh", "Hà Nam", "Hải Dương", "Hưng Yên", "Nam Định", "Ninh Bình", "Quảng Ninh", "Thái Bình", "Vĩnh Phúc"
)  # fmt: skip
INITIALS = ("", "ch", "kh", "ng", "nh", "ph", "th", "tr", *"bcdđghlmnrstvx")
RIMES = (
    "an",
    "ang",
    "ăn",
    "âu",
    "oa",
    "oan",
    "ơi",
    "ôn",
    "ong",
    "ung",
    "ưa",
    "ưng",
    "ươi",
    "ương",
    "ui",
    "ao",
    "a",
    "u",
)
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
TONE_LETTER = {"oan": "a", "ươi": "ơ", "ương": "ơ"}


def make_syllable(initial: str, rime: str, tone: str) -> str:
    place = rime.index(TONE_LETTER.get(rime, rime[0]))
    return unicodedata.normalize("NFC", initial + rime[: place + 1] + tone + rime[place + 1 :])


SYLLABLES = st.builds(make_syllable, st.sampled_from(INITIALS), st.sampled_from(RIMES), st.sampled_from(TONES))
LONGER = SYLLABLES.filter(lambda word: len(word) > 1 and is_syllable(word))  # a lone "·" or "×" stays a sign
CASED = st.builds(lambda word, change: change(word), SYLLABLES, st.sampled_from((str.lower, str.upper, str.capitalize)))
OTHERS = st.sampled_from(("12,5%", "m²", "-", "(±5)", "25 °C", "GRDP", "“a”", "…"))
TEXTS = st.lists(st.one_of(CASED, OTHERS), max_size=8)


@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "cp1258"])
@pytest.mark.parametrize("province", PROVINCES)
def test_the_nine_provinces_come_back(province: str, encoding: str, encode: Encode) -> None:
    written = encode(encoding, province)
    for font in (None, FONTS.get(encoding)):
        decoded = decode_legacy(written, font)
        assert (decoded.text, decoded.is_certain) == (province, True)
        assert decoded.encoding == ("unicode" if written == province else encoding)


@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "cp1258"])
@pytest.mark.parametrize("has_font", [True, False])
def test_every_label_of_the_catalogue_comes_back(
    encoding: str, has_font: bool, labels: list[str], encode: Encode
) -> None:
    font = FONTS.get(encoding) if has_font else None
    for label in labels:
        decoded = decode_legacy(encode(encoding, label), font)
        small = encoding == "tcvn3"  # its toned capitals are written with small codes
        assert (decoded.text.lower() if small else decoded.text) == (label.lower() if small else label)
        assert decoded.is_certain


def test_nothing_modern_or_foreign_is_converted(modern_texts: list[str]) -> None:
    assert len(modern_texts) > 2000
    for text in modern_texts:
        for form in FORMS:
            for font in (None, "Times New Roman", "Calibri"):
                decoded = decode_legacy(unicodedata.normalize(form, text), font)
                assert decoded.text == unicodedata.normalize("NFC", text)
                assert decoded.encoding == "unicode"


@pytest.mark.parametrize("font", [".VnTime", ".VnTimeH", "VNI-Times"])
def test_modern_words_keep_their_letters_in_an_old_font(font: str) -> None:
    for text in ("Tỉnh Hà Nam", "Số xã đạt chuẩn", "Hưng Yên", "diện tích (m²)", "25 °C", "±5", "a@b.vn", "12,5%"):
        assert decode_legacy(text, font).text.lower() == text.lower()


@given(TEXTS, st.sampled_from((None, "Arial")), st.sampled_from(FORMS))
def test_any_vietnamese_text_in_unicode_is_returned_composed(
    words: list[str], font: str | None, form: Literal["NFC", "NFD"]
) -> None:
    text = " ".join(words)
    decoded = decode_legacy(unicodedata.normalize(form, text), font)
    assert (decoded.text, decoded.encoding) == (unicodedata.normalize("NFC", text), "unicode")


@given(st.text(max_size=40), st.sampled_from((None, "Arial", ".VnTime", ".VnArialH", "VNI-Helve")))
def test_any_text_at_all_gives_composed_text(text: str, font: str | None) -> None:
    assert unicodedata.is_normalized("NFC", decode_legacy(text, font).text)


@given(st.lists(LONGER, min_size=1, max_size=6), st.sampled_from(("tcvn3", "vni")))
def test_any_vietnamese_text_comes_back_by_its_font(encode: Encode, words: list[str], encoding: str) -> None:
    text = " ".join(("tỉnh", *words))
    assert decode_legacy(encode(encoding, text), FONTS[encoding]).text == text


@pytest.mark.parametrize(
    ("font", "encoding"),
    [
        (".VnTime", "tcvn3"), (".VnArialH", "tcvn3"), (".vntime", "tcvn3"), ("VNI-Times", "vni"), ("VNI Helve", "vni"),
        ("Times New Roman", "unicode"), ("Calibri", "unicode"), ("VNtimes new roman", "unicode"),
        ("", None), (None, None),
    ],
)  # fmt: skip
def test_a_font_tells_its_encoding(font: str | None, encoding: str | None) -> None:
    assert name_encoding(font) == encoding


def test_capital_fonts_show_capitals() -> None:
    assert is_capital_font(".VnTimeH") and is_capital_font(".VnArialH") and is_capital_font(".vntimeh")
    assert not is_capital_font(".VnTime") and not is_capital_font("BOOKH")
    assert decode_legacy("tØnh h­ng yªn", ".VnTimeH").text == "TỈNH HƯNG YÊN"
    assert decode_legacy("céng hoµ x· héi chñ nghÜa viÖt nam", ".VnArialH").text == "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"


@pytest.mark.parametrize(
    ("written", "font", "expected"),
    [
        ("TØNH H¦NG Y£N", None, "TỈNH HƯNG YÊN"),  # toned capitals typed in the ordinary font
        ("UBND TØNH Hµ NAM", None, "UBND TỈNH HÀ NAM"),
        ("Hµ NéI", None, "HÀ NỘI"),
        ("§VT: triÖu ®ång", None, "ĐVT: triệu đồng"),
        ("H§ND, UBND tØnh", None, "HĐND, UBND tỉnh"),
        ("Q§-TTg", ".VnTime", "QĐ-TTg"),
        ("100 tr®/n¨m", ".VnTime", "100 trđ/năm"),
        ("§.V.T: 1.000 ®", ".VnTime", "Đ.V.T: 1.000 đ"),
        ("« nhiÔm m«i tr­êng", None, "ô nhiễm môi trường"),
        ("cã ý kiÕn", None, "có ý kiến"),  # "cã" alone could be either
        ("diÖn tÝch 5 m² (±2 °C) × 3", None, "diện tích 5 m² (±2 °C) × 3"),
        ("H-ng Yªn, tr-êng D-¬ng §«ng", None, "Hưng Yên, trường Dương Đông"),  # the soft hyphen copied as a plain one
        ("H-ng", ".VnTime", "Hưng"),
        ("UBND-VP", ".VnTime", "UBND-VP"),
        ("Phßng Tæ chøc-Hµnh chÝnh", None, "Phòng Tổ chức-Hành chính"),
        ("Chi nhaùnh, VPÑD", None, "Chi nhánh, VPĐD"),
        ("Aán Ñoä", None, "Ấn Độ"),  # a capital with its sign typed small
        ("TÆNH HÖNG YEÂN", None, "TỈNH HƯNG YÊN"),
        ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", None, "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("TiÒnh Nam Ðiònh", None, "Tỉnh Nam Định"),
        ("Hýng Yên", "Calibri", "Hưng Yên"),
    ],
)  # fmt: skip
def test_what_offices_write(written: str, font: str | None, expected: str) -> None:
    assert decode_legacy(written, font).text == expected


@pytest.mark.parametrize(
    ("written", "expected", "is_certain"),
    [
        ("Tỉnh Hà Nam: x· ®¹t chuÈn", "Tỉnh Hà Nam: xã đạt chuẩn", True),
        ("Số xã (x· ®¹t)", "Số xã (xã đạt)", True),  # "xã" itself would be "xó" in TCVN3, which nobody writes
        ("Số doanh nghiệp thµnh lËp míi", "Số doanh nghiệp thành lập mới", True),
        ("Số xã coâng nhaän môùi", "Số xã công nhận mới", True),
        ("Tổng cã ®¹t", "Tổng có đạt", True),  # nor does anybody write "cã"
        ("Công nghiÖp", "Công nghiệp", False),  # "Cụng" in TCVN3; no other word says that a part is in Unicode
        ("Của Công nghiÖp", "Của Công nghiệp", True),
        ("Chi nhaùnh, VPĐD", "Chi nhánh, VPĐD", True),
        ("Tænh Haûi Dương", "Tỉnh Hải Dương", True),
        ("Tỉnh dùng x©y dựng", "Tỉnh dùng xây dựng", False),  # "dùng" and "dựng" are both common
    ],
)
def test_mixed_texts_are_read_word_by_word(written: str, expected: str, is_certain: bool) -> None:
    decoded = decode_legacy(written)
    assert (decoded.text, decoded.is_certain) == (expected, is_certain)


def test_bytes_taken_for_windows_1258_on_the_way_are_seen_through() -> None:
    for text, font in (("TØnh Nam §Þnh", None), ("KÕ ho¹ch", ".VnTime")):
        misread = text.encode("cp1252").decode("cp1258")
        assert decode_legacy(misread, font).text == decode_legacy(text, ".VnTime").text


def test_what_could_be_either_is_left_and_said() -> None:
    assert decode_legacy("C«ng ty Xµ¿").is_certain is False  # no encoding explains the last word
    single = decode_legacy("sè")  # "số" in TCVN3 and a syllable in Unicode
    assert (single.text, single.encoding) == ("sè", "unicode")
    hint = decode_legacy("Thä")
    assert (hint.text, hint.is_certain) == ("Thä", False)
    short = decode_legacy("Hµ", "Times New Roman")
    assert (short.text, short.is_certain) == ("Hà", False)


def test_the_parts_of_a_cell_are_read_by_their_own_fonts() -> None:
    runs = (
        Run("T", ".VnTime"),
        Run("Ønh ", ".VnTime"),
        Run("Haø Nam", "VNI-Times"),
        Run(" có", "Arial"),
        Run(" 5%", None),
    )
    decoded = decode_runs(runs)
    assert (decoded.text, decoded.is_certain) == ("Tỉnh Hà Nam có 5%", True)
    assert decode_runs(()).text == ""
