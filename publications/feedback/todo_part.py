"""The to-do list as a worksheet: one code path for a marked workbook and for a workbook of its own."""

from __future__ import annotations

from collections.abc import Collection

from catalogue.feedback import COLUMNS, FeedbackForm
from publications.feedback.package import MAIN
from publications.feedback.sheet_tints import FILLS
from publications.feedback.style_sheet import StyleSheet
from publications.feedback.todo import Todo, TodoRow
from publications.feedback.xml_part import attribute_of, text_of
from publications.workbook.formats import FONT, HEADER_FILL, LINE, lines_needed
from transforms.observation import cell_address, column_letters

HEADER_ROW = 5
MARK_CELL = cell_address(0, COLUMNS.index("finding_id"))
_WIDTHS = {
    "number": 5,
    "severity": 11,
    "sheet": 13,
    "cell": 7,
    "label": 22,
    "observed": 11,
    "trouble": 38,
    "advice": 34,
    "proposed": 12,
    "explanation": 27,
    "status": 12,
}
_LAST = COLUMNS.index("status")
_ANSWER = COLUMNS.index("explanation")
_ANSWER_FILL = "FFFFF9D6"
_DONE_FILL, _DONE_INK = "FFE2F0D9", "FF2E6B2E"
_GREY = "FF6B6B6B"
_TEXT_FORMAT = 49  # so that an answer that begins with = stays a text
_SIZE = 11
_LINE_HEIGHT = 15.0


class _Formats:
    """The cell formats of the list among a workbook's styles."""

    def __init__(self, styles: StyleSheet) -> None:
        self._styles = styles

    def get(
        self,
        *,
        size: int = _SIZE,
        bold: bool = False,
        struck: bool = False,
        link: bool = False,
        ink: str = "FF000000",
        fill: str = "",
        border: bool = True,
        align: str = "left",
        locked: bool = True,
    ) -> int:
        marks = ("<b/>" if bold else "") + ("<strike/>" if struck else "") + ("<u/>" if link else "")
        font = self._styles.add(
            "fonts",
            f'<font>{marks}<sz val="{size}"/><color rgb="{ink}"/><name val="{FONT}"/><family val="1"/></font>',
        )
        filled = self._styles.add(
            "fills",
            f'<fill><patternFill patternType="solid"><fgColor rgb="{fill}"/></patternFill></fill>'
            if fill
            else '<fill><patternFill patternType="none"/></fill>',
        )
        line = f'<color rgb="FF{LINE[1:]}"/>'
        sides = "".join(f'<{s} style="thin">{line}</{s}>' for s in ("left", "right", "top", "bottom")) if border else ""
        lined = self._styles.add("borders", f"<border>{sides or '<left/><right/><top/><bottom/>'}<diagonal/></border>")
        vertical = "top" if border else "center"
        indent = ' indent="1"' if border and align == "left" else ""
        return self._styles.add(
            "cellXfs",
            f'<xf numFmtId="{_TEXT_FORMAT}" fontId="{font}" fillId="{filled}" borderId="{lined}" xfId="0"'
            ' quotePrefix="1" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"'
            f' applyProtection="1"><alignment horizontal="{align}" vertical="{vertical}"{indent} wrapText="1"/>'
            f'<protection locked="{int(locked)}"/></xf>',
        )


