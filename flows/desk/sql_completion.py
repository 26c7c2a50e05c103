"""What the Tab key offers: tables, views, macros, columns, codes, words of SQL, and the shell's own commands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from flows.desk.sql_words import COMMAND_LINES, fold
from warehouse import WarehouseError
from warehouse.reader import PublishedReader

KEYWORDS = (
    *("SELECT", "FROM", "WHERE", "GROUP BY", "ORDER BY", "HAVING", "LIMIT", "WITH", "AS", "JOIN", "LEFT JOIN", "ON"),
    *("USING", "UNION ALL", "DISTINCT", "CASE", "WHEN", "THEN", "ELSE", "END", "AND", "OR", "NOT", "IN", "IS", "NULL"),
    *("BETWEEN", "LIKE", "ILIKE", "ASC", "DESC", "count", "sum", "avg", "min", "max", "round", "coalesce"),
)
_WORD = re.compile(r"\w*$")
_QUOTED = re.compile(r"'([^']*)$")
_TABLE_PLACE = re.compile(r"\b(?:from|join)\s+\w*$", re.IGNORECASE)
_MOST = 60


@dataclass
class Vocabulary:
    """The names of a published copy, each with a few words on what it is."""

    relations: dict[str, str] = field(default_factory=dict)
    macros: dict[str, str] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)


def read_vocabulary(reader: PublishedReader) -> Vocabulary:
    """The names of the copy that is open; what it cannot tell is left out."""
    found = Vocabulary()
    for described in reader.relations():
        place = found.macros if described.kind.startswith("macro") else found.relations
        place[described.name] = described.comment.split(".")[0]
    found.columns = reader.column_names()
    for sql in (
        "SELECT indicator_code, label FROM dim_indicator WHERE is_current",
        "SELECT province_id, name FROM dim_province",
        "SELECT name, province_id FROM dim_province",
        "SELECT period_code, name FROM dim_period",
        "SELECT DISTINCT status, 'trạng thái' FROM observations",
        "SELECT DISTINCT rule_code, title FROM dim_rule",
    ):
        try:
            found.codes |= {str(code): str(words) for code, words in reader.ask(sql, 10_000).rows}
        except WarehouseError:  # a copy of an older program may lack a table
            continue
    return found


class SqlCompleter(Completer):
    """Offers what fits what is being typed; between quotation marks codes and names, otherwise the words of SQL."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        before = document.text_before_cursor
        if before.startswith("."):
            yield from self._commands(before)
            return
        quoted = _QUOTED.search(before) if before.count("'") % 2 else None
        if quoted:
            yield from _offer(quoted[1], self.vocabulary.codes.items())
            return
        word = _WORD.search(before)
        typed = word[0] if word else ""
        if _TABLE_PLACE.search(before):
            yield from _offer(typed, self._tables())
        elif typed:
            yield from _offer(typed, self._names(document.text))

    def _commands(self, before: str) -> Iterator[Completion]:
        for head in (".mo ta ", ".mô tả ", ".mota "):
            if before.startswith(head):
                names = {**self.vocabulary.relations, **self.vocabulary.macros}
                yield from _offer(before.removeprefix(head), names.items())
                return
        for line in COMMAND_LINES:
            if line.startswith(fold(before)) or fold(line).startswith(fold(before)):
                yield Completion(line, start_position=-len(before))

    def _tables(self) -> Iterator[tuple[str, str]]:
        yield from self.vocabulary.relations.items()
        yield from ((f"{name}(", words) for name, words in self.vocabulary.macros.items())

    def _names(self, text: str) -> Iterator[tuple[str, str]]:
        """Columns of the tables that the statement names come first, then everything that can stand in a statement."""
        used = [name for name in self.vocabulary.columns if re.search(rf"\b{re.escape(name)}\b", text)]
        told: set[str] = set()
        for table in used or self.vocabulary.columns:
            for column in self.vocabulary.columns[table]:
                if column not in told:
                    told.add(column)
                    yield column, f"cột của {table}"
        yield from self._tables()
        yield from ((word, "") for word in KEYWORDS)


def _offer(typed: str, names: Iterable[tuple[str, str]]) -> Iterator[Completion]:
    wanted, count = fold(typed), 0
    for name, words in names:
        if fold(name).startswith(wanted) and count < _MOST:
            count += 1
            yield Completion(name, start_position=-len(typed), display_meta=words[:60])
