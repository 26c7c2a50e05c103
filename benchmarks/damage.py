"""Ways to damage a file: its bytes, its parts, and what its XML or its lines say."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable

Damage = Callable[[random.Random, bytes], bytes]
Members = list[tuple[str, bytes]]

_HEADS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-1.7", b"", b"\xef\xbb\xbf", b"\xff\xfe")
_XML_CHANGES = (
    (rb' r="[A-Z]+', b' r="ZZZ'),
    (rb"<v>", b"<v>9e999"),
    (rb"</c>", b""),
    (rb'="', b'="&x;'),
    (rb"<row", b"<r"),
    (rb"\$D\$", b"$#$"),
    (rb'ref="[^"]*"', b'ref="A1:XFD1048576"'),
    (rb' r="\d+"', b' r="4294967297"'),
    (rb' s="\d+"', b' s="99999999"'),
    (rb' t="s"', b' t="e"'),
    (rb' t="\w+"', b' t="inlineStr"'),
    (rb"<v>\d+</v>", b"<v>-1</v>"),
    (rb"number-(rows|columns)-repeated=\"\d+\"", rb'number-\1-repeated="1000000000"'),
    (rb'office:value="[^"]*"', b'office:value="1e400"'),
    (rb'w:val="\d+"', b'w:val="2147483648"'),
    (rb"<w:tc>", b"<w:tc><w:tbl>"),
    (rb'Target="[^"]*"', b'Target="../../../etc/passwd"'),
    (rb"\?>", b'?><!DOCTYPE a [<!ENTITY x "y">]>'),
    (rb">([^<>]{3,})<", rb">\1\1\1\1\1\1\1\1<"),
    (rb"utf-8|UTF-8", b"utf-16"),
)
_TEXT_CHANGES = (
    b'"',
    b"\0",
    b"\xff\xfe",
    b"\r",
    b"\n\n",
    b"=cmd|'/c calc'!A1",
    b";" * 300,
    b"9" * 400,
    "\u202e".encode(),
)


def flip(chance: random.Random, data: bytes) -> bytes:
    """A few bytes become others."""
    damaged = bytearray(data)
    for _ in range(chance.randint(1, 30)):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def cut(chance: random.Random, data: bytes) -> bytes:
    """A file that was not copied to its end."""
    return data[: chance.randrange(len(data))]


def splice(chance: random.Random, data: bytes) -> bytes:
    """A piece stands at the end instead of at its place."""
    start, length = chance.randrange(len(data)), chance.randint(1, 5000)
    return data[:start] + data[start + length :] + data[start : start + length]


def overwrite_number(chance: random.Random, data: bytes) -> bytes:
    """A length, a count or an offset becomes an extreme one."""
    damaged = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(max(len(damaged) - 8, 1))
        extreme = chance.choice((0, 1, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 0xFFFFFFFE, 1 << 20))
        damaged[at : at + 4] = extreme.to_bytes(4, "little")
    return bytes(damaged)


def noise(chance: random.Random, data: bytes) -> bytes:
    """Chance bytes behind a believable beginning."""
    return chance.choice((*_HEADS, data[:64])) + chance.randbytes(chance.randint(0, 4000))


def disturb_text(chance: random.Random, data: bytes) -> bytes:
    """Quotes without end, zero bytes, hundreds of fields, lines torn apart."""
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(data) + 1)
        data = data[:at] + chance.choice(_TEXT_CHANGES) + data[at:]
    return data


def change_part(chance: random.Random, data: bytes) -> bytes:
    """A well-formed archive with one part that says something else: this reaches the readers of XML and records."""
    members = _members(data)
    place = chance.randrange(len(members))
    name, content = members[place]
    if content and not content.lstrip().startswith(b"<"):
        content = chance.choice((flip, overwrite_number, splice))(chance, content)
    elif chance.random() < 0.7:
        for pattern, new in chance.sample(_XML_CHANGES, chance.randint(1, 6)):
            content = re.sub(pattern, new, content, count=chance.choice((1, 3, 0)))
    elif content:
        content = flip(chance, content)
    members[place] = (name, content)
    return _packed(members)


def swap_parts(chance: random.Random, data: bytes) -> bytes:
    """Two parts bear each other's names."""
    members = _members(data)
    one, other = (chance.randrange(len(members)) for _ in range(2))
    (name, content), (other_name, other_content) = members[one], members[other]
    members[one], members[other] = (name, other_content), (other_name, content)
    return _packed(members)


def drop_part(chance: random.Random, data: bytes) -> bytes:
    """A part is missing."""
    members = _members(data)
    members.pop(chance.randrange(len(members)))
    return _packed(members)


def repeat_part(chance: random.Random, data: bytes) -> bytes:
    """A part is there twice, or its content many times over."""
    members = _members(data)
    name, content = chance.choice(members)
    return _packed([*members, (name, content)] if chance.random() < 0.5 else [*members, (name, content * 50)])


OF_BYTES: tuple[Damage, ...] = (flip, cut, splice, overwrite_number, noise)
OF_TEXTS: tuple[Damage, ...] = (*OF_BYTES, disturb_text, disturb_text, disturb_text)
OF_ARCHIVES: tuple[Damage, ...] = (*OF_BYTES, *(change_part,) * 8, swap_parts, drop_part, repeat_part)
OF_CONTAINERS: tuple[Damage, ...] = (*OF_BYTES, flip, flip, overwrite_number, overwrite_number, overwrite_number)


def _members(data: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def _packed(members: Members) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
