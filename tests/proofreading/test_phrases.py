"""The phrases of reports hold together; what means two things or names what is not there refuses to load."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from catalogue import DATA, CatalogueError, load_catalogue
from catalogue.phrases import spell_out
from transforms.prose.claims import TextBlock
from transforms.prose.reading import read_prose


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("subject,doanh thu bưu chính,post_revenue,,", "column indicator_code: 'post_revenue' is unknown"),
        ("subject,doanh thu bưu chính,,,", "column indicator_code: filled for"),
        ("filler,bưu chính,new_jobs,,", "column indicator_code: filled for"),
        ("verb,bưu chính,,,", "column role: 'verb' is unknown"),
        ("subject,bưu chính,new_jobs,tem,", "column condition: no phrase of role context means 'tem'"),
        ("subject,bưu (chính,new_jobs,,", "column phrase: its brackets do not match"),
        ("subject,,new_jobs,,", "column phrase: one of its wordings is empty"),
        ("aside,bưu phẩm,,,tên gọi", "column phrase: what is left aside"),
        ("aside,bưu phẩm #,,,", "column meaning: it must be filled"),
        (
            "subject,(tổng |)thu ngân sách,social_investment,,",
            "'tổng thu ngân sách' means something else already in line",
        ),
        ("cardinal,hai,,,3", "'hai' means something else already in line"),
    ],
)
def test_a_wrong_phrase_is_refused_with_its_line(tmp_path: Path, row: str, problem: str) -> None:
    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    table = folder / "phrases.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(f"{text}{row}\n", encoding="utf-8")
    with pytest.raises(CatalogueError) as refused:
        load_catalogue(folder)
    line = len(text.splitlines()) + 1
    assert str(refused.value).startswith(f"phrases.csv:{line}: {problem}")


def test_a_catalogue_without_phrases_reads_no_figure(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    (folder / "phrases.csv").unlink()
    prose = read_prose(load_catalogue(folder), (TextBlock(0, "Hà Nam tạo việc làm cho 5.000 lao động.", "đoạn 1"),))
    assert (prose.claims, [u.raw for u in prose.unplaced]) == ((), ["5.000"])


def test_a_new_indicator_is_read_by_its_rows_alone(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    for name, row in (
        ("units.csv", "parcel,bưu phẩm,bưu phẩm,1"),
        ("indicators.csv", _like_new_jobs(folder, "parcels_sent", "Số bưu phẩm đã gửi")),
        ("phrases.csv", "subject,bưu chính,parcels_sent,,"),
    ):
        table = folder / name
        table.write_text(f"{table.read_text(encoding='utf-8')}{row}\n", encoding="utf-8")
    text = "Về bưu chính: Hà Nam đạt 1.250 bưu phẩm; Nam Định 2,5 nghìn bưu phẩm."
    claims = read_prose(load_catalogue(folder), (TextBlock(0, text, "đoạn 1"),), "2021H1").claims
    told = [(c.indicator_code, c.province_id, str(c.value)) for c in claims]
    assert told == [("parcels_sent", "ha-nam", "1250"), ("parcels_sent", "nam-dinh", "2500.0")]


def _like_new_jobs(folder: Path, code: str, label: str) -> str:
    lines = (folder / "indicators.csv").read_text(encoding="utf-8").splitlines()
    cells = next(line for line in lines if line.startswith("new_jobs,")).split(",")
    cells[0], cells[2], cells[3], cells[4], cells[5], cells[19] = code, "99", label, label, "parcel", ""
    return ",".join(cells)


def test_alternatives_are_spelled_out() -> None:
    assert list(spell_out("doanh nghiệp (được |)thành lập( mới|)")) == [
        "doanh nghiệp được thành lập mới",
        "doanh nghiệp được thành lập",
        "doanh nghiệp thành lập mới",
        "doanh nghiệp thành lập",
    ]
