"""Columns of Python values into Arrow batches of a table's types, and Arrow results back into Python values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pytz
from sqlalchemy import Boolean, Date, DateTime, Double, Integer, Numeric, Table, Text

ZONE = "Asia/Ho_Chi_Minh"
PLACES = 10
_SCALE = Decimal(1).scaleb(-PLACES)
_CONTEXT = Context(prec=76, rounding=ROUND_HALF_UP)

_ZONE = pytz.timezone(ZONE)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

_TYPES: dict[type, Any] = {
    Integer: pa.int32(),
    Text: pa.string(),
    Boolean: pa.bool_(),
    Date: pa.date32(),
    Double: pa.float64(),
    DateTime: pa.timestamp("us", tz="UTC"),
    Numeric: pa.decimal128(38, PLACES),
}


@lru_cache
def _types_of(table: Table) -> dict[str, Any]:
    return {column.name: _TYPES[type(column.type)] for column in table.columns}


@lru_cache
def has_figures(table: Table) -> bool:
    """Whether a table holds decimals, which only Arrow carries exactly."""
    return any(isinstance(column.type, Numeric) for column in table.columns)


def stored_value(value: Decimal) -> Decimal:
    """The value as the warehouse keeps it: ten decimals, halves away from zero."""
    return value.quantize(_SCALE, context=_CONTEXT)


def plain_value(value: Decimal) -> Decimal:
    """The same number without the zeros that storage adds, and never in powers of ten."""
    normal = value.normalize(_CONTEXT)
    return normal.quantize(Decimal(1), context=_CONTEXT) if normal.as_tuple().exponent > 0 else normal  # type: ignore[operator]


@lru_cache
def _optional_texts(table: Table) -> frozenset[str]:
    return frozenset(column.name for column in table.columns if column.nullable and isinstance(column.type, Text))


def without_blanks(table: Table, columns: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """The columns with NULL for blank text wherever the table allows it."""
    texts = _optional_texts(table)
    return {name: [v or None for v in values] if name in texts else values for name, values in columns.items()}


def _array(values: Sequence[Any], kind: Any) -> Any:
    try:
        return pa.array(values, kind)
    except pa.ArrowInvalid:
        if not pa.types.is_decimal(kind):
            raise
        return pa.array([None if v is None else stored_value(v) for v in values], kind)


def record_batch(table: Table, columns: Mapping[str, Sequence[Any]]) -> Any:
    """Columns as one batch of the table's types; figures of more than ten decimals are rounded half up."""
    types = _types_of(table)
    arrays = [_array(values, types[name]) for name, values in without_blanks(table, columns).items()]
    return pa.RecordBatch.from_arrays(arrays, names=list(columns))


def plain_columns(table: Any) -> dict[str, list[Any]]:
    """An Arrow table as one list per column: decimals without the zeros of storage, moments with their zone."""
    return {name: _plain_list(table.column(name)) for name in table.column_names}


def _plain_list(column: Any) -> list[Any]:
    if pa.types.is_decimal(column.type):
        return [None if value is None else plain_value(value) for value in column.to_pylist()]
    if pa.types.is_timestamp(column.type):
        ticks = column.cast(pa.int64()).to_pylist()  # few differ; a zone is slow to apply
        moments = {tick: None if tick is None else _moment(tick) for tick in set(ticks)}
        return [moments[tick] for tick in ticks]
    values: list[Any] = column.to_pylist()
    return values


def _moment(microseconds: int) -> dt.datetime:
    return (_EPOCH + dt.timedelta(microseconds=microseconds)).astimezone(_ZONE)
