"""The rows of a province's own table: which indicator each holds, its unit, and what the table says of it besides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from catalogue.model import Catalogue, Indicator
from transforms.fields import show_cell
from transforms.label_match import is_unit_text, match_surely, propose
from transforms.layout import IndicatorRow, Layout, Told
from transforms.lexicon import fold_unit, lexicon_of
from transforms.observation import Cell, Problem, cell_address
from transforms.row_kinds import ChosenRow, choose_row, rows_below_labels, tell_rival_rows, tell_rows_aside
from transforms.sheets import is_figure
from transforms.table_header import Cells, Column, Header
from transforms.text import clean_text, fold

DITTO = frozenset(('"', "''", "”", "“", "〃", "nt", "n.t", "-nt-", '-"-', "-”-", "như trên", "//", "-//-"))
LONGEST_FIGURE = 60
_SHARE = re.compile(r"ty le(?: phan tram)?")
_CLOSE = Decimal("0.6")  # percent points by which a rounded change may miss the figures beside it


@dataclass
class Table:
    """A table on a sheet: its label columns, the columns it spans, its header, and its rows from `first` to `end`."""

    sheet: str
    labels: tuple[int, ...]
    span: tuple[int, int]
    top: int
    header_rows: list[int]
    first: int
    end: int
    header: Header = field(default_factory=lambda: Header(0, 0))

    def label(self, cells: Cells, row: int) -> Cell | None:
        """The label of a row: the last text in its label columns."""
        held = (cells.get((row, column)) for column in reversed(self.labels))
        return next((cell for cell in held if cell is not None and cell.kind == "text"), None)


@dataclass(frozen=True)
class Asked:
    """Of whom and when a table is read, and the unit that a line above it gives for money."""

    province_id: str = ""
    period: str = ""
    money_unit: str = ""


def label_rows(cells: Cells, table: Table) -> Iterator[tuple[int, Cell]]:
    for row in range(table.first, table.end):
        label = table.label(cells, row)
        if label is not None:
            yield row, label


def speaks(cells: Cells, doubtful: frozenset[str], row: int, column: int) -> bool:
    """Whether a figure, a state word or a formula stands in a cell."""
    cell = cells.get((row, column))
    if cell is None:
        return cell_address(row, column) in doubtful
    return cell.kind != "text" or len(cell.raw) <= LONGEST_FIGURE


def choose_value_column(
    catalogue: Catalogue, cells: Cells, doubtful: frozenset[str], table: Table
) -> tuple[int | None, list[str]]:
    """The column of the period's figures; without one, the names of the columns that it could be."""
    rows = [row for row, _ in label_rows(cells, table)]
    strong: dict[int, int] = {}
    for column in range(max(table.labels) + 1, table.span[1]):
        known = table.header.columns.get(column, Column())
        if known.kind not in ("", "value"):
            continue
        held = [cells[row, column] for row in rows if (row, column) in cells]
        figures = [cell for cell in held if any(c.isdigit() for c in cell.raw) and len(cell.raw) <= LONGEST_FIGURE]
        is_hidden = bool(doubtful) and any(cell_address(row, column) in doubtful for row in rows)
        if figures or known.strength > 1 or is_hidden:
            strong[column] = known.strength
    if not strong and (shares := _shares(catalogue, cells, table)) is not None:
        return shares, []
    best = [column for column, strength in strong.items() if strength == max(strong.values())]
    if len(best) == 1:
        return best[0], []
    names = (table.header.columns.get(column, Column()).text for column in best)
    return None, [
        f"“{name}”" if name else f"cột {cell_address(0, column)[:-1]}" for name, column in zip(names, best, strict=True)
    ]


def _shares(catalogue: Catalogue, cells: Cells, table: Table) -> int | None:
    """The one column "Tỷ lệ (%)" of a table whose indicators are all percentages."""
    found = [at for at, column in table.header.columns.items() if _SHARE.fullmatch(fold(column.text))]
    codes = [match_surely(catalogue, label.raw).indicator_code for _, label in label_rows(cells, table)]
    units = {catalogue.indicators[code].unit_code for code in codes if code}
    if len(found) != 1 or {catalogue.units[unit].quantity for unit in units} != {"%"}:
        return None
    return found[0]


