"""Bringing a lake to what the published copy says: in one transaction, only what differs, and read back."""

from __future__ import annotations

import datetime as dt
import hashlib
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import Table

from warehouse.definition import head_revision
from warehouse.lake import tables
from warehouse.lake.attached import open_beside, say_trouble
from warehouse.lake.place import ALIAS, LakeError, LakePlace
from warehouse.quoting import literal

KEPT = dt.timedelta(days=30)  # how long an older state of the lake can be asked for
SMALL = 16_000_000  # bytes of a file that is not joined with others: a small change does not write all of history anew


@dataclass(frozen=True, slots=True)
class Mark:
    """How much of a table the lake holds: rows, the sum of their hashes, the largest key (None: no key, or no row)."""

    rows: int
    checksum: str
    last_key: int | None


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push came to: rows written, tables written anew, what the lake then holds; `is_new`: anything differed.

    `left` says what of the tidying up could not be done; the next push does it.
    """

    is_new: bool
    written: int
    rewritten: tuple[str, ...]
    rows: int
    contents: str
    left: str = ""


def push(
    place: LakePlace, copy: Path, home_id: str, home_name: str, at: dt.datetime, *, take_over: bool = False
) -> Pushed:
    """Makes the lake say what the published copy says; whoever reads it meanwhile sees the state before, whole.

    A push that is killed leaves the lake as it was. Raises LakeError: it cannot be reached, it is another home's (with
    `take_over` it becomes this one's), a newer program wrote it, or what was written does not read back.
    """
    with closing(open_beside(place, copy, is_writing=True)) as connection:
        try:
            connection.execute("BEGIN")
            made = _push(connection, home_id, home_name, at, take_over)
            connection.execute("COMMIT" if made.is_new else "ROLLBACK")
        except duckdb.Error as error:
            raise LakeError(say_trouble(place, error)) from error
        try:
            if made.is_new:
                _tidy(connection, at)
        except duckdb.Error as error:
            return replace(made, left=say_trouble(place, error))
    return made


def _push(connection: Any, home_id: str, home_name: str, at: dt.datetime, take_over: bool) -> Pushed:
    there = tables.structure(connection, ALIAS)
    known, defined = _look(connection, there, home_id, take_over)
    wanted = tables.structure(connection, "copy")
    marks: dict[str, Mark] = {}
    written, rewritten = 0, []
    for table in tables.STAR:
        is_alike = there.get(table.name) == wanted[table.name]
        mark = marks[table.name] = measure(connection, table, "copy")
        if is_alike and known.get(table.name) == mark:
            continue
        before = known.get(table.name) if is_alike else None
        if before is not None and _only_grew(connection, table, before):
            written += _append(connection, table, before, mark)
            continue
        if is_alike:
            connection.execute(f"DELETE FROM {table.name}")
        else:
            _make(connection, table, table.name in there)
        _rewrite(connection, table, mark)
        rewritten.append(table.name)
        written += mark.rows
    for name in known.keys() - marks.keys() & there.keys():  # of an earlier version of the program
        connection.execute(f"DROP TABLE {name}")
    fingerprint = tables.fingerprint(connection)
    if fingerprint != defined:
        tables.define(connection)
    contents = hashlib.sha256(repr(sorted(marks.items())).encode()).hexdigest()
    is_new = bool(rewritten or known != marks or fingerprint != defined or take_over)
    if is_new:
        _note(connection, marks, (home_id, home_name, head_revision(), fingerprint, contents, at))
    return Pushed(is_new, written, tuple(rewritten), sum(mark.rows for mark in marks.values()), contents)


def _look(connection: Any, there: Any, home_id: str, take_over: bool) -> tuple[dict[str, Mark], str]:
    """What the lake says of itself: its marks and the fingerprint of its views; makes the notes where it is new."""
    if tables.lake_home.name not in there:
        if there:
            raise LakeError(
                f"hồ dữ liệu này có bảng của chương trình khác ({', '.join(sorted(there)[:3])}…); chọn hồ khác"
            )
        for name, value in tables.OPTIONS.items():
            connection.execute(f"CALL ducklake_set_option('{ALIAS}', '{name}', '{value}')")
        for table in tables.notes.tables.values():
            _make(connection, table, False)
        return {}, ""
    rows = connection.execute(
        f"SELECT home_id, home_name, revision, definition FROM {tables.lake_home.name}"
    ).fetchall()
    [(owner, name, revision, definition)] = rows or [(home_id, "", "", "")]
    if owner != home_id and not take_over:
        raise LakeError(
            f"hồ dữ liệu này là của nhà dữ liệu khác ({name}); nếu nhà ấy không còn dùng nữa thì nhận về bằng: "
            "thidua lake --take-over"
        )
    if revision > head_revision():
        raise LakeError(
            f"hồ dữ liệu này do bản chương trình mới hơn ghi (cấu trúc {revision}); nâng cấp máy này rồi ghi"
        )
    marks = connection.execute(f"SELECT table_name, row_count, checksum, last_key FROM {tables.lake_table.name}")
    return {name: Mark(*rest) for name, *rest in marks.fetchall()}, definition


def measure(connection: Any, table: Table, database: str, where: str = "") -> Mark:
    name, key = table.name, tables.growing_key(table)
    largest = f"max({key})" if key else "NULL::INTEGER"
    columns = ", ".join(column.name for column in table.columns)
    summed = f"coalesce(sum(hash({columns})::HUGEINT), 0)::VARCHAR"
    [row] = connection.execute(f"SELECT count(*), {summed}, {largest} FROM {database}.{name} {where}").fetchall()
    return Mark(*row)


def _only_grew(connection: Any, table: Table, before: Mark) -> bool:
    """Whether the rows that the lake has are all there still and unchanged, and the others have larger keys."""
    if before.last_key is None:
        return before.rows == 0 and bool(tables.growing_key(table))
    return measure(connection, table, "copy", f"WHERE {tables.growing_key(table)} <= {before.last_key}") == before


def _append(connection: Any, table: Table, before: Mark, mark: Mark) -> int:
    where = f"WHERE {tables.growing_key(table)} > {before.last_key}" if before.last_key is not None else ""
    connection.execute(f"INSERT INTO {table.name} BY NAME SELECT * FROM copy.{table.name} {where}")
    added = Mark(
        mark.rows - before.rows, str(int(mark.checksum) - int(before.checksum)), mark.last_key
    )  # sums subtract
    _read_back(connection, table, added, where)
    return added.rows


def _rewrite(connection: Any, table: Table, mark: Mark) -> None:
    connection.execute(f"INSERT INTO {table.name} BY NAME SELECT * FROM copy.{table.name}")
    _read_back(connection, table, mark, "")


def _read_back(connection: Any, table: Table, wanted: Mark, where: str) -> None:
    found = measure(connection, table, ALIAS, where)
    if found != wanted:
        raise LakeError(f"bảng {table.name} ghi vào hồ rồi đọc lại thì khác ({found.rows} dòng, phải là {wanted.rows})")


def _make(connection: Any, table: Table, is_there: bool) -> None:
    if is_there:
        connection.execute(f"DROP TABLE {table.name}")
    for statement in tables.create(table):
        connection.execute(statement)


def _note(connection: Any, marks: dict[str, Mark], home: tuple[Any, ...]) -> None:
    connection.execute(f"DELETE FROM {tables.lake_home.name}")
    connection.execute(f"INSERT INTO {tables.lake_home.name} VALUES (?, ?, ?, ?, ?, ?)", list(home))
    connection.execute(f"DELETE FROM {tables.lake_table.name}")
    rows = ", ".join(
        f"({literal(name)}, {mark.rows}, {literal(mark.checksum)}, {'NULL' if (key := mark.last_key) is None else key})"
        for name, mark in sorted(marks.items())
    )
    connection.execute(f"INSERT INTO {tables.lake_table.name} VALUES {rows}")


def _tidy(connection: Any, at: dt.datetime) -> None:
    """Joins small files, lets go of states older than KEPT, and of files that nothing names any more."""
    old = f"older_than => {literal((at - KEPT).isoformat())}::TIMESTAMPTZ"
    a_day = f"older_than => {literal((at - dt.timedelta(days=1)).isoformat())}::TIMESTAMPTZ"
    for call in (
        f"ducklake_expire_snapshots('{ALIAS}', {old})",
        f"ducklake_merge_adjacent_files('{ALIAS}', max_file_size => {SMALL})",
        f"ducklake_cleanup_old_files('{ALIAS}', {a_day})",
        f"ducklake_delete_orphaned_files('{ALIAS}', {a_day})",  # of pushes that were killed
    ):
        connection.execute(f"CALL {call}")
