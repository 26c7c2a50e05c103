"""A report's own copy with what the proof-reader says as Word comments, each on the very words it speaks of."""

from __future__ import annotations

import copy
import io
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.run import Run

from transforms.document_text import Origin
from transforms.prose.claims import TextBlock
from transforms.prose.proofreading import Audit, Remark, Weight
from transforms.prose.report_text import walk_parts

AUTHOR, INITIALS = "thidua", "TD"
LABELS: Mapping[Weight, str] = {"change": "Phải sửa", "doubt": "Cần xem lại", "info": "Để biết"}
FONT, SIZE = "Times New Roman", 13
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_OF_COMMENT = ("w:commentRangeStart", "w:commentRangeEnd", "w:commentReference")
_NOTES = ("footnotes", "endnotes")

Place = tuple[Sequence[Origin | None], Any]  # of a block: where its letters stand, and what stands for it in the body


def mark_document(data: bytes, audit: Audit, summary: str) -> bytes:
    """The same .docx with comments; its text stays as it is, letter by letter. The archive must be a safe one.

    Comments of an earlier proof-reading go out; those of people stay.
    """
    document = docx.Document(io.BytesIO(data))
    _take_out_own(document)
    parts: dict[str, Any] = {"styles": document.styles.element}
    for relation in document.part.rels.values():
        name = relation.reltype.rpartition("/")[2]
        if name in _NOTES and not relation.is_external:
            parts[name] = parse_xml(relation.target_part.blob)
    blocks = walk_parts(document.element, parts)
    return _mark(document, [(block.origins, block.anchor) for block in blocks], audit, summary)


def make_document(blocks: Sequence[TextBlock], audit: Audit, summary: str) -> bytes:
    """A .docx with the text of a report that is no Word document, and the comments."""
    document = docx.Document()
    _set_page(document)
    places: list[Place] = []
    for is_cell, group in groupby(blocks, key=_table_of):
        of_group = list(group)
        runs = _put_table(document, of_group) if is_cell else [_put_paragraph(document, block) for block in of_group]
        places += [([(run._r[-1], n) for n in range(len(run.text))], None) for run in runs]
    return _mark(document, places, audit, summary)


def _take_out_own(document: Document) -> None:
    own = {str(comment.comment_id) for comment in document.comments if comment.author == AUTHOR}
    marks = [e for tag in _OF_COMMENT for e in document.element.iter(qn(tag)) if e.get(qn("w:id")) in own]
    for mark in marks:
        run = mark.getparent()
        gone = run if run.tag == qn("w:r") and all(e.tag in (mark.tag, qn("w:rPr")) for e in run) else mark
        gone.getparent().remove(gone)
    for comment in [c._comment_elm for c in document.comments if str(c.comment_id) in own]:
        comment.getparent().remove(comment)


def _table_of(block: TextBlock) -> str:
    return block.place.partition(",")[0] if block.place.startswith("bảng") else ""


def _set_page(document: Document) -> None:
    section, style = document.sections[0], document.styles["Normal"]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin = section.bottom_margin = section.right_margin = Cm(2)
    section.left_margin = Cm(3)
    style.font.name, style.font.size = FONT, Pt(SIZE)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)


def _put_paragraph(document: Document, block: TextBlock) -> Run:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(block.text)
    run.bold = block.is_heading or None
    if not block.is_heading:
        paragraph.alignment, paragraph.paragraph_format.first_line_indent = WD_ALIGN_PARAGRAPH.JUSTIFY, Cm(1)
    return run


def _put_table(document: Document, blocks: Sequence[TextBlock]) -> list[Run]:
    spots = [[int(word.split()[1]) for word in block.place.split(", ")[1:]] for block in blocks]
    table = document.add_table(max(row for row, _ in spots), max(column for _, column in spots), "Table Grid")
    runs = []
    for block, (row, column) in zip(blocks, spots, strict=True):
        runs.append(table.cell(row - 1, column - 1).paragraphs[0].add_run(block.text))
    document.add_paragraph()
    return runs


