"""A Word document's tables and text into sheets of cells: "Bảng 1", "Bảng 2", … and "Văn bản"."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, ElementTree

from transforms.document_fonts import DocumentFonts, descend, local_name, value_of
from transforms.legacy.text import Run, decode_runs, name_encoding
from transforms.observation import Cell
from transforms.sheets import MAX_CELLS, NEW_FORM, TEXT_SHEET, UnreadableFileError, Workbook
from transforms.text import clean_text

TABLE_SHEET = "Bảng {}"
MAX_PART = 64 * 1024**2
MAX_COLUMNS = 1_000
MAX_DEPTH = 30
BROKEN_ARCHIVE = (zipfile.BadZipFile, zlib.error, NotImplementedError)
NESTED = f"văn bản lồng nhau quá nhiều tầng; {NEW_FORM}"
_ASIDE_PARTS = re.compile(r"(?:header|footer|footnotes|endnotes)\d*\.xml")
_WRAPPERS = frozenset(("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "AlternateContent", "Choice"))
_LEFT_OUT = frozenset(("del", "moveFrom", "Fallback", "pPr", "rPr", "instrText", "delText"))
_LABELLED = re.compile(r"([^:\d]{2,40}:)\s+(\S.{0,150})")
_NOT_MEANT = ("strike", "dstrike", "vanish")
_OFF = ("0", "false", "off", "none")
_BREAKS = {"tab": "\t", "ptab": "\t", "br": " ", "cr": " ", "noBreakHyphen": "-"}


@dataclass
class _Sheets:
    """The sheets of a document while it is walked through."""

    cells: dict[str, dict[tuple[int, int], Cell]] = field(default_factory=lambda: {TEXT_SHEET: {}})
    count: int = 0
    tables: int = 0
    lines: int = 0
    fonts: DocumentFonts = field(default_factory=lambda: DocumentFonts(None))

    def put(self, sheet: str, row: int, column: int, text: str) -> None:
        cleaned = clean_text(text)
        if not cleaned:
            return
        self.count += 1
        if self.count > MAX_CELLS:
            raise UnreadableFileError(f"văn bản dài bất thường, không thể là báo cáo của một kỳ; {NEW_FORM}")
        self.cells[sheet][row, column] = Cell(sheet, row, column, "text", cleaned)


def read_document(data: bytes) -> Workbook:
    """The cells of a .docx: a sheet per table, nested ones too, and one of the paragraphs around them.

    A merged cell's text stands once, at its top left. A paragraph fills column A of its own row; tabs, and a short
    label with a colon ("Kỳ báo cáo: …"), divide it. Deleted text is left out, inserted text is read. Raises
    UnreadableFileError. The archive must have been checked for safety.
    """
    sheets = _Sheets()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            main = main_part(archive)
            folder = posixpath.dirname(main)
            styles = posixpath.join(folder, "styles.xml")
            sheets.fonts = DocumentFonts(parse_part(archive, styles) if styles in archive.namelist() else None)
            aside = sorted(
                n for n in archive.namelist() if posixpath.dirname(n) == folder and _is_aside(posixpath.basename(n))
            )
            for part in (main, *aside):
                _walk(parse_part(archive, part), sheets, 0)
    except RecursionError as error:
        raise UnreadableFileError(NESTED) from error
    except (*BROKEN_ARCHIVE, ParseError, DefusedXmlException, KeyError, EOFError, OSError, ValueError) as error:
        raise UnreadableFileError("tệp Word bị hỏng; hãy mở bằng Word, lưu lại ở dạng .docx rồi gửi lại") from error
    return Workbook(tuple(sheets.cells), sheets.cells, has_prose=True)


def main_part(archive: zipfile.ZipFile) -> str:
    """The part that holds a document's body."""
    for relation in parse_part(archive, "_rels/.rels"):
        if relation.get("Type", "").endswith("/officeDocument"):
            return relation.get("Target", "").lstrip("/")
    return "word/document.xml"


def _is_aside(name: str) -> bool:
    return _ASIDE_PARTS.fullmatch(name) is not None


def parse_part(archive: zipfile.ZipFile, part: str) -> Element:
    """A part's root element; raises UnreadableFileError for one that is too large."""
    if archive.getinfo(part).file_size > MAX_PART:
        raise UnreadableFileError(f"văn bản lớn quá {MAX_PART // 1024**2} MB; {NEW_FORM}")
    root: Element = ElementTree.fromstring(archive.read(part), forbid_dtd=True)
    return root


