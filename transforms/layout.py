"""Where a given workbook holds what the form asks: by labels and headers first, by workbook names where they fail."""

from __future__ import annotations

from dataclasses import dataclass, field

from catalogue.model import Catalogue
from transforms.header import BLANK, find_header, names_of_rows
from transforms.lexicon import Lexicon, lexicon_of
from transforms.observation import Cell, Problem, cell_address
from transforms.placement import place
from transforms.text import fold
from transforms.workbook import Workbook

COVER_LABELS = 3  # that make a sheet of any name the cover
NOT_READ = ("number", "check")
Place = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Told:
    """What a table says of a row outside of it: its unit, how its changes are meant, whether it is an estimate.

    `is_compared` says that a column of changes does not tell whether they are rises or shares of the year before.
    """

    unit: str = ""
    basis: str = ""
    is_compared: bool = False
    is_estimated: bool = False


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """The row of a sheet that holds one indicator, the column of each field in it, and what is told elsewhere."""

    sheet: str
    row: int
    columns: dict[str, int]
    told: Told = Told()

    def address(self, field_name: str) -> str:
        """The A1 address of a field, or of the value where the field has no column."""
        column = self.columns.get(field_name, self.columns.get("value", 0))
        return cell_address(self.row, column)


@dataclass
class Layout:
    """Cover fields, indicator rows, the cells that they claim, and what was not as the form has it.

    `sheets` are the sheets with a table of the form, each with its first row below the header; `unread` are those
    whose table has no value column, with the problem that says so. `refusal` is why nothing of the file may be used.
    `is_free` says that its tables are the sender's own, `declared` is the cell that says that there are no figures yet.
    """

    cover: dict[str, Cell] = field(default_factory=dict)
    cover_address: dict[str, tuple[str, str]] = field(default_factory=dict)
    cover_sheets: set[str] = field(default_factory=set)
    rows: dict[str, list[IndicatorRow]] = field(default_factory=dict)
    claimed: set[Place] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    sheets: dict[str, int] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    aside: set[str] = field(default_factory=set)
    refusal: Problem | None = None
    is_free: bool = False
    declared: Cell | None = None


def locate(catalogue: Catalogue, workbook: Workbook) -> Layout:
    """The layout of a workbook of the form's family; empty `rows` mean that it holds no table of the form."""
    layout = Layout()
    locate_cover(catalogue, workbook, layout)
    for sheet in workbook.sheets:
        if fold(sheet) == fold(catalogue.form.instructions_sheet):
            layout.aside.add(sheet)
        else:  # a cover may stand above the table on the same sheet
            _locate_rows(catalogue, lexicon_of(catalogue), workbook, sheet, layout)
    return layout


def locate_cover(catalogue: Catalogue, workbook: Workbook, layout: Layout) -> None:
    """Fills the cover fields of a layout: from the cover sheet by its labels, else by workbook names."""
    form, lexicon = catalogue.form, lexicon_of(catalogue)
    wanted = {fold(text): cover.name for cover in form.cover for text in (cover.label, *cover.aliases)}
    hints = {fold(c.hint) for c in form.cover}
    by_name = [sheet for sheet in workbook.sheets if fold(sheet) == fold(form.cover_sheet)]
    for sheet in dict.fromkeys((*by_name, *workbook.sheets)):
        cells = workbook.cells[sheet]
        labels: dict[str, tuple[int, int]] = {}
        for at, cell in cells.items():
            name = wanted.get(fold(cell.raw)) if cell.kind == "text" else None
            if name is not None:
                labels.setdefault(name, at)
        if sheet not in by_name and len(labels) < COVER_LABELS:
            continue
        layout.cover_sheets.add(sheet)
        for name, (row, column) in labels.items():
            layout.claimed.add((sheet, row, column))
            candidates = (c for c in range(column + 1, column + 4) if (row, c) in cells)
            beside = next((c for c in candidates if fold(cells[row, c].raw) not in hints), None)
            layout.cover_address[name] = (sheet, cell_address(row, column + 1 if beside is None else beside))
            if beside is not None:
                layout.cover[name] = cells[row, beside]
                layout.claimed.add((sheet, row, beside))
        layout.claimed.update(
            (sheet, *at)
            for at, c in cells.items()
            if c.kind == "text" and (lexicon.is_heading(c.raw) or fold(c.raw) in hints)
        )
        break
    for cover in form.cover:
        sheet, row, column = workbook.names.get(cover.name, ("", 0, 0))
        if sheet not in workbook.cells or cover.name in layout.cover_address:
            continue
        layout.cover_address[cover.name] = (sheet, cell_address(row, column))
        value = workbook.cells[sheet].get((row, column))
        if value is not None:
            layout.cover[cover.name] = value
            layout.claimed.add((sheet, row, column))


