"""Text with delimiters (.csv, .tsv) into sheets of cells: delimiter, sheets and decimal mark by evidence."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

from transforms.delimited_text import decode_text
from transforms.numerals import NUMERAL, Style, read_numeral
from transforms.observation import Cell
from transforms.sheets import MAX_CELLS, NEW_FORM, UnreadableFileError, Workbook
from transforms.text import clean_text

SHEET = "csv"
MAX_RECORDS = 100_000
MAX_FIELDS = 1_000
_DELIMITERS = "\t;|,"  # in the order in which they are believed where nothing else decides
_WHOLE = re.compile(r"[+-]?\d[\d.]*")
_SAMPLE = 128 * 1024
_TITLE_LENGTH = 31  # what Excel allows as a sheet's name
_LANDMARK_FIELDS = 3

Record = list[str]


def read_delimited(data: bytes) -> Workbook:
    """The cells of a delimited text, all texts; rows count as a spreadsheet program counts them.

    One sheet "csv", or one for each part: a part begins with its name alone on a line, followed by its table, or where
    a header line comes again. Raises UnreadableFileError for what is no text or exceeds the limits.
    """
    text = decode_text(data)
    if text is None:
        raise UnreadableFileError("nội dung không phải văn bản phân cách (.csv); hãy gửi biểu Excel theo mẫu của Cụm")
    delimiter, text = _find_delimiter(text)
    records = _parse(text, delimiter, MAX_RECORDS)
    sheets = _divide(records)
    cells = {name: _make_cells(name, records, first, end) for name, first, end in sheets}
    if delimiter == ",":
        for held in cells.values():
            _tell_split(held)
    return Workbook(tuple(cells), cells, style=_find_style(cells, delimiter), has_prose=True)


def _find_delimiter(text: str) -> tuple[str, str]:
    """The delimiter that divides the text most evenly, and the text behind a line that tells it ("sep=;")."""
    line, _, rest = text.partition("\n")
    told = line.strip().strip('"')
    if told.lower().startswith("sep=") and len(told) == 5:
        return told[-1], rest
    sample = text if len(text) <= _SAMPLE else text[: text.rfind("\n", 0, _SAMPLE) + 1] or text[:_SAMPLE]
    present = [delimiter for delimiter in _DELIMITERS if delimiter in sample]
    return max(present, key=lambda delimiter: _weigh(sample, delimiter), default=","), text


def _weigh(sample: str, delimiter: str) -> tuple[int, float]:
    """What speaks for a delimiter: fields in quotes that it bounds, then neighbouring lines of one width.

    Where two divide alike, the order decides: a comma may be a decimal mark, and stands in many texts.
    """
    mark = re.escape(delimiter)
    quoted = re.compile(rf'(?:^|(?<={mark}))"[^"]*+(?:""[^"]*+)*+"(?={mark}|\r?$)', re.MULTILINE)
    try:
        widths = [len(record) for record in _read(sample, delimiter) if any(record)]
    except csv.Error:
        return 0, 0
    pairs = list(pairwise(widths)) or [(w, w) for w in widths]
    return len(quoted.findall(sample)), sum(a == b > 1 for a, b in pairs) / max(len(pairs), 1)


def _read(text: str, delimiter: str) -> Iterator[Record]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=_quoting(text, delimiter))


def _parse(text: str, delimiter: str, most: int) -> list[Record]:
    """The records of a text, at most so many."""
    records: list[Record] = []
    fields = 0
    try:
        for record in _read(text, delimiter):
            if len(records) == most:
                raise UnreadableFileError(f"tệp dài quá {most} dòng, không thể là biểu của một kỳ; {NEW_FORM}")
            while record and not record[-1].strip():
                record.pop()
            fields += len(record)
            if len(record) > MAX_FIELDS or fields > MAX_CELLS:
                raise UnreadableFileError(f"dòng {len(records) + 1} rộng bất thường ({len(record)} ô); {NEW_FORM}")
            records.append(record)
    except csv.Error as error:
        raise UnreadableFileError(
            f"dòng {len(records) + 1} có ô dài bất thường hoặc dấu ngoặc kép không đóng; hãy lưu lại tệp từ Excel"
        ) from error
    return records


def _quoting(text: str, delimiter: str) -> Literal[0, 3]:
    """That quotation marks bound fields; where one is opened and never closed they are taken as letters."""
    if text.count('"') % 2 == 0:
        return csv.QUOTE_MINIMAL
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return csv.QUOTE_NONE if "unexpected end" in str(error) else csv.QUOTE_MINIMAL
    return csv.QUOTE_MINIMAL


def _divide(records: Sequence[Record]) -> list[tuple[str, int, int]]:
    """Name, first record and end of every sheet."""
    starts = sorted({0, *_titled(records), *_repeated(records)})
    sheets: list[tuple[str, int, int]] = []
    taken: set[str] = set()
    for first, end in zip(starts, [*starts[1:], len(records)], strict=True):
        title = next((r for r in records[first:end] if any(r)), [])
        name = _title(title) or SHEET
        number = 1
        while name.casefold() in taken:
            number += 1
            name = f"{_title(title) or SHEET} ({number})"
        taken.add(name.casefold())
        sheets.append((name, first, end))
    return sheets


def _titled(records: Sequence[Record]) -> Iterator[int]:
    """The lines that stand alone at the start or behind an empty line and name the table that follows at once."""
    for index in range(len(records) - 1):
        is_first = index == 0 or not any(records[index - 1])
        if is_first and _title(records[index]) and _filled(records[index + 1]) > 1:
            yield index


def _repeated(records: Sequence[Record]) -> Iterator[int]:
    """Where a table's own header line comes again, at the first line of the heading above it."""
    seen = Counter(tuple(r) for r in records if r)
    landmark = next((r for r in records if seen[tuple(r)] > 1 and _is_header(r)), None)
    places = [i for i, record in enumerate(records) if record == landmark] if landmark else []
    for index in places:
        start = index
        while start and (_filled(records[start - 1]) <= 1 or seen[tuple(records[start - 1])] > 1):
            start -= 1
        yield start


