"""Which cells of a workbook are set in fonts of the old Vietnamese encodings, down to the parts of one cell.

So are parts that are raised, as the marks of footnotes are, and those that are struck through, which nobody means.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element

import xlrd  # type: ignore[import-untyped]
from defusedxml import ElementTree

from transforms.archive_safety import open_archive
from transforms.legacy.text import Run, name_encoding
from transforms.old_workbook_marks import open_old_workbook

Place = tuple[str, int, int]

_LEGACY_NAME = re.compile(rb"(?:val|typeface)\s*=\s*[\"'](?:\.Vn|VNI)", re.IGNORECASE)
_STARTS = (b".Vn", b".VN", b".vn", b"VNI", b"Vni", b"vni")  # quick to look for, before the pattern
_SET_OFF = (b"superscript", b"strike")
_FONT_PARTS = re.compile(r"xl/(?:styles\.xml|sharedStrings\.xml|theme/[^/]+\.xml)")
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True)
class LegacyFonts:
    """Cells in an old font, by (sheet, row, column) from zero; and cells whose parts differ, with all their parts.

    A cell stands in one of the two at most. Parts that are struck through are left out.
    """

    cells: dict[Place, str] = field(default_factory=dict)
    runs: dict[Place, tuple[Run, ...]] = field(default_factory=dict)


def fonts_of_xlsx(data: bytes) -> dict[Place, str]:
    """The font of every text cell of an .xlsx file that is wholly in an old font."""
    return read_xlsx_fonts(data).cells


def fonts_of_xls(data: bytes) -> dict[Place, str]:
    """The font of every text cell of an .xls file that is wholly in an old font."""
    return read_xls_fonts(data).cells


def is_legacy(font: str | None) -> bool:
    """Whether a font is one of an old encoding's."""
    return name_encoding(font) in ("tcvn3", "vni")


def _is_telling(part: bytes) -> bool:
    """Whether a part of a package names an old font, or sets something off."""
    if any(mark in part for mark in _SET_OFF):
        return True
    return any(start in part for start in _STARTS) and _LEGACY_NAME.search(part) is not None


def read_xlsx_fonts(data: bytes) -> LegacyFonts:
    """The old fonts of an .xlsx file; no sheet is parsed where no part names one or sets anything off.

    The caller has seen to it that the archive unpacks to a bearable size. Broken parts raise what zipfile and
    defusedxml raise, KeyError for a missing one, ValueError for a number that is none.
    """
    archive = open_archive(data)
    parts = [name for name in archive.namelist() if _FONT_PARTS.fullmatch(name)]
    if not any(_is_telling(archive.read(name)) for name in parts):
        return LegacyFonts()
    package = _Package(archive)
    found = LegacyFonts()
    for sheet, path in package.find_sheets():
        for row, column, parts_of_cell in package.read_cells(path):
            _keep(found, (sheet, row, column), parts_of_cell)
    return found


def read_xls_fonts(data: bytes) -> LegacyFonts:
    """The old fonts of an .xls file; raises what xlrd raises, which for broken files is of many kinds."""
    book = open_old_workbook(data)
    fonts = dict(enumerate(book.font_list))
    found = LegacyFonts()
    if not any(is_legacy(f.name) or f.struck_out or f.escapement == 1 for f in fonts.values()):
        return found
    for sheet in book.sheets():
        for row in range(sheet.nrows):
            for column, cell in enumerate(sheet.row(row)):
                if cell.ctype != xlrd.XL_CELL_TEXT:
                    continue
                own = book.xf_list[cell.xf_index].font_index
                starts = [(0, own), *sheet.rich_text_runlist_map.get((row, column), ())]
                ends = [at for at, _ in starts[1:]] + [len(cell.value)]
                pieces = zip(starts, ends, strict=True)
                runs = (_old_run(cell.value[at:end], fonts.get(n), n != own) for (at, n), end in pieces)
                _keep(found, (sheet.name, row, column), tuple(runs))
    return found


def _old_run(text: str, font: Any, is_part: bool) -> Run | None:
    """A part of an .xls cell's text; a font that is the whole cell's own sets nothing off."""
    if font is None:
        return Run(text, None)
    return None if is_part and font.struck_out else Run(text, font.name, is_part and font.escapement == 1)


