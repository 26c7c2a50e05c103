"""Our own to-do list in a file that comes back: taken out of what is read for figures, its explanations kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from catalogue.model import Catalogue
from transforms.identification import find_period, find_province
from transforms.observation import Cell, Explanation, Problem, Reading
from transforms.sheets import Workbook
from transforms.text import fold

ID_PREFIX, HASH_PREFIX = "v-", "s-"  # a bare digest may look like a number to a program that saves the file anew
ALONE = "alone"
_IDENTIFIER = re.compile(r"[0-9a-f]{8,64}")
_HEAD_ROWS = 12
_LEAST_HEADERS = 6


@dataclass(frozen=True, slots=True)
class TodoSheet:
    """What a to-do list says: whose it is, and what was explained. `is_alone`: no return ever stood beside it."""

    sheet: str
    period_code: str
    province_id: str
    is_alone: bool
    explanations: tuple[Explanation, ...]
    problems: tuple[Problem, ...]


def mark_of(catalogue: Catalogue, period_code: str, province_id: str, version: int, *, is_alone: bool) -> str:
    """The text of the cell by which a to-do list is known again."""
    return "|".join(
        (catalogue.form.feedback.mark, period_code, province_id, str(version), ALONE if is_alone else "return")
    )


def take_out(catalogue: Catalogue, workbook: Workbook) -> tuple[Workbook, tuple[TodoSheet, ...]]:
    """The workbook without our to-do lists, and what they say; a workbook without one is given back as it is."""
    found = tuple(
        todo for name in workbook.sheets if (todo := _read_sheet(catalogue, workbook, name, workbook.cells[name]))
    )
    if not found:
        return workbook, ()
    ours = {todo.sheet for todo in found}
    rest = tuple(name for name in workbook.sheets if name not in ours)
    cells = {name: workbook.cells[name] for name in rest}
    names = {name: target for name, target in workbook.names.items() if target[0] not in ours}
    return replace(workbook, sheets=rest, cells=cells, names=names), found


def is_only_todo(rest: Workbook) -> bool:
    """Whether nothing is left to be read once the lists are taken out."""
    return not any(rest.cells.values())


def reply_only(sha256: str, todos: tuple[TodoSheet, ...]) -> Reading:
    """The reading of a file that holds nothing but our list: no figures, and no fault."""
    first = todos[0]
    count = sum(len(todo.explanations) for todo in todos)
    told = Problem("reply_only", sheet=first.sheet, observed=str(count))
    return Reading(
        sha256,
        next((t.province_id for t in todos if t.province_id), ""),
        next((t.period_code for t in todos if t.period_code), ""),
        problems=(told, *(p for t in todos for p in t.problems)),
        explanations=tuple(e for t in todos for e in t.explanations),
        has_list=True,
    )


def attach(reading: Reading, todos: tuple[TodoSheet, ...]) -> Reading:
    """The reading of the other sheets together with what the lists say; each part gets what is its own.

    Where a list went out alone and came back with sheets that are no return, it is a reply all the same.
    """
    if reading.is_rejected and any(t.is_alone for t in todos) and _is_no_return(reading):
        return reply_only(reading.sha256, todos)
    strange = [p for t in todos if (p := _misplaced(reading, t)) is not None]
    fitting = [t for t in todos if _misplaced(reading, t) is None]
    problems = (*reading.problems, *strange, *(p for t in todos for p in t.problems))
    return replace(
        reading,
        has_list=True,
        problems=problems,
        explanations=tuple(e for t in fitting for e in t.explanations),
        parts=tuple(
            replace(part, has_list=True, explanations=_explanations_of(part, fitting)) for part in reading.parts
        ),
    )


def _is_no_return(reading: Reading) -> bool:
    return any(p.rule_code == "file_not_a_return" for p in reading.problems)


def _explanations_of(part: Reading, todos: list[TodoSheet]) -> tuple[Explanation, ...]:
    mine = [t for t in todos if (t.period_code, t.province_id) == (part.period_code, part.province_id)]
    return tuple(e for t in mine for e in t.explanations)


def _misplaced(reading: Reading, todo: TodoSheet) -> Problem | None:
    """The list of another unit or period, where it carries explanations that would be lost."""
    units = {(r.period_code, r.province_id) for r in (reading, *reading.parts)}
    is_fitting = any(
        period in ("", todo.period_code) and province in ("", todo.province_id) for period, province in units
    )
    if is_fitting or not todo.explanations or not (todo.period_code and todo.province_id):
        return None
    first = todo.explanations[0]
    detail = "danh sách việc cần làm này là của đơn vị khác hoặc kỳ khác"
    return Problem("explanation_unplaced", "", todo.sheet, first.cell, first.text, "", detail)


def _read_sheet(
    catalogue: Catalogue, workbook: Workbook, name: str, cells: dict[tuple[int, int], Cell]
) -> TodoSheet | None:
    """What a sheet says as our list; None where it is not one: neither its mark nor its head of columns is there."""
    mark = _find_mark(catalogue, workbook, name, cells)
    header = _find_header(catalogue, cells)
    if mark is None and (header is None or not _is_whole_header(catalogue, header[1])):
        return None
    period_code, province_id, is_alone = _whose(catalogue, cells, mark, header[0] if header else _HEAD_ROWS)
    explanations: list[Explanation] = []
    problems: list[Problem] = []
    if header is None:
        problems.append(Problem("explanation_unplaced", sheet=name, detail="hàng tiêu đề của danh sách không còn"))
    else:
        for cell, key in _filled_rows(cells, *header):
            if key is None:
                detail = "dòng này không còn mã của việc được giải trình"
                problems.append(Problem("explanation_unplaced", "", name, cell.address, cell.raw, "", detail))
            else:
                explanations.append(Explanation(*key, cell.raw, name, cell.address))
    return TodoSheet(name, period_code, province_id, is_alone, tuple(explanations), tuple(problems))


def _find_mark(
    catalogue: Catalogue, workbook: Workbook, name: str, cells: dict[tuple[int, int], Cell]
) -> list[str] | None:
    """The parts of the mark; empty where only the workbook's name for it is left, None where neither is."""
    feedback = catalogue.form.feedback
    for (row, _), cell in cells.items():
        if row < _HEAD_ROWS and cell.raw.startswith(feedback.mark + "|"):
            return cell.raw.split("|")[1:]
    target = workbook.names.get(feedback.todo_name)
    return [] if target is not None and target[0] == name else None


