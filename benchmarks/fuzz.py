"""`make fuzz`: thousands of damaged files through the real reading pool; nothing may crash and nothing may hang.

Prints how many files were tried, accepted, refused with a finding, crashed our reader, and timed out. A child
process that a file brings down is replaced and the file refused: it is counted among the refused, and told apart.
"""

from __future__ import annotations

import io
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import docx

from catalogue import DATA
from flows.reading_pool import ReadingPool
from transforms.reading import hash_bytes
from transforms.workbook import read_workbook

EXAMPLES = Path(__file__).resolve().parent.parent / "examples" / "returns"
SEED = 20210630


def main() -> None:
    """Reads as many damaged files as the argument says, 2,000 without one; ends with 1 on a crash or a time-out."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    chance = random.Random(SEED)
    originals = [path.read_bytes() for path in sorted(EXAMPLES.rglob("*.xlsx"))]
    originals += [make(data) for data in originals[:5] for make in (_as_text, _as_document)]
    outcomes: Counter[str] = Counter()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="thidua-fuzz-") as folder, ReadingPool(DATA, time_limit=20) as pool:
        files = []
        for number, data in enumerate(_damaged(chance, originals, count)):
            path = Path(folder, f"{number:05d}")
            path.write_bytes(data)
            files.append((path, hash_bytes(data)))
        for reading in pool.read(files):
            outcomes[_outcome(reading.is_rejected, [(p.rule_code, p.detail) for p in reading.problems])] += 1
    print(f"files tried            {sum(outcomes.values())} in {time.perf_counter() - started:.0f} s, seed {SEED}")
    for name in ("accepted", "refused with a finding", "… of these, reader replaced", "crashed", "timed out"):
        shown = outcomes[name]
        if name == "refused with a finding":
            shown += outcomes["… of these, reader replaced"]
        print(f"{name:22} {shown}")
    sys.exit(1 if outcomes["crashed"] or outcomes["timed out"] else 0)


def _as_text(data: bytes) -> bytes:
    """The return as lines of text with semicolons, sheet after sheet."""
    lines = [";".join(row) for _, rows in _tables(data) for row in rows]
    return "\n".join(lines).encode("utf-8-sig")


def _as_document(data: bytes) -> bytes:
    """The return as a Word file with a table per sheet."""
    document = docx.Document()
    for name, rows in _tables(data):
        document.add_paragraph(name)
        table = document.add_table(rows=0, cols=max(map(len, rows)))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=False):
                cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _tables(data: bytes) -> list[tuple[str, list[list[str]]]]:
    workbook = read_workbook(data)
    tables = []
    for name in workbook.sheets[:1] + workbook.sheets[2:6]:
        cells = workbook.cells[name]
        width = max(column for _, column in cells) + 1
        rows = range(max(row for row, _ in cells) + 1)
        tables.append((name, [[c.raw if (c := cells.get((r, n))) else "" for n in range(width)] for r in rows]))
    return tables


def _outcome(is_rejected: bool, problems: list[tuple[str, str]]) -> str:
    if not is_rejected:
        return "accepted"
    if any(rule == "reader_failed" for rule, _ in problems):
        return "crashed"
    if any("giây chưa xong" in detail for _, detail in problems):
        return "timed out"
    return "… of these, reader replaced" if any("đột ngột" in d for _, d in problems) else "refused with a finding"


def _damaged(chance: random.Random, originals: list[bytes], count: int) -> Iterator[bytes]:
    damages = (_flip, _cut, _splice, _rewrite_member, _rewrite_member, _drop_member, _noise)
    for _ in range(count):
        yield chance.choice(damages)(chance, chance.choice(originals))


def _flip(chance: random.Random, data: bytes) -> bytes:
    damaged = bytearray(data)
    for _ in range(chance.randint(1, 30)):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def _cut(chance: random.Random, data: bytes) -> bytes:
    return data[: chance.randrange(len(data))]


def _splice(chance: random.Random, data: bytes) -> bytes:
    start, length = chance.randrange(len(data)), chance.randint(1, 5000)
    return data[:start] + data[start + length :] + data[start : start + length]


def _noise(chance: random.Random, data: bytes) -> bytes:
    head = chance.choice((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-1.7", b"", b"\xef\xbb\xbf"))
    return head + chance.randbytes(chance.randint(0, 4000))


def _members(data: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def _packed(members: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def _rewrite_member(chance: random.Random, data: bytes) -> bytes:
    """A well-formed archive with one damaged part: this reaches the XML readers."""
    if not data.startswith(b"PK"):
        return _splice(chance, data)
    members = _members(data)
    place = chance.randrange(len(members))
    name, content = members[place]
    old, new = chance.choice(
        (
            (b'r="', b'r="ZZ'),
            (b"<v>", b"<v>9e999"),
            (b"</c>", b""),
            (b'="', b'="&x;'),
            (b"<row", b"<r"),
            (b"$D$", b"$#$"),
        )
    )
    damaged = content.replace(old, new, chance.randint(1, 5)) if chance.random() < 0.6 else _flip(chance, content)
    members[place] = (name, damaged)
    return _packed(members)


def _drop_member(chance: random.Random, data: bytes) -> bytes:
    if not data.startswith(b"PK"):
        return _cut(chance, data)
    members = _members(data)
    members.pop(chance.randrange(len(members)))
    return _packed(members)


if __name__ == "__main__":
    main()
