"""Writes Unicode text as old keyboards and fonts did, and the records of small .xls sheets."""

from __future__ import annotations

import csv
import struct
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from catalogue import Catalogue, load_catalogue
from catalogue.legacy import load_legacy_encodings

HERE = Path(__file__).parent


def write_as(encoding: str, text: str) -> str:
    """The text's letters in an old encoding; TCVN3 has toned capitals only as the small ones of another font."""
    codes: dict[str, str] = {}
    for shown, letter in load_legacy_encodings()[encoding].items():
        codes.setdefault(letter, shown)
    if encoding == "cp1258":
        return "".join(codes.get(letter, letter) for letter in unicodedata.normalize("NFC", text))
    return "".join(codes.get(letter) or codes.get(letter.lower(), letter) for letter in text)


@pytest.fixture(scope="session")
def encode() -> Callable[[str, str], str]:
    return write_as


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def labels(catalogue: Catalogue) -> list[str]:
    """Every name under which the catalogue knows an indicator, a section, a table or a province."""
    found = {i.label for i in catalogue.indicators.values()} | {i.heading for i in catalogue.indicators.values()}
    found |= {alias for i in catalogue.indicators.values() for alias in i.aliases}
    found |= {section.name for section in catalogue.sections} | {table.title for table in catalogue.tables}
    found |= {name for province in catalogue.provinces for name in (province.name, province.full_name)}
    return sorted(found)


@pytest.fixture(scope="session")
def modern_texts(catalogue: Catalogue) -> list[str]:
    """Every text of the catalogue's tables and form, cell by cell, with the words of other languages."""
    data = HERE.parent.parent / "catalogue" / "data"
    found = set((data / "form.toml").read_text(encoding="utf-8").splitlines())
    for path in data.glob("*.csv"):
        if not path.name.startswith("legacy_"):
            with path.open(encoding="utf-8", newline="") as file:
                found |= {cell for row in csv.reader(file) for cell in row}
                file.seek(0)
                found |= set(file.read().splitlines())
    found |= set((HERE / "foreign.txt").read_text(encoding="utf-8").splitlines())
    return sorted(found)


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _string(text: str, length: str) -> bytes:
    return struct.pack(length, len(text)) + b"\x01" + text.encode("utf-16-le")


def _font(name: str) -> bytes:
    return _record(0x31, struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + _string(name, "<B"))


def write_xls(
    fonts: Sequence[str],
    labels: Mapping[tuple[int, int], tuple[str, int]],
    changes: Mapping[tuple[int, int], Sequence[tuple[int, int]]],
) -> bytes:
    """A BIFF8 stream with one sheet "Biểu": (row, column) → text and number of its font; changes of font by place.

    `changes` gives (character, font) pairs. Font numbers count from zero in `fonts`.
    """
    numbers = [number if number < 4 else number + 1 for number in range(len(fonts))]  # the format skips number 4
    globals_ = _record(0x809, struct.pack("<HHHHII", 0x600, 0x5, 0, 1997, 0, 6))
    globals_ += _record(0x42, struct.pack("<H", 1200))
    globals_ += b"".join(map(_font, fonts))
    for number in numbers:
        globals_ += _record(0xE0, struct.pack("<HHH", number, 0, 0) + bytes(14))
    sheet = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 1997, 0, 6))
    for (row, column), (text, font) in labels.items():
        body = struct.pack("<HHH", row, column, font) + _string(text, "<H")
        if (row, column) in changes:
            pairs = [struct.pack("<HH", at, numbers[font]) for at, font in changes[row, column]]
            sheet += _record(0xD6, body + struct.pack("<H", len(pairs)) + b"".join(pairs))
        else:
            sheet += _record(0x204, body)
    sheet += _record(0x0A, b"")
    name = _string("Biểu", "<B")
    end = _record(0x0A, b"")
    start = len(globals_) + 4 + 6 + len(name) + len(end)
    return globals_ + _record(0x85, struct.pack("<IBB", start, 0, 0) + name) + end + sheet


@pytest.fixture(scope="session")
def make_xls() -> Callable[..., bytes]:
    return write_xls