def _locate_rows(catalogue: Catalogue, lexicon: Lexicon, workbook: Workbook, sheet: str, layout: Layout) -> None:
    cells = workbook.cells[sheet]
    header = find_header(catalogue, lexicon, workbook, sheet)
    columns = header.columns
    if "value" not in columns:
        if "label" in columns and fold(sheet) in {
            fold(slot.sheet) for slot in place(catalogue, max(catalogue.calendar))
        }:
            layout.unread.add(sheet)
        return
    layout.problems.extend(header.problems)
    named = names_of_rows(catalogue, workbook, sheet)
    label_column = columns.get("label")
    first = header.row + 1
    layout.sheets[sheet] = first
    layout.claimed.update((sheet, header.row, column) for column in columns.values())
    _claim_heading(lexicon, cells, sheet, header.row, layout)
    by_row = {row: code for code, row in named.items()}
    for row in sorted({r for r, _ in cells if r >= first} | set(by_row)):
        label = cells.get((row, label_column)) if label_column is not None else None
        code = lexicon.labels.get(fold(label.raw)) if label is not None else None
        if code is None and row in by_row and not _labelled_elsewhere(lexicon, cells, label_column, by_row[row], first):
            if label is None and (row, columns["value"]) not in cells:
                continue
            code = by_row[row]
            observed, address = (
                (BLANK, cell_address(row, label_column or 0)) if label is None else (label.raw, label.address)
            )
            problem = Problem("label_changed", code, sheet, address, observed, catalogue.indicators[code].label)
            layout.problems.append(problem)
        if code is None:
            continue
        layout.rows.setdefault(code, []).append(IndicatorRow(sheet, row, columns))
        layout.claimed.update((sheet, row, column) for name, column in columns.items() if name not in NOT_READ)


def _labelled_elsewhere(
    lexicon: Lexicon, cells: dict[tuple[int, int], Cell], label_column: int | None, code: str, first: int
) -> bool:
    return label_column is not None and any(
        column == label_column and row >= first and lexicon.labels.get(fold(cell.raw)) == code
        for (row, column), cell in cells.items()
    )


def _claim_heading(
    lexicon: Lexicon, cells: dict[tuple[int, int], Cell], sheet: str, header_row: int, layout: Layout
) -> None:
    """The form's own texts down to the header, and the numbers of the columns right under it."""
    for (row, column), cell in cells.items():
        if row < header_row:
            is_own = cell.kind == "text" and lexicon.is_heading(cell.raw)
        elif row == header_row:
            is_own = cell.kind == "text" and bool(lexicon.header(cell.raw))
        else:
            is_own = row == header_row + 1 and _is_column_number(cell)
        if is_own:
            layout.claimed.add((sheet, row, column))


def _is_column_number(cell: Cell) -> bool:
    """ "(4)" or "4" under a header; a number in a cell is one only where it is its column's own."""
    if cell.number is not None:
        return cell.number == cell.column + 1
    digits = cell.raw.strip("() ")
    return cell.kind == "text" and digits.isdigit() and len(digits) < 3
