"""The boxes in which comments are shown: shapes of the old drawing part, one beside each commented cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from publications.feedback.xml_part import Element, XmlPart
from transforms.addresses import parse_address

WIDTH, LINE, MARGIN = 400, 17, 14  # pixels
HIGHEST = 620
_LETTERS = 58  # of a line of the box
_SHAPE = re.compile(rb"<v:shape\b.*?</v:shape>", re.DOTALL)
_SHAPE_ID = re.compile(rb"_x0000_s(\d+)")
_BLOCKS = re.compile(rb"<o:idmap\b[^>]*\bdata=\"([\d,]+)\"")
_ANCHOR = re.compile(rb"<x:Anchor>.*?</x:Anchor>", re.DOTALL)
EMPTY = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    b'<o:idmap v:ext="edit" data="%d"/></o:shapelayout></xml>'
)
_SHAPE_TYPE = (
    '<v:shapetype xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)


class Grid:
    """The sizes of a worksheet's columns and rows, in pixels."""

    def __init__(self, sheet: bytes) -> None:
        found = XmlPart(sheet).find("sheetFormatPr", "col", "row")
        formats = next((e for e in found if e.name == "sheetFormatPr"), None)
        self._column = _pixels(formats.attribute("defaultColWidth") if formats else "", 7, 64)
        self._row = _pixels(formats.attribute("defaultRowHeight") if formats else "", 4 / 3, 20)
        self._columns = [
            (int(c.attribute("min")) - 1, int(c.attribute("max")) - 1, _size(c, "width", 7))
            for c in found
            if c.name == "col" and c.attribute("min").isdigit() and c.attribute("max").isdigit()
        ]
        self._rows = {
            int(r.attribute("r")) - 1: _size(r, "ht", 4 / 3)
            for r in found
            if r.name == "row" and r.attribute("r").isdigit() and (r.attribute("ht") or r.attribute("hidden"))
        }

    def column(self, number: int) -> int:
        return next((size for first, last, size in self._columns if first <= number <= last), self._column)

    def row(self, number: int) -> int:
        return self._rows.get(number, self._row)

    def anchor(self, cell: str, height: int) -> str:
        """The box beside a cell: columns and rows of its corners, each with pixels into it."""
        row, column = parse_address(cell)
        left, top = column + 1, max(row - 1, 0)
        right, right_rest = _walk(left, 15 + WIDTH, self.column)
        bottom, bottom_rest = _walk(top, 4 + height, self.row)
        return f"{left}, 15, {top}, 4, {right}, {right_rest}, {bottom}, {bottom_rest}"


def height_of(text: str) -> int:
    """How high a box must be for its text."""
    lines = sum(max(1, -(-len(line) // _LETTERS)) for line in text.split("\n"))
    return min(lines * LINE + MARGIN, HIGHEST)


def free_block(drawings: Mapping[str, bytes]) -> int:
    """A block of shape numbers that none of the workbook's drawings uses."""
    used = {int(n) for data in drawings.values() for found in _BLOCKS.findall(data) for n in found.split(b",") if n}
    return max(used, default=0) + 1


def add_boxes(drawing: bytes, grid: Grid, texts: Mapping[str, str]) -> bytes:
    """A drawing part with a box for each cell, and those that are there already made large enough."""
    for cell, text in texts.items():
        anchor = grid.anchor(cell, height_of(text))
        found = _find(drawing, cell)
        if found is not None:
            shape = _ANCHOR.sub(f"<x:Anchor>{anchor}</x:Anchor>".encode(), found[0])
            drawing = drawing[: found.start()] + shape + drawing[found.end() :]
            continue
        blocks = _BLOCKS.search(drawing)
        first = 1024 * int(blocks[1].split(b",")[0]) if blocks else 1024
        number = max((int(n) for n in _SHAPE_ID.findall(drawing)), default=first) + 1
        text_of_type = "" if b'id="_x0000_t202"' in drawing else _SHAPE_TYPE
        end = drawing.rindex(b"</xml>")
        drawing = drawing[:end] + (text_of_type + _box(number, cell, anchor)).encode() + drawing[end:]
    return drawing


def remove_boxes(drawing: bytes, cells: set[str]) -> bytes:
    """A drawing part without the boxes of some cells."""
    for cell in cells:
        found = _find(drawing, cell)
        if found is not None:
            drawing = drawing[: found.start()] + drawing[found.end() :]
    return drawing


def _find(drawing: bytes, cell: str) -> re.Match[bytes] | None:
    row, column = parse_address(cell)
    for match in _SHAPE.finditer(drawing):
        is_note = b'ObjectType="Note"' in match[0]
        if (
            is_note
            and f"<x:Row>{row}</x:Row>".encode() in match[0]
            and f"<x:Column>{column}</x:Column>".encode() in match[0]
        ):
            return match
    return None


def _box(number: int, cell: str, anchor: str) -> str:
    row, column = parse_address(cell)
    return (
        '<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        f'xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s{number}" type="#_x0000_t202" '
        'style="position:absolute;margin-left:80pt;margin-top:2pt;width:300pt;height:120pt;visibility:hidden" '
        'fillcolor="#fffbe6" o:insetmode="auto"><v:fill color2="#fffbe6"/><v:shadow on="t" color="black" obscured="t"/>'
        '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
        f'</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
    )


def _walk(start: int, distance: int, size: Callable[[int], int]) -> tuple[int, int]:
    """How many columns or rows a distance reaches, and what is left of it in the last."""
    at = start
    while distance > size(at) and at < start + 2000:
        distance -= size(at)
        at += 1
    return at, distance


def _pixels(text: str, factor: float, default: int) -> int:
    try:
        return round(float(text) * factor) or default
    except ValueError:
        return default


def _size(element: Element, name: str, factor: float) -> int:
    if element.attribute("hidden") in ("1", "true"):
        return 0
    return _pixels(element.attribute(name), factor, 20 if factor < 7 else 64)
