"""Writers of the formats that provinces send, each as its programs write it: what the tests read back."""

from __future__ import annotations

import codecs
import csv
import io
import struct
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import docx
from docx.table import Table as WordTable

from catalogue.legacy import load_legacy_encodings
from transforms.observation import Cell
from transforms.sheets import Workbook

Grid = Sequence[Sequence[str]]

_TONES = "\u0300\u0301\u0303\u0309\u0323"


def show(cell: Cell) -> str:
    """What a person who copies a cell by hand writes: the number as Vietnamese do."""
    return cell.raw.replace(".", ",") if cell.kind == "number" else cell.raw


def grid_of(workbook: Workbook, sheet: str, decimal_mark: str = ",") -> list[list[str]]:
    """A sheet as rectangular rows of texts."""
    cells = workbook.cells[sheet]
    height = max((r for r, _ in cells), default=-1) + 1
    width = max((c for _, c in cells), default=-1) + 1
    grid = [[""] * width for _ in range(height)]
    for (row, column), cell in cells.items():
        grid[row][column] = cell.raw.replace(".", decimal_mark) if cell.kind == "number" else cell.raw
    return grid


def encode_1258(text: str) -> bytes:
    """Windows-1258 as Vietnamese Windows writes it: vowels with their hook or hat, tones behind them."""
    pieces = []
    for letter in unicodedata.normalize("NFC", text):
        try:
            pieces.append(letter.encode("cp1258"))
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            tone = next(t for t in parts if t in _TONES)
            base = unicodedata.normalize("NFC", parts.replace(tone, ""))
            pieces.append(base.encode("cp1258") + tone.encode("cp1258"))
    return b"".join(pieces)


def encode_legacy(text: str, encoding: str) -> bytes:
    """The bytes that an old font shows as the text; a capital that the encoding lacks is written small."""
    codes: dict[str, str] = {}
    for code, letter in load_legacy_encodings()[encoding].items():
        codes.setdefault(letter, code)
    composed = unicodedata.normalize("NFC", text).replace("–", "-")
    written = (c if c.isascii() else codes.get(c) or codes[c.lower()] for c in composed)
    return "".join(written).encode("cp1252")


def encode(text: str, encoding: str) -> bytes:
    """The text in an encoding; names ending in -sig carry the byte order mark."""
    match encoding:
        case "utf-16-le-sig":
            return codecs.BOM_UTF16_LE + text.encode("utf-16-le")
        case "utf-16-be-sig":
            return codecs.BOM_UTF16_BE + text.encode("utf-16-be")
        case "cp1258":
            return encode_1258(text)
        case _:
            return text.encode(encoding)


def write_csv(grid: Grid, delimiter: str = ",", encoding: str = "utf-8", *, quoting: int = csv.QUOTE_MINIMAL) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, quoting=quoting).writerows(grid)  # type: ignore[arg-type]
    return encode(stream.getvalue(), encoding)


def write_docx(tables: Iterable[tuple[str, Grid]], before: Sequence[str] = (), after: Sequence[str] = ()) -> bytes:
    """A Word report: paragraphs, then each table under its title."""
    document = docx.Document()
    for text in before:
        document.add_paragraph(text)
    for title, grid in tables:
        document.add_paragraph(title)
        table = document.add_table(rows=len(grid), cols=max(map(len, grid), default=0))
        fill(table, grid)
    for text in after:
        document.add_paragraph(text)
    return save(document)


def fill(table: WordTable, grid: Grid) -> None:
    for line, texts in zip(table.rows, grid, strict=True):
        for cell, text in zip(line.cells, texts, strict=True):
            cell.text = text


def save(document: object) -> bytes:
    stream = io.BytesIO()
    document.save(stream)  # type: ignore[attr-defined]
    return stream.getvalue()


