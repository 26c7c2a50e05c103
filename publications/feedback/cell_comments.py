"""Comments at a worksheet's cells: ours added below what an officer wrote, those of an earlier version taken away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import unescape

from catalogue.feedback import FeedbackForm
from publications.feedback.comment_boxes import EMPTY, Grid, add_boxes, free_block, remove_boxes
from publications.feedback.package import MAIN, SPREADSHEET, Package
from publications.feedback.remarks import Remark, Runs, our_part
from publications.feedback.sheet_tints import ORDER
from publications.feedback.xml_part import STRANGE, Element, NotMarkableError, XmlPart, text_of

_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NO_COMMENTS = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="{MAIN}"><authors></authors>'
    "<commentList></commentList></comments>"
).encode()
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_THREAD = "tc="


def remove_comments(package: Package, sheet: str, form: FeedbackForm) -> None:
    """Takes our part out of the comments of a worksheet; what an officer wrote before or behind it stays."""
    name = _part_of(package, sheet, "comments")
    if name is None or form.comment_head.partition("{")[0].encode() not in package.parts[name]:
        return
    part, ours = XmlPart(package.parts[name]), our_part(form)
    comments, runs, texts = part.find("comment"), part.find("r"), part.find("t")
    emptied = set()
    for comment in comments:
        inside = [t for t in texts if comment.holds(t)]
        whole = "".join(_read(part, t) for t in inside)
        spans = [m.span() for m in ours.finditer(whole)]
        if not spans:
            continue
        if not ours.sub("", whole).strip():
            part.remove(comment)
            emptied.add(comment.attribute("ref"))
            continue
        at = 0
        for element in inside:
            text = _read(part, element)
            kept = "".join(c for n, c in enumerate(text, at) if not any(a <= n < b for a, b in spans))
            at += len(text)
            if kept != text:
                _rewrite(part, element, kept, next((r for r in runs if r.holds(element)), None))
    package.parts[name] = part.result()
    drawing = _drawing_of(package, sheet)
    if drawing is not None:
        package.parts[drawing] = remove_boxes(package.parts[drawing], emptied)


def add_comments(package: Package, sheet: str, remarks: Iterable[Remark], form: FeedbackForm) -> None:
    """Gives the doubtful cells of a worksheet their comments; a cell with a threaded conversation keeps it alone."""
    name = _part_of(package, sheet, "comments")
    part = XmlPart(_NO_COMMENTS if name is None else package.parts[name])
    authors, lists = part.find("author"), part.find("authors", "commentList")
    if [e.name for e in lists] != ["authors", "commentList"]:
        raise NotMarkableError(STRANGE)
    known = {c.attribute("ref"): c for c in part.find("comment")}
    threaded = {str(n) for n, a in enumerate(authors) if part.inner(a).startswith(_THREAD.encode())}
    shown: dict[str, str] = {}
    added: list[str] = []
    prefix = lists[0].prefix
    texts = part.find("text")
    for remark in remarks:
        comment = known.get(remark.cell)
        if comment is None:
            body = f"<{prefix}text>{_runs(remark.runs, prefix)}</{prefix}text>"
            author = len(authors)
            added.append(f'<{prefix}comment ref="{remark.cell}" authorId="{author}">{body}</{prefix}comment>')
            shown[remark.cell] = _plain(remark.runs)
        elif comment.attribute("authorId") not in threaded:
            text = next((t for t in texts if comment.holds(t)), None)
            if text is None:
                raise NotMarkableError(STRANGE)
            before = "".join(_read(part, t) for t in part.find("t") if text.holds(t))
            _open_runs(part, text, prefix)
            part.append(text, _runs(((False, "\n\n"), *remark.runs), prefix))
            shown[remark.cell] = f"{before}\n\n{_plain(remark.runs)}"
    if not shown:
        return
    if added:
        part.append(lists[0], f"<{prefix}author>{text_of(form.author)}</{prefix}author>")
        part.append(lists[1], "".join(added))
    if name is None:
        name = package.free_name("xl/comments{}.xml")
        package.declare(name, f"{SPREADSHEET}.comments+xml")
        package.relate(sheet, "comments", name)
    package.parts[name] = part.result()
    _draw(package, sheet, shown)


def _draw(package: Package, sheet: str, texts: Mapping[str, str]) -> None:
    grid = Grid(package.parts[sheet])
    name = _drawing_of(package, sheet)
    if name is None:
        drawings = {n: d for n, d in package.parts.items() if n.endswith(".vml")}
        name = package.free_name("xl/drawings/vmlDrawing{}.vml")
        package.parts[name] = EMPTY % free_block(drawings)
        package.declare_extension("vml", _VML)
        relation = package.relate(sheet, "vmlDrawing", name)
        part = XmlPart(package.parts[sheet])
        tag = f"{part.children()[0].prefix}legacyDrawing"
        part.insert_child(ORDER, "legacyDrawing", f'<{tag} xmlns:r="{_RELATIONSHIPS}" r:id="{relation}"/>')
        package.parts[sheet] = part.result()
    package.parts[name] = add_boxes(package.parts[name], grid, texts)


def _part_of(package: Package, sheet: str, kind: str) -> str | None:
    targets = (r.target for r in package.relations(sheet) if r.kind == kind)
    return next((t for t in targets if t in package.parts), None)


def _drawing_of(package: Package, sheet: str) -> str | None:
    """The drawing part of a worksheet's comments, which is not the one of its headers' pictures."""
    found = XmlPart(package.parts[sheet]).find("legacyDrawing", at_depth=1)
    if not found:
        return None
    targets = {r.relation_id: r.target for r in package.relations(sheet)}
    name = targets.get(found[0].attribute("id"), "")
    return name if name in package.parts else None


def _read(part: XmlPart, element: Element) -> str:
    text = unescape(part.inner(element).decode())
    return _ESCAPE.sub(lambda m: chr(int(m[1], 16)), text).replace("\r\n", "\n")


def _rewrite(part: XmlPart, element: Element, text: str, run: Element | None) -> None:
    if not text and run is not None:
        part.remove(run)
    else:
        tag = f"{element.prefix}t"
        part.replace(element.start, element.end, f'<{tag} xml:space="preserve">{text_of(text)}</{tag}>')


def _open_runs(part: XmlPart, text: Element, prefix: str) -> None:
    """Makes a run of a comment's text that stands without one; a text has runs, or none."""
    runs = part.find("r")
    for element in part.find("t"):
        if text.holds(element) and not any(text.holds(run) and run.holds(element) for run in runs):
            part.insert(element.start, f"<{prefix}r>")
            part.insert(element.end, f"</{prefix}r>")


def _runs(runs: Runs, prefix: str) -> str:
    p = prefix
    return "".join(
        f'<{p}r><{p}rPr>{f"<{p}b/>" if is_bold else ""}<{p}sz val="10"/><{p}color indexed="81"/>'
        f'<{p}rFont val="Tahoma"/><{p}family val="2"/></{p}rPr><{p}t xml:space="preserve">{text_of(text)}</{p}t></{p}r>'
        for is_bold, text in runs
    )


def _plain(runs: Runs) -> str:
    return "".join(text for _, text in runs)