def read_rows(
    catalogue: Catalogue,
    cells: Cells,
    doubtful: frozenset[str],
    table: Table,
    value: int,
    asked: Asked,
    layout: Layout,
    previous: int | None = None,
) -> None:
    """Puts rows into the layout, with claims, questions and unknown labels; `previous` is last year's column."""
    kinds = {
        column.kind: at for at, column in reversed(table.header.columns.items()) if column.kind in ("unit", "note")
    }
    unit_column = kinds.get("unit", _find_units(catalogue, cells, table, value))
    basis = _find_basis(cells, table, value)
    parent, above = "", ""
    chosen = _choose_rows(catalogue, cells, table, value, unit_column, asked, layout)
    for first, label in label_rows(cells, table):
        choice = chosen.get(first, ChosenRow(first))
        if choice.row is None:
            continue
        row = choice.row
        has_value = speaks(cells, doubtful, row, value)
        match = match_surely(catalogue, label.raw, parent, asked.province_id, asked.period)
        unit_cell = None if unit_column is None else cells.get((row, unit_column), cells.get((first, unit_column)))
        is_ditto = unit_cell is not None and clean_text(unit_cell.raw).casefold() in DITTO
        unit = above if is_ditto else "" if unit_cell is None else unit_cell.raw
        above = unit or above
        fields = {"label": label.column if row == first else None, "value": value, "note": kinds.get("note")}
        is_merged = unit_cell is not None and unit_cell.row != row  # the unit stands once for several rows
        if not is_ditto and unit and not is_merged:
            fields["unit"] = unit_column
        columns = {name: column for name, column in fields.items() if column is not None}
        layout.claimed.update((table.sheet, row, c) for c in columns.values())
        layout.claimed.update((table.sheet, row, c) for c in table.labels)
        if unit_column is not None:
            layout.claimed.add((table.sheet, row, unit_column))
        if not match.is_sure:
            if has_value and (row, value) in cells:
                figure, written = cells[row, value], unit or match.unit
                layout.problems.append(ask_label(catalogue, label, figure, written, asked))
            elif not has_value:
                parent = label.raw
            continue
        indicator = catalogue.indicators[match.indicator_code]
        if previous is not None:
            columns["previous"] = previous
            layout.claimed.add((table.sheet, row, previous))
        if not has_value:
            parent = label.raw
        told = match.unit if not unit or is_ditto else ""
        told = (unit if is_ditto or is_merged else "") or told
        if not told and "unit" not in columns:
            told = fitting_unit(catalogue, indicator, table.header.columns.get(value, Column()).unit, asked.money_unit)
        is_estimated = table.header.columns.get(value, Column()).is_estimated or choice.is_estimated
        place = IndicatorRow(table.sheet, row, columns, Told(unit=told, is_estimated=is_estimated))
        layout.rows.setdefault(match.indicator_code, []).append(place)
        if not told and "unit" not in columns and (row, value) in cells and is_figure(cells[row, value]):
            tell_assumed(catalogue, indicator, cells[row, value], layout)
        if basis is not None:
            _feed_growth(catalogue, cells, table, row, match.indicator_code, basis, layout)


def _choose_rows(
    catalogue: Catalogue, cells: Cells, table: Table, value: int, units: int | None, asked: Asked, layout: Layout
) -> dict[int, ChosenRow]:
    """The row of figures for each row of a label that reaches over several; rows not taken are claimed and told."""
    labelled = dict(label_rows(cells, table))
    silent: set[int | None] = {
        at for at, column in table.header.columns.items() if column.kind in ("number", "unit", "note")
    }
    inside = {at: cell for at, cell in cells.items() if table.first <= at[0] < table.end}
    groups = rows_below_labels(inside, table.span, labelled, value, {*silent, *table.labels, units})
    chosen: dict[int, ChosenRow] = {}
    aside: list[str] = []
    for first, rows in groups.items():
        if not any(rows.values()):
            continue  # the same label twice, and no word: two values of one figure
        choice = choose_row(catalogue, rows, asked.period)
        chosen.update({row: ChosenRow(None) for row in rows if row in labelled})
        chosen[first] = choice
        layout.claimed.update((table.sheet, row, c) for row in rows for c in range(*table.span) if (row, c) in cells)
        aside.extend(choice.aside)
        if choice.row is None:
            rivals = choice.rivals or choice.aside
            layout.problems.append(tell_rival_rows(table.sheet, first, labelled[first].column, rivals))
    if aside:
        at = table.labels[0]
        layout.problems.append(tell_rows_aside(table.sheet, min(groups), at, aside))
    return chosen


