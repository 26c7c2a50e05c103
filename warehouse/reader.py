"""The published copy held open for one person's questions: bounded, stoppable, and never an old copy for a new one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.published import check_statement, open_published
from warehouse.quoting import literal
from warehouse.session import WarehouseError

MEMORY = "2GB"
ROWS_A_BATCH = 50_000


class StoppedError(WarehouseError):
    """A question was stopped by whoever asked it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The first rows of a result; `types` are DuckDB's names of the columns' types, `is_cut`: there is more."""

    names: tuple[str, ...]
    types: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    is_cut: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Described:
    """A table, view or macro, or a column of one: its type, or the macro's parameters, and what it says of itself."""

    name: str
    kind: str
    comment: str


class PublishedReader:
    """One connection to a published copy, asked by one thread; `stop` may be called from another.

    Raises WarehouseError where there is no copy, for SQL that is wrong, and for anything but SELECT.
    """

    def __init__(self, path: Path, memory: str = MEMORY) -> None:
        self.path = path
        self._memory = memory
        self._connection: Any = None
        self._mark: tuple[int, int] | None = None
        self.refresh()

    def __enter__(self) -> PublishedReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def refresh(self) -> bool:
        """Open the copy that lies there now; tells whether another one was open before."""
        mark = self._look()
        if self._connection is not None and mark == self._mark:
            return False
        was_open = self._connection is not None
        self.close()  # before opening: a process opens one file once, and would be given the old one again
        try:
            self._connection = self._open()
        except duckdb.Error as error:
            raise WarehouseError(str(error)) from error
        self._mark = mark
        return was_open

    def _open(self) -> Any:
        return open_published(self.path, self._memory)

    def _look(self) -> tuple[int, int]:
        try:
            stat = self.path.stat()
        except FileNotFoundError as error:
            raise WarehouseError(f"{self.path} does not exist") from error
        return stat.st_ino, stat.st_mtime_ns

    def ask(self, sql: str, most: int) -> Answer:
        """The first `most` rows of one SELECT, of the copy that lies there now."""
        began = time.perf_counter()
        with self._asking(sql) as result:
            described = result.description or ()
            rows = result.fetchmany(most + 1)
        names = tuple(column[0] for column in described)
        types = tuple(str(column[1]) for column in described)
        return Answer(names, types, rows[:most], len(rows) > most, time.perf_counter() - began)

    def all_rows(self, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Column names and every row of one SELECT."""
        with self._asking(sql) as result:
            return [column[0] for column in result.description or ()], result.fetchall()

    @contextmanager
    def batches(self, sql: str) -> Iterator[Any]:
        """All rows of one SELECT as a reader of Arrow batches, to be used inside the block."""
        with self._asking(sql) as result:
            yield result.to_arrow_reader(ROWS_A_BATCH)

    @contextmanager
    def _asking(self, sql: str) -> Iterator[Any]:
        try:
            check_statement(sql)
            self.refresh()
            yield self._connection.execute(sql)
        except duckdb.InterruptException as error:
            raise StoppedError("đã dừng theo yêu cầu") from error
        except duckdb.OutOfMemoryException as error:
            raise WarehouseError(
                f"câu hỏi cần nhiều bộ nhớ hơn mức cho phép ({self._memory}); "
                "hãy hỏi ít hơn trong một lần: một kỳ, một chỉ tiêu, một tỉnh hoặc một phần của biểu"
            ) from error
        except duckdb.Error as error:
            raise WarehouseError(str(error)) from error
        except OSError as error:  # an error of DuckDB's that went through Arrow
            if "INTERRUPT" in str(error).upper():
                raise StoppedError("đã dừng theo yêu cầu") from error
            raise

    def stop(self) -> None:
        """Stop what is being asked, if anything is."""
        if self._connection is not None:
            self._connection.interrupt()

    def relations(self) -> list[Described]:
        """What can be asked: views first, then macros, then tables, each with its comment."""
        rows = self.ask(_RELATIONS, 10_000).rows
        return [Described(*row) for row in rows]

    def columns(self, name: str) -> list[Described]:
        """The columns of a table or view with their types, in their order; nothing for what is not there."""
        rows = self.ask(_COLUMNS.format(literal(name)), 10_000).rows
        return [Described(*row) for row in rows]

    def column_names(self) -> dict[str, list[str]]:
        """The columns of every table and view."""
        found: dict[str, list[str]] = {}
        for table, column in self.ask(_COLUMN_NAMES, 1_000_000).rows:
            found.setdefault(table, []).append(column)
        return found


_RELATIONS = """
SELECT name, kind, comment FROM (
    SELECT 0 AS place, view_name AS name, 'view' AS kind, coalesce(comment, '') AS comment
    FROM duckdb_views() WHERE NOT internal
    UNION ALL
    SELECT
        1,
        function_name,
        'macro(' || array_to_string(arg_max(parameters, len(parameters)), ', ') || ')',
        coalesce(any_value(comment), '')
    FROM duckdb_functions() WHERE function_type = 'table_macro' AND NOT internal GROUP BY function_name
    UNION ALL
    SELECT 2, table_name, 'table', coalesce(comment, '') FROM duckdb_tables() WHERE NOT internal
) ORDER BY place, name
"""
_COLUMNS = """
SELECT column_name, data_type, coalesce(comment, '') FROM duckdb_columns()
WHERE table_name = {} AND NOT internal ORDER BY column_index
"""
_COLUMN_NAMES = (
    "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal ORDER BY table_name, column_index"
)
