"""Lines of Markdown or of plain text into blocks, without the marks of emphasis, headings, lists and tables."""

from __future__ import annotations

import html
import re

from transforms.document_text import Letters, compose
from transforms.text import clean_text

_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")
_KEPT = 0xE000  # a private letter for every mark that is meant as such
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_RAISED = re.compile(r"<sup>\s*[\d*†‡()]*\s*</sup>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_NOTE_SIGN = re.compile(r"\[\^[^\]\s]+\](?!:)")
_NOTE = re.compile(r"\[\^[^\]\s]+\]:\s*")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = (
    re.compile(r"(\*{1,3})(?=\S)(.+?)(?<=\S)\1"),
    re.compile(r"(?<!\w)(_{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)"),
    re.compile(r"(~~|`{1,3})(?=\S)(.+?)(?<=\S)\1"),
)
_LONE = re.compile(r"(?<!\w)\*{2,3}|\*{2,3}(?!\w)")  # of an emphasis that goes on in another line
_HEADING = re.compile(r"#{1,6}\s+")
_QUOTE = re.compile(r"(?:>\s?)+")
_BULLET = re.compile(r"[-+*•●]\s+")
_RULE = re.compile(r"(?:[-*_=]\s*){3,}")
_WHOLE = re.compile(r"(\*{1,3}|_{1,3})(?=\S)(.+?)(?<=\S)\1[:.]?")
_DELIMITER = re.compile(r"\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?")
_LONGEST_HEADING = 250


def read_lines(text: str) -> list[Letters]:
    """One block per line that says something, and per cell of a table; `place` is its line, or its place in a table."""
    blocks: list[Letters] = []
    table = row = 0
    lines = re.split(r"\r\n|[\n\r\f\v\u0085\u2028\u2029]", _COMMENT.sub("", text))
    for number, line in enumerate(lines, start=1):
        written = _ESCAPED.sub(lambda match: chr(_KEPT + ord(match[1])), line.strip())
        is_row = written.startswith("|") and written.count("|") > 1
        table, row = table + (is_row and not row), row + 1 if is_row else 0
        if is_row:
            if _DELIMITER.fullmatch(written):
                row -= 1
                continue
            cells = written.strip("|").split("|")
            for column, cell in enumerate(cells, start=1):
                _put(blocks, cell.strip(), f"bảng {table}, dòng {row}, cột {column}", is_cell=True)
        elif written and not _RULE.fullmatch(written):
            _put(blocks, written, f"dòng {number}")
    return blocks


def _put(blocks: list[Letters], written: str, place: str, *, is_cell: bool = False) -> None:
    is_heading = is_item = False
    if not is_cell:
        written = _QUOTE.sub("", written, count=1) if written.startswith(">") else written
        written = _NOTE.sub("", written, count=1) if written.startswith("[^") else written
        heading, bullet = _HEADING.match(written), _BULLET.match(written)
        is_heading = heading is not None or (_WHOLE.fullmatch(written) is not None and len(written) <= _LONGEST_HEADING)
        is_item = bullet is not None
        mark = heading or bullet
        written = written[mark.end() :] if mark else written
    text, origins = compose([(letter, None, None) for letter in clean_text(strip_marks(written))])
    if text:
        blocks.append(Letters(text, origins, place, is_heading, is_item, is_cell))


def strip_marks(text: str) -> str:
    """A line without the marks of emphasis, links, tags and notes; marks that are escaped stay as they are meant."""
    text = _BREAK.sub(" ", _RAISED.sub("", text))
    text = _NOTE_SIGN.sub("", _LINK.sub(r"\1", _IMAGE.sub("", _TAG.sub("", text))))
    for pattern in _EMPHASIS:
        before = ""
        while before != text:
            before, text = text, pattern.sub(r"\2", text)
    text = html.unescape(_LONE.sub("", text))
    return "".join(chr(ord(c) - _KEPT) if _KEPT < ord(c) < _KEPT + 128 else c for c in text)
