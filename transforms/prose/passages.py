"""Blocks into passages: what a page break cut is joined, a list goes with its opening, a cell with its header."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from transforms.prose.claims import TextBlock
from transforms.prose.tables import CELL
from transforms.prose.text import Passage, make_passage

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


@dataclass(frozen=True, slots=True)
class TableCells:
    """The cells of one table, the texts over it with the nearest first, and the headings with the highest first."""

    cells: tuple[TextBlock, ...]
    above: tuple[str, ...]
    headings: tuple[str, ...]


def gather_passages(
    blocks: Sequence[TextBlock], begins_item: Callable[[str], bool], is_name: Callable[[str], bool]
) -> Iterator[Placed | TableCells]:
    """The passages of a text in its order.

    `begins_item` says whether a line begins as an item of a list does, `is_name` whether it is a unit's name alone.
    """
    headings: dict[int, str] = {}
    place = 0
    while place < len(blocks):
        block = blocks[place]
        over = tuple(headings[level] for level in sorted(headings))
        if CELL.match(block.place):
            end = _end_of_table(blocks, place)
            yield TableCells(tuple(blocks[place:end]), (*_just_above(blocks, place), *reversed(over)), over)
        elif (level := _heading_level(block, is_name)) is not None:
            headings = {known: text for known, text in headings.items() if known < level}
            yield Placed(make_passage([block], ()), tuple(headings.values()), True)
            headings[level] = block.text
            end = place + 1
        else:
            end, joints = _end_of(blocks, place, begins_item, is_name)
            yield Placed(make_passage(blocks[place:end], joints), over)
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
        if block.is_heading or CELL.match(block.place) or _heading_level(block, is_name) is not None:
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


def _end_of_table(blocks: Sequence[TextBlock], start: int) -> int:
    """Where the cells of the table that begins at a block end."""
    first = CELL.match(blocks[start].place)
    place = start
    while place < len(blocks):
        match = CELL.match(blocks[place].place)
        if match is None or first is None or match[1] != first[1]:
            break
        place += 1
    return place


def _just_above(blocks: Sequence[TextBlock], place: int) -> tuple[str, ...]:
    """The lines before a table that may be its caption and its unit."""
    return tuple(block.text for block in reversed(blocks[max(place - 2, 0) : place]) if not CELL.match(block.place))
