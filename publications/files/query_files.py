"""The result of a query as a file: CSV, JSON, Parquet or a workbook, row by row and never half of it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow.parquet as pq
import xlsxwriter

from publications.files.flat_files import exact_text, harmless
from publications.wording import legal_text

MOST_SHEET_ROWS = 1_048_575
_LARGEST = 10**15  # a cell keeps fifteen digits; what is larger stays a text
_UNFINISHED = ".unfinished"


class TooManyRowsError(Exception):
    """A result does not fit into a file of its kind."""


def write_result(batches: Any, path: Path, kind: str) -> int:
    """Writes an Arrow reader's rows as csv, json, parquet or xlsx; whole or not at all. Returns how many they were.

    Raises TooManyRowsError where a sheet has no room for them, OSError where the file cannot be written.
    """
    temporary = path.with_name(f".{path.name}{_UNFINISHED}")
    try:
        with temporary.open("wb") as out:
            count = stream_result(batches, out, kind)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return count


def stream_result(batches: Any, out: BinaryIO, kind: str) -> int:
    """The same onto an open file."""
    return _WRITERS[kind](batches, out)


def _rows(batches: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    for batch in batches:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _write_csv(batches: Any, out: BinaryIO) -> int:
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(batches.schema.names)
    count = 0
    for count, row in enumerate(_rows(batches), start=1):  # noqa: B007
        writer.writerow(["" if value is None else _plain(value, harmless) for value in row])
    text.flush()
    text.detach()
    return count


def _plain(value: Any, write_text: Callable[[str], str]) -> str:
    if isinstance(value, str):
        return write_text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return exact_text(value)
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | dict) else str(value)


def _write_json(batches: Any, out: BinaryIO) -> int:
    names = [json.dumps(name, ensure_ascii=False) for name in batches.schema.names]
    out.write(b"[")
    count = 0
    for count, row in enumerate(_rows(batches), start=1):
        fields = ", ".join(f"{name}: {_as_json(value)}" for name, value in zip(names, row, strict=True))
        out.write(f"{',' if count > 1 else ''}\n {{{fields}}}".encode())
    out.write(b"\n]\n")
    return count


def _as_json(value: Any) -> str:
    """A value as JSON; decimals with all their digits."""
    if isinstance(value, Decimal):
        return exact_text(value)
    if isinstance(value, dt.datetime | dt.date):
        return json.dumps(value.isoformat())
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return "null"
    return json.dumps(value, ensure_ascii=False, default=str)


def _write_parquet(batches: Any, out: BinaryIO) -> int:
    count = 0
    with pq.ParquetWriter(out, batches.schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
            count += batch.num_rows
    return count


def _write_xlsx(batches: Any, out: BinaryIO) -> int:
    """One sheet with a header that stays in sight; numbers are numbers, texts never become formulas."""
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("ket-qua")
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "number": book.add_format({"num_format": "#,##0.##########"}),
            "whole": book.add_format({"num_format": "#,##0"}),
            "day": book.add_format({"num_format": "dd/mm/yyyy"}),
            "moment": book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"}),
        }
        sheet.freeze_panes(1, 0)
        for place, name in enumerate(batches.schema.names):
            sheet.set_column(place, place, min(max(len(name) + 2, 12), 40))
            sheet.write_string(0, place, name, formats["head"])
        count = 0
        for count, row in enumerate(_rows(batches), start=1):
            if count > MOST_SHEET_ROWS:
                raise TooManyRowsError("kết quả dài hơn một trang Excel (1.048.575 dòng); hãy xuất csv hoặc parquet")
            for place, value in enumerate(row):
                if value is not None:
                    _write_cell(sheet, count, place, value, formats)
    return count


def _write_cell(sheet: Any, row: int, place: int, value: Any, formats: dict[str, Any]) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(row, place, value.replace(tzinfo=None), formats["moment"])
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, place, value, formats["day"])
    elif isinstance(value, int | float | Decimal) and -_LARGEST < value < _LARGEST:
        sheet.write_number(row, place, float(value), formats["number" if value % 1 else "whole"])
    else:
        sheet.write_string(row, place, legal_text(_plain(value, str))[:32_000])


_WRITERS: dict[str, Callable[[Any, BinaryIO], int]] = {
    "csv": _write_csv,
    "json": _write_json,
    "parquet": _write_parquet,
    "xlsx": _write_xlsx,
}
KINDS = tuple(_WRITERS)
