"""Tables whose rows are provinces, best first, with one column per indicator and a line for the cluster."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from catalogue.model import Indicator, Province, Table
from catalogue.ranking import ranked_by
from publications.tables.column_notes import ANNOUNCED, ColumnNotes
from publications.tables.figures import Figures, Row
from publications.tables.ranking import rank
from publications.tables.shape import (
    EMPTY,
    NO_FIGURE,
    NONE_ARISING,
    NOT_COMPUTED,
    WHOLE_CLUSTER,
    Cell,
    Column,
    FootnoteBook,
    PublishedTable,
)
from publications.wording import join_names


def build_province_table(figures: Figures, table: Table, indicators: Sequence[Indicator]) -> PublishedTable:
    """The table of all members, ranked by the table's own indicator in its direction."""
    book = FootnoteBook()
    notes = [ColumnNotes(figures, table, indicator) for indicator in indicators]
    columns = [
        Column("period_code", is_shown=False),
        Column("province_id", is_shown=False),
        Column("province_code", is_shown=False),
        Column("rank", "Hạng", kind="rank"),
        Column("province_name", "Tỉnh"),
        *(_indicator_column(note, book) for note in notes),
    ]
    places = rank([_ranked_value(figures, p, table) for p in figures.members], table.direction == "descending")
    rows = [_province_row(figures, table, figures.members[n], place, notes, book) for n, place in places]
    return PublishedTable(
        table_code=table.table_code,
        title=table.title,
        layout=table.layout,
        columns=tuple(columns),
        rows=tuple(rows),
        cluster=_cluster_row(figures, notes, book),
        footnotes=book.texts,
        remark="" if figures.submitted_count else "Chưa có tỉnh nào gửi báo cáo.",
        sorted_by=next((note.indicator.indicator_code for note in notes if note.is_sorted_by), ""),
    )


def _indicator_column(notes: ColumnNotes, book: FootnoteBook) -> Column:
    indicator = notes.indicator
    code = indicator.indicator_code
    marks = [book.refer(f"definition {code}", indicator.footnote)] if indicator.footnote else []
    if notes.is_all_derived:
        marks.append(book.refer(f"derived {code}", notes.derived))
    return Column(code, indicator.heading, notes.unit, indicator.decimals, "number", footnotes=tuple(marks))


def _ranked_value(figures: Figures, province: Province, table: Table) -> Decimal | None:
    """The figure by which a province is placed; what has not arisen counts as 0."""
    sorted_by = ranked_by(figures.catalogue, table, figures.period_code)
    row = figures.observations.get((province.province_id, sorted_by))
    if row is None:
        return None
    if row["status"] == "none_arising":
        return Decimal(0)
    value: Decimal | None = row["value"]
    return value


def _province_row(
    figures: Figures,
    table: Table,
    province: Province,
    place: int | None,
    notes: Sequence[ColumnNotes],
    book: FootnoteBook,
) -> tuple[Cell, ...]:
    unsent: tuple[int, ...] = ()
    covered: tuple[int, ...] = ()
    if figures.is_from_report(province.province_id):
        covered = (book.refer("from report", lambda: _from_report(figures)),)
    elif figures.is_covered(province.province_id):
        covered = (book.refer("covered", lambda: _covered(figures)),)
    elif not figures.has_submitted(province.province_id):
        unsent = (book.refer("not submitted", lambda: _not_submitted(figures)),)
    name = Cell(province.name, footnotes=unsent + covered)
    ranked = EMPTY
    cells = []
    for note in notes:
        row = figures.observations.get((province.province_id, note.indicator.indicator_code))
        cell = _figure(row, note, book, has_gap_note=not unsent)
        if (province.province_id, note.indicator.indicator_code) in figures.answered:
            mark = book.refer(f"answered {note.indicator.indicator_code}", note.answered)
            cell = cell._replace(footnotes=(*cell.footnotes, mark))
        cells.append(cell)
        if note.is_sorted_by and place is not None:
            ranked = Cell(place, cell.status if cell.status == "disputed" else "", cell.is_estimated)
    if place is not None and ranked is EMPTY:
        ranked = Cell(place)
    return (Cell(figures.period_code), Cell(province.province_id), Cell(province.province_code), ranked, name, *cells)


