"""A whole return whose texts are in an old encoding, with and without the fonts that show it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font

from catalogue import Catalogue
from transforms.observation import Observation, Reading
from transforms.reading import read_return

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "returns"
Encode = Callable[[str, str], str]
FONTS = {"tcvn3": ".VnTime", "vni": "VNI-Times"}


def rewritten(path: Path, encode: Encode, choose: Callable[[int], str | None], *, with_font: bool) -> bytes:
    """The workbook with its texts in the encoding that `choose` gives for the number of a text; None leaves one."""
    book = openpyxl.load_workbook(path)
    number = 0
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if not isinstance(cell.value, str) or cell.value.startswith("="):
                    continue
                number += 1
                encoding = choose(number)
                if encoding is not None:
                    cell.value = encode(encoding, cell.value)
                    if with_font:
                        cell.font = Font(name=FONTS[encoding])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def meant(reading: Reading) -> Iterator[tuple[str, str, object, bool]]:
    for o in reading.observations:
        yield o.indicator_code, o.state, o.value, o.is_estimated


@pytest.fixture(scope="module")
def expected(catalogue: Catalogue) -> dict[str, Reading]:
    return {p.parent.name: read_return(catalogue, p.read_bytes()) for p in EXAMPLES.glob("*/*.xlsx")}


@pytest.mark.parametrize("province", ["Quảng Ninh", "Ninh Bình", "Hưng Yên"])
@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
@pytest.mark.parametrize("with_font", [True, False])
def test_an_old_encoding_gives_the_same_figures(
    catalogue: Catalogue, encode: Encode, expected: dict[str, Reading], province: str, encoding: str, with_font: bool
) -> None:
    path = next((EXAMPLES / province).glob("*.xlsx"))
    reading = read_return(catalogue, rewritten(path, encode, lambda _: encoding, with_font=with_font))
    assert not reading.is_rejected, reading.problems
    assert (reading.province_id, reading.period_code) == (expected[province].province_id, "2021H1")
    assert list(meant(reading)) == list(meant(expected[province]))


def test_a_workbook_mixed_cell_by_cell_gives_the_same_figures(
    catalogue: Catalogue, encode: Encode, expected: dict[str, Reading]
) -> None:
    path = next((EXAMPLES / "Thái Bình").glob("*.xlsx"))
    mixed = rewritten(path, encode, lambda number: ("tcvn3", "vni", None)[number % 3], with_font=True)
    reading = read_return(catalogue, mixed)
    assert list(meant(reading)) == list(meant(expected["Thái Bình"]))


def test_texts_are_kept_as_they_were_meant(catalogue: Catalogue, encode: Encode) -> None:
    path = next((EXAMPLES / "Ninh Bình").glob("*.xlsx"))
    reading = read_return(catalogue, rewritten(path, encode, lambda _: "tcvn3", with_font=True))
    enterprises: Observation = next(o for o in reading.observations if o.indicator_code == "new_enterprises")
    assert enterprises.note == "gồm cả đơn vị trực thuộc"
