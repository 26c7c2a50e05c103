"""This half-year's figures beside those of the same half a year before, as one table."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from catalogue.model import Indicator
from publications.tables.figures import Figures
from publications.tables.shape import (
    EMPTY,
    MOST_UNITS,
    NO_FIGURE,
    NONE_ARISING,
    WHOLE_CLUSTER,
    Cell,
    Column,
    PublishedTable,
)
from publications.tables.year_before import earlier_period, find_change

SAME_PERIOD_TABLE = "so-cung-ky"


@dataclass(frozen=True, slots=True)
class SamePeriod:
    """The table, and where in its rows each column of another table begins, in that table's order of rows."""

    table: PublishedTable
    starts: dict[tuple[str, str], int]


def compare_same_period(figures: Figures, tables: tuple[PublishedTable, ...]) -> SamePeriod | None:
    """The comparison of all figures of the tables; None where nothing of the year before may stand beside any."""
    rows: list[tuple[Cell, ...]] = []
    starts: dict[tuple[str, str], int] = {}
    if not figures.earlier and not figures.earlier_totals:
        return None
    for table in tables:
        for code in _indicators_of(table):
            indicator = figures.catalogue.indicators[code]
            found = [_row(figures, indicator, unit, name) for unit, name in _units_of(figures, table)]
            if any(row[_EARLIER].value is not None for row in found):
                starts[table.table_code, code] = len(rows)  # who is ranked comes first and says something
                rows += [row for row in found if row[_NOW].sign != NO_FIGURE or row[_EARLIER].value is not None]
    if not rows:
        return None
    period = figures.catalogue.calendar[figures.period_code].name
    year = earlier_period(figures)[:4]
    return SamePeriod(
        PublishedTable(
            table_code=SAME_PERIOD_TABLE,
            title=f"So với cùng kỳ năm {year}",
            layout="same-period",
            columns=_columns(figures.period_code[:4], year),
            rows=tuple(rows),
            remark=f"Số {period} bên số cùng kỳ năm {year} đã báo cáo năm ấy; nơi không so được, cột cuối nói vì sao.",
        ),
        starts,
    )


def _columns(year: str, before: str) -> tuple[Column, ...]:
    return (
        Column("indicator_name", "Chỉ tiêu", width=44),
        Column("province_name", "Đơn vị", width=14),
        Column("unit", "Đơn vị tính", width=14),
        Column("value", f"Năm {year}", kind="number", width=17),
        Column("earlier_value", f"Cùng kỳ {before}", kind="number", width=17),
        Column("difference", "Chênh lệch", kind="number", width=16),
        Column("change", "Thay đổi", width=36),
    )


_NOW, _EARLIER = 3, 4


def _indicators_of(table: PublishedTable) -> list[str]:
    if table.layout == "provinces":
        return [column.code for column in table.columns if column.kind == "number"]
    if table.layout == "indicators":
        return [str(row[table.column("indicator_code")].value) for row in table.rows]
    return []


def _units_of(figures: Figures, table: PublishedTable) -> list[tuple[str, str]]:
    """Identifiers and names in the table's order of rows, the cluster last; of too many units the cluster alone."""
    units = []
    if table.layout == "provinces" and len(table.rows) <= MOST_UNITS:
        identifier, name = table.column("province_id"), table.column("province_name")
        units = [(str(row[identifier].value), str(row[name].value)) for row in table.rows]
    return [*units, (figures.catalogue.cluster_id, WHOLE_CLUSTER)]


def _row(figures: Figures, indicator: Indicator, unit: str, name: str) -> tuple[Cell, ...]:
    code, places = indicator.indicator_code, indicator.decimals
    now = figures.totals.get(code) if unit == figures.catalogue.cluster_id else figures.observations.get((unit, code))
    change = find_change(figures, unit, indicator)
    value = Cell(sign=NO_FIGURE)
    if now is not None and now["value"] is not None:
        value = Cell(now["value"], now.get("status") or "", bool(now.get("is_estimated")), decimals=places)
    elif now is not None and now.get("status") == "none_arising":
        value = Cell(sign=NONE_ARISING)
    earlier, difference = EMPTY, EMPTY
    if change.earlier is not None:
        earlier = Cell(change.earlier, decimals=places)
        counted = value.value if isinstance(value.value, Decimal) else Decimal(0)
        difference = Cell(counted - change.earlier, decimals=places)
    unit_name = figures.catalogue.unit_of(indicator).name
    return (Cell(indicator.label), Cell(name), Cell(unit_name), value, earlier, difference, Cell(change.words))
