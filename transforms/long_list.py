"""Lists as a system gives them: a row for each figure, with columns of unit, indicator, value, perhaps half-year."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from catalogue.model import Catalogue
from transforms.division import Division, why_not_taken
from transforms.heading_text import periods_in
from transforms.label_match import is_unit_text, match_surely
from transforms.layout import IndicatorRow, Told
from transforms.lexicon import lexicon_of
from transforms.observation import Cell, Problem, cell_address
from transforms.sheets import is_figure
from transforms.table_header import Cells, word_kind
from transforms.table_rows import Asked, Table, ask_label, fitting_unit, tell_assumed
from transforms.text import fold
from transforms.unit_names import NamedCell, name_unit

FEWEST = 2
_FIELDS = ("unit", "estimate", "basis", "state", "note")


@dataclass(frozen=True)
class LongList:
    """The rows of such a list as a table; its columns of units, half-years (None where it has none) and figures.

    `rivals` are the names of several columns that could be the figures; `more` are further fields of the form.
    """

    table: Table
    names: int | None
    periods: int | None
    value: int | None
    rivals: tuple[str, ...] = ()
    more: dict[str, int] = field(default_factory=dict)


def find_long_list(catalogue: Catalogue, cells: Cells, sheet: str, named: list[NamedCell]) -> LongList | None:
    """The list of a sheet; None where its rows are not of different units or half-years."""
    labels = _label_columns(catalogue, cells)
    if not labels:
        return None
    column = max(labels, key=lambda c: len(labels[c]))
    rows = labels[column]
    units = {(n.cell.row, n.cell.column): n.unit.province_id for n in named}
    notes = {c for (_, c), cell in cells.items() if cell.kind == "text" and word_kind(catalogue, cell.raw) == "note"}
    names = _partner({at: unit for at, unit in units.items() if at[1] not in notes}, rows)
    halves = {
        (row, c): told[0]
        for (row, c), cell in cells.items()
        if c != column and row in rows and cell.kind == "text" and (told := periods_in(catalogue, cell.raw))
    }
    periods = _partner(halves, rows)
    if periods is None and names is not None:
        periods = _sole_periods(cells, halves, rows, notes | {column, names})
    if names is None and periods is None:
        return None
    first, last = min(rows), max(rows)
    while first > 0 and _is_row(cells, first - 1, column):
        first -= 1
    while _is_row(cells, last + 1, column):
        last += 1
    header = [first - 1] if (first - 1, column) in cells else []
    width = max(c for _, c in cells) + 1
    table = Table(sheet, (column,), (0, width), 0, header, first, last + 1)
    used = {column, names, periods}
    value, rivals = _find_values(catalogue, cells, table, used)
    return LongList(table, names, periods, value, rivals, _find_fields(catalogue, cells, table, used | {value}))


def _label_columns(catalogue: Catalogue, cells: Cells) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for (row, column), cell in cells.items():
        if cell.kind == "text" and code_of(catalogue, cell.raw):
            found.setdefault(column, set()).add(row)
    return {column: rows for column, rows in found.items() if len(rows) >= FEWEST}


def code_of(catalogue: Catalogue, text: str, province_id: str = "", period: str = "") -> str:
    """The indicator that a text names by name, by its code or by its number on the form; empty for none."""
    lexicon = lexicon_of(catalogue)
    match = match_surely(catalogue, text, "", province_id, period)
    return match.indicator_code or lexicon.codes.get(text.casefold(), "") or lexicon.numbers.get(text, "")


def _partner(values: dict[tuple[int, int], str], rows: set[int]) -> int | None:
    """The column that tells at least two different things beside the labels."""
    seen: dict[int, dict[int, str]] = {}
    for (row, column), value in values.items():
        if row in rows:
            seen.setdefault(column, {})[row] = value
    fitting = [column for column, found in seen.items() if len(set(found.values())) >= FEWEST]
    return max(fitting, key=lambda c: len(seen[c]), default=None)


def _sole_periods(cells: Cells, halves: dict[tuple[int, int], str], rows: set[int], silent: set[int]) -> int | None:
    """The one column that holds nothing but one half-year beside the labels, from the first of them on."""
    found = {c for _, c in halves} - silent
    plain = [c for c in found if (min(rows), c) in halves and all((r, c) in halves for r in rows if (r, c) in cells)]
    return plain[0] if len(plain) == 1 else None


def _is_row(cells: Cells, row: int, column: int) -> bool:
    return (row, column) in cells and any(r == row and is_figure(cell) for (r, _), cell in cells.items())


def _find_values(
    catalogue: Catalogue, cells: Cells, table: Table, used: set[int | None]
) -> tuple[int | None, tuple[str, ...]]:
    """The one column of figures; else the names of those that it could be."""
    strong: dict[int, int] = {}
    for column in range(*table.span):
        head = cells.get((table.header_rows[0], column)) if table.header_rows else None
        kind = word_kind(catalogue, head.raw) if head is not None else ""
        figures = [cells[r, column] for r in range(table.first, table.end) if (r, column) in cells]
        figures = [cell for cell in figures if any(c.isdigit() for c in cell.raw)]
        if column in used or kind not in ("", "value") or not (figures or kind == "value"):
            continue
        if kind or not _is_serial(figures):
            strong[column] = 1 + (kind == "value") + 2 * (head is not None and fold(head.raw) in ("gia tri", "so lieu"))
    best = [column for column, strength in strong.items() if strength == max(strong.values())]
    if len(best) == 1:
        return best[0], ()
    heads = (cells.get((table.header_rows[0], c)) if table.header_rows else None for c in best)
    told = (
        f"“{h.raw}”" if h is not None else f"cột {cell_address(0, c)[:-1]}" for h, c in zip(heads, best, strict=True)
    )
    return None, tuple(told)


def _is_serial(figures: list[Cell]) -> bool:
    return len(figures) > 2 and all(cell.raw == str(n) for n, cell in enumerate(figures, 1))


def _find_fields(catalogue: Catalogue, cells: Cells, table: Table, used: set[int | None]) -> dict[str, int]:
    """The further fields of the form that a header or, for units, the content tells."""
    lexicon = lexicon_of(catalogue)
    found: dict[str, int] = {}
    for column in range(*table.span):
        if column in used:
            continue
        head = cells.get((table.header_rows[0], column)) if table.header_rows else None
        name = (lexicon.header(head.raw) or word_kind(catalogue, head.raw)) if head is not None else ""
        held = [cells[r, column] for r in range(table.first, table.end) if (r, column) in cells]
        if name == "number" or _is_serial(held):
            found.setdefault("number", column)
        elif name not in _FIELDS and held and sum(is_unit_text(lexicon, c.raw) for c in held) * 2 > len(held):
            name = "unit"
        if name in _FIELDS:
            found.setdefault(name, column)
    return found


def read_long_list(catalogue: Catalogue, cells: Cells, found: LongList, asked: Asked, division: Division) -> None:
    """Reads every row into the layout of its unit and half-year; names that are no unit's are told once each."""
    table, whole = found.table, division.whole
    whole.sheets[table.sheet] = min(table.first, whole.sheets.get(table.sheet, table.first))
    whole.claimed.update((table.sheet, r, c) for r in table.header_rows for c in range(*table.span))
    serials = [found.more["number"]] if "number" in found.more else []
    whole.claimed.update((table.sheet, r, c) for r in range(table.first, table.end) for c in serials)
    if found.value is None:
        at = cell_address(table.header_rows[0] if table.header_rows else table.first, table.labels[0])
        detail = f"{len(found.rivals)} cột có thể chứa số liệu ({', '.join(found.rivals)})"
        whole.claimed.update((table.sheet, r, c) for r in range(table.first, table.end) for c in range(*table.span))
        whole.problems.append(Problem("value_column_unclear", "", table.sheet, at, ", ".join(found.rivals), "", detail))
        return
    names = _fill(cells, found, found.names)
    halves = _fill_periods(cells, found, names)
    strange: dict[str, list[Cell]] = {}
    reasons: dict[str, str] = {}
    for row in range(table.first, table.end):
        held = [(table.sheet, row, c) for c in range(*table.span) if (row, c) in cells]
        if not held:
            continue
        name, half = names.get(row), halves.get(row)
        period, wrong = asked.period, ""
        if found.periods is not None:
            told = periods_in(catalogue, half.raw) if half is not None else []
            period = told[0] if len(told) == 1 else ""
            wrong = "" if period else "không phải một kỳ trong lịch của Cụm"
        unit = name_unit(catalogue, name.raw) if name is not None else None
        blamed = half if wrong else name
        if not wrong and found.names is not None:
            wrong = why_not_taken(catalogue, unit, period)
        if wrong:
            whole.claimed.update(held if blamed is not None else ())
            if blamed is not None:
                strange.setdefault(blamed.raw, []).append(blamed)
                reasons[blamed.raw] = wrong
            continue
        of = Asked(unit.province_id if unit is not None else asked.province_id, period, asked.money_unit)
        _read_row(catalogue, cells, found, row, of, division, name if unit is not None else None)
    for text, blamed_cells in strange.items():
        division.leave(blamed_cells[0], reasons[text], len(blamed_cells))