def write_todo_part(todo: Todo, form: FeedbackForm, styles: StyleSheet, sheets: Collection[str]) -> bytes:
    """The worksheet's XML, its styles added to the workbook's. Rows point at cells of the `sheets` that exist."""
    formats = _Formats(styles)
    rows = [*_head(todo, formats), _header(form, formats)]
    rows += [_row(row, HEADER_ROW + 1 + n, formats, sheets) for n, row in enumerate(todo.rows)]
    links = [
        f'<hyperlink ref="{cell_address(HEADER_ROW + 1 + n, COLUMNS.index("cell"))}" '
        f"location={attribute_of(_location(row))} display={attribute_of(row.cell)} "
        f"tooltip={attribute_of(f'Đến ô {row.cell} trang {row.sheet}')}/>"
        for n, row in enumerate(todo.rows)
        if _is_link(row, sheets)
    ]
    last = HEADER_ROW + max(len(todo.rows), 1)
    columns = "".join(
        f'<col min="{n + 1}" max="{n + 1}" width="{_WIDTHS.get(name, 16) + 0.71}" customWidth="1"'
        + ("" if name in _WIDTHS else ' hidden="1"')
        + "/>"
        for n, name in enumerate(COLUMNS)
    )
    end, split = column_letters(_LAST), column_letters(_LAST - 4)
    after = column_letters(_LAST - 3)
    merges = (f"A1:{end}1", f"A2:{split}2", f"{after}2:{end}2", f"A3:{end}3", f"A4:{end}4")
    merged = "".join(f'<mergeCell ref="{ref}"/>' for ref in merges)
    answers = f"{column_letters(_ANSWER)}{HEADER_ROW + 2}:{column_letters(_ANSWER)}{last + 1}"
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{MAIN}"><sheetPr><tabColor rgb="FFC00000"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<dimension ref="A1:{column_letters(len(COLUMNS) - 1)}{last + 1}"/>'
        f'<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0"><pane ySplit="{HEADER_ROW + 1}" '
        f'topLeftCell="A{HEADER_ROW + 2}" activePane="bottomLeft" state="frozen"/>'
        f'<selection pane="bottomLeft" activeCell="A{HEADER_ROW + 2}" sqref="A{HEADER_ROW + 2}"/></sheetView>'
        "</sheetViews>"
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>{"".join(rows)}</sheetData>'
        '<sheetProtection sheet="1" objects="1" scenarios="1" formatColumns="0" formatRows="0"/>'
        f'<mergeCells count="{len(merges)}">{merged}</mergeCells>'
        '<dataValidations count="1"><dataValidation allowBlank="1" showInputMessage="1" promptTitle="Giải trình" '
        'prompt="Số đúng thì ghi lý do ở đây. Số sai thì để trống và sửa ở ô nêu tại cột Ô." '
        f'sqref="{answers}"/></dataValidations>'
        + (f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else "")
        + '<printOptions horizontalCentered="1"/>'
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        f'<headerFooter><oddFooter>&amp;L&amp;"{FONT},Italic"&amp;9{text_of(todo.title)}&amp;R&amp;9Trang &amp;P/&amp;N'
        "</oddFooter></headerFooter></worksheet>"
    ).encode()


def _head(todo: Todo, formats: _Formats) -> list[str]:
    width = sum(_WIDTHS.values())
    title = formats.get(size=16, bold=True, border=False, ink="FF9C0006")
    line = formats.get(size=12, bold=True, border=False)
    plain = formats.get(size=12, border=False)
    note = formats.get(size=12, border=False, ink="FF1F4E79")
    mark = formats.get(border=False)
    summary = max(lines_needed(todo.summary, width, 12), 1) * 17 + 3
    instructions = max(lines_needed(todo.instructions, width, 12), 1) * 17 + 3
    return [
        f'<row r="1" ht="30" customHeight="1">{_text("A1", todo.title, title)}'
        f"{_text(MARK_CELL, todo.mark, mark)}</row>",
        f'<row r="2" ht="20" customHeight="1">{_text("A2", todo.unit_line, line)}'
        f"{_text(f'{column_letters(_LAST - 3)}2', todo.period_line, line)}</row>",
        f'<row r="3" ht="{summary}" customHeight="1">{_text("A3", todo.summary, plain)}</row>',
        f'<row r="4" ht="{instructions}" customHeight="1">{_text("A4", todo.instructions, note)}</row>',
        '<row r="5" ht="6" customHeight="1"/>',
    ]


