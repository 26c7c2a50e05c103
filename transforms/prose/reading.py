"""A report's blocks into all they say in figures: each number a claim, unplaced with a reason, or ignored by kind."""

from __future__ import annotations

import re
from collections.abc import Sequence

from catalogue.model import Catalogue
from transforms.figures import evident_style
from transforms.heading_text import periods_in
from transforms.numerals import Style
from transforms.prose.claims import Prose, TextBlock
from transforms.prose.lists import gather_lists
from transforms.prose.passages import Placed, TableCells, gather_passages
from transforms.prose.phrases import PhraseBook, book_of
from transforms.prose.sentences import Found, SentenceReader
from transforms.prose.tables import read_table
from transforms.prose.text import make_passage, split_tokens
from transforms.text import fold

MOST_NAME = 8
_PLAN = re.compile(r"\b(?:phuong huong|nhiem vu trong tam|muc tieu|giai phap)\b")


def read_prose(catalogue: Catalogue, blocks: Sequence[TextBlock], period_code: str = "") -> Prose:
    """All that a text says in figures; `period_code` is the half-year it reports on where the caller knows it.

    What stands under a heading that names another half-year is of that one.
    """
    book = book_of(catalogue)
    named = find_period_of(catalogue, blocks)
    period = period_code or named
    style: Style = "en" if evident_style(" ".join(b.text for b in blocks)) == "en" else "vi"
    reader = _Reader(catalogue, book, period, style, named)
    for part in gather_passages(blocks, lambda text: _begins_item(book, text), lambda text: _is_name(book, text)):
        reader.read(part)
    found = reader.found
    claims, lists = gather_lists(found.claims, reader.passages, catalogue.cluster_id, found.sentences)
    return Prose(tuple(blocks), period, claims, tuple(found.unplaced), tuple(found.ignored), lists)


class _Reader:
    """Reads passages and tables one after another; `passages` are the claims of each."""

    def __init__(
        self, catalogue: Catalogue, book: PhraseBook, period_code: str, style: Style, named_period: str
    ) -> None:
        self.catalogue = catalogue
        self.book = book
        self.period_code = period_code
        self.style: Style = style
        self._as_named = {named_period: period_code}  # the caller knows better what the text calls so
        self.found = Found()
        self.passages: list[range] = []

    def read(self, part: Placed | TableCells) -> None:
        first = len(self.found.claims)
        if isinstance(part, Placed):
            self._read_passage(part)
        else:
            self._read_table(part)
        self.passages.append(range(first, len(self.found.claims)))

    def _read_passage(self, placed: Placed) -> None:
        is_plan = any(_is_plan_heading(heading) for heading in placed.headings)
        reader = SentenceReader(
            self.catalogue,
            self.book,
            placed,
            self._period_under(placed.headings),
            self.style,
            self.found,
            is_plan=is_plan,
        )
        reader.read()

    def _period_under(self, headings: Sequence[str]) -> str:
        """The half-year of what stands under headings: the lowest that names one and no other decides."""
        for heading in reversed(headings):
            codes = [] if _is_plan_heading(heading) else periods_in(self.catalogue, heading)
            if len(codes) == 1:
                return self._as_named.get(codes[0], codes[0])
        return self.period_code

    def _read_table(self, table: TableCells) -> None:
        period = self._period_under(table.headings)
        figures = read_table(self.catalogue, table.cells, table.above, period, self.style)
        for block in figures.texts:
            self._read_passage(Placed(make_passage([block], ()), table.headings))
        self.found.claims.extend(figures.claims)
        self.found.unplaced.extend(figures.unplaced)
        self.found.ignored.extend(figures.ignored)
        self.found.sentences.extend([self.found.sentence_count] * len(figures.claims))
        self.found.sentence_count += 1


def find_period_of(catalogue: Catalogue, blocks: Sequence[TextBlock]) -> str:
    """The half-year a text reports on: its headings say it before its sentences do; empty where neither does."""
    for is_heading in (True, False):
        counted: dict[str, int] = {}
        for block in blocks:
            if block.is_heading != is_heading or _is_plan_heading(block.text):
                continue
            for code in periods_in(catalogue, block.text)[:1]:
                counted[code] = counted.get(code, 0) + 1
        if counted:
            return max(counted, key=lambda code: counted[code])
    return ""


def _begins_item(book: PhraseBook, text: str) -> bool:
    """Whether a line begins as an item: with a unit's name or a numeral."""
    tokens = split_tokens(text[:60])
    if not tokens:
        return False
    marks = book.find(tokens, frozenset())[0]
    return bool(marks) and marks[0].start == 0 and marks[0].has("place")


def _is_name(book: PhraseBook, text: str) -> bool:
    """Whether a line is a unit's name and nothing else: it then stands over what follows."""
    tokens = [token for token in split_tokens(text) if token.key not in (":", ".", ")", "-")]
    marks = book.find(tokens, frozenset())[0] if 0 < len(tokens) < MOST_NAME else []
    return len(marks) == 1 and marks[0].has("place") and marks[0].end - marks[0].start >= len(tokens) - 1


def _is_plan_heading(heading: str) -> bool:
    return _PLAN.search(fold(heading)) is not None and "ket qua" not in fold(heading)
