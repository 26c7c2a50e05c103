"""Which font a stretch of a Word document is set in: its own, its styles', or the document's."""

from __future__ import annotations

from xml.etree.ElementTree import Element

_MOST_ANCESTORS = 20


def local_name(element: Element) -> str:
    """The tag without its namespace: transitional and strict documents differ in nothing else that is read here."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def value_of(element: Element | None, *names: str) -> str | None:
    """An attribute without regard to its namespace; the first of the names that is there."""
    if element is None:
        return None
    plain = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    return next((plain[name] for name in names or ("val",) if name in plain), None)


def descend(element: Element | None, *names: str) -> Element | None:
    """The child of a child … by their names; None where one is missing."""
    for name in names:
        if element is None:
            return None
        element = next((child for child in element if local_name(child) == name), None)
    return element


class DocumentFonts:
    """The fonts of a document, as far as they tell an old Vietnamese encoding from Unicode."""

    def __init__(self, styles: Element | None) -> None:
        self._normal = ""
        self._own: dict[str, str | None] = {}
        self._parents: dict[str, str] = {}
        self._default = _font_of(descend(styles, "docDefaults", "rPrDefault", "rPr"))
        for style in styles if styles is not None else ():
            name = value_of(style, "styleId")
            if local_name(style) != "style" or name is None:
                continue
            self._own[name] = _font_of(descend(style, "rPr"))
            self._parents[name] = value_of(descend(style, "basedOn")) or ""
            if value_of(style, "type") == "paragraph" and value_of(style, "default") in ("1", "true", "on"):
                self._normal = name

    def font_of(self, run: Element, paragraph_style: str) -> str | None:
        """The font of a run in a paragraph of a style; None where nothing names one."""
        own = _font_of(descend(run, "rPr"))
        styles = (value_of(descend(run, "rPr", "rStyle")), paragraph_style or self._normal)
        return own or next((font for name in styles if name and (font := self._inherited(name))), self._default)

    def _inherited(self, style: str) -> str | None:
        for _ in range(_MOST_ANCESTORS):
            font = self._own.get(style)
            if font is not None or not style:
                return font
            style = self._parents.get(style, "")
        return None


def _font_of(properties: Element | None) -> str | None:
    return value_of(descend(properties, "rFonts"), "ascii", "hAnsi")
