"""Names and periods as they come."""

from __future__ import annotations

import pytest

from catalogue import load_catalogue
from transforms.identification import find_period, find_province
from transforms.text import clean_text, fold

CATALOGUE = load_catalogue()


@pytest.mark.parametrize(
    ("text", "province_id"),
    [
        ("Hưng Yên", "hung-yen"),
        ("UBND tỉnh Hưng Yên", "hung-yen"),
        ("hung_yen", "hung-yen"),
        ("HUNGYEN", "hung-yen"),
        ("Hu\u031bng Ye\u0302n", "hung-yen"),
        ("T. Nam Định", "nam-dinh"),
        ("NAM ÐỊNH", "nam-dinh"),
        ("Tỉnh Thái Bình", "thai-binh"),
        ("thai-binh", "thai-binh"),
        ("33", "hung-yen"),
        ("Toàn Cụm", "toan-cum"),
        ("TP. Hải Phòng", "hai-phong"),
        ("TP Nam Định", None),
        ("UBND thành phố Hưng Yên", None),
        ("Hà Tây", None),
        ("tỉnh", None),
        ("", None),
    ],
)
def test_finds_the_province(text: str, province_id: str | None) -> None:
    assert find_province(CATALOGUE, text, "2021H1") == province_id


def test_a_code_is_the_code_of_its_time() -> None:
    assert find_province(CATALOGUE, "27", "2021H1") == "bac-ninh"
    assert find_province(CATALOGUE, "24", "2025H2") == "bac-ninh"
    assert find_province(CATALOGUE, "27", "2025H2") is None


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2021H1", "2021H1"),
        ("2021-h2", "2021H2"),
        ("6 tháng đầu năm 2021", "2021H1"),
        ("06 tháng cuối năm 2021", "2021H2"),
        ("Kỳ 1 năm 2021", "2021H1"),
        ("6T đầu năm 2021", "2021H1"),
        ("6 tháng năm 2021", "2021H1"),
        ("16 tháng năm 2021", None),
        ("quý III năm 2021", None),
        ("2021", None),
    ],
)
def test_finds_the_period(text: str, period: str | None) -> None:
    assert find_period(text) == period


def test_text_is_composed_and_folded() -> None:
    assert clean_text("Hòa\u00a0 Bi\u0300nh\u200b") == "Hòa Bình"
    assert fold("Hoà Bình") == fold("HÒA-BÌNH") == "hoa binh"
    assert fold("Đắk Lắk") == "dak lak"
