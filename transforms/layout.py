"""Where a given workbook holds what the form asks: by labels and headers first, by workbook names where they fail."""

from __future__ import annotations

from dataclasses import dataclass, field

from catalogue.model import Catalogue
from transforms.lexicon import Lexicon, lexicon_of
from transforms.observation import Cell, Problem, cell_address
from transforms.placement import place
from transforms.text import fold
from transforms.workbook import Workbook

HEADER_SEARCH_ROWS = 40
Place = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """The row of a sheet that holds one indicator, and the column of each field in it."""

    sheet: str
    row: int
    columns: dict[str, int]

    def address(self, field_name: str) -> str:
        """The A1 address of a field, or of the value where the field has no column."""
        column = self.columns.get(field_name, self.columns.get("value", 0))
        return cell_address(self.row, column)


@dataclass
class Layout:
    """Cover fields, indicator rows, the cells that they claim, and what was not as the form has it."""

    cover: dict[str, Cell] = field(default_factory=dict)
    cover_address: dict[str, tuple[str, str]] = field(default_factory=dict)
    rows: dict[str, list[IndicatorRow]] = field(default_factory=dict)
    claimed: set[Place] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    sheets: set[str] = field(default_factory=set)


def locate(catalogue: Catalogue, workbook: Workbook, period_code: str | None = None) -> Layout:
    """The layout of a workbook of the form's family; empty `rows` mean that it holds no table of the form."""
    layout = Layout()
    _locate_cover(catalogue, workbook, layout)
    lexicon = lexicon_of(catalogue)
    form = catalogue.form
    aside = {fold(form.cover_sheet), fold(form.instructions_sheet)}
    for sheet in workbook.sheets:
        if fold(sheet) in aside:
            layout.claimed.update((sheet, *at) for at in workbook.cells[sheet] if fold(sheet) != fold(form.cover_sheet))
            continue
        _locate_rows(catalogue, lexicon, workbook, sheet, layout)
    return layout


def report_missing_rows(catalogue: Catalogue, layout: Layout, period_code: str) -> list[Problem]:
    """One problem per sheet of the form for the indicators that have no row, or no value column, in the file."""
    missing: dict[str, list[str]] = {}
    for slot in place(catalogue, period_code):
        if slot.field == "value" and not any("value" in r.columns for r in layout.rows.get(slot.indicator_code, ())):
            missing.setdefault(slot.sheet, []).append(catalogue.indicators[slot.indicator_code].label)
    return [
        Problem(
            "layout_incomplete",
            sheet=sheet if sheet in layout.sheets else "",
            observed=f"{len(labels)} chỉ tiêu",
            detail=f"chỗ ghi của {len(labels)} chỉ tiêu trang “{sheet}” (như “{labels[0]}”)",
        )
        for sheet, labels in missing.items()
    ]


def _locate_cover(catalogue: Catalogue, workbook: Workbook, layout: Layout) -> None:
    wanted: dict[str, str] = {}
    for cover in catalogue.form.cover:
        for text in (cover.label, *cover.aliases):
            wanted[fold(text)] = cover.name
    key = fold(catalogue.form.cover_sheet)
    hints = {fold(c.hint) for c in catalogue.form.cover}
    for sheet in workbook.sheets:
        if fold(sheet) != key and sheet != workbook.sheets[0]:
            continue
        cells = workbook.cells[sheet]
        for (row, column), cell in cells.items():
            name = wanted.get(fold(cell.raw)) if cell.kind == "text" else None
            if name is None or name in layout.cover_address:
                continue
            layout.claimed.add((sheet, row, column))
            candidates = (c for c in range(column + 1, column + 4) if (row, c) in cells)
            beside = next((c for c in candidates if fold(cells[row, c].raw) not in hints), None)
            layout.cover_address[name] = (sheet, cell_address(row, column + 1 if beside is None else beside))
            if beside is not None:
                layout.cover[name] = cells[row, beside]
                layout.claimed.add((sheet, row, beside))
        if fold(sheet) == key:
            layout.claimed.update(
                (sheet, *at) for at, c in cells.items() if c.kind == "text" and (at[0] < 4 or fold(c.raw) in hints)
            )
    for cover in catalogue.form.cover:
        target = workbook.names.get(cover.name)
        if target is None or cover.name in layout.cover_address:
            continue
        sheet, row, column = target
        layout.cover_address[cover.name] = (sheet, cell_address(row, column))
        found = workbook.cells.get(sheet, {}).get((row, column))
        if found is not None:
            layout.cover[cover.name] = found
            layout.claimed.add(target)