def _fill(cells: Cells, found: LongList, column: int | None) -> dict[int, Cell]:
    """The cell of a column that speaks for each row: its own, or the one above where each stands once."""
    if column is None:
        return {}
    rows = range(found.table.first, found.table.end)
    own = {row: cells[row, column] for row in rows if (row, column) in cells}
    is_merged = max(Counter(cell.raw for cell in own.values()).values(), default=0) == 1
    filled: dict[int, Cell] = {}
    for row in rows:
        above = filled.get(row - 1) if is_merged else None
        cell = own.get(row, above)
        if cell is not None:
            filled[row] = cell
    return filled


def _fill_periods(cells: Cells, found: LongList, names: dict[int, Cell]) -> dict[int, Cell]:
    """The half-year of each row: its own, or the one above it; several are not carried from unit to unit."""
    filled, column = _fill(cells, found, found.periods), found.periods
    if column is None or found.names is None:
        return filled
    is_inner = column > found.names and len({cell.raw for cell in filled.values()}) > 1
    for row in range(found.table.first, found.table.end):
        above = names.get(row - 1)
        is_same = row in names and above is not None and names[row].raw == above.raw
        if row not in filled and is_same and row - 1 in filled:
            filled[row] = filled[row - 1]
        elif is_inner and (row, column) not in cells and not (is_same and row - 1 in filled):
            filled.pop(row, None)
    return filled


