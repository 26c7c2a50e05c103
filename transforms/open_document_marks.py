"""The marks of .ods cells, from the document's own content."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

from transforms.addresses import parse_address
from transforms.cell_marks import CellMarks, Names, check_extent
from transforms.observation import cell_address

_REFERENCE = re.compile(r"^\$?(?:'((?:[^']|'')+)'|([^'.]+))\.\$([A-Z]{1,3})\$(\d+)$")
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_CELLS = (_TABLE + "table-cell", _TABLE + "covered-table-cell")
_NAME, _ADDRESS, _FORMULA = _TABLE + "name", _TABLE + "cell-range-address", _TABLE + "formula"
_COLUMNS_REPEATED, _ROWS_REPEATED = _TABLE + "number-columns-repeated", _TABLE + "number-rows-repeated"
_VISIBILITY = _TABLE + "visibility"
_MOST_COLUMNS = 16_384
_VALUE_TYPE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"
_SHOWN_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"


@dataclass
class _Sheet:
    """A sheet while it is walked through: the place of the next cell, and how far its content reaches."""

    name: str
    row: int = 0
    column: int = 0
    rows: int = 0
    columns: int = 0
    percents: set[str] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)
    errors: set[str] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    told_columns: int = 0

    def add_cells(self, element: Element) -> None:
        """One cell, as often as it is repeated in its row."""
        count = _count(element, _COLUMNS_REPEATED)
        kind, formula = element.get(_VALUE_TYPE), element.get(_FORMULA)
        if kind is not None or formula is not None:
            self.columns = max(self.columns, self.column + count)
            check_extent(self.name, 1, self.columns)
            told = [(self.percents, kind == "percentage"), (self.errors, element.get(_SHOWN_TYPE) == "error")]
            told.append((self.doubtful, formula is not None or told[1][1]))
            for marks, is_so in told:
                if is_so:
                    marks.update(cell_address(self.row, c) for c in range(self.column, self.column + count))
            self.rows = max(self.rows, self.row + 1)
        self.column += count

    def add_columns(self, element: Element) -> None:
        """The look of a column, as often as it is repeated."""
        after = self.told_columns + _count(element, _COLUMNS_REPEATED)
        if _is_hidden(element):
            self.hidden_columns.update(range(self.told_columns, min(after, _MOST_COLUMNS)))
        self.told_columns = after

    def end_row(self, element: Element) -> None:
        """The row is done, as often as it is repeated; marks are kept of the first only."""
        count = _count(element, _ROWS_REPEATED)
        if _is_hidden(element):
            self.hidden_rows.add(self.row)
        if self.rows == self.row + 1:
            self.rows += count - 1
        self.row += count
        self.column = 0
        check_extent(self.name, self.rows, self.columns)


def read_open_document_marks(data: bytes) -> CellMarks:
    """Names of single cells, formulas, errors and percents; a sheet that repeats cells beyond reason is refused."""
    names: Names = {}
    sheets: list[_Sheet] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("content.xml") as part:
        for event, element in ElementTree.iterparse(part, events=("start", "end"), forbid_dtd=True):
            tag = element.tag
            if event == "start":
                if tag == _TABLE + "table":
                    sheets.append(_Sheet(element.get(_NAME, "")))
                elif tag == _TABLE + "table-column" and sheets:
                    sheets[-1].add_columns(element)
                elif tag in _CELLS and sheets:
                    sheets[-1].add_cells(element)
            elif tag == _TABLE + "table-row" and sheets:
                sheets[-1].end_row(element)
                element.clear()
            elif tag == _TABLE + "named-range":
                match = _REFERENCE.match(element.get(_ADDRESS, ""))
                if match:
                    sheet = (match[1] or match[2]).replace("''", "'")
                    names[element.get(_NAME, "")] = (sheet, *parse_address(match[3] + match[4]))
    return CellMarks(
        names,
        {s.name: frozenset(s.doubtful) for s in sheets if s.doubtful},
        {s.name: frozenset(s.errors) for s in sheets if s.errors},
        {s.name: frozenset(s.percents) for s in sheets if s.percents},
        hidden={
            s.name: (frozenset(s.hidden_rows), frozenset(s.hidden_columns))
            for s in sheets
            if s.hidden_rows or s.hidden_columns
        },
    )


def _is_hidden(element: Element) -> bool:
    return element.get(_VISIBILITY, "visible") != "visible"


def _count(element: Element, name: str) -> int:
    text = element.get(name, "1")
    return max(int(text), 1) if text.isdecimal() and len(text) < 19 else 1