def _locate_rows(catalogue: Catalogue, lexicon: Lexicon, workbook: Workbook, sheet: str, layout: Layout) -> None:
    cells = workbook.cells[sheet]
    header_row, columns = _find_header(catalogue, cells)
    named = {
        name[2:]: target
        for name, target in workbook.names.items()
        if target[0] == sheet and name.startswith("f_") and name[2:] in catalogue.indicators
    }
    if header_row is None or "value" not in columns:
        columns = {**_columns_from_names(catalogue, workbook, sheet, columns), **columns}
        if "value" not in columns or ("label" not in columns and not named):
            return
    layout.sheets.add(sheet)
    first = (header_row if header_row is not None else min((r for _, r, _ in named.values()), default=1) - 2) + 1
    _claim_heading(cells, sheet, first, layout)
    by_row = {row: code for code, (_, row, _) in named.items()}
    label_column = columns.get("label")
    for row in sorted({r for r, _ in cells if r >= first} | set(by_row)):
        label = cells.get((row, label_column)) if label_column is not None else None
        code = lexicon.labels.get(fold(label.raw)) if label is not None else None
        if code is None and row in by_row and not _labelled_elsewhere(lexicon, cells, label_column, by_row[row], first):
            code = by_row[row]
            if label is not None:
                layout.problems.append(
                    Problem("label_changed", code, sheet, label.address, label.raw, catalogue.indicators[code].label)
                )
        if code is None:
            continue
        found = IndicatorRow(sheet, row, columns)
        layout.rows.setdefault(code, []).append(found)
        layout.claimed.update((sheet, row, column) for column in columns.values())


def _find_header(catalogue: Catalogue, cells: dict[tuple[int, int], Cell]) -> tuple[int | None, dict[str, int]]:
    headers = {fold(text): f.name for f in catalogue.form.fields for text in (f.header, *f.aliases)}
    rows: dict[int, dict[str, int]] = {}
    for (row, column), cell in cells.items():
        if row < HEADER_SEARCH_ROWS and cell.kind == "text":
            name = headers.get(fold(cell.raw))
            if name is not None:
                rows.setdefault(row, {}).setdefault(name, column)
    best = max(rows, key=lambda r: len(rows[r]), default=None)
    if best is None or len(rows[best]) < 2 or "label" not in rows[best]:
        return None, {}
    return best, rows[best]


def _columns_from_names(catalogue: Catalogue, workbook: Workbook, sheet: str, known: dict[str, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    prefixes = {f.prefix: f.name for f in catalogue.form.fields if f.prefix}
    for name, (where, _, column) in workbook.names.items():
        field_name = prefixes.get(name[:2])
        if where == sheet and field_name is not None and column not in known.values():
            found.setdefault(field_name, column)
    return found


def _labelled_elsewhere(
    lexicon: Lexicon, cells: dict[tuple[int, int], Cell], label_column: int | None, code: str, first: int
) -> bool:
    return label_column is not None and any(
        column == label_column and row >= first and lexicon.labels.get(fold(cell.raw)) == code
        for (row, column), cell in cells.items()
    )


def _claim_heading(cells: dict[tuple[int, int], Cell], sheet: str, first: int, layout: Layout) -> None:
    """Texts above the table are headings; so is a row of column numbers right under the header."""
    for (row, column), cell in cells.items():
        if (row < first and cell.kind == "text") or (
            row == first
            and cell.raw.strip("() ").isdigit()
            and all(c.raw.strip("() ").isdigit() for (r, _), c in cells.items() if r == first)
        ):
            layout.claimed.add((sheet, row, column))