def _is_header(record: Record) -> bool:
    return _filled(record) >= _LANDMARK_FIELDS and not any(c.isdigit() for f in record for c in f)


def _filled(record: Record) -> int:
    return sum(bool(f.strip()) for f in record)


def _title(record: Record) -> str:
    texts = [clean_text(f) for f in record if f.strip()]
    if len(texts) != 1 or not 0 < len(texts[0]) <= _TITLE_LENGTH:
        return ""
    return texts[0] if any(c.isalpha() for c in texts[0]) else ""


def _make_cells(sheet: str, records: Sequence[Record], first: int, end: int) -> dict[tuple[int, int], Cell]:
    cells: dict[tuple[int, int], Cell] = {}
    for row in range(first, end):
        for column, field in enumerate(records[row]):
            text = clean_text(field)
            if text:
                cells[row, column] = Cell(sheet, row, column, "text", text)
    return cells


def _tell_split(cells: dict[tuple[int, int], Cell]) -> None:
    """In a row wider than its header that ends with numbers side by side, a decimal comma may have divided one."""
    rows: dict[int, list[Cell]] = {}
    for _, cell in sorted(cells.items()):
        rows.setdefault(cell.row, []).append(cell)
    width = next((row[-1].column for row in rows.values() if len(row) > 1), 0)
    for row in rows.values():
        run = [cell for cell in row if _WHOLE.fullmatch(cell.raw) and cell.column > row[0].column]
        if row[-1].column > width and len(run) > 1 and row[-1] is run[-1] and not run[-1].raw.startswith(("-", "+")):
            whole = ",".join(cell.raw for cell in run)
            for cell in run:
                cells[cell.row, cell.column] = replace(cell, kind="split", raw=whole)


def _find_style(cells: dict[str, dict[tuple[int, int], Cell]], delimiter: str) -> Style | None:
    """What the plain numbers of the file prove of its decimal mark, where all agree.

    Where commas divide fields, a program wrote the numbers: there "5.75" shows that the dot is its decimal mark.
    """
    styles: set[Style] = set()
    for cell in (c for held in cells.values() for c in held.values()):
        numeral = read_numeral(cell.raw.lstrip("+-")) if NUMERAL.fullmatch(cell.raw.lstrip("+-")) else None
        if numeral is None:
            continue
        if numeral.style is not None:
            styles.add(numeral.style)
        elif delimiter == "," and "." in cell.raw and numeral.other is None:
            styles.add("en")
    return styles.pop() if len(styles) == 1 else None