def _walk(parent: Iterable[Element], sheets: _Sheets, depth: int) -> None:
    """Puts every paragraph and table below an element into the sheets, in the document's order."""
    if depth > MAX_DEPTH:
        raise UnreadableFileError(NESTED)
    for element in parent:
        name = local_name(element)
        if name == "p":
            _put_paragraph(element, sheets, depth)
        elif name == "tbl":
            _put_table(element, sheets, depth)
        elif name not in _LEFT_OUT:
            _walk(element, sheets, depth + 1)


def _put_paragraph(paragraph: Element, sheets: _Sheets, depth: int) -> None:
    text, boxes = _text_of(paragraph, sheets)
    if text.strip():
        pieces = text.split("\t")
        if len(pieces) == 1 and (labelled := _LABELLED.fullmatch(clean_text(text))):
            pieces = [labelled[1], labelled[2]]
        for column, piece in enumerate(p for p in pieces if p.strip()):
            sheets.put(TEXT_SHEET, sheets.lines, column, piece)
        sheets.lines += 1
    for box in boxes:
        _walk(box, sheets, depth + 1)


def _text_of(paragraph: Element, sheets: _Sheets) -> tuple[str, list[Element]]:
    """The text of a paragraph, in Unicode whatever its fonts, and the text boxes that hang on it.

    What is hidden or struck through is left out; raised digits, which refer to notes, stay raised.
    """
    runs: list[Run] = []
    boxes: list[Element] = []
    style = value_of(descend(paragraph, "pPr", "pStyle")) or ""
    waiting: list[tuple[Element, Run]] = [(child, Run("", None)) for child in reversed(paragraph)]
    while waiting:
        element, like = waiting.pop()
        name = local_name(element)
        if name == "t":
            runs.append(replace(like, text=element.text or ""))
        elif name in _BREAKS:
            runs.append(replace(like, text=_BREAKS[name]))
        elif name == "txbxContent":
            boxes.append(element)
        elif name not in _LEFT_OUT:
            if name == "r":
                look = descend(element, "rPr")
                if any(_is_on(descend(look, mark)) for mark in _NOT_MEANT):
                    continue
                is_raised = value_of(descend(look, "vertAlign")) == "superscript"
                like = Run("", sheets.fonts.font_of(element, style), is_raised)
            waiting.extend((child, like) for child in reversed(element))
    if any(run.is_raised or name_encoding(run.font) in ("tcvn3", "vni") for run in runs):
        return decode_runs(runs).text, boxes
    return "".join(run.text for run in runs), boxes


def _is_on(switch: Element | None) -> bool:
    return switch is not None and (value_of(switch) or "1") not in _OFF


def _put_table(table: Element, sheets: _Sheets, depth: int) -> None:
    sheets.tables += 1
    sheet = TABLE_SHEET.format(sheets.tables)
    sheets.cells[sheet] = {}
    for row, line in enumerate(_inside(table, "tr")):
        column = _count(descend(line, "trPr", "gridBefore"), 0)
        for cell in _inside(line, "tc"):
            properties = descend(cell, "tcPr")
            merges = [descend(properties, name) for name in ("vMerge", "hMerge")] if properties is not None else []
            is_continued = any(m is not None and value_of(m) in (None, "continue") for m in merges)
            if not is_continued:
                _put_cell(cell, sheets, sheet, row, column, depth)
            span = descend(properties, "gridSpan") if properties is not None else None
            column += max(_count(span, 1), 1)
            if column > MAX_COLUMNS:
                raise UnreadableFileError(f"{sheet} rộng bất thường (quá {MAX_COLUMNS} cột); {NEW_FORM}")


def _put_cell(cell: Element, sheets: _Sheets, sheet: str, row: int, column: int, depth: int) -> None:
    """A cell's paragraphs in one text; tables and text boxes in it go to sheets of their own."""
    texts: list[str] = []
    for block in _blocks(cell):
        if local_name(block) == "tbl":
            _walk([block], sheets, depth + 1)
            continue
        text, boxes = _text_of(block, sheets)
        texts.append(text)
        for box in boxes:
            _walk(box, sheets, depth + 1)
    sheets.put(sheet, row, column, " ".join(texts))


def _blocks(cell: Element) -> Iterator[Element]:
    for element in cell:
        if local_name(element) in ("p", "tbl"):
            yield element
        elif local_name(element) in _WRAPPERS:
            yield from _blocks(element)


def _inside(parent: Element, name: str) -> Iterator[Element]:
    """The children of a name, also those inside content controls and tracked insertions."""
    for element in parent:
        if local_name(element) == name:
            if descend(element, f"{name}Pr", "del") is None:  # a row whose deletion is tracked
                yield element
        elif local_name(element) in _WRAPPERS:
            yield from _inside(element, name)


def _count(element: Element | None, default: int) -> int:
    value = value_of(element) or ""
    return int(value) if value.isdecimal() and len(value) < 7 else default
