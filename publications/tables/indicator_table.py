"""Tables whose rows are indicators of the whole cluster, such as awards: figure, source, who reported."""

from __future__ import annotations

from collections.abc import Sequence

from catalogue.model import Indicator, Table
from publications.tables.column_notes import ColumnNotes
from publications.tables.figures import Figures
from publications.tables.province_table import cluster_figure
from publications.tables.shape import NO_FIGURE, Cell, Column, FootnoteBook, PublishedTable

SOURCES = {
    "sum": "Các tỉnh cộng lại",
    "rebuilt": "Tính lại từ số của các tỉnh",
    "announced": "Cụm trưởng công bố",
}

COLUMNS = (
    Column("period_code", is_shown=False),
    Column("indicator_code", is_shown=False),
    Column("indicator_name", "Hạng mục", width=62),
    Column("unit", "Đơn vị tính", width=14),
    Column("value", "Toàn Cụm", kind="number", width=14),
    Column("value_source", "Nguồn số liệu", width=24),
    Column("reporting", "Số tỉnh báo cáo", width=14),
    Column("provinces_reporting", kind="count", is_shown=False),
    Column("provinces_expected", kind="count", is_shown=False),
    Column("control_value", kind="amount", is_shown=False),
)


def build_indicator_table(figures: Figures, table: Table, indicators: Sequence[Indicator]) -> PublishedTable:
    """The table of the cluster's figures, one indicator a row, in the catalogue's order."""
    book = FootnoteBook()
    rows = [_indicator_row(figures, table, indicator, book) for indicator in indicators]
    return PublishedTable(
        table_code=table.table_code,
        title=table.title,
        layout=table.layout,
        columns=COLUMNS,
        rows=tuple(rows),
        footnotes=book.texts,
        remark="" if figures.submitted_count else "Chưa có tỉnh nào gửi báo cáo.",
    )


def _indicator_row(figures: Figures, table: Table, indicator: Indicator, book: FootnoteBook) -> tuple[Cell, ...]:
    code = indicator.indicator_code
    notes = ColumnNotes(figures, table, indicator)
    definition = (book.refer(f"definition {code}", indicator.footnote),) if indicator.footnote else ()
    total = figures.totals.get(code)
    figure = cluster_figure(figures, notes, book, has_source_column=True)
    source = SOURCES.get(figure.status, "") if figure.value is not None else ""
    counts = (None, None) if total is None else (total["provinces_reporting"], total["provinces_expected"])
    return (
        Cell(figures.period_code),
        Cell(code),
        Cell(indicator.label, footnotes=definition),
        Cell(notes.unit),
        figure._replace(decimals=indicator.decimals),
        Cell(source, sign=NO_FIGURE if not source else ""),
        Cell("" if total is None else f"{counts[0]}/{counts[1]}"),
        Cell(counts[0]),
        Cell(counts[1]),
        Cell(None if total is None else total["control_value"]),
    )