def write_zip(parts: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def rewrite_zip(data: bytes, changes: Mapping[str, bytes | None]) -> bytes:
    """An archive with some parts replaced, added or (None) taken out."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts: dict[str, bytes | None] = {name: archive.read(name) for name in archive.namelist()}
    parts.update(changes)
    return write_zip({name: content for name, content in parts.items() if content is not None})


# --- .xlsb, which no program at hand writes --------------------------------------------------------------------

_MAIN = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def write_xlsb(sheets: Mapping[str, Mapping[tuple[int, int], str | Decimal | bool]], percent: bool = False) -> bytes:
    """A binary workbook of texts, numbers and truth values; `percent` shows every number as percent."""
    names = list(sheets)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.bin" ContentType="application/vnd.ms-excel.worksheet"/>'
        for n in range(1, len(names) + 1)
    )
    types = (
        f'<?xml version="1.0"?><Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{overrides}</Types>"
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_MAIN}/worksheet" Target="worksheets/sheet{n}.bin"/>'
        for n in range(1, len(names) + 1)
    )
    styles = f'<Relationship Id="rIdS" Type="{_MAIN}/styles" Target="styles.bin"/>'
    relations = '<?xml version="1.0"?><Relationships xmlns="{}/relationships">{}</Relationships>'
    bundle = b"".join(
        _record(156, struct.pack("<II", 0, n) + _wide(f"rId{n}") + _wide(name)) for n, name in enumerate(names, 1)
    )
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": types,
        "_rels/.rels": relations.format(
            _PACKAGE, f'<Relationship Id="rId1" Type="{_MAIN}/officeDocument" Target="xl/workbook.bin"/>'
        ),
        "xl/workbook.bin": _record(131) + _record(143) + bundle + _record(144) + _record(132),
        "xl/_rels/workbook.bin.rels": relations.format(_PACKAGE, related + styles),
        "xl/styles.bin": _styles(),
    }
    for n, cells in enumerate(sheets.values(), 1):
        parts[f"xl/worksheets/sheet{n}.bin"] = _sheet(cells, 1 if percent else 0)
    return write_zip(parts)


def _styles() -> bytes:
    """Two cell formats: general, and 0.00%."""
    plain, percent = (struct.pack("<HHHHHBBHBB", 0, n, 0, 0, 0, 0, 0, 0, 0, 0) for n in (0, 10))
    formats = _record(617, struct.pack("<I", 2)) + _record(47, plain) + _record(47, percent) + _record(618)
    return _record(278) + formats + _record(279)


def _sheet(cells: Mapping[tuple[int, int], str | Decimal | bool], style: int) -> bytes:
    rows = sorted({row for row, _ in cells})
    columns = [column for _, column in cells] or [0]
    size = struct.pack("<IIII", rows[0] if rows else 0, rows[-1] if rows else 0, min(columns), max(columns))
    pieces = [_record(129), _record(148, size), _record(145)]
    for row in rows:
        pieces.append(_record(0, struct.pack("<IIHBBBI", row, 0, 300, 0, 0, 0, 0)))
        for (_, column), value in sorted(item for item in cells.items() if item[0][0] == row):
            place = struct.pack("<II", column, style)
            if isinstance(value, bool):
                pieces.append(_record(4, place + bytes((value,))))
            elif isinstance(value, Decimal):
                pieces.append(_record(5, place + struct.pack("<d", value)))
            else:
                pieces.append(_record(6, place + _wide(value)))
    return b"".join((*pieces, _record(146), _record(130)))


def _wide(text: str) -> bytes:
    encoded = text.encode("utf-16-le")
    return struct.pack("<I", len(encoded) // 2) + encoded


def _record(kind: int, content: bytes = b"") -> bytes:
    head = bytes((kind,)) if kind < 128 else bytes((kind & 0x7F | 0x80, kind >> 7))
    length, size = len(content), b""
    while True:
        length, low = length >> 7, length & 0x7F
        size += bytes((low | (0x80 if length else 0),))
        if not length:
            return head + size + content


# --- the old Office container ----------------------------------------------------------------------------------


def write_compound(streams: Mapping[str, bytes]) -> bytes:
    """An OLE container of streams, as Word 97 and encrypting Office programs write it; one sector for its table."""
    sector, end, free = 512, 0xFFFFFFFE, 0xFFFFFFFF
    contents = {name: content.ljust(4096, b"\0") for name, content in streams.items()}
    table = [0xFFFFFFFD, end]  # sector 0 holds this table, sector 1 the directory
    body, entries = b"", [_entry("Root Entry", 5, end, 0, child=1)]
    for number, (name, content) in enumerate(contents.items(), 1):
        start, count = len(table), -(-len(content) // sector)
        table.extend([*range(start + 1, start + count), end])
        body += content.ljust(count * sector, b"\0")
        right = number + 1 if number < len(contents) else free
        entries.append(_entry(name, 2, start, len(content), right=right))
    header = (
        struct.pack(
            "<8s16xHHHHH10xIIIIIIII",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            0x3E,
            3,
            0xFFFE,
            9,
            6,
            1,
            1,
            0,
            4096,
            end,
            0,
            end,
            0,
        )
        + struct.pack("<I", 0)
        + struct.pack("<I", free) * 108
    )
    packed = b"".join(struct.pack("<I", n) for n in table).ljust(sector, b"\xff")
    assert len(packed) == sector and len(entries) <= 4
    directory = b"".join(entries).ljust(sector, b"\0")
    return header + packed + directory + body


def _entry(name: str, kind: int, start: int, size: int, *, right: int = 0xFFFFFFFF, child: int = 0xFFFFFFFF) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    return struct.pack("<64sHBBIII36xIQ", encoded, len(encoded), kind, 1, 0xFFFFFFFF, right, child, start, size)
