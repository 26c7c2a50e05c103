"""The shape of a consolidated table: columns, rows of cells, a cluster line, footnotes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

Value = Decimal | int | bool | str | dt.datetime | None
Kind = Literal["rank", "text", "count", "number", "amount", "flag", "time"]

NO_FIGURE = "…"
NONE_ARISING = "–"
NOT_COMPUTED = "x"

SEVERITIES = {"critical": "Phải sửa", "warning": "Cần xem lại", "info": "Thông tin"}
WHOLE_CLUSTER = "Toàn Cụm"
MOST_UNITS = 40  # the country has 34 provinces; of more units no chart is drawn, nor each figure listed by itself


class Cell(NamedTuple):
    """One cell: a value, or the sign that stands where there is none.

    `status` is an observation's status, a cluster figure's source (sum, rebuilt, announced, not_computed) or a
    severity. `footnotes` are numbers of the table's footnotes; `decimals` overrides the column's.
    """

    value: Value = None
    status: str = ""
    is_estimated: bool = False
    sign: str = ""
    footnotes: tuple[int, ...] = ()
    decimals: int | None = None


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Column:
    """One column; a column that is not shown stands in the CSV and Parquet files only.

    A `number` column carries figures with a status and an estimate mark of their own in those files; an `amount`
    is a bare figure.
    """

    code: str
    heading: str = ""
    unit: str = ""
    decimals: int = 0
    kind: Kind = "text"
    is_shown: bool = True
    width: float = 0.0
    footnotes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """One consolidated table of one period; footnote n is `footnotes[n - 1]`, every row has a cell per column.

    `remark` stands under the title where something must be known before reading, such as that no return came;
    `sorted_by` is the column by which provinces are ranked.
    """

    table_code: str
    title: str
    layout: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    cluster: tuple[Cell, ...] | None = None
    footnotes: tuple[str, ...] = ()
    remark: str = ""
    sorted_by: str = ""

    def column(self, code: str) -> int:
        """The place of a column; raises KeyError where there is none of that code."""
        for place, column in enumerate(self.columns):
            if column.code == code:
                return place
        raise KeyError(code)


class FootnoteBook:
    """Numbers footnotes from 1 in the order in which they are first referred to."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._texts: list[str] = []

    def refer(self, key: str, text: str | Callable[[], str]) -> int:
        """The number of the footnote of a key, written at its first reference."""
        number = self._numbers.get(key)
        if number is None:
            self._texts.append(text if isinstance(text, str) else text())
            number = self._numbers[key] = len(self._texts)
        return number

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(self._texts)
