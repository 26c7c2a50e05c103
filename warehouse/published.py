"""The analysts' copy: put in place at once, opened so that nothing can be written."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from pathlib import Path
from typing import Any

import duckdb

from warehouse.arrow import ZONE
from warehouse.session import OFFLINE, Session, WarehouseBusyError, WarehouseError, unusable

CLOSED: dict[str, str | bool | int | float | list[str]] = {
    **OFFLINE,
    "autoload_known_extensions": False,
    "enable_external_access": False,
    "allow_persistent_secrets": False,
    "temp_directory": "",  # spilling would write beside the published copy
}
_ALLOWED = {"SELECT", "EXPLAIN"}
# The first open files on the side; DuckDB 1.5 refuses that too late, and then aborts the process. The others run
# a text that is put together while they run, in which the first could hide; or speak to a lake's server past the lake.
_REFUSED = re.compile(
    r"enable_(logging|profil)|\bquery\b\W*\(|json_execute_serialized_sql"
    r"|\b(postgres|pg)_(query|execute|scan|attach|clear|configure)\w*|\bducklake_(?!snapshots|table_info|options)\w+",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"/\*.*?\*/|--[^\n]*", re.DOTALL)


def publish_copy(session: Session, target: Path) -> None:
    """Replace `target` by the warehouse's present state at once; readers of the old copy keep it.

    Closes the session: DuckDB's lock on the file would not survive that the copy is read in this process.
    """
    session.execute("CHECKPOINT")
    session.close()
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.new")
    with session.path.open("rb") as source:
        try:
            fcntl.lockf(source, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError as error:
            raise WarehouseBusyError(session.path, "is open in another process") from error
        if session.path.with_name(session.path.name + ".wal").exists():
            raise WarehouseBusyError(session.path, "was changed while it was published")
        try:
            with fresh.open("wb") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
                copy.flush()
                os.fsync(copy.fileno())
        except OSError:
            fresh.unlink(missing_ok=True)  # half a copy would keep a full disk full
            raise
    fresh.replace(target)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def query(path: Path, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows of one SELECT on a warehouse file, with no way to write or to read other files.

    Raises WarehouseError for a missing file, for SQL that is wrong, and for any other kind of statement.
    """
    if not path.is_file():
        raise WarehouseError(f"{path} does not exist")
    try:
        check_statement(sql)
        with open_published(path) as connection:
            result = connection.execute(sql)
            names = [column[0] for column in result.description or ()]
            return names, result.fetchall()
    except duckdb.Error as error:
        raise WarehouseError(str(error)) from error


def check_statement(sql: str) -> None:
    """Whether a text is of SELECT (or EXPLAIN) only; raises WarehouseError, or DuckDB's own error, where it is not."""
    statements = duckdb.extract_statements(sql)
    is_refused = _REFUSED.search(sql) or _REFUSED.search(_COMMENT.sub(" ", sql))
    if not statements or any(s.type.name not in _ALLOWED for s in statements) or is_refused:
        raise WarehouseError("ở đây chỉ chạy được một câu SELECT (hoặc EXPLAIN), không sửa và không ghi được gì")


def open_published(path: Path, memory: str = "") -> Any:
    """A connection to a warehouse file that can neither write nor look elsewhere; `memory` bounds what it may use.

    Raises WarehouseUnusableError where the file cannot be opened.
    """
    limits = {"memory_limit": memory} if memory else {}
    try:
        connection = duckdb.connect(str(path), read_only=True, config={**CLOSED, **limits})
    except duckdb.Error as error:
        raise unusable(path, error) from error
    try:
        connection.execute("SET python_enable_replacements = false")
        connection.execute(f"SET TimeZone = '{ZONE}'")
        connection.execute("SET lock_configuration = true")
    except BaseException:
        connection.close()
        raise
    return connection
