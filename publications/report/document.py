"""The drafted report as a Word document by the rules for official documents; all of its look is in its styles."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from publications.charts.drawing import draw_bars, draw_slope
from publications.report.package import TEXT_WIDTH_MM, open_document, save_document
from publications.report.values import Block, Draft, Figure, Grid, Letterhead, Picture, Spans, plain_text
from publications.wording import legal_text

_STYLES = {
    "body": "Body Text",
    "narrative": "Phần văn phòng viết",
    "note": "Ghi chú",
    "note_head": "Ghi chú - đầu",
    "warning": "Lưu ý",
}
_NARROW_MM, _NAME_MM, _LEFT_MM, _RIGHT_MM = 10, 28, 66, 94
_SIGNED_MM = 86
_PICTURE_MM = 156
_WHOLE_ROWS = 15  # a table up to so many rows is never cut by a page's end; a longer one repeats its head


def render_document(draft: Draft, made_at: dt.datetime) -> bytes:
    """The report as .docx; equal drafts of one moment give equal bytes."""
    return save_document(_Writer(draft, made_at).write(), draft.marks)


class _Writer:
    """The state of one document: its bookmarks and pictures are numbered."""

    def __init__(self, draft: Draft, made_at: dt.datetime) -> None:
        self.draft = draft
        self.document: Document = open_document(draft.letterhead, made_at)
        self.styles = {style.name: style.style_id for style in self.document.styles}
        self.bookmarks = 0
        self.pictures = 0

    def write(self) -> Document:
        head = self.draft.letterhead
        if self.draft.banner:
            self._add("Số liệu giả lập", (self.draft.banner,))
        self._write_letterhead(head)
        for block in self.draft.blocks:
            self._write_block(block)
        self._write_end(head)
        self._write_margins(head)
        return self.document

    def _add(self, style: str, spans: Spans) -> WordParagraph:
        paragraph = self.document.add_paragraph()
        self._style(paragraph, style)
        self._fill(paragraph, spans)
        return paragraph

    def _style(self, paragraph: WordParagraph, name: str) -> None:
        """What `paragraph.style` does, without a search through all styles for every cell."""
        paragraph._p.style = self.styles[name]

    def _fill(self, paragraph: WordParagraph, spans: Spans) -> None:
        """Words and figures, each figure within the bookmark that names it."""
        for span in spans:
            if isinstance(span, Figure):
                number = str(self.bookmarks)
                self.bookmarks += 1
                paragraph._p.append(_element("w:bookmarkStart", id=number, name=span.mark.name))
                paragraph.add_run(span.text)
                paragraph._p.append(_element("w:bookmarkEnd", id=number))
            else:
                paragraph.add_run(legal_text(span))

    def _write_block(self, block: Block) -> None:
        if isinstance(block, Grid):
            self._write_grid(block)
        elif isinstance(block, Picture):
            self._write_picture(block)
        elif block.style == "heading":
            self._add(f"Heading {block.level}", block.spans)
        else:
            self._add(_STYLES[block.style], block.spans)

    def _write_letterhead(self, head: Letterhead) -> None:
        left, right = self._frame(_LEFT_MM, _RIGHT_MM)
        lines = [
            ("Cơ quan chủ quản", head.organ_above),
            ("Cơ quan ban hành", head.organ),
            ("Kẻ dưới cơ quan", ""),
            ("Số văn bản", head.number),
        ]
        self._write_lines(left, [*lines, ("Dấu dự thảo", head.standing)] if head.standing else lines)
        self._write_lines(
            right,
            [
                ("Quốc hiệu", head.motto),
                ("Tiêu ngữ", head.motto_below),
                ("Kẻ dưới tiêu ngữ", ""),
                ("Địa danh và ngày tháng", head.place_date),
            ],
        )
        self._add("Title", (head.kind,))
        self._add("Subtitle", (head.title,))
        self._add("Kẻ dưới trích yếu", ())

    def _write_end(self, head: Letterhead) -> None:
        left, right = self._frame(TEXT_WIDTH_MM - _SIGNED_MM, _SIGNED_MM)
        recipients = [("Nơi nhận", f"- {line}") for line in head.recipients]
        self._write_lines(left, [("Nơi nhận - đầu", head.recipients_head), *recipients])
        signature = [("Quyền hạn, chức vụ người ký", line) for line in head.signature]
        self._write_lines(right, [*signature, ("Họ tên người ký", head.signed_by)])

    def _frame(self, *widths_mm: int) -> tuple[_Cell, ...]:
        """The cells of one row without borders."""
        table = self.document.add_table(1, len(widths_mm), style="Khung không kẻ")
        table.rows[0]._tr.get_or_add_trPr().append(_element("w:cantSplit"))
        _set_widths(table, widths_mm)
        return tuple(table.rows[0].cells)

    def _write_lines(self, cell: _Cell, lines: Sequence[tuple[str, str]]) -> None:
        for n, (style, text) in enumerate(lines):
            paragraph = cell.paragraphs[0] if n == 0 else cell.add_paragraph()
            self._style(paragraph, style)
            if text:
                paragraph.add_run(legal_text(text))

    def _write_grid(self, grid: Grid) -> None:
        self._add("Tên bảng", (grid.caption,))
        table = self.document.add_table(len(grid.rows) + 1, len(grid.heads), style="Bảng số liệu")
        _set_widths(table, (_NARROW_MM, _NAME_MM, *_share_width(grid)))
        _describe_table(table, grid.caption)
        rows = list(table.rows)
        is_whole = len(grid.rows) <= _WHOLE_ROWS
        for cell, text in zip(rows[0].cells, grid.heads, strict=True):
            self._write_cell(cell, "Bảng - đầu cột", (text,))
        for n, (row, cells) in enumerate(zip(rows[1:], grid.rows, strict=True), start=1):
            is_total = grid.has_total and n == len(grid.rows)
            after = ", toàn Cụm" if is_total else ""
            for place, (cell, spans) in enumerate(zip(row.cells, cells, strict=True)):
                style = ("Bảng - chữ" if place == 1 else "Bảng - số") + after
                self._write_cell(cell, "Bảng - giữ liền dòng sau" if place == 0 and is_whole else style, spans)
        for n, row in enumerate(rows):
            properties = row._tr.get_or_add_trPr()
            properties.append(_element("w:cantSplit"))
            if n == 0:
                properties.append(_element("w:tblHeader"))
        self._add("Bảng - giải thích dấu", (grid.legend,) if grid.legend else ())

    def _write_cell(self, cell: _Cell, style: str, spans: Spans) -> None:
        paragraph = cell.paragraphs[0]
        self._style(paragraph, style)
        self._fill(paragraph, spans)

    def _write_picture(self, picture: Picture) -> None:
        draw = draw_slope if picture.is_slope else draw_bars
        drawn = io.BytesIO(draw(picture.chart, "png", _PICTURE_MM))
        paragraph = self._add("Biểu đồ", ())
        shape: Any = paragraph.add_run().add_picture(drawn, width=Mm(_PICTURE_MM))
        self.pictures += 1
        about = shape._inline.docPr
        about.set("name", f"Biểu đồ {self.pictures}")
        about.set("title", legal_text(picture.chart.title))
        about.set("descr", legal_text(picture.chart.describe()))
        inner = shape._inline.graphic.graphicData.pic.nvPicPr.cNvPr
        inner.set("name", f"bieu-do-{self.pictures}.png")
        self._add("Caption", (picture.caption,))

    def _write_margins(self, head: Letterhead) -> None:
        """The page's number above, but not on the first; what stands of the draft below, on all pages."""
        section = self.document.sections[0]
        number = section.header.paragraphs[0]
        number.style = "Header"
        _add_field(number, "PAGE")
        section.first_page_header.paragraphs[0].style = "Header"
        foot = " · ".join(text for text in (head.standing, self.draft.banner) if text)
        for footer in (section.footer, section.first_page_footer):
            footer.paragraphs[0].style = "Footer"
            if foot:
                footer.paragraphs[0].add_run(foot)


