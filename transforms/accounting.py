"""Every cell that nothing claimed: ignored by name, a figure under an unknown label, or reported as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from catalogue.model import Catalogue
from transforms.fields import show_cell
from transforms.layout import Layout
from transforms.lexicon import Lexicon, lexicon_of
from transforms.observation import Cell, Problem
from transforms.workbook import Workbook

SHOWN = 10
SHOWN_ELSEWHERE = 3  # on a sheet that is none of the form's
_SERIAL = re.compile(r"[A-Za-z]?\.?\d{0,3}(?:\.\d{1,2})*\.?|[ivxIVX]{1,5}\.?|[+*-]")


@dataclass
class _Sheet:
    """The unclaimed cells of a sheet while they are sorted out."""

    lexicon: Lexicon
    name: str
    cells: dict[tuple[int, int], Cell]
    columns: dict[str, int]
    rows: set[int]
    first: int
    formulas: frozenset[str]
    signed_from: int = 1 << 20
    ignored: list[Cell] = field(default_factory=list)
    unclaimed: list[Cell] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def account_for_rest(catalogue: Catalogue, workbook: Workbook, layout: Layout) -> list[Problem]:
    """The problems of all unclaimed cells; what is left aside by name is one information per sheet."""
    lexicon = lexicon_of(catalogue)
    problems: list[Problem] = []
    for name in workbook.sheets:
        if name in layout.aside or name in layout.unread:
            continue
        located = [r for rows in layout.rows.values() for r in rows if r.sheet == name]
        sheet = _Sheet(
            lexicon,
            name,
            workbook.cells[name],
            {n: c for n, c in located[0].columns.items() if n != "previous"} if located else {},
            {r.row for r in located},
            layout.sheets.get(name, 0),
            workbook.doubtful.get(name, frozenset()),
        )
        rest = [c for at, c in sorted(sheet.cells.items()) if (name, *at) not in layout.claimed]
        if rest:
            _sort_out(sheet, rest, is_form=bool(located) or name in layout.cover_sheets)
            problems.extend(sheet.problems)
    return problems


def _sort_out(sheet: _Sheet, rest: list[Cell], *, is_form: bool) -> None:
    kinds = {c.address: sheet.lexicon.ignored_as(c.raw) for c in rest if c.kind == "text"}
    signed = (c.row for c in rest if c.row >= sheet.first and kinds.get(c.address) == "signature")
    sheet.signed_from = min(signed, default=sheet.signed_from)
    strange = _strange_rows(sheet, rest)
    for cell in rest:
        if cell.row in strange and cell.column in sheet.columns.values():
            if cell.column == sheet.columns["value"]:
                label = sheet.cells[cell.row, sheet.columns["label"]]
                observed, value = label.raw, show_cell(cell)
                sheet.problems.append(Problem("label_unknown", "", sheet.name, label.address, observed, "", value))
        elif _is_form_cell(sheet, cell):
            continue
        elif kinds.get(cell.address) or (is_form and _is_plain_text(sheet, cell)) or _is_check(sheet, cell):
            sheet.ignored.append(cell)
        else:
            sheet.unclaimed.append(cell)
    _report(sheet, SHOWN if is_form else SHOWN_ELSEWHERE)


def _strange_rows(sheet: _Sheet, rest: list[Cell]) -> set[int]:
    """The rows of the table that hold a label and a value, and are no indicator's."""
    if "label" not in sheet.columns:
        return set()
    found = set()
    for cell in rest:
        label = sheet.cells.get((cell.row, sheet.columns["label"]))
        if cell.column == sheet.columns["value"] and cell.row >= sheet.first and label is not None:
            is_aside = sheet.lexicon.ignored_as(cell.raw) or _is_plain_text(sheet, cell)
            if not is_aside:
                found.add(cell.row)
    return found


def _is_form_cell(sheet: _Sheet, cell: Cell) -> bool:
    """A serial number or the formula of a check, beside an indicator."""
    if cell.row not in sheet.rows:
        return False
    if cell.column == sheet.columns.get("number"):
        return _SERIAL.fullmatch(cell.raw) is not None
    return _is_in_check(sheet, cell) and cell.address in sheet.formulas


def _is_in_check(sheet: _Sheet, cell: Cell) -> bool:
    return cell.row in sheet.rows and cell.column == sheet.columns.get("check")


def _is_check(sheet: _Sheet, cell: Cell) -> bool:
    """A number where the form computes its check, such as a program leaves in place of the formula."""
    return _is_in_check(sheet, cell) and cell.kind == "number"


def _is_plain_text(sheet: _Sheet, cell: Cell) -> bool:
    """Words without a digit above the table, or among signatures below it."""
    if cell.kind != "text" or any(c.isdigit() for c in cell.raw):
        return False
    return cell.row < sheet.first or (cell.row >= sheet.signed_from and cell.row not in sheet.rows)


def _report(sheet: _Sheet, shown: int) -> None:
    found, name = sheet.unclaimed, sheet.name
    if len(found) > shown:
        shown = shown - 1 if shown == SHOWN else 0
        rest = found[shown:]
        found = found[:shown]
    else:
        rest = []
    sheet.problems.extend(Problem("cell_unclaimed", "", name, c.address, show_cell(c)) for c in found)
    if rest:
        observed = f"{show_cell(rest[0])} (và {len(rest) - 1} ô nữa)"
        sheet.problems.append(Problem("cell_unclaimed", "", name, rest[0].address, observed))
    if sheet.ignored:
        sheet.problems.append(Problem("cells_ignored", "", name, sheet.ignored[0].address, str(len(sheet.ignored))))
