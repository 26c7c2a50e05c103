"""Files as bytes that are the same each time they are made: what archives and documents say of the clock is fixed."""

from __future__ import annotations

import io
import re
import zipfile

_CLOCK = re.compile(rb"(<(?:dcterms:created|dcterms:modified)[^>]*>)[^<]*(<)")
_EFFECTS = "word/stylesWithEffects.xml"  # these and the styles of tables are three quarters of an empty document
_UNUSED = re.compile(
    rb'<Relationship [^>]*stylesWithEffects.xml"/>|<Override [^>]*stylesWithEffects.xml"[^>]*/>'
    rb'|<w:style w:type="table" (?!w:default)(?:(?!</w:style>).)*</w:style>',
    re.DOTALL,
)
_EPOCH = (1980, 1, 1, 0, 0, 0)


def settle(data: bytes) -> bytes:
    """An archive whose members bear no time of their making, a document without styles that it does not use."""
    if not data.startswith(b"PK"):
        return data
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            if name == _EFFECTS:
                continue
            content = source.read(name)
            if name in ("[Content_Types].xml", "word/styles.xml", "word/_rels/document.xml.rels"):
                content = _UNUSED.sub(b"", content)
            member = zipfile.ZipInfo(name, _EPOCH)
            member.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            target.writestr(member, _CLOCK.sub(rb"\g<1>2021-07-05T01:00:00Z\g<2>", content))
    return out.getvalue()


def same_content(one: bytes, other: bytes) -> bool:
    """Whether two files say the same; archives by their members, since compressors differ between machines."""
    if one == other:
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(one)) as first, zipfile.ZipFile(io.BytesIO(other)) as second:
            names = first.namelist()
            return names == second.namelist() and all(first.read(n) == second.read(n) for n in names)
    except Exception:  # damaged on purpose, in many ways
        return False
