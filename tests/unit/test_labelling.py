"""A file that says that its figures are made up is known as such, and counts only among its like."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from catalogue import load_catalogue
from transforms.admission import admit
from transforms.reading import read_return
from transforms.template.blank import render_template

CATALOGUE = load_catalogue()
TABLE = """Đơn vị báo cáo;Hà Nam
Kỳ báo cáo;2021H1
{line}

TT;Chỉ tiêu;Đơn vị tính;Thực hiện
1;{label};doanh nghiệp;450
"""
LABEL = CATALOGUE.indicators["new_enterprises"].label


def form(finality: str) -> bytes:
    return render_template(CATALOGUE, "2021H1", "ha-nam", {"m_finality": finality, "f_new_enterprises": 450})


def with_properties(data: bytes, marks: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for member in source.infolist():
            content = source.read(member)
            if member.filename == "docProps/core.xml":
                content = content.replace(b"</cp:coreProperties>", f"{marks}</cp:coreProperties>".encode())
            target.writestr(member, content)
    return out.getvalue()


@pytest.mark.parametrize("finality", ["Giả lập", "giả lập.", "Số giả lập", "SỐ LIỆU GIẢ LẬP"])
def test_the_cover_says_that_figures_are_made_up(finality: str) -> None:
    assert read_return(CATALOGUE, form(finality)).source == "synthetic"


@pytest.mark.parametrize("finality", ["Chính thức", "Ước tính", ""])
def test_all_other_returns_are_the_units_own(finality: str) -> None:
    assert read_return(CATALOGUE, form(finality)).source == ""


def test_the_properties_say_so() -> None:
    sound = form("Chính thức")
    keywords = "<cp:keywords>synthetic; giả lập</cp:keywords>"
    assert read_return(CATALOGUE, with_properties(sound, keywords)).source == "synthetic"
    assert read_return(CATALOGUE, with_properties(sound, "<cp:category>Synthetic</cp:category>")).source == "synthetic"
    assert read_return(CATALOGUE, with_properties(sound, "<cp:category>photosynthetic</cp:category>")).source == ""


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("Tính chất số liệu: Giả lập;", "synthetic"),
        ("Tính chất số liệu;Giả lập", "synthetic"),
        ("Tính chất số liệu: Chính thức;", ""),
        ("Không dùng số giả lập;", ""),
        ("Ghi chú: không phải số liệu giả lập;", ""),
    ],
)
def test_a_line_above_a_table_of_any_kind_says_so(line: str, source: str) -> None:
    text = TABLE.format(line=line, label=LABEL)
    reading = read_return(CATALOGUE, text.encode("utf-8-sig"))
    assert (reading.source, [str(o.value) for o in reading.observations if o.value is not None]) == (source, ["450"])
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in text.splitlines():
        book.active.append([int(cell) if cell.isdigit() else cell for cell in row.split(";")])
    stream = io.BytesIO()
    book.save(stream)
    assert read_return(CATALOGUE, stream.getvalue()).source == source


def test_a_synthetic_file_counts_only_in_a_home_to_try_things_in() -> None:
    reading = read_return(CATALOGUE, form("Giả lập"))
    assert admit(reading, takes_synthetic=True) is reading
    refused = admit(reading, takes_synthetic=False)
    assert refused.is_rejected and not refused.observations and not refused.explanations
    assert [p.rule_code for p in refused.problems] == ["synthetic_file"]
    assert (refused.province_id, refused.period_code, refused.source) == ("ha-nam", "2021H1", "synthetic")
    of_several = replace(reading, observations=(), parts=(reading, reading))
    assert admit(of_several, takes_synthetic=False).parts == ()
    real = read_return(CATALOGUE, form("Chính thức"))
    assert admit(real, takes_synthetic=False) is real
