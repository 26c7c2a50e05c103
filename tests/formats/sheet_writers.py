"""Workbooks of texts, numbers and truth values in every spreadsheet format, and tables of texts in the others."""

from __future__ import annotations

import csv
import io
import struct
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter
from conversions import as_xlsm
from writers import write_compound, write_csv, write_docx, write_xlsb, write_zip

Value = str | Decimal | bool
Cells = Mapping[tuple[int, int], Value]

_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"


def write_xlsx(sheets: Mapping[str, Cells]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        for name, cells in sheets.items():
            sheet = book.add_worksheet(name)
            for (row, column), value in cells.items():
                if isinstance(value, bool):
                    sheet.write_boolean(row, column, value)
                elif isinstance(value, Decimal):
                    sheet.write_number(row, column, float(value))
                else:
                    sheet.write_string(row, column, value)
    return stream.getvalue()


def write_ods(sheets: Mapping[str, Cells]) -> bytes:
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>{_rows(cells)}</table:table>" for name, cells in sheets.items()
    )
    names = " ".join(f'xmlns:{name}="{_NAMES}{name}:1.0"' for name in ("office", "table", "text"))
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = f'<m:manifest xmlns:m="{_NAMES}manifest:1.0"/>'
    return write_zip({"mimetype": _ODS, "META-INF/manifest.xml": manifest, "content.xml": content})


def _rows(cells: Cells) -> str:
    height = max((row for row, _ in cells), default=-1) + 1
    width = max((column for _, column in cells), default=-1) + 1
    rows = ("".join(_cell(cells.get((row, column))) for column in range(width)) for row in range(height))
    return "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)


def _cell(value: Value | None) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, bool):
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(value).lower()}"/>'
    if isinstance(value, Decimal):
        return f'<table:table-cell office:value-type="float" office:value="{float(value)!r}"/>'
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in value.split("\n"))
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'


def write_xls(sheets: Mapping[str, Cells]) -> bytes:
    """The records of Excel 97, as short as they may be; for small sheets."""
    begin = _record(0x809, struct.pack("<HHHHII", 0x600, 0x5, 0, 1997, 0, 6)) + _record(0x42, struct.pack("<H", 1200))
    begin += _record(0x31, struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + _wide("Arial", "<B"))
    begin += _record(0xE0, bytes(20))
    bodies = [_sheet(cells) for cells in sheets.values()]
    names = [_wide(name, "<B") for name in sheets]
    end = _record(0x0A)
    start = len(begin) + sum(10 + len(name) for name in names) + len(end)
    for name, body in zip(names, bodies, strict=True):
        begin += _record(0x85, struct.pack("<IBB", start, 0, 0) + name)
        start += len(body)
    return write_compound({"Workbook": begin + end + b"".join(bodies)})


def _sheet(cells: Cells) -> bytes:
    pieces = [_record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 1997, 0, 6))]
    for (row, column), value in sorted(cells.items(), key=lambda item: item[0]):
        place = struct.pack("<HHH", row, column, 0)
        if isinstance(value, bool):
            pieces.append(_record(0x205, place + bytes((value, 0))))
        elif isinstance(value, Decimal):
            pieces.append(_record(0x203, place + struct.pack("<d", value)))
        else:
            pieces.append(_record(0x204, place + _wide(value, "<H")))
    return b"".join((*pieces, _record(0x0A)))


def _wide(text: str, length: str) -> bytes:
    encoded = text.encode("utf-16-le")
    return struct.pack(length, len(encoded) // 2) + b"\x01" + encoded


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


WORKBOOKS: dict[str, Callable[[Mapping[str, Cells]], bytes]] = {
    "xlsx": write_xlsx,
    "xlsm": lambda sheets: as_xlsm(write_xlsx(sheets)),
    "xlsb": write_xlsb,
    "xls": write_xls,
    "ods": write_ods,
}


def write_rows(ending: str, rows: Sequence[Sequence[Value | None]]) -> bytes:
    """One table in any format that is read; where cells are texts, numbers as a Vietnamese program writes them."""
    if ending in WORKBOOKS:
        cells = {(r, c): value for r, row in enumerate(rows) for c, value in enumerate(row) if value is not None}
        return WORKBOOKS[ending]({"Biểu": cells})
    width = max(map(len, rows))
    grid = [[_show(value) for value in row] + [""] * (width - len(row)) for row in rows]
    if ending == "docx":
        head = next(n for n, row in enumerate(grid) if all(row[:3]))
        return write_docx([("", grid[head:])], [": ".join(filter(None, row)) for row in grid[:head]])
    return write_csv(grid, "\t" if ending == "tsv" else ";", quoting=csv.QUOTE_MINIMAL)


def _show(value: Value | None) -> str:
    return f"{value:f}".replace(".", ",") if isinstance(value, Decimal) else "" if value is None else str(value)
