"""The one description of the warehouse's tables: names, types, keys and their meaning in Vietnamese."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Date, DateTime, Double, Integer, MetaData, Numeric, Table, Text
from sqlalchemy.types import TypeEngine

metadata = MetaData()

TEXT, WHOLE, FLAG, DAY = Text(), Integer(), Boolean(), Date()
MOMENT = DateTime(timezone=True)
FIGURE = Numeric(38, 10)
RATIO: TypeEngine[Any] = Double()


def key(name: str, comment: str) -> Column[Any]:
    """A surrogate key of ours, given by the loader and never by a sequence."""
    return Column(name, WHOLE, primary_key=True, autoincrement=False, comment=comment)


def required(name: str, kind: TypeEngine[Any], comment: str) -> Column[Any]:
    return Column(name, kind, nullable=False, comment=comment)


def optional(name: str, kind: TypeEngine[Any], comment: str) -> Column[Any]:
    return Column(name, kind, nullable=True, comment=comment)


warehouse_definition = Table(
    "warehouse_definition",
    metadata,
    required("name", TEXT, "Tên phần định nghĩa (views: các khung nhìn và chú thích)."),
    required("fingerprint", TEXT, "Dấu vân tay của định nghĩa đang áp dụng; khác đi thì được dựng lại."),
    comment="Mỗi dòng là một phần định nghĩa của kho đã áp dụng. Bảng kỹ thuật, không có số liệu.",
)
