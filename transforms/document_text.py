"""The running text of a Word document: block by block, each letter with the element it stands in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from unicodedata import combining

from transforms.document import MAX_DEPTH, NESTED
from transforms.document_fonts import DocumentFonts, descend, local_name, value_of
from transforms.legacy.text import Run, decode_runs, name_encoding
from transforms.sheets import UnreadableFileError
from transforms.text import clean_text

BLANK = re.compile(r"\s")
_LEFT_OUT = frozenset(("del", "moveFrom", "Fallback", "pPr", "rPr", "tblPr", "tblGrid", "instrText", "delText"))
_BREAKS = {"tab": "\t", "ptab": "\t", "br": " ", "cr": " ", "noBreakHyphen": "-"}
_NOTE_REFERENCES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
_HEADING = re.compile(r"heading|title|tiêu đề|subtitle", re.IGNORECASE)
_SIGNS = re.compile(r"[\d*†‡()]+")  # raised, they refer to a note
_LONGEST_HEADING = 250
_OFF = ("0", "false", "off", "none")

Origin = tuple[Any, int]  # an element of text, and the place of a letter in it


@dataclass(frozen=True, slots=True)
class Letters:
    """A block's text as it is read, and where each of its letters stands; None for a blank that was put between.

    `anchor` is an element of the body that stands for a block outside it: a note's reference, a text box's paragraph.
    """

    text: str
    origins: tuple[Origin | None, ...]
    place: str
    is_heading: bool = False
    is_item: bool = False
    is_cell: bool = False
    anchor: Any = None


@dataclass
class _Line:
    """What is gathered of one paragraph."""

    letters: list[tuple[str, Origin | None, str | None]] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    notes: list[tuple[str, str, Any]] = field(default_factory=list)
    is_emphasised: bool = True


class DocumentText:
    """A walk through a document's body. `notes` are the elements of foot- and endnotes, by kind and identifier."""

    def __init__(self, styles: Any, notes: Mapping[tuple[str, str], Any]) -> None:
        self._fonts = DocumentFonts(styles)
        self._headings = _heading_styles(styles)
        self._notes = notes
        self._blocks: list[Letters] = []
        self._paragraphs = self._tables = self._told = 0

    def read(self, body: Any) -> list[Letters]:
        """All blocks in the document's order: paragraphs, cells, notes and boxes behind what they hang on.

        Deleted and hidden text and signs of notes are left out, inserted text is read.
        """
        self._walk(body, 0, None, "")
        return self._blocks

    def _walk(self, parent: Iterable[Any], depth: int, anchor: Any, place: str) -> None:
        if depth > MAX_DEPTH:
            raise UnreadableFileError(NESTED)
        for element in parent:
            name = local_name(element)
            if name == "p":
                self._put_paragraph(element, depth, anchor, place)
            elif name == "tbl":
                self._put_table(element, depth, anchor)
            elif name not in _LEFT_OUT:
                self._walk(element, depth + 1, anchor, place)

    def _put_paragraph(self, paragraph: Any, depth: int, anchor: Any, place: str) -> None:
        line = self._read_line(paragraph)
        text, origins = compose(line.letters)
        if text:
            self._paragraphs += not place
            properties = descend(paragraph, "pPr")
            told = value_of(descend(properties, "pStyle")) in self._headings or _has_level(properties)
            is_heading = told or (line.is_emphasised and len(text) <= _LONGEST_HEADING and not text.endswith("."))
            is_item = descend(properties, "numPr") is not None
            where = place or f"đoạn {self._paragraphs}"
            self._blocks.append(Letters(text, origins, where, is_heading, is_item, False, anchor))
        self._follow(line, depth, anchor if anchor is not None else paragraph)

    def _follow(self, line: _Line, depth: int, anchor: Any) -> None:
        """The boxes and notes that hang on a paragraph."""
        for box in line.boxes:
            self._walk(box, depth + 1, anchor, "")
        for kind, number, reference in line.notes:
            note = self._notes.get((kind, number))
            if note is not None:
                self._told += 1
                self._walk(note, depth + 1, reference, f"chú thích {self._told}")

    def _put_table(self, table: Any, depth: int, anchor: Any) -> None:
        self._tables += 1
        number = self._tables
        for row, line in enumerate(_inside(table, "tr"), start=1):
            for column, cell in enumerate(_inside(line, "tc"), start=1):
                self._put_cell(cell, f"bảng {number}, dòng {row}, cột {column}", depth, anchor)

    def _put_cell(self, cell: Any, place: str, depth: int, anchor: Any) -> None:
        """A cell's paragraphs in one block; tables, boxes and notes in it follow."""
        if depth > MAX_DEPTH:
            raise UnreadableFileError(NESTED)
        letters: list[tuple[str, Origin | None, str | None]] = []
        lines, nested = [], []
        for block in _blocks(cell):
            if local_name(block) == "tbl":
                nested.append(block)
                continue
            line = self._read_line(block)
            letters += [*([(" ", None, None)] if letters else []), *line.letters]
            lines.append((line, block))
        text, origins = compose(letters)
        if text:
            self._blocks.append(Letters(text, origins, place, is_cell=True, anchor=anchor))
        for line, block in lines:
            self._follow(line, depth, anchor if anchor is not None else block)
        for table in nested:
            self._put_table(table, depth + 1, anchor)

    def _read_line(self, paragraph: Any) -> _Line:
        line = _Line()
        style = value_of(descend(paragraph, "pPr", "pStyle")) or ""
        waiting: list[tuple[Any, str | None, bool]] = [(child, None, False) for child in reversed(list(paragraph))]
        while waiting:
            element, font, is_raised = waiting.pop()
            name = local_name(element)
            if name == "t":
                said = element.text or ""
                if not (is_raised and _SIGNS.fullmatch(said.strip() or "*")):
                    line.letters += [(letter, (element, n), font) for n, letter in enumerate(said)]
            elif name in _BREAKS:
                line.letters.append((_BREAKS[name], (element, 0), font))
            elif name in _NOTE_REFERENCES:
                line.notes.append((_NOTE_REFERENCES[name], value_of(element, "id") or "", element))
            elif name == "txbxContent":
                line.boxes.append(element)
            elif name == "r":
                properties = descend(element, "rPr")
                if _is_on(descend(properties, "vanish")):
                    continue
                has_text = any(local_name(child) == "t" and (child.text or "").strip() for child in element)
                if has_text and not (_is_on(descend(properties, "b")) or _is_on(descend(properties, "i"))):
                    line.is_emphasised = False
                raised = value_of(descend(properties, "vertAlign")) == "superscript"
                own = self._fonts.font_of(element, style)
                waiting.extend((child, own, raised) for child in reversed(list(element)))
            elif name not in _LEFT_OUT:
                waiting.extend((child, font, is_raised) for child in reversed(list(element)))
        return line


