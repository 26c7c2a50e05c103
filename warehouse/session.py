"""The loader's one open connection: transactions, Arrow inserts, keys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from warehouse.arrow import ZONE, has_figures, plain_columns, record_batch, without_blanks

OFFLINE = {"autoinstall_known_extensions": False}


class WarehouseError(Exception):
    """The warehouse refuses what it is asked, and says why."""


class WarehouseUnusableError(WarehouseError):
    """A database file that cannot be used now, whatever is asked of it; `reason` says why, in one line."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class WarehouseBusyError(WarehouseUnusableError):
    """Another process has the file open."""


class WarehouseDamagedError(WarehouseUnusableError):
    """A file that is no database of ours: damaged, something else, or, `is_newer`, made by newer software."""

    def __init__(self, path: Path, reason: str, *, is_newer: bool = False) -> None:
        super().__init__(path, reason)
        self.is_newer = is_newer


_OF_MACHINE = re.compile(
    "No space left|quota exceeded|Permission denied|not permitted|Read-only file|Input/output|Too many open"
    "|Out of Memory|allocate"
)


def unusable(path: Path, error: Exception) -> WarehouseUnusableError:
    """Why a file cannot be opened, given DuckDB's error."""
    reason = str(error).splitlines()[0]
    if "Could not set lock" in reason:
        return WarehouseBusyError(path, "is open in another process")
    if _OF_MACHINE.search(reason):
        return WarehouseUnusableError(path, reason)
    return WarehouseDamagedError(path, reason, is_newer="with version number" in reason)


def make_engine(path: Path) -> Engine:
    """An engine on a DuckDB file that keeps nothing open between connections and installs nothing."""
    return create_engine(
        URL.create("duckdb", database=str(path)), poolclass=NullPool, connect_args={"config": dict(OFFLINE)}
    )


class Session:
    """One connection to the loader's file, used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.keys: dict[str, dict[Any, int]] = {}
        self._last_keys: dict[str, int] = {}
        self._has_one_thread = False
        was_there = path.exists()
        try:
            self.connection: Connection = make_engine(path).connect()
        except DBAPIError as error:
            if not was_there:
                path.unlink(missing_ok=True)  # a beginning of a file, which a full disk left and nobody could open
            raise unusable(path, error.orig if isinstance(error.orig, Exception) else error) from error
        raw: Any = self.connection.connection.driver_connection
        self._raw = raw
        self._raw.execute(f"SET TimeZone = '{ZONE}'")

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block or nothing of it; whatever is raised inside leaves it and rolls back."""
        try:
            with self.connection.begin():
                yield
        except BaseException:
            self.forget()
            raise

    def use_one_thread(self, is_wanted: bool) -> None:
        """Whether the next statements are small: handing those to several threads costs more than it gains."""
        if is_wanted != self._has_one_thread:
            self.execute("SET threads = 1" if is_wanted else "RESET threads")
            self._has_one_thread = is_wanted

    def forget(self) -> None:
        """Drop what is remembered of keys; it may not be true after a failure."""
        self.keys.clear()
        self._last_keys.clear()

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._raw.execute(sql, list(parameters)).fetchall()
        return found

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        self._raw.execute(sql, list(parameters))

    def columns(self, sql: str, parameters: Sequence[Any] = ()) -> dict[str, list[Any]]:
        """A result as one list per column: exact decimals without the zeros of storage, moments with their zone."""
        self.use_one_thread(False)
        table = self._raw.execute(sql, list(parameters)).to_arrow_table()
        return plain_columns(table)

    def insert(self, table: Table, columns: Mapping[str, Sequence[Any]], *, replacing: str = "") -> None:
        """Add rows given as columns; with `replacing`, rows of an equal key are overwritten.

        One row goes in as parameters, more as Arrow. Columns not given, and blank texts where they may be, are NULL.
        """
        length = len(next(iter(columns.values())))
        if not length:
            return
        conflict = ""
        if replacing:
            changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name != replacing)
            conflict = f" ON CONFLICT ({replacing}) DO UPDATE SET {changes}"
        if length == 1 and not has_figures(table):
            marks = ", ".join("?" * len(columns))
            names = ", ".join(columns)
            values = [column[0] for column in without_blanks(table, columns).values()]
            self._raw.execute(f"INSERT INTO {table.name} ({names}) VALUES ({marks}){conflict}", values)
            return
        self._raw.register("incoming", record_batch(table, columns))
        try:
            self._raw.execute(f"INSERT INTO {table.name} BY NAME SELECT * FROM incoming{conflict}")
        finally:
            self._raw.unregister("incoming")

    def stage(self, table: Table, columns: Mapping[str, Sequence[Any]]) -> None:
        """Put rows beside a table, from where `move` takes them; what was staged before is gone."""
        self._raw.register("incoming", record_batch(table, columns))
        try:
            self._raw.execute(f"CREATE OR REPLACE TEMP TABLE staged_{table.name} AS SELECT * FROM incoming")
        finally:
            self._raw.unregister("incoming")

    def move(self, table: Table, column: str, key: int) -> None:
        """Add the staged rows of one key to their table."""
        name = table.name
        self.execute(f"INSERT INTO {name} BY NAME SELECT * FROM staged_{name} WHERE {column} = ?", [key])

    def next_keys(self, table: Table, count: int) -> range:
        """The next unused surrogate keys of a table; the file has one writer, so counting here is safe."""
        if table.name not in self._last_keys:
            column = next(iter(table.primary_key)).name
            [(last,)] = self.rows(f"SELECT coalesce(max({column}), 0) FROM {table.name}")
            self._last_keys[table.name] = last
        first = self._last_keys[table.name] + 1
        self._last_keys[table.name] += count
        return range(first, first + count)

    def known(self, name: str, sql: str) -> dict[Any, int]:
        """A map from natural to surrogate keys, read once per connection.

        `sql` gives the parts of the natural key and, last, the surrogate key. Forgotten when a transaction fails.
        """
        if name not in self.keys:
            self.keys[name] = {row[0] if len(row) == 2 else row[:-1]: row[-1] for row in self.rows(sql)}
        return self.keys[name]