def _read_row(
    catalogue: Catalogue, cells: Cells, found: LongList, row: int, of: Asked, division: Division, name: Cell | None
) -> None:
    table = found.table
    layout = division.share(of.province_id, of.period, name)
    column = table.labels[0]
    assert found.value is not None
    division.whole.claimed.update(
        (table.sheet, row, c) for c in (found.names, found.periods, column, *found.more.values()) if c is not None
    )
    figure, label = cells.get((row, found.value)), cells.get((row, column))
    unit = name_unit(catalogue, name.raw) if name is not None else None
    if unit is not None and unit.is_declared and name is not None:
        division.declare(of.province_id, of.period, name)
    if label is None:
        return
    code = code_of(catalogue, label.raw, of.province_id, of.period)
    written = cells.get((row, found.more["unit"])) if "unit" in found.more else None
    if not code:
        if figure is not None:
            layout.claimed.add((table.sheet, row, found.value))
            layout.problems.append(ask_label(catalogue, label, figure, written.raw if written is not None else "", of))
        return
    indicator = catalogue.indicators[code]
    match = match_surely(catalogue, label.raw, "", of.province_id, of.period)
    told = "" if written is not None else match.unit or fitting_unit(catalogue, indicator, of.money_unit)
    fields = {"label": column, "value": found.value, **found.more}
    fields.pop("number", None)
    if written is None:
        fields.pop("unit", None)
        if not told and figure is not None and is_figure(figure):
            tell_assumed(catalogue, indicator, figure, layout)
    layout.rows.setdefault(code, []).append(IndicatorRow(table.sheet, row, fields, Told(unit=told)))
    layout.claimed.update((table.sheet, row, c) for c in fields.values())