def _find_header(catalogue: Catalogue, cells: dict[tuple[int, int], Cell]) -> tuple[int, dict[str, int]] | None:
    """The row of the list's headings, and the column of each by its name in the catalogue."""
    headings = {fold(text): name for name, text in catalogue.form.feedback.columns.items()}
    rows: dict[int, dict[str, int]] = {}
    for (row, column), cell in sorted(cells.items()):
        known = headings.get(fold(cell.raw)) if row < _HEAD_ROWS else None
        if known is not None:
            rows.setdefault(row, {}).setdefault(known, column)
    best = max(rows.items(), key=lambda item: len(item[1]), default=None)
    return best if best is not None and "explanation" in best[1] and len(best[1]) >= 2 else None


def _is_whole_header(catalogue: Catalogue, columns: dict[str, int]) -> bool:
    return len(columns) >= _LEAST_HEADERS and {"trouble", "advice"} <= set(columns)


def _whose(
    catalogue: Catalogue, cells: dict[tuple[int, int], Cell], mark: list[str] | None, header_row: int
) -> tuple[str, str, bool]:
    """Period and unit by the mark, or where it is damaged by the words above the list; blank where neither tells."""
    period_code, province_id, _, kind = (*(mark or []), "", "", "", "")[:4]
    if period_code not in catalogue.calendar:
        period_code = ""
    if province_id not in {p.province_id for p in catalogue.provinces}:
        province_id = ""
    for cell in (c for (row, _), c in sorted(cells.items()) if row < header_row):
        _, _, said = cell.raw.partition(":")
        period_code = period_code or _known_period(catalogue, said)
        province_id = province_id or (find_province(catalogue, said.strip(), period_code or None) if said else "") or ""
    return period_code, province_id, kind == ALONE


def _known_period(catalogue: Catalogue, text: str) -> str:
    found = find_period(text) if text else None
    return found if found is not None and found in catalogue.calendar else ""


def _filled_rows(
    cells: dict[tuple[int, int], Cell], header_row: int, columns: dict[str, int]
) -> Iterator[tuple[Cell, tuple[str, str] | None]]:
    """The cells that hold an explanation, with the finding and the figures that their row names."""
    for (row, column), cell in sorted(cells.items()):
        if row <= header_row or column != columns["explanation"]:
            continue
        finding = _key(cells, row, columns.get("finding_id"), ID_PREFIX)
        figures = _key(cells, row, columns.get("figure_hash"), HASH_PREFIX)
        yield cell, (finding, figures) if finding and figures else None


def _key(cells: dict[tuple[int, int], Cell], row: int, column: int | None, prefix: str) -> str:
    cell = None if column is None else cells.get((row, column))
    text = "" if cell is None else cell.raw.strip().lower().removeprefix(prefix)
    return text if _IDENTIFIER.fullmatch(text) else ""
