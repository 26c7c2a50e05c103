"""A unit's own workbook, marked: tints, comments and the to-do list added, nothing of it lost or changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalogue.model import Catalogue
from publications.feedback.cell_comments import add_comments, remove_comments
from publications.feedback.package import SPREADSHEET, Package
from publications.feedback.remarks import Remark
from publications.feedback.sheet_tints import add_tints, remove_tints
from publications.feedback.style_sheet import StyleSheet
from publications.feedback.todo import Todo
from publications.feedback.todo_part import HEADER_ROW, MARK_CELL, write_todo_part
from publications.feedback.xml_part import STRANGE, NotMarkableError, XmlPart, attribute_of, text_of
from transforms.addresses import parse_address
from transforms.observation import column_letters
from transforms.sheets import Workbook
from transforms.todo_sheet import take_out
from transforms.workbook import UnreadableFileError, read_workbook

_ORDER = (
    *("fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups"),
    *("externalReferences", "definedNames", "calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr"),
    *("smartTagTypes", "webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst"),
)
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SIGNED = "tệp có chữ ký số, đánh dấu vào tệp sẽ làm mất hiệu lực chữ ký"
_STRICT = "tệp lưu ở dạng “Strict Open XML”"
_DISTURBED = "đánh dấu vào tệp có thể làm sai lệch nội dung của tệp"


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    part: str
    kind: str


def mark_workbook(catalogue: Catalogue, data: bytes, todo: Todo, remarks: Mapping[str, Sequence[Remark]]) -> bytes:
    """The workbook with its doubtful cells marked and the to-do list as its first sheet; equal input, equal bytes.

    The marks of an earlier version are replaced. Raises NotMarkableError where something of the file would be lost.
    """
    form = catalogue.form.feedback
    before, ours = _look(catalogue, data)
    package = Package.open(data)
    book = next((r.target for r in package.relations("") if r.kind == "officeDocument"), "")
    _refuse_fragile(package, book)
    sheets = _sheets_of(package, book)
    old = next((s for s in sheets if s.name in ours and s.kind == "worksheet"), None)
    styles_part = next((r.target for r in package.relations(book) if r.kind == "styles"), "")
    styles = StyleSheet(package.read(styles_part))
    for sheet in sheets:
        if sheet.kind == "worksheet" and sheet is not old:
            told = remarks.get(sheet.name, ())
            remove_comments(package, sheet.part, form)
            package.parts[sheet.part] = add_tints(remove_tints(package.read(sheet.part)), told, styles)
            add_comments(package, sheet.part, told, form)
        if sheet is not old:
            package.parts[sheet.part] = _deselect(package.read(sheet.part))
    names = {s.name for s in sheets if s.kind == "worksheet"}
    xml = write_todo_part(todo, form, styles, names)
    if old is None:
        add_todo_sheet(package, book, xml, _free_title(form.todo_sheet, {s.name for s in sheets}), form.todo_name)
    else:
        package.parts[old.part] = xml
        folder, _, name = old.part.rpartition("/")
        package.parts.pop(f"{folder}/_rels/{name}.rels", None)
        _open_at(package, book, sheets.index(old))
    package.parts[styles_part] = styles.result()
    marked = package.to_bytes()
    _verify(catalogue, before, marked)
    return marked


def _refuse_fragile(package: Package, book: str) -> None:
    if any(name.lower().startswith("_xmlsignatures/") for name in package.parts):
        raise NotMarkableError(_SIGNED)
    if b"purl.oclc.org/ooxml" in package.read(book)[:4096]:
        raise NotMarkableError(_STRICT)


def _look(catalogue: Catalogue, data: bytes) -> tuple[Workbook, set[str]]:
    """The cells of a workbook but for our list, and the sheets that hold our list."""
    try:
        rest, todos = take_out(catalogue, read_workbook(data))
    except UnreadableFileError as error:
        raise NotMarkableError(STRANGE) from error
    return rest, {todo.sheet for todo in todos}


def _verify(catalogue: Catalogue, before: Workbook, marked: bytes) -> None:
    """Nobody gets back a workbook that says something else than the one that was sent."""
    after, ours = _look(catalogue, marked)
    same = (before.sheets, before.cells, before.names, before.doubtful, before.errors)
    if len(ours) != 1 or same != (
        after.sheets,
        after.cells,
        after.names,
        {n: c for n, c in after.doubtful.items() if n not in ours},
        {n: c for n, c in after.errors.items() if n not in ours},
    ):
        raise NotMarkableError(_DISTURBED)


def _sheets_of(package: Package, book: str) -> list[_Sheet]:
    relations = {r.relation_id: r for r in package.relations(book)}
    found = []
    for element in XmlPart(package.read(book)).find("sheet", at_depth=2):
        relation = relations.get(element.attribute("id"))
        if relation is None or relation.target not in package.parts:
            raise NotMarkableError(STRANGE)
        found.append(_Sheet(element.attribute("name"), relation.target, relation.kind))
    return found


def _deselect(data: bytes) -> bytes:
    """A sheet that is not selected: two selected sheets would be edited together."""
    if b"tabSelected" not in data:
        return data
    part = XmlPart(data)
    for view in part.find("sheetView"):
        if view.attribute("tabSelected") in ("1", "true"):
            part.set_attribute(view, "tabSelected", "0")
    return part.result()


def _free_title(wanted: str, taken: set[str]) -> str:
    lowered = {name.lower() for name in taken}
    titles = (wanted, *(f"{wanted} ({n})" for n in range(2, 100)))
    return next(title for title in titles if title.lower() not in lowered)


def add_todo_sheet(package: Package, book: str, xml: bytes, title: str, name: str) -> None:
    """Puts a new sheet before all others, and names its mark."""
    part_name = package.free_name("xl/worksheets/sheet{}.xml")
    package.parts[part_name] = xml
    package.declare(part_name, f"{SPREADSHEET}.worksheet+xml")
    relation = package.relate(book, "worksheet", part_name)
    part = XmlPart(package.read(book))
    root, children = part.children()
    listed = next(c for c in children if c.name == "sheets")
    numbers = [int(n) for s in part.find("sheet", at_depth=2) if (n := s.attribute("sheetId")).isdigit()]
    tag = f"{root.prefix}sheet"
    text = (
        f'<{tag} xmlns:r="{_RELATIONSHIPS}" name={attribute_of(title)} '
        f'sheetId="{max(numbers, default=0) + 1}" r:id="{relation}"/>'
    )
    if listed.is_empty_tag:
        part.append(listed, text)
    else:
        part.insert(listed.open_end, text)
    for defined in part.find("definedName"):
        local = defined.attribute("localSheetId")
        if local.isdigit():
            part.set_attribute(defined, "localSheetId", str(int(local) + 1))
    _define_names(part, title, name, {d.attribute("name") for d in part.find("definedName")})
    package.parts[book] = part.result()
    _open_at(package, book, 0)


def _define_names(part: XmlPart, title: str, name: str, taken: set[str]) -> None:
    root, children = part.children()
    tag, sheet = f"{root.prefix}definedName", text_of("'" + title.replace("'", "''") + "'")
    row, column = parse_address(MARK_CELL)
    head = HEADER_ROW + 1
    text = f'<{tag} name="_xlnm.Print_Titles" localSheetId="0">{sheet}!${head}:${head}</{tag}>'
    if name not in taken:
        text += f'<{tag} name="{name}">{sheet}!${column_letters(column)}${row + 1}</{tag}>'
    names = next((c for c in children if c.name == "definedNames"), None)
    if names is None:
        part.insert_child(_ORDER, "definedNames", f"<{root.prefix}definedNames>{text}</{root.prefix}definedNames>")
    else:
        part.append(names, text)


def _open_at(package: Package, book: str, index: int) -> None:
    """Lets the workbook open at a sheet, and compute its formulas anew."""
    part = XmlPart(package.read(book))
    for view in part.find("workbookView"):
        part.set_attribute(view, "activeTab", str(index))
        part.set_attribute(view, "firstSheet", "0")
    calculation = part.find("calcPr", at_depth=1)
    if calculation:
        part.set_attribute(calculation[0], "fullCalcOnLoad", "1")
    else:
        root = part.children()[0]
        part.insert_child(_ORDER, "calcPr", f'<{root.prefix}calcPr fullCalcOnLoad="1"/>')
    package.parts[book] = part.result()
