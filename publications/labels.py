"""How it is said on whatever is published that figures are made up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from publications.tables.shape import Cell, Column, PublishedTable

if TYPE_CHECKING:
    from publications.tables.figures import Figures, Marts

SYNTHETIC_BANNER = "SỐ LIỆU GIẢ LẬP – không phải số thật"
HOME_BANNER = f"Ở đây có {SYNTHETIC_BANNER}"  # on what tells of no figures, from a home that takes made-up ones
TRIAL_SUBJECT = "[THỬ – số liệu giả lập]"
SYNTHETIC, REPORTED, MIXED = "synthetic", "reported", "mixed"
SOURCE_COLUMN = Column("source", is_shown=False)
_OF_FIGURES = (("observations", "source"), ("cluster_totals", "source_mix"), ("submissions", "source"))


def find_banner(marts: Marts) -> str:
    """The banner of a period of which any figure in use is made up; empty where none is."""
    for name, column in _OF_FIGURES:
        for row in marts.get(name, ()):
            is_in_use = name != "submissions" or row.get("is_current")
            if is_in_use and row.get(column) in (SYNTHETIC, MIXED):
                return SYNTHETIC_BANNER
    return ""


def banner_of(source: str) -> str:
    """The banner of what is told of one file."""
    return SYNTHETIC_BANNER if source == SYNTHETIC else ""


def label_rows(figures: Figures, table: PublishedTable) -> PublishedTable:
    """The table with whose figures each row holds, for its CSV and Parquet files: reported, synthetic or mixed.

    A row of a province says what its current return is, one of the cluster what the period's returns are together. A
    period without any made-up figure has no such column.
    """
    if not figures.banner:
        return table
    units = {p.province_code: p.province_id for p in figures.members}
    of_units = {unit: row.get("source") or "" for unit, row in figures.submissions.items()}
    of_cluster = _mix({of_units.get(p.province_id, "") for p in figures.members})
    places = {column.code: n for n, column in enumerate(table.columns)}

    def source_of(row: tuple[Cell, ...]) -> str:
        said = {code: str(row[n].value or "") for code, n in places.items() if code in _NAMING}
        unit = said.get("province_id") or units.get(said.get("province_code", ""), "")
        total: Mapping[str, object] = figures.totals.get(said.get("indicator_code", ""), {})
        if unit and unit != figures.catalogue.cluster_id:
            return of_units.get(unit, "")
        return str(total.get("source_mix") or of_cluster)

    labelled = [(*row, Cell(source_of(row))) for row in table.rows]
    cluster = None if table.cluster is None else (*table.cluster, Cell(source_of(table.cluster)))
    return replace(table, columns=(*table.columns, SOURCE_COLUMN), rows=tuple(labelled), cluster=cluster)


_NAMING = ("province_id", "province_code", "indicator_code")


def _mix(sources: set[str]) -> str:
    known = sources - {""}
    return known.pop() if len(known) == 1 else MIXED if known else ""