def compose(letters: list[tuple[str, Origin | None, str | None]]) -> tuple[str, tuple[Origin | None, ...]]:
    """Letters (with their origin and font) as clean text, each letter of it with its origin."""
    if any(name_encoding(font) in ("tcvn3", "vni") for _, _, font in letters):
        letters = _decode(letters)
    text: list[str] = []
    origins: list[Origin | None] = []
    place = 0
    while place < len(letters):
        cluster, origin, _ = letters[place]
        place += 1
        while place < len(letters) and combining(letters[place][0]):
            cluster += letters[place][0]
            place += 1
        is_blank = BLANK.match(cluster) is not None
        cleaned = " " if is_blank else clean_text(cluster)
        if is_blank and (not text or text[-1] == " "):
            continue
        text += cleaned
        origins += [origin] * len(cleaned)
    if text and text[-1] == " ":
        text.pop()
        origins.pop()
    return "".join(text), tuple(origins)


def _decode(letters: list[tuple[str, Origin | None, str | None]]) -> list[tuple[str, Origin | None, str | None]]:
    """Letters of old fonts in Unicode; a word's letters keep the origins of the word it stood for."""
    runs: list[Run] = []
    for letter, _, font in letters:
        if runs and runs[-1].font == font:
            runs[-1] = Run(runs[-1].text + letter, font)
        else:
            runs.append(Run(letter, font))
    decoded = decode_runs(runs).text
    before = list(re.finditer(r"\S+", "".join(letter for letter, _, _ in letters)))
    after = list(re.finditer(r"\S+", decoded))
    is_even = len(before) == len(after)
    found: list[tuple[str, Origin | None, str | None]] = []
    for number, word in enumerate(after):
        found += [(" ", None, None)] if found else []
        for n, letter in enumerate(word[0]):
            origin = None
            if is_even:
                start, size = before[number].start(), len(before[number][0])
                origin = letters[start + min(n if size == len(word[0]) else n * size // len(word[0]), size - 1)][1]
            found.append((letter, origin, None))
    return found


def _heading_styles(styles: Any) -> frozenset[str]:
    found = set()
    for style in styles if styles is not None else ():
        name = value_of(descend(style, "name")) or ""
        if local_name(style) == "style" and (_HEADING.match(name) or _has_level(descend(style, "pPr"))):
            found.add(value_of(style, "styleId") or "")
    return frozenset(found)


def _has_level(properties: Any) -> bool:
    level = value_of(descend(properties, "outlineLvl")) if properties is not None else None
    return level is not None and level != "9"


def _is_on(switch: Any) -> bool:
    return switch is not None and (value_of(switch) or "1") not in _OFF


def _find(parent: Iterable[Any], wanted: Callable[[str], bool]) -> Iterable[Any]:
    for element in parent:
        name = local_name(element)
        if wanted(name):
            yield element
        elif name not in _LEFT_OUT and name in _WRAPPERS:
            yield from _find(element, wanted)


_WRAPPERS = frozenset(("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "AlternateContent", "Choice"))


def _blocks(cell: Iterable[Any]) -> Iterable[Any]:
    return _find(cell, lambda name: name in ("p", "tbl"))


def _inside(parent: Iterable[Any], wanted: str) -> Iterable[Any]:
    """The rows or cells of a table, but for rows whose deletion is tracked."""
    return (e for e in _find(parent, lambda name: name == wanted) if descend(e, f"{wanted}Pr", "del") is None)