def _mark(document: Document, places: Sequence[Place], audit: Audit, summary: str) -> bytes:
    groups = [group for weight in LABELS for group in audit.of_weight(weight)]
    remarks = [r for group in groups for r in (group[:1] if group[0].weight == "info" else group)]
    for number, of_block in groupby(sorted(remarks, key=lambda r: (r.block, r.start, -r.end)), key=lambda r: r.block):
        origins, anchor = places[number]
        for start, end, told in reversed(_join(of_block)):  # from the end: what stands before is not moved by a cut
            runs = _cut_out(origins[start:end]) if anchor is None else _first_run(anchor)
            if runs is not None:
                _comment(document, runs, told, audit.period_code)
    first = next((found for origins, _ in places if (found := [o for o in origins if o is not None])), None)
    if first is not None:
        run = Run(first[0][0].getparent(), document)
        document.add_comment(run, summary, AUTHOR, INITIALS)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _join(remarks: Iterable[Remark]) -> list[tuple[int, int, list[Remark]]]:
    """Remarks on the same or overlapping words together, in the order of the text."""
    joined: list[tuple[int, int, list[Remark]]] = []
    for remark in remarks:
        if joined and remark.start < joined[-1][1]:
            start, end, told = joined[-1]
            joined[-1] = start, max(end, remark.end), [*told, remark]
        else:
            joined.append((remark.start, remark.end, [remark]))
    return joined


def _comment(document: Document, runs: tuple[Any, Any], told: Sequence[Remark], period_code: str) -> None:
    first, last = (Run(run, document) for run in runs)
    comment = document.add_comment([first, last], "", AUTHOR, INITIALS)
    for number, remark in enumerate(told):
        paragraph = comment.paragraphs[0] if not number else comment.add_paragraph()
        paragraph.add_run(f"{LABELS[remark.weight]}: ").bold = True
        paragraph.add_run(remark.message)


def _first_run(anchor: Any) -> tuple[Any, Any] | None:
    """The run that stands for what lies outside the body: the one with a note's reference, or a paragraph's first."""
    element = anchor
    while element is not None and element.tag != qn("w:r"):
        if element.tag == qn("w:p"):
            element = next(iter(element.iter(qn("w:r"))), None)
            break
        element = element.getparent()
    return None if element is None else (element, element)


def _cut_out(letters: Sequence[Origin | None]) -> tuple[Any, Any] | None:
    """The first and the last run of some letters, cut so that they hold nothing else; None where none is known."""
    known = [origin for origin in letters if origin is not None and origin[0].tag == qn("w:t")]
    if not known:
        return None
    (start, begins), (end, ends) = known[0], known[-1]
    _cut(end, ends + 1)
    later = _cut(start, begins)
    last = later if start is end else end
    return later.getparent(), last.getparent()


def _cut(text: Any, place: int) -> Any:
    """Cuts a text, and the run around it, before a letter, where that is not their edge already.

    Returns the text that begins with that letter; the text itself where no letter is left behind the cut.
    """
    run, written = text.getparent(), text.text or ""
    behind = list(text.itersiblings())
    rest = text
    if 0 < place < len(written):
        rest = copy.deepcopy(text)
        for part, said in ((text, written[:place]), (rest, written[place:])):
            part.text = said
            part.set(_SPACE, "preserve")
    moved = behind if place >= len(written) else [rest, *behind]
    is_first = all(child.tag == qn("w:rPr") for child in text.itersiblings(preceding=True))
    if not moved or (place <= 0 and is_first):
        return text
    other = run.makeelement(run.tag, dict(run.attrib))
    if run.find(qn("w:rPr")) is not None:
        other.append(copy.deepcopy(run.find(qn("w:rPr"))))
    other.extend(moved)
    run.addnext(other)
    return rest
