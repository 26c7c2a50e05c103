"""A synthetic file is known as such in every format that is read: by its properties alone, and by its cover alone."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from conversions import as_lines, as_report, as_xlsb, as_xlsm, convert_by_libreoffice
from writers import rewrite_zip, write_compound, write_csv

from catalogue import load_catalogue
from transforms.admission import admit
from transforms.labelling import find_source
from transforms.old_properties import read_old_properties
from transforms.reading import read_return
from transforms.sheets import Workbook
from transforms.template.blank import render_template
from transforms.workbook import read_workbook

pytestmark = pytest.mark.slow

CATALOGUE = load_catalogue()
FORMATS = ("xlsx", "xlsm", "xlsb", "xls", "ods", "docx", "csv", "tsv")


def form(finality: str, keywords: str = "") -> bytes:
    """The cluster's form, with what its cover says of its figures and these keywords among its properties."""
    values: dict[str, Any] = {"m_finality": finality, "f_new_jobs": 450, "f_new_enterprises": 12}
    book = openpyxl.load_workbook(io.BytesIO(render_template(CATALOGUE, "2021H1", "ha-nam", values)))
    book.properties.keywords = keywords
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_word(data: bytes, line: str, keywords: str) -> bytes:
    document = docx.Document(io.BytesIO(as_report(read_workbook(data))))
    document.core_properties.keywords = keywords
    document.paragraphs[0].insert_paragraph_before(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def in_all_formats(source: Path, finality: str, keywords: str, by_libreoffice: dict[str, Path]) -> dict[str, bytes]:
    """The form in each format, its properties going along where the format has any."""
    data = source.read_bytes()
    workbook = read_workbook(data)
    core = f'<x xmlns:cp="urn:x"><cp:keywords>{keywords}</cp:keywords></x>'.encode()
    return {
        **{kind: (folder / f"{source.stem}.{kind}").read_bytes() for kind, folder in by_libreoffice.items()},
        "xlsx": data,
        "xlsm": as_xlsm(data),
        "xlsb": rewrite_zip(as_xlsb(workbook), {"docProps/core.xml": core}),
        "docx": as_word(data, f"Tính chất số liệu: {finality}", keywords),
        "csv": write_csv(as_lines(workbook), ";"),
        "tsv": write_csv(as_lines(workbook), "\t"),
    }


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    """The form in each format: marked on its cover, marked in its properties, and not marked."""
    folder = tmp_path_factory.mktemp("marked")
    forms = {
        "cover": ("Giả lập", ""),
        "properties": ("Chính thức", "synthetic; giả lập"),
        "nothing": ("Chính thức", "báo cáo; photosynthetic"),
    }
    sources = {name: folder / f"{name}.xlsx" for name in forms}
    for name, source in sources.items():
        source.write_bytes(form(*forms[name]))
    made = {kind: convert_by_libreoffice(sources.values(), kind, folder) for kind in ("xls", "ods")}
    return {name: in_all_formats(source, *forms[name], made) for name, source in sources.items()}


@pytest.mark.parametrize("kind", FORMATS)
def test_the_mark_is_seen_and_the_file_refused_in_a_home_of_real_figures(
    marked: dict[str, dict[str, bytes]], kind: str
) -> None:
    ways = ["cover"] if kind in ("csv", "tsv") else ["cover", "properties"]
    for way in ways:
        reading = read_return(CATALOGUE, marked[way][kind])
        assert reading.source == "synthetic", way
        refused = admit(reading, takes_synthetic=False)
        assert refused.is_rejected and [p.rule_code for p in refused.problems] == ["synthetic_file"]
    real = read_return(CATALOGUE, marked["nothing"][kind])
    assert real.source == "" and not real.is_rejected
    assert {str(o.value) for o in real.observations if o.value is not None} == {"450", "12"}


def properties(kind: int, text: bytes, count: int) -> bytes:
    """A property set with one property, the keywords (MS-OLEPS)."""
    value = kind.to_bytes(4, "little") + count.to_bytes(4, "little") + text
    section = (16 + len(value)).to_bytes(4, "little") + (1).to_bytes(4, "little")
    section += (5).to_bytes(4, "little") + (16).to_bytes(4, "little") + value
    return b"\xfe\xff\0\0" + bytes(20) + (1).to_bytes(4, "little") + bytes(16) + (48).to_bytes(4, "little") + section


@pytest.mark.parametrize(
    "stream",
    [properties(0x1E, b"x; synthetic\0\0\0\0", 13), properties(0x1F, "x; synthetic\0".encode("utf-16-le"), 13)],
)
def test_old_properties_are_read_in_narrow_and_wide_letters(stream: bytes) -> None:
    data = write_compound({"Workbook": bytes(4096), "\x05SummaryInformation": stream + bytes(4096 - len(stream))})
    assert read_old_properties(data) == ["x; synthetic"]
    assert find_source(CATALOGUE, data, Workbook((), {}, {})) == "synthetic"
    for broken in (data[:600], data[:-4000], data[:40] + b"\xff" * 400 + data[440:]):
        assert find_source(CATALOGUE, broken, Workbook((), {}, {})) in ("", "synthetic")  # never an error