def _keep(found: LegacyFonts, place: Place, parts: tuple[Run | None, ...]) -> None:
    runs = tuple(run for run in parts if run is not None and run.text)
    fonts = {run.font for run in runs}
    is_set_off = None in parts or any(run.is_raised for run in runs)
    if not is_set_off and not any(is_legacy(font) for font in fonts):
        return
    if len(fonts) == 1 and not is_set_off:
        found.cells[place] = str(runs[0].font)
    else:
        found.runs[place] = runs


class _Package:
    """The parts of an .xlsx file that tell fonts."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def _parse(self, path: str) -> Element:
        return ElementTree.fromstring(self._archive.read(path), forbid_dtd=True)

    def find_sheets(self) -> Iterator[tuple[str, str]]:
        """Name and part of every worksheet."""
        relations = self._parse("xl/_rels/workbook.xml.rels")
        targets = {r.get("Id"): r.get("Target", "") for r in relations if r.get("Type", "").endswith("/worksheet")}
        for sheet in self._parse("xl/workbook.xml").iterfind("{*}sheets/{*}sheet"):
            target = targets.get(next((v for k, v in sheet.attrib.items() if k.endswith("}id")), ""))
            if target:
                yield sheet.get("name", ""), posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")

    @cached_property
    def _style_fonts(self) -> list[str | None]:
        """The font name of every cell style."""
        root = self._parse("xl/styles.xml")
        names = [_name_font(font) for font in root.iterfind("{*}fonts/{*}font")]
        indexes = [int(style.get("fontId", "0")) for style in root.iterfind("{*}cellXfs/{*}xf")]
        return [names[index] if index < len(names) else None for index in indexes]

    @cached_property
    def _shared(self) -> list[tuple[Run | None, ...]]:
        """Every shared string in its parts; a part without a font of its own has the cell's, here None."""
        if "xl/sharedStrings.xml" not in self._archive.namelist():
            return []
        return [_read_runs(item) for item in self._parse("xl/sharedStrings.xml").iterfind("{*}si")]

    def read_cells(self, path: str) -> Iterator[tuple[int, int, tuple[Run | None, ...]]]:
        """Row, column and parts of every cell with text; None for a part that is struck through."""
        row, column = -1, -1
        with self._archive.open(path) as part:
            for event, element in ElementTree.iterparse(part, events=("start", "end"), forbid_dtd=True):
                tag = element.tag.rpartition("}")[2]
                if tag == "row" and event == "start":
                    row, column = int(element.get("r", row + 2)) - 1, -1
                elif tag == "row":
                    element.clear()
                elif tag == "c" and event == "end":
                    row, column = _place(element.get("r", ""), row, column + 1)
                    if runs := self._read_cell(element):
                        yield row, column, runs

    def _read_cell(self, cell: Element) -> tuple[Run | None, ...]:
        runs: tuple[Run | None, ...]
        kind = cell.get("t")
        if kind == "s":
            index = int(cell.findtext("{*}v") or -1)
            runs = self._shared[index] if 0 <= index < len(self._shared) else ()
        elif kind == "inlineStr":
            inline = cell.find("{*}is")
            runs = () if inline is None else _read_runs(inline)
        elif kind == "str":
            runs = (Run(cell.findtext("{*}v") or "", None),)
        else:
            return ()
        style = int(cell.get("s", "0"))
        own = self._style_fonts[style] if style < len(self._style_fonts) else None
        return tuple(run and replace(run, font=run.font or own) for run in runs)


def _place(address: str, row: int, column: int) -> tuple[int, int]:
    match = _ADDRESS.fullmatch(address)
    if match is None:
        return row, column
    number = 0
    for letter in match[1]:
        number = number * 26 + ord(letter) - 64
    return int(match[2]) - 1, number - 1


def _name_font(font: Element | None) -> str | None:
    if font is None:
        return None
    name = next((child for child in font if child.tag.rpartition("}")[2] in ("name", "rFont")), None)
    return None if name is None else name.get("val")


def _read_runs(item: Element) -> tuple[Run | None, ...]:
    """The parts of a string, None for one that is struck through; phonetic hints are no text."""
    runs = [_read_run(run.findtext("{*}t") or "", run.find("{*}rPr")) for run in item.iterfind("{*}r")]
    return tuple(runs) or (Run(item.findtext("{*}t") or "", None),)


def _read_run(text: str, look: Element | None) -> Run | None:
    strike = None if look is None else look.find("{*}strike")
    if strike is not None and strike.get("val", "1") not in ("0", "false"):
        return None
    place = None if look is None else look.find("{*}vertAlign")
    return Run(text, _name_font(look), place is not None and place.get("val") == "superscript")
