"""Blocks into passages: what a page break cut is joined, a list goes with its opening, a cell with its header."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from transforms.prose import TextBlock
from transforms.prose_text import Passage, make_passage

_CELL = re.compile(r"bảng (\d+), dòng (\d+), cột (\d+)")
_LEVELS = (
    re.compile(r"[IVX]{1,5}[.)]\s"),
    re.compile(r"\d{1,2}[.)]\s"),
    re.compile(r"\d{1,2}\.\d{1,2}[.)]?\s"),
    re.compile(r"[a-zđ][.)]\s"),
)
_LONGEST_HEADING = 120
_CLOSING = " ”\"'’)*_"
_ENDS = (".", ":", "!", "?", ";", "/")
_WORD = re.compile(r"[a-zà-ỹđ(,%]")
ITEM = " ; "


@dataclass(frozen=True, slots=True)
class Placed:
    """A passage and the headings over it, the highest first."""

    passage: Passage
    headings: tuple[str, ...]
    is_heading: bool = False


def gather_passages(
    blocks: Sequence[TextBlock], begins_item: Callable[[str], bool], is_name: Callable[[str], bool]
) -> Iterator[Placed]:
    """The passages of a text in its order.

    `begins_item` says whether a line begins as an item of a list does, `is_name` whether it is a unit's name alone.
    """
    headings: dict[int, str] = {}
    place = 0
    while place < len(blocks):
        block = blocks[place]
        over = tuple(headings[level] for level in sorted(headings))
        if _CELL.match(block.place):
            end = place
            while end < len(blocks) and _CELL.match(blocks[end].place):
                end += 1
            yield from (Placed(passage, over) for passage in _table_passages(blocks[place:end]))
        elif (level := _heading_level(block, is_name)) is not None:
            headings = {known: text for known, text in headings.items() if known < level}
            yield Placed(make_passage([(block, True)], ()), tuple(headings.values()), True)
            headings[level] = block.text
            end = place + 1
        else:
            end, joints = _end_of(blocks, place, begins_item, is_name)
            yield Placed(make_passage([(b, True) for b in blocks[place:end]], joints), over)
        place = end


def _heading_level(block: TextBlock, is_name: Callable[[str], bool]) -> int | None:
    """How high a heading stands, 0 the highest; None for what is none. Plain lines may be headings by their numbers."""
    text = block.text.rstrip(_CLOSING)
    for level, pattern in enumerate(_LEVELS):
        number = pattern.match(text)
        if number and (block.is_heading or _is_plain_heading(text, number.end())):
            return level
    if block.is_heading or is_name(text):
        return len(_LEVELS)
    return None


def _is_plain_heading(text: str, start: int) -> bool:
    is_short = len(text) <= _LONGEST_HEADING and not text.endswith((".", ";", ","))
    said = text[start:]
    return is_short and (said.isupper() or not (":" in said[:-1] or any(c.isdigit() for c in said)))


def _end_of(
    blocks: Sequence[TextBlock], start: int, begins_item: Callable[[str], bool], is_name: Callable[[str], bool]
) -> tuple[int, list[str]]:
    """Where a passage that begins at a block ends, and what joins its blocks."""
    joints: list[str] = []
    is_list = False
    place = start + 1
    while place < len(blocks):
        before, block = blocks[place - 1].text.rstrip(_CLOSING), blocks[place]
        if block.is_heading or _CELL.match(block.place) or _heading_level(block, is_name) is not None:
            break
        opens = before.endswith(":")
        is_list = is_list or opens
        if block.continues or (not before.endswith(_ENDS) and _WORD.match(block.text)):
            joints.append(" ")
        elif opens or before.endswith((";", ",")) or (is_list and begins_item(block.text)):
            joints.append(ITEM)
        else:
            break
        place += 1
    return place, joints


def _table_passages(cells: Sequence[TextBlock]) -> Iterator[Passage]:
    """One passage a cell that holds a digit: the header over it and the names at its left say what it is of."""
    rows: dict[tuple[int, int], dict[int, TextBlock]] = {}
    for block in cells:
        match = _CELL.match(block.place)
        assert match is not None
        rows.setdefault((int(match[1]), int(match[2])), {})[int(match[3])] = block
    header: dict[int, TextBlock] = {}
    for (table, row), columns in rows.items():
        if (table, row - 1) not in rows:
            header = {}
        is_header = not any(_is_figure(block.text) for column, block in columns.items() if column > 1)
        if is_header:
            header |= columns
        names = [block for block in columns.values() if not _is_figure(block.text)]
        for column, block in columns.items():
            if not any(c.isdigit() for c in block.text):
                continue
            if is_header or not _is_figure(block.text):
                yield make_passage([(block, True)], ())
                continue
            said = [*(n for n in names if n is not block)]
            if column in header:
                said.insert(0, header[column])
            yield make_passage([*((b, False) for b in said), (block, True)], [" : "] * len(said))


def _is_figure(text: str) -> bool:
    """Whether a cell holds a number and hardly any words."""
    return any(c.isdigit() for c in text) and sum(c.isalpha() for c in text) <= 12 and not text[:1].isalpha()
