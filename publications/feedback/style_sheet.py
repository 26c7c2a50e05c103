"""A workbook's styles with a few more at the end; the numbers of those that stand there do not change."""

from __future__ import annotations

from publications.feedback.package import MAIN
from publications.feedback.xml_part import STRANGE, Element, NotMarkableError, XmlPart

_ORDER = (
    *("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"),
    *("tableStyles", "colors", "extLst"),
)


class StyleSheet:
    """Fonts, fills, borders, cell formats and differential formats, each added once."""

    def __init__(self, data: bytes) -> None:
        self._part = XmlPart(data)
        root, children = self._part.children()
        if root.name != "styleSheet":
            raise NotMarkableError(STRANGE)
        self._prefix = root.prefix
        self._containers: dict[str, Element] = {c.name: c for c in children}
        self._counts = dict.fromkeys(_ORDER, 0)
        parents = {c.start: c for c in children}
        spans = sorted(parents)
        for element in self._part.find("font", "fill", "border", "xf", "dxf", at_depth=2):
            start = max(s for s in spans if s < element.start)
            self._counts[parents[start].name] = self._counts.get(parents[start].name, 0) + 1
        if "cellXfs" not in self._containers:
            raise NotMarkableError(STRANGE)
        self._added: dict[str, list[str]] = {}

    def add(self, container: str, text: str) -> int:
        """The number of a style, written without prefixes, added where it is not among those added already."""
        added = self._added.setdefault(container, [])
        if text not in added:
            added.append(text)
        return self._counts[container] + added.index(text)

    def result(self) -> bytes:
        """The part with everything added."""
        for name, texts in self._added.items():
            count = str(self._counts[name] + len(texts))
            body = "".join(texts) if not self._prefix else _with_namespace(texts)
            container = self._containers.get(name)
            if container is None:
                tag = f"{self._prefix}{name}"
                self._part.insert_child(_ORDER, name, f'<{tag} count="{count}">{body}</{tag}>')
            else:
                self._part.set_attribute(container, "count", count)
                self._part.append(container, body)
        return self._part.result()


def _with_namespace(texts: list[str]) -> str:
    """Elements without a prefix in a part whose own elements have one: each says its namespace itself."""
    return "".join(f'{text[: _name_end(text)]} xmlns="{MAIN}"{text[_name_end(text) :]}' for text in texts)


def _name_end(text: str) -> int:
    return next(n for n, letter in enumerate(text) if letter in " />")