def _header(form: FeedbackForm, formats: _Formats) -> str:
    style = formats.get(bold=True, fill=f"FF{HEADER_FILL[1:]}", align="center")
    cells = (_text(cell_address(HEADER_ROW, n), form.columns[name], style) for n, name in enumerate(COLUMNS))
    return f'<row r="{HEADER_ROW + 1}" ht="24" customHeight="1">{"".join(cells)}</row>'


def _row(row: TodoRow, at: int, formats: _Formats, sheets: Collection[str]) -> str:
    is_done, is_settled = row.state == "done", row.state in ("explained", "waived", "told", "changed")
    ink = _DONE_INK if is_done else _GREY if is_settled else "FF000000"
    body = formats.get(ink=ink, struck=is_done)
    values = {
        "severity": row.severity_name,
        "sheet": row.sheet,
        "cell": row.cell,
        "label": row.label,
        "observed": row.observed,
        "trouble": f"{row.title}\n{row.trouble}",
        "advice": row.advice,
        "proposed": row.proposed,
        "explanation": row.explanation,
        "status": row.state_name,
        "finding_id": row.finding_id,
        "figure_hash": row.figure_hash,
    }
    styles = dict.fromkeys(values, body)
    if is_done:
        plain = formats.get(ink=_DONE_INK, fill=_DONE_FILL, bold=True)
        styles |= {"severity": body, "advice": formats.get(ink=_DONE_INK), "status": plain}
    elif not is_settled:
        fill = FILLS[row.severity]
        styles["severity"] = formats.get(bold=True, fill=fill)
        styles["observed"] = styles["proposed"] = formats.get(bold=True, fill="FFFFFFFF")
    if row.finding_id and row.state not in ("waived", "told", "changed"):
        styles["explanation"] = formats.get(fill=_ANSWER_FILL, locked=False, ink="FF1F3864")
    if _is_link(row, sheets):
        styles["cell"] = formats.get(ink="FF0563C1", link=True, bold=not is_settled, fill="FFFFFFFF", align="center")
    number = f'<c r="A{at + 1}" s="{formats.get(ink=ink, align="center")}"><v>{row.number}</v></c>'
    cells = (
        _titled(cell_address(at, COLUMNS.index(name)), text, styles[name], ink, is_struck=is_done)
        if name == "trouble"
        else _text(cell_address(at, COLUMNS.index(name)), text, styles[name])
        for name, text in values.items()
    )
    lines = max(lines_needed(values[name], _WIDTHS[name] - 2, _SIZE) for name in values if name in _WIDTHS)
    height = min(max(lines, 2) * _LINE_HEIGHT + 4, 405)
    return f'<row r="{at + 1}" ht="{height}">{number}{"".join(cells)}</row>'


def _text(address: str, text: str, style: int) -> str:
    if not text:
        return f'<c r="{address}" s="{style}"/>'
    return f'<c r="{address}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text_of(text)}</t></is></c>'


def _titled(address: str, text: str, style: int, ink: str, *, is_struck: bool) -> str:
    """A cell whose first line stands out."""
    title, _, rest = text.partition("\n")
    strike = "<strike/>" if is_struck else ""
    runs = "".join(
        f'<r><rPr>{bold}{strike}<sz val="{_SIZE}"/><color rgb="{ink}"/><rFont val="{FONT}"/><family val="1"/></rPr>'
        f'<t xml:space="preserve">{text_of(part)}</t></r>'
        for bold, part in (("<b/>", title), ("", f"\n{rest}"))
    )
    return f'<c r="{address}" s="{style}" t="inlineStr"><is>{runs}</is></c>'


def _is_link(row: TodoRow, sheets: Collection[str]) -> bool:
    return bool(row.cell) and row.sheet in sheets and row.cell.isalnum()


def _location(row: TodoRow) -> str:
    quoted = row.sheet.replace("'", "''")
    return f"'{quoted}'!{row.cell}"