def _share_width(grid: Grid) -> list[float]:
    """The width of every column of figures, in mm: what its longest figure needs, and the rest in equal parts."""
    needed = []
    for place, head in enumerate(grid.heads[2:], start=2):
        longest = max(len(plain_text(row[place])) for row in grid.rows)
        needed.append(max(longest * 2.3, max(map(len, head.split())) * 2.2) + 3)
    free = TEXT_WIDTH_MM - _NARROW_MM - _NAME_MM - sum(needed)
    return [width + free / len(needed) for width in needed]


def _element(tag: str, **attributes: str) -> Any:
    element: Any = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def _add_field(paragraph: WordParagraph, code: str) -> None:
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("shown", "2"), ("end", "")):
        run = paragraph.add_run(text if kind == "shown" else "")
        if kind in ("begin", "separate", "end"):
            run._r.append(_element("w:fldChar", fldCharType=kind))
        elif not kind:
            instruction = _element("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = f" {text} "
            run._r.append(instruction)


def _set_widths(table: Table, widths_mm: Sequence[float]) -> None:
    """Fixed widths: of the grid for Word, of every cell for the programs that look only there."""
    table.autofit = False
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths_mm, strict=True):
            cell.width = Mm(width)
    properties: Any = table._tbl.tblPr
    whole = properties.find(qn("w:tblW"))
    whole.set(qn("w:type"), "dxa")
    whole.set(qn("w:w"), str(round(sum(widths_mm) * 56.6929)))


def _describe_table(table: Table, caption: str) -> None:
    """What a screen reader says of a table."""
    properties: Any = table._tbl.tblPr
    properties.append(_element("w:tblCaption", val=legal_text(caption)))