def ask_label(catalogue: Catalogue, label: Cell, figure: Cell, unit: str, asked: Asked) -> Problem:
    code = propose(catalogue, label.raw, unit, asked.period)
    if not code:
        return Problem("label_unknown", "", label.sheet, label.address, label.raw, "", show_cell(figure))
    proposed = catalogue.indicators[code].label
    return Problem("label_proposed", code, label.sheet, label.address, label.raw, proposed, show_cell(figure))


def fitting_unit(catalogue: Catalogue, indicator: Indicator, *units: str) -> str:
    """The first unit of the column or the line above that is the indicator's, for money also its multiples."""
    lexicon, quantity = lexicon_of(catalogue), catalogue.unit_of(indicator).quantity
    for unit in units:
        _, rest = lexicon.split_unit(fold_unit(unit))
        if rest in lexicon.units[quantity]:
            return unit
    return ""


def tell_assumed(catalogue: Catalogue, indicator: Indicator, figure: Cell, layout: Layout) -> None:
    """Asks about money whose unit nothing tells."""
    unit = catalogue.unit_of(indicator)
    if unit.factor != 1:
        code, shown = indicator.indicator_code, show_cell(figure)
        layout.problems.append(Problem("unit_assumed", code, figure.sheet, figure.address, shown, unit.name))


def _find_units(catalogue: Catalogue, cells: Cells, table: Table, value: int) -> int | None:
    """A column of units without a header that says so."""
    lexicon = lexicon_of(catalogue)
    for column in range(max(table.labels) + 1, table.span[1]):
        if column == value or table.header.columns.get(column, Column()).kind:
            continue
        held = [cells[row, column] for row, _ in label_rows(cells, table) if (row, column) in cells]
        units = [c for c in held if is_unit_text(lexicon, c.raw) or clean_text(c.raw).casefold() in DITTO]
        if units and len(units) * 2 > len(held):
            return column
    return None


def _find_basis(cells: Cells, table: Table, value: int) -> tuple[int, Told, bool] | None:
    """The one column of changes against the year before, what it means, and whether it says that it holds percents."""
    found = [
        (at, column) for at, column in table.header.columns.items() if column.kind == "comparison" and column.basis
    ]
    shares = [(at, column) for at, column in found if "%" in column.text] or found
    if len(shares) != 1:
        return None
    at, column = shares[0]
    basis = column.basis if column.basis != "compared" else _evident_basis(cells, table, value, at)
    return at, Told(basis=basis, is_compared=not basis), "%" in column.text


def _evident_basis(cells: Cells, table: Table, value: int, changes: int) -> str:
    """What the figures of the year before, where the table has them, or a negative change prove."""
    before = [at for at, column in table.header.columns.items() if column.kind == "previous"]
    seen: set[str] = set()
    for row, _ in label_rows(cells, table):
        change = cells.get((row, changes))
        if change is None or change.number is None:
            continue
        if change.number < 0:
            return "growth"
        now = cells.get((row, value))
        past = cells.get((row, before[0])) if len(before) == 1 else None
        if now is None or past is None or now.number is None or not past.number:
            continue
        share = now.number / past.number * 100
        if abs(change.number - share) <= _CLOSE:
            seen.add("index")
        if abs(change.number - share + 100) <= _CLOSE:
            seen.add("growth")
    return seen.pop() if len(seen) == 1 else ""


def _feed_growth(
    catalogue: Catalogue, cells: Cells, table: Table, row: int, code: str, basis: tuple[int, Told, bool], layout: Layout
) -> None:
    column, told, is_percent = basis
    cell = cells.get((row, column))
    grown = [i.indicator_code for i in catalogue.indicators.values() if i.growth_of == code]
    if cell is None or len(grown) != 1 or not (is_percent or "%" in cell.raw):
        return
    place = IndicatorRow(table.sheet, row, {"value": column}, told)
    layout.rows.setdefault(grown[0], []).append(place)
    layout.claimed.add((table.sheet, row, column))
