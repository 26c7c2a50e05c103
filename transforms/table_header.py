"""What the columns of a province's own table hold: header rows over merged cells, their words, the value column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from catalogue.model import Catalogue
from transforms.heading_text import periods_in
from transforms.label_match import is_unit_text
from transforms.lexicon import lexicon_of
from transforms.observation import Cell
from transforms.sheets import is_figure
from transforms.text import clean_text, fold

MOST_HEADER_ROWS = 8
LONGEST_HEADER = 120
Cells = Mapping[tuple[int, int], Cell]

_COLUMN_NUMBER = re.compile(r"\(?\s*(?:\d{1,2}|[a-e])\s*\)?(?:\s*=\s*[\d()\s/*x:+%,.-]+)?", re.IGNORECASE)
_PERCENT = re.compile(r"%|phần trăm", re.IGNORECASE)
_RATIO = re.compile(r"[/:]")
_YEAR = re.compile(r"\b(20\d\d)\b")
_OTHER_SPAN = re.compile(r"\b(?:0?[1-5789]|1[0-2]) thang\b|\bquy (?:[1-4]|i|ii|iii|iv)\b|\bthang (?:0?\d|1[0-2])\b")
_ORDER = ("number", "label", "unit", "note", "comparison", "plan", "previous", "year", "value")
_UNIT_TAIL = re.compile(r"[(\[]([^()\[\]]*)[)\]]")


@dataclass(frozen=True, slots=True)
class Column:
    """One column by its header. `kind` is empty where no word tells; `strength` orders columns that may hold values."""

    text: str = ""
    kind: str = ""
    strength: int = 0
    unit: str = ""
    is_estimated: bool = False
    basis: str = ""


@dataclass
class Header:
    """The header of a table: its first row, the row below it, and the columns; no rows where it has none."""

    first: int
    end: int
    columns: dict[int, Column] = field(default_factory=dict)


def find_header_rows(
    catalogue: Catalogue, cells: Cells, top: int, first_label: int, span: tuple[int, int], label: int
) -> list[int]:
    """The rows above a table's first label that make its header, from the top; within rows from `top` and columns.

    A row of one text is a heading above the table, unless it stands right of the column `label` over other headers.
    """
    rows: list[int] = []
    waiting: list[int] = []  # rows of texts or years right of the labels: headers only below a header
    for row in range(first_label - 1, max(top, first_label - MOST_HEADER_ROWS) - 1, -1):
        held = [cells[row, c] for c in range(*span) if (row, c) in cells]
        if not held:
            if rows:
                break
            continue
        if is_number_row(held):
            rows.append(row)
            continue
        if _is_cover_line(catalogue, held):
            break
        is_wording = all((cell.kind == "text" and not is_figure(cell)) or is_year(cell) for cell in held)
        kinds = {kind for cell in held if is_header_text(cell) and (kind := word_kind(catalogue, cell.raw))}
        is_group = is_wording and min(cell.column for cell in held) > label and not any(map(_is_line, held))
        is_title = len(held) == 1 and held[0].column <= label
        if kinds and not is_title and not (len(held) == 1 and not rows):
            rows.extend((*waiting, row))
            waiting = []
        elif is_group:
            waiting.append(row)
        elif rows:
            break
        else:
            waiting = []
    return sorted(rows)


def _is_cover_line(catalogue: Catalogue, held: Sequence[Cell]) -> bool:
    """Whether a row labels the sender or the half-year: "Đơn vị báo cáo: Hà Nam", in one cell or in two."""
    label, colon, _ = held[0].raw.partition(":")
    return (bool(colon) or len(held) == 2) and fold(label) in _cover_labels(catalogue)


@lru_cache(maxsize=4)
def _cover_labels(catalogue: Catalogue) -> frozenset[str]:
    return frozenset(fold(text) for cover in catalogue.form.cover for text in (cover.label, *cover.aliases))


def _is_line(cell: Cell) -> bool:
    return ":" in cell.raw or len(cell.raw) > LONGEST_HEADER


def is_year(cell: Cell) -> bool:
    """Whether a number in a header is a year."""
    return cell.number is not None and 2000 <= cell.number < 2100


def is_header_text(cell: Cell) -> bool:
    return cell.kind == "text" and len(cell.raw) <= LONGEST_HEADER and not _is_unit_line(cell.raw)


def _is_unit_line(text: str) -> bool:
    return unit_of_line(text) != ""


def unit_of_line(text: str) -> str:
    """The unit that a line above a table gives: "Đơn vị: triệu đồng", "ĐVT: tỷ đồng"; empty for none."""
    label, colon, unit = clean_text(text).strip("() ").partition(":")
    if colon and fold(label) in ("don vi", "don vi tinh", "dvt"):
        return unit.strip(" .")
    return ""


def line_unit(cells: Cells, cell: Cell) -> str:
    """The unit that a line gives, also where it is parted into a label and the cell at its right."""
    beside = cells.get((cell.row, cell.column + 1))
    if beside is not None and cell.raw.rstrip().endswith(":"):
        return unit_of_line(f"{cell.raw} {beside.raw}")
    return unit_of_line(cell.raw)


def is_number_row(held: Sequence[Cell]) -> bool:
    """Whether a row numbers the columns: (1) (2) (3), A B 1 2, with or without "5=4/3"."""
    if len(held) < 2 or not all(_COLUMN_NUMBER.fullmatch(clean_text(cell.raw)) for cell in held):
        return False
    keys = [clean_text(cell.raw).strip("() ").partition("=")[0].strip(" )").casefold() for cell in held]
    numbers = [int(key) for key in keys if key.isdigit()]
    letters = [key for key in keys if not key.isdigit()]
    return numbers == sorted(set(numbers)) and letters == sorted(set(letters)) and (not numbers or numbers[0] <= 5)


@lru_cache(maxsize=4)
def _words(catalogue: Catalogue) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in catalogue.words:
        if word.kind == "column":
            found.setdefault(word.meaning, []).append(fold(word.phrase))
    return found


def word_kind(catalogue: Catalogue, text: str) -> str:
    """What the words of a header say: number, label, unit, note, plan, previous, comparison, year or value."""
    folded, words = f" {fold(text)} ", _words(catalogue)
    for kind in _ORDER:
        for phrase in words.get(kind, ()):
            if folded.strip() == phrase or (kind not in ("number", "label", "unit") and f" {phrase} " in folded):
                return kind
            if kind == "unit" and folded.startswith(f" {phrase} ") and len(folded) < 25:
                return kind
    start = folded.strip()
    return "label" if len(start) < 30 and start.startswith(tuple(words.get("label", ()))) else ""


def read_columns(catalogue: Catalogue, cells: Cells, rows: Sequence[int], span: tuple[int, int], period: str) -> Header:
    """The columns below some header rows, each by all texts above it, the one over merged cells too."""
    if not rows:
        return Header(0, 0)
    texts = header_texts(cells, rows, span)
    columns = {c: classify(catalogue, list(parts.values()), period) for c, parts in texts.items() if parts}
    return Header(rows[0], rows[-1] + 1, columns)


def header_texts(cells: Cells, rows: Sequence[int], span: tuple[int, int]) -> dict[int, dict[int, str]]:
    """The texts over each column by their rows from the top; what stands over merged cells is over each of them."""
    texts: dict[int, dict[int, str]] = {column: {} for column in range(*span)}
    named = [r for r in rows if not is_number_row([cells[r, c] for c in range(*span) if (r, c) in cells])]
    for index, row in enumerate(named):
        spread = ""
        for column in range(*span):
            cell = cells.get((row, column))
            if cell is not None and cell.kind != "text" and not is_year(cell):
                cell = None  # a number beside the header names no column
            below = any((lower, column) in cells for lower in named[index + 1 :])
            if cell is not None:
                texts[column][row] = cell.raw
                spread = cell.raw if below else ""
            elif spread and below and (index == 0 or not _parted(cells, named[:index], column)):
                texts[column][row] = spread
            else:
                spread = ""
    return texts


def _parted(cells: Cells, above: Sequence[int], column: int) -> bool:
    """Whether a heading of a higher row begins at this column, so that none of this row reaches over it."""
    return any((row, column) in cells for row in above)


def classify(catalogue: Catalogue, parts: Sequence[str], period: str) -> Column:
    """The column that the texts over it describe, for a return of a period."""
    text = " – ".join(dict.fromkeys(clean_text(part) for part in parts))
    folded = fold(text)
    kind = _kind_of(catalogue, parts, text, period)
    unit = next((m[1] for m in _UNIT_TAIL.finditer(text) if is_unit_text(lexicon_of(catalogue), m[1])), "")
    if kind == "comparison":
        return Column(text, kind, unit=unit, basis=_basis(folded))
    if kind in ("", "value"):
        named = periods_in(catalogue, text)
        strength = 1 + (kind == "value") + 2 * (bool(period) and named == [period])
        return Column(text, kind, strength, unit, _is_estimated(folded))
    return Column(text, kind)


def _kind_of(catalogue: Catalogue, parts: Sequence[str], text: str, period: str) -> str:
    last, kind = word_kind(catalogue, parts[-1]), word_kind(catalogue, text)
    if last in ("number", "label", "unit", "note"):
        return last
    if kind in ("number", "label", "unit", "note") or (len(parts) > 1 and kind == "value" and last):
        kind = last
    if kind in ("", "value"):
        folded = fold(text)
        if _PERCENT.search(text) and (kind == "" or _RATIO.search(text.replace("(%)", ""))):
            return "comparison"
        named = periods_in(catalogue, text)
        if named and period and named != [period]:
            return "previous"
        if period and not named and (years := set(_YEAR.findall(folded))) and years != {period[:4]}:
            return "previous"
        if not named and _OTHER_SPAN.search(folded):
            return "previous"
    return kind


def _is_estimated(folded: str) -> bool:
    return f" {folded} ".find(" uoc ") >= 0


def _basis(folded: str) -> str:
    """The basis that a column of comparisons tells: with the year before, as a change or as an index, or unsaid."""
    padded = f" {folded} "
    if not any(word in padded for word in (" cung ky ", " nam truoc ", " ky truoc ")):
        return ""
    if any(word in padded for word in (" ke hoach ", " kh ", " kich ban ")):
        return ""
    if " bang " in padded:
        return "index"
    return "growth" if " tang " in padded or " giam " in padded or " toc do " in padded else "compared"