def _figure(row: Row | None, notes: ColumnNotes, book: FootnoteBook, has_gap_note: bool) -> Cell:
    """One figure of one province, with its marks."""
    code = notes.indicator.indicator_code
    status = "blank" if row is None else row["status"]
    marks: list[int] = []
    sign = ""
    if status == "disputed":
        marks.append(book.refer(f"disputed {code}", notes.disputed))
        sign = NO_FIGURE
    elif status == "derived" and not notes.is_all_derived:
        marks.append(book.refer(f"derived {code}", notes.derived))
    elif status == "none_arising":
        sign = NONE_ARISING
    elif status == "not_yet_available" or (status == "blank" and notes.indicator.is_required):
        sign = NO_FIGURE
        if has_gap_note:
            marks.append(book.refer(f"gap {code}", notes.gap))
    if row is None:
        return Cell(None, status, sign=sign, footnotes=tuple(marks))
    if row["note"]:
        marks.append(book.refer(f"remarks {code}", notes.remarks))
    return Cell(row["value"], status, bool(row["is_estimated"]), sign, tuple(marks))


def _cluster_row(figures: Figures, notes: Sequence[ColumnNotes], book: FootnoteBook) -> tuple[Cell, ...]:
    start = (Cell(figures.period_code), Cell(figures.catalogue.cluster_id), Cell(""), EMPTY, Cell(WHOLE_CLUSTER))
    return (*start, *(cluster_figure(figures, note, book) for note in notes))


def cluster_figure(figures: Figures, notes: ColumnNotes, book: FootnoteBook, has_source_column: bool = False) -> Cell:
    """The cluster's figure of one indicator: summed, rebuilt or announced; "x" where none may be computed.

    Where the table says the source beside the figure, an announced figure needs no footnote.
    """
    indicator = notes.indicator
    code = indicator.indicator_code
    total = figures.totals.get(code)
    if total is None:
        return Cell(None, "not_computed", sign=NOT_COMPUTED if indicator.aggregation == "none" else NO_FIGURE)
    source = total["value_source"]
    marks: list[int] = []
    if source == "announced":
        if total["value"] is not None and not has_source_column:
            marks.append(book.refer("announced", ANNOUNCED))
    elif total["value"] is not None and total["provinces_reporting"] < total["provinces_expected"]:
        marks.append(book.refer(f"gap {code}", notes.gap))
    if notes.differs(total):
        marks.append(book.refer(f"control {code}", lambda: notes.control(total)))
    if (figures.catalogue.cluster_id, code) in figures.answered:
        marks.append(book.refer(f"cluster answered {code}", notes.cluster_answered))
    is_disputed = source != "announced" and total["disputed_count"] > 0
    if is_disputed:
        marks.append(book.refer(f"cluster disputed {code}", lambda: notes.cluster_disputed(total)))
    is_estimated = total.get("is_estimated")
    if is_estimated is None:  # judged before this was recorded: the provinces' own figures tell most of it
        is_estimated = source != "announced" and any(
            row is not None and row["is_estimated"] and row["value"] is not None
            for p in figures.members
            if (row := figures.observations.get((p.province_id, code)))
        )
    sign = NO_FIGURE if total["value"] is None else ""
    if sign and indicator.aggregation == "none" and source != "announced":
        sign = NOT_COMPUTED
    return Cell(total["value"], source, bool(is_estimated), sign, tuple(marks))


def _not_submitted(figures: Figures) -> str:
    names = [
        f"{p.name} (tệp bị trả lại)" if figures.is_rejected(p.province_id) else p.name
        for p in figures.members
        if not figures.has_submitted(p.province_id) and not figures.is_covered(p.province_id)
    ]
    return f"Chưa có báo cáo dùng được: {join_names(names)}."


def _covered(figures: Figures) -> str:
    names = [
        p.name
        for p in figures.members
        if figures.is_covered(p.province_id) and not figures.is_from_report(p.province_id)
    ]
    return f"Tỉnh chưa gửi báo cáo riêng, số liệu lấy từ tệp tổng hợp trong thư mục của Cụm: {join_names(names)}."


def _from_report(figures: Figures) -> str:
    named = [p for p in figures.members if figures.is_from_report(p.province_id)]
    files = dict.fromkeys(f"“{figures.submissions[p.province_id]['file_name']}”" for p in named)
    names = join_names([p.name for p in named])
    return f"Không có báo cáo của tỉnh, số liệu lấy từ báo cáo đã công bố {', '.join(files)}: {names}."
