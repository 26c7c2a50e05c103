"""A Word package with the report's own styles, in Vietnamese, whose bytes depend on nothing but what is in it."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm

from publications.report.values import Letterhead
from transforms.figure_marks import FigureMark, render_marks

LANGUAGE = "vi-VN"
PAGE = (Mm(210), Mm(297))
MARGINS = {"top_margin": Mm(20), "bottom_margin": Mm(20), "left_margin": Mm(30), "right_margin": Mm(20)}
TEXT_WIDTH_MM = 160

_STYLES = Path(__file__).parent / "styles.xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNWANTED = {RT.CUSTOM_XML, RT.THUMBNAIL, "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects"}
_XML_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXmlProps"
_ITEM_ID = "{6F1B2C54-1D0E-4B7C-9A53-7D1A0C5E2B11}"


def open_document(head: Letterhead, made_at: dt.datetime) -> Document:
    """An empty document on A4 with the styles and margins of official documents."""
    document = docx.Document()
    part: Any = document.part
    for holder in (part, part.package):
        for key in [key for key, relation in holder.rels.items() if relation.reltype in _UNWANTED]:
            del holder.rels[key]
    part.part_related_by(RT.STYLES)._element = parse_xml(_STYLES.read_bytes())
    part.part_related_by(RT.NUMBERING)._element[:] = []
    section = document.sections[0]
    section.page_width, section.page_height = PAGE
    for name, value in MARGINS.items():
        setattr(section, name, value)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    _say_language(document)
    _describe(document, head, made_at)
    return document


def save_document(document: Document, marks: Sequence[FigureMark]) -> bytes:
    """The document's bytes, with what its bookmarks name as a part of its own."""
    _add_marks(document, marks)
    file = io.BytesIO()
    document.save(file)
    return _with_fixed_dates(file.getvalue())


def _say_language(document: Document) -> None:
    """Word checks the spelling of a document in the language that its settings name."""
    settings: Any = document.settings.element
    for node in settings.findall(qn("w:themeFontLang")):
        for name in list(node.attrib):
            del node.attrib[name]
        node.set(qn("w:val"), LANGUAGE)


def _describe(document: Document, head: Letterhead, made_at: dt.datetime) -> None:
    properties = document.core_properties
    moment = made_at.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)
    properties.title = f"{head.kind.capitalize()}: {head.title}"
    properties.author = properties.last_modified_by = head.author
    properties.language = LANGUAGE
    properties.created = properties.modified = moment
    properties.revision = 1
    properties.comments = properties.keywords = properties.category = ""
    properties.content_status = head.standing


def _add_marks(document: Document, marks: Sequence[FigureMark]) -> None:
    package: Any = document.part.package
    item = Part(PackURI("/customXml/item1.xml"), "application/xml", render_marks(marks), package)
    said = (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
        f'<ds:datastoreItem ds:itemID="{_ITEM_ID}" '
        'xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml"><ds:schemaRefs/></ds:datastoreItem>'
    )
    kind = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
    item.relate_to(Part(PackURI("/customXml/itemProps1.xml"), kind, said.encode(), package), _XML_PROPERTIES)
    document.part.relate_to(item, RT.CUSTOM_XML)


def _with_fixed_dates(data: bytes) -> bytes:
    """The same package with its parts in one order and without the hour at which they were packed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            target.writestr(entry, source.read(name))
    return file.getvalue()
