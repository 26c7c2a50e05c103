"""Which observation each figure of a drafted report comes from: hidden bookmarks, and a part of the .docx naming them.

A bookmark's name is made of the observation and of how often it was told before, so that it stays the same when other
figures come or go. The part is a custom XML part of the package; what a person edits in Word leaves it alone.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Literal
from xml.sax.saxutils import quoteattr

from defusedxml import ElementTree

Basis = Literal["reported", "cluster", "announced", "computed"]

NAMESPACE = "urn:thidua:figure-marks:1"
PREFIX = "_td_"  # Word hides bookmarks that begin with a line
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MOST_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class FigureMark:
    """One figure of a draft: the observation behind it, the text as drafted, and the cell it was read from.

    `basis` says whose figure it is: reported by a province, the cluster's as consolidated, the one the chair announced,
    or computed from others (then no single cell holds it). `value` is in the indicator's own unit.
    """

    name: str
    period_code: str
    province_id: str
    indicator_code: str
    basis: Basis
    value: Decimal
    text: str
    file_name: str = ""
    sheet: str = ""
    cell: str = ""


def name_mark(period_code: str, province_id: str, indicator_code: str, basis: Basis, occurrence: int) -> str:
    """The bookmark of the n-th time that a figure is told, in at most 40 letters, digits and lines."""
    key = "\0".join((period_code, province_id, indicator_code, basis))
    return f"{PREFIX}{hashlib.sha256(key.encode()).hexdigest()[:20]}_{occurrence}"


def render_marks(marks: Iterable[FigureMark]) -> bytes:
    """The part of the package that tells what each bookmark names."""
    lines = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>', f'<figures xmlns="{NAMESPACE}">']
    for mark in marks:
        said = {name: str(value) for name, value in asdict(mark).items() if value != ""}
        lines.append("<figure " + " ".join(f"{name}={quoteattr(text)}" for name, text in said.items()) + "/>")
    return "\n".join([*lines, "</figures>\n"]).encode()


def read_bookmarks(file: Path | bytes) -> dict[str, FigureMark]:
    """What every bookmark of a drafted report names, by its name; empty for a document that is no such draft.

    Raises zipfile.BadZipFile for what is no .docx at all.
    """
    with zipfile.ZipFile(_open(file)) as package:
        for name in package.namelist():
            if name.startswith("customXml/item") and package.getinfo(name).file_size <= _MOST_BYTES:
                root = ElementTree.fromstring(package.read(name))
                if root.tag == f"{{{NAMESPACE}}}figures":
                    return {mark.name: mark for mark in map(_read_mark, root)}
    return {}


def read_marked_texts(file: Path | bytes) -> dict[str, str]:
    """What stands inside each of the drafted report's bookmarks now; one that was deleted is missing."""
    with zipfile.ZipFile(_open(file)) as package:
        root = ElementTree.fromstring(package.read("word/document.xml"))
    open_marks: dict[str, str] = {}
    found: dict[str, str] = {}
    for node in root.iter():
        if node.tag == f"{_W}bookmarkStart" and node.get(f"{_W}name", "").startswith(PREFIX):
            open_marks[node.get(f"{_W}id", "")] = node.get(f"{_W}name", "")
            found[node.get(f"{_W}name", "")] = ""
        elif node.tag == f"{_W}bookmarkEnd":
            open_marks.pop(node.get(f"{_W}id", ""), None)
        elif node.tag == f"{_W}t":
            for name in open_marks.values():
                found[name] += node.text or ""
    return found


def _open(file: Path | bytes) -> Path | IO[bytes]:
    return io.BytesIO(file) if isinstance(file, bytes) else file


def _read_mark(node: Any) -> FigureMark:
    said = {field.name: node.get(field.name, "") for field in fields(FigureMark)}
    return FigureMark(**{**said, "value": Decimal(said["value"])})
