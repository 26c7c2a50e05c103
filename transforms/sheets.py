"""What every kind of file is read into: sheets of cells, or the reason why a file cannot be read."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, field, replace

from transforms.numerals import Style
from transforms.observation import Cell, Problem

MAX_CELLS = 2_000_000  # that one sheet may span
MAX_FILLED = 400_000  # that one sheet may fill: a year of every commune of a province has not as many
TEXT_SHEET = "Văn bản"  # of a document: the text around its tables
_FIGURE = re.compile(r"(?=.*\d)[\d.,%/ ()+−-]{1,25}")
NEW_FORM = "hãy chép số liệu sang mẫu mới rồi gửi"


HiddenLines = dict[str, tuple[frozenset[int], frozenset[int]]]  # by sheet: rows, columns


class UnreadableFileError(Exception):
    """The bytes hold no tables that can be read; the message says why and what to send instead, in Vietnamese."""


@dataclass(frozen=True)
class Workbook:
    """The non-empty cells of every sheet, and the workbook-scoped names that point at single cells.

    `doubtful` holds the addresses, by sheet, of cells that carry a formula or an error value; `errors` of the latter.
    `notices` are what the sender should know of the file as such (macros not run). `style` is what the file as a
    whole proves of its decimal mark, where all cells are texts. `has_prose` says that the file is a text with tables,
    whose province and period may stand in sentences. `hidden` names sheets that whoever opens the file does not see,
    `hidden_lines` such rows and columns of sheets.
    """

    sheets: tuple[str, ...]
    cells: dict[str, dict[tuple[int, int], Cell]]
    names: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    doubtful: dict[str, frozenset[str]] = field(default_factory=dict)
    errors: dict[str, frozenset[str]] = field(default_factory=dict)
    notices: tuple[Problem, ...] = ()
    style: Style | None = None
    has_prose: bool = False
    hidden: frozenset[str] = frozenset()
    hidden_lines: HiddenLines = field(default_factory=dict)


def is_figure(cell: Cell) -> bool:
    """Whether a cell holds a number, or a text that is nothing else."""
    return cell.kind == "number" or (cell.kind == "text" and _FIGURE.fullmatch(cell.raw) is not None)


def leave_hidden_aside(workbook: Workbook, own: Container[str]) -> Workbook:
    """The workbook without hidden sheets that hold figures, drafts and old copies, each named in a notice.

    The form's `own` sheets are read all the same, as are those that the workbook's names point at.
    """
    named = {sheet for sheet, _, _ in workbook.names.values()}
    left = [
        name
        for name in workbook.sheets
        if name in workbook.hidden
        and name not in named
        and name not in own
        and any(is_figure(cell) for cell in workbook.cells[name].values())
    ]
    if not left:
        return workbook
    notices = tuple(Problem("hidden_sheet_ignored", sheet=name, observed=name) for name in left)
    return replace(
        workbook,
        sheets=tuple(name for name in workbook.sheets if name not in left),
        cells={name: cells for name, cells in workbook.cells.items() if name not in left},
        notices=(*workbook.notices, *notices),
    )
