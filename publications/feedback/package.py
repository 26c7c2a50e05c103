"""A workbook's package: its parts by name, and what refers to what."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass
from urllib.parse import unquote

from publications.feedback.xml_part import STRANGE, NotMarkableError, XmlPart, attribute_of

TYPES = "[Content_Types].xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STAMP = (1980, 1, 1, 0, 0, 0)
_NUMBERED = re.compile(r"(\d+)$")
_EMPTY_RELATIONS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)


@dataclass(frozen=True, slots=True)
class Relation:
    """One reference of a part; `kind` is the last word of its type, `target` the part it means, empty if outside."""

    relation_id: str
    kind: str
    type: str
    target: str


class Package:
    """The parts of a file in memory, and the edits to them; equal parts give equal bytes."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self.parts = parts

    @classmethod
    def open(cls, data: bytes) -> Package:
        """The package of a file that was read already, and is therefore safe to unpack."""
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return cls({m.filename: archive.read(m) for m in archive.infolist() if not m.is_dir()})
        except Exception as error:  # zipfile meets broken bytes with errors of many kinds
            raise NotMarkableError(STRANGE) from error

    def read(self, name: str) -> bytes:
        """A part; raises NotMarkableError where it is missing."""
        if name not in self.parts:
            raise NotMarkableError(STRANGE)
        return self.parts[name]

    def relations(self, part: str) -> list[Relation]:
        """What a part refers to; the package itself is the part of no name."""
        name = _relations_name(part)
        if name not in self.parts:
            return []
        folder = posixpath.dirname(part)
        found = []
        for element in XmlPart(self.parts[name]).find("Relationship"):
            is_outside = element.attribute("TargetMode").lower() == "external"
            target = posixpath.normpath(posixpath.join("/", folder, unquote(element.attribute("Target")))).lstrip("/")
            type_ = element.attribute("Type")
            found.append(
                Relation(element.attribute("Id"), type_.rpartition("/")[2], type_, "" if is_outside else target)
            )
        return found

    def relate(self, part: str, kind: str, target: str) -> str:
        """Lets a part refer to another one; gives the new reference's identifier."""
        name = _relations_name(part)
        taken = {relation.relation_id for relation in self.relations(part)}
        number = max((int(m[1]) for i in taken if (m := _NUMBERED.search(i))), default=0) + 1
        relations = XmlPart(self.parts.get(name, _EMPTY_RELATIONS))
        root = relations.children()[0]
        tag, place = f"{root.prefix}Relationship", attribute_of(f"/{target}")
        relations.append(root, f'<{tag} Id="rId{number}" Type="{OFFICE}/{kind}" Target={place}/>')
        self.parts[name] = relations.result()
        return f"rId{number}"

    def declare(self, part: str, content_type: str) -> None:
        """Says what a new part is."""
        types = XmlPart(self.read(TYPES))
        root = types.children()[0]
        types.append(
            root,
            f"<{root.prefix}Override PartName={attribute_of('/' + part)} ContentType={attribute_of(content_type)}/>",
        )
        self.parts[TYPES] = types.result()

    def declare_extension(self, extension: str, content_type: str) -> None:
        """Says what all parts of an extension are, where that is not said yet."""
        types = XmlPart(self.read(TYPES))
        root, children = types.children()
        if any(c.name == "Default" and c.attribute("Extension").lower() == extension for c in children):
            return
        text = f'<{root.prefix}Default Extension="{extension}" ContentType="{content_type}"/>'
        types.insert(root.open_end, text)
        self.parts[TYPES] = types.result()

    def free_name(self, pattern: str) -> str:
        """A name that no part bears: `pattern` with the lowest number from 1."""
        taken = {name.lower() for name in self.parts}
        number = 1
        while pattern.format(number).lower() in taken:
            number += 1
        return pattern.format(number)

    def to_bytes(self) -> bytes:
        """The file."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for name, data in self.parts.items():
                member = zipfile.ZipInfo(name, _STAMP)
                member.compress_type = zipfile.ZIP_DEFLATED
                member.create_system = 0
                archive.writestr(member, data)
        return stream.getvalue()


def _relations_name(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
