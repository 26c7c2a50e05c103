"""A consolidated table as CSV and Parquet: every column by its code, nothing rounded, nothing lost."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, Literal, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from catalogue.observation_status import obs_status
from publications.tables.shape import Cell, Column, Kind, PublishedTable, Value

_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
_TEN_PLACES = Decimal("1e-10")
_FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")

_ARROW_TYPES: dict[Kind, pa.DataType] = {
    "text": pa.string(),
    "rank": pa.int64(),
    "count": pa.int64(),
    "number": pa.decimal128(38, 10),
    "amount": pa.decimal128(38, 10),
    "flag": pa.bool_(),
    "time": pa.timestamp("us", tz="UTC"),
}

Role = Literal["value", "status", "is_estimated", "obs_status", "footnotes"]


class Field(NamedTuple):
    """One field of the files: its column of the table (none for the footnotes), what it says of it, its values."""

    name: str
    kind: Kind
    values: list[Value]
    role: Role
    column: Column | None = None


def exact_text(value: Decimal) -> str:
    """All digits of a number with a decimal point, without an exponent or trailing zeros."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula."""
    if not text or text[0].isalnum():
        return text
    starts = text[0] + text.lstrip(" \u00a0")[:1]
    return f"'{text}" if not _FORMULA_STARTS.isdisjoint(starts) else text


def render_csv(table: PublishedTable) -> bytes:
    """The table as CSV: UTF-8 with a byte-order mark, decimal points, texts that cannot become formulas."""
    names = []
    columns = []
    for name, kind, values, *_ in list_fields(table):
        names.append(name)
        write = _CSV_WRITERS[kind]
        columns.append(["" if value is None else write(value) for value in values])
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(zip(*columns, strict=True))
    return out.getvalue().encode("utf-8-sig")


def render_parquet(table: PublishedTable) -> bytes:
    """The table as Parquet, with figures as DECIMAL(38,10)."""
    names = []
    arrays = []
    for name, kind, values, *_ in list_fields(table):
        names.append(name)
        if kind in ("number", "amount"):
            values = [v.quantize(_TEN_PLACES, context=_WIDE) if isinstance(v, Decimal) else None for v in values]
        arrays.append(pa.array(values, type=_ARROW_TYPES[kind]))
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(arrays, names=names), sink, compression="zstd")
    return bytes(sink.getvalue())


_CSV_WRITERS: dict[Kind, Callable[[Any], str]] = {
    "text": harmless,
    "rank": str,
    "count": str,
    "number": exact_text,
    "amount": exact_text,
    "flag": lambda value: "true" if value else "false",
    "time": lambda value: value.astimezone(dt.UTC).isoformat(timespec="seconds"),
}


def list_fields(table: PublishedTable) -> Iterator[Field]:
    """Every field of the files with its values; the cluster line is the last row."""
    rows = table.rows if table.cluster is None else (*table.rows, table.cluster)
    cells: list[tuple[Cell, ...]] = list(zip(*rows, strict=True)) if rows else [() for _ in table.columns]
    for column, values in zip(table.columns, cells, strict=True):
        code = column.code
        yield Field(code, column.kind, [cell.value for cell in values], "value", column)
        if column.kind == "number":
            yield Field(f"{code}_status", "text", [cell.status for cell in values], "status", column)
            yield Field(f"{code}_is_estimated", "flag", [cell.is_estimated for cell in values], "is_estimated", column)
            yield Field(f"{code}_obs_status", "text", [_sdmx(cell) for cell in values], "obs_status", column)
    if table.layout != "findings":
        yield Field("footnotes", "text", [_row_notes(table, row, row is table.cluster) for row in rows], "footnotes")


def _sdmx(cell: Cell) -> str:
    return obs_status(cell.status, cell.is_estimated, cell.value is not None)


def _row_notes(table: PublishedTable, row: tuple[Cell, ...], is_cluster: bool) -> str:
    """The footnotes of a row's cells; the cluster line also carries those of whole columns."""
    said = []
    for column, cell in zip(table.columns, row, strict=True):
        numbers = (*column.footnotes, *cell.footnotes) if is_cluster else cell.footnotes
        if numbers:
            said.append(_column_notes(table, column, numbers))
    return " | ".join(said)


def _column_notes(table: PublishedTable, column: Column, numbers: tuple[int, ...]) -> str:
    texts = " ".join(table.footnotes[number - 1] for number in numbers)
    return f"{column.heading}: {texts}" if column.kind == "number" else texts
