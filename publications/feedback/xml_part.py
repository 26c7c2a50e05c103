"""A part of a package, edited by splicing text into it: what is not touched stays as it is, byte for byte."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

_TAG = re.compile(rb"<[^>\"']*(?:(?:\"[^\"]*\"|'[^']*')[^>\"']*)*>")
_TAG_NAME = re.compile(rb"<[^\s/>]+")
_RESERVED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_UNICODE = ("utf-8", "utf8", "us-ascii", "ascii")


class NotMarkableError(Exception):
    """A file that cannot be marked without losing something of it; the message says why, in Vietnamese."""


STRANGE = "cấu trúc bên trong tệp không giống tệp do Excel lưu"


@dataclass(frozen=True, slots=True)
class Element:
    """Where an element stands in its part, in bytes; `name` is without its prefix, `depth` of the root is 0."""

    name: str
    prefix: str
    attributes: dict[str, str]
    depth: int
    start: int
    open_end: int
    close_start: int
    end: int

    @property
    def is_empty_tag(self) -> bool:
        return self.close_start == self.end

    def holds(self, other: Element) -> bool:
        return self.start < other.start and other.end <= self.end

    def attribute(self, name: str) -> str:
        """The attribute of a local name, whatever its prefix; empty where there is none."""
        plain = self.attributes.get(name)
        if plain is not None:
            return plain
        return next((v for k, v in self.attributes.items() if k.rpartition(":")[2] == name), "")


def find_elements(data: bytes, is_wanted: Callable[[str, int], bool]) -> list[Element]:
    """The elements that are wanted by name and depth, in the order in which they begin.

    Raises NotMarkableError for what is not well-formed, not UTF-8, or declares a document type.
    """
    parser = expat.ParserCreate()
    open_tags: list[tuple[str, str, dict[str, str], int, int] | None] = []
    found: list[Element] = []

    def refuse(*_: Any) -> None:
        raise NotMarkableError(STRANGE)

    def declare(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _UNICODE:
            refuse()

    def start(tag: str, attributes: dict[str, str]) -> None:
        prefix, _, name = tag.rpartition(":")
        if is_wanted(name, len(open_tags)):
            at = parser.CurrentByteIndex
            match = _TAG.match(data, at)
            if match is None:
                refuse()
                return
            open_tags.append((name, f"{prefix}:" if prefix else "", attributes, at, match.end()))
        else:
            open_tags.append(None)

    def end(_tag: str) -> None:
        opened = open_tags.pop()
        if opened is None:
            return
        name, prefix, attributes, at, open_end = opened
        close_start = end_at = open_end
        if data[open_end - 2 : open_end] != b"/>":
            close_start = parser.CurrentByteIndex
            end_at = data.index(b">", close_start) + 1
        found.append(Element(name, prefix, attributes, len(open_tags), at, open_end, close_start, end_at))

    parser.XmlDeclHandler = declare
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError) as error:
        raise NotMarkableError(STRANGE) from error
    return sorted(found, key=lambda e: e.start)


@dataclass
class XmlPart:
    """A part and what is to be spliced into it; nothing changes before `result`."""

    data: bytes
    _tops: list[Element] | None = None
    _edits: list[tuple[int, int, bytes]] = field(default_factory=list)
    _children: dict[int, tuple[Element, list[bytes]]] = field(default_factory=dict)

    def find(self, *names: str, at_depth: int | None = None) -> list[Element]:
        """The elements of some names, at one depth or any."""
        wanted = frozenset(name for name in names if name.encode() in self.data)
        if not wanted:
            return []
        return find_elements(self.data, lambda n, d: n in wanted and at_depth in (None, d))

    def children(self) -> tuple[Element, list[Element]]:
        """The root and its children."""
        if self._tops is None:
            self._tops = find_elements(self.data, lambda _, depth: depth <= 1)
        return self._tops[0], self._tops[1:]

    def inner(self, element: Element) -> bytes:
        return self.data[element.open_end : element.close_start]

    def outer(self, element: Element) -> bytes:
        return self.data[element.start : element.end]

    def insert(self, at: int, text: str) -> None:
        self._edits.append((at, at, text.encode()))

    def remove(self, element: Element) -> None:
        self.cut(element.start, element.end)

    def cut(self, start: int, end: int) -> None:
        self._edits.append((start, end, b""))

    def replace(self, start: int, end: int, text: str) -> None:
        self._edits.append((start, end, text.encode()))

    def set_attribute(self, element: Element, name: str, value: str) -> None:
        """Gives an attribute a value, in place where it stands already; `name` is as it is written."""
        tag = self.data[element.start : element.open_end]
        found = re.search(rb"\s" + re.escape(name.encode()) + rb"\s*=\s*(\"[^\"]*\"|'[^']*')", tag)
        if found is not None:
            self.replace(element.start + found.start(1), element.start + found.end(1), quoteattr(value))
            return
        opening = _TAG_NAME.match(tag)
        assert opening is not None
        self.insert(element.start + opening.end(), f" {name}={quoteattr(value)}")

    def append(self, element: Element, text: str) -> None:
        """Adds text at the end of an element's content."""
        if element.is_empty_tag:
            self._children.setdefault(element.start, (element, []))[1].append(text.encode())
        else:
            self.insert(element.close_start, text)

    def insert_child(self, order: Iterable[str], name: str, text: str) -> None:
        """Adds a child of the root where the schema's order of children wants it."""
        later = list(order)
        later = later[later.index(name) + 1 :]
        root, children = self.children()
        following = next((c for c in children if c.name in later), None)
        if following is None:
            self.append(root, text)
        else:
            self.insert(following.start, text)

    def result(self) -> bytes:
        """The part with everything spliced in."""
        edits = list(self._edits)
        for element, texts in self._children.values():
            close = f"</{element.prefix}{element.name}>".encode()
            edits.append((element.open_end - 2, element.open_end, b">" + b"".join(texts) + close))
        pieces: list[bytes] = []
        at = 0
        for start, end, text in sorted(edits, key=lambda e: (e[0], e[1])):
            pieces += (self.data[at:start], text)
            at = max(at, end)
        return b"".join((*pieces, self.data[at:]))


def text_of(text: str) -> str:
    """A text as content of an element of a workbook: nothing in it is markup, or an escape of Office's own."""
    return escape(_RESERVED.sub("_x005F_", _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))))


def attribute_of(text: str) -> str:
    """A text as a quoted attribute."""
    return quoteattr(_FORBIDDEN.sub("", text))
