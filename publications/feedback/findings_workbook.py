"""The to-do list as a workbook of its own, for files that cannot be marked."""

from __future__ import annotations

from catalogue.feedback import FeedbackForm
from publications.feedback.marking import add_todo_sheet
from publications.feedback.package import MAIN, OFFICE, SPREADSHEET, TYPES, Package
from publications.feedback.style_sheet import StyleSheet
from publications.feedback.todo import Todo
from publications.feedback.todo_part import write_todo_part

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_BOOK, _STYLES = "xl/workbook.xml", "xl/styles.xml"
_PARTS = {
    TYPES: f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/{_BOOK}" ContentType="{SPREADSHEET}.sheet.main+xml"/>'
    f'<Override PartName="/{_STYLES}" ContentType="{SPREADSHEET}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="{_BOOK}"/></Relationships>',
    _BOOK: f'<workbook xmlns="{MAIN}"><bookViews><workbookView windowWidth="24000" windowHeight="12000"/></bookViews>'
    "<sheets></sheets></workbook>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
    _STYLES: f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}


def make_findings_workbook(form: FeedbackForm, todo: Todo) -> bytes:
    """A workbook that holds nothing but the list; equal lists give equal bytes."""
    package = Package({name: (_XML + text).encode() for name, text in _PARTS.items()})
    styles = StyleSheet(package.read(_STYLES))
    xml = write_todo_part(todo, form, styles, ())
    package.parts[_STYLES] = styles.result()
    add_todo_sheet(package, _BOOK, xml, form.todo_sheet, form.todo_name)
    return package.to_bytes()
