"""A query's result written to a file of our own making, outside the locked database."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from pathlib import Path
from typing import TypeVar

from warehouse.reader import PublishedReader

Result = TypeVar("Result")
KINDS = ("csv", "json", "parquet", "xlsx")


class ExportError(Exception):
    """A result cannot be written so; the message says why, in Vietnamese."""


def kind_of(path: Path, named: str | None = None) -> str:
    """What kind of file is meant, by its name unless it is said; raises ExportError."""
    kind = named or path.suffix.removeprefix(".").casefold()
    if kind not in KINDS:
        raise ExportError(f"không biết ghi “{path.name}” dạng gì; đặt tên .csv, .xlsx, .parquet hoặc .json")
    return kind


def export(reader: PublishedReader, sql: str, path: Path, kind: str) -> int:
    """Writes all rows of a SELECT to a file and returns how many; raises ExportError, WarehouseError, OSError."""
    if path.is_dir() or not path.parent.is_dir():
        raise ExportError(f"không ghi được vào “{path}”: không có thư mục, hoặc tên này là một thư mục")
    if path.resolve() == reader.path.resolve():
        raise ExportError("không ghi đè lên bản kho")
    from publications.files.query_files import TooManyRowsError, write_result

    def write() -> int:
        with reader.batches(sql) as batches:
            return write_result(batches, path, kind)

    try:
        return until_done(write, reader.stop)
    except TooManyRowsError as error:
        raise ExportError(str(error)) from error


def print_result(reader: PublishedReader, sql: str, kind: str) -> int:
    """Writes all rows as text onto standard output."""
    from publications.files.query_files import stream_result

    def write() -> int:
        with reader.batches(sql) as batches:
            return stream_result(batches, sys.stdout.buffer, kind)

    count = until_done(write, reader.stop)
    sys.stdout.buffer.flush()
    return count


def until_done(work: Callable[[], Result], stop: Callable[[], None]) -> Result:
    """What `work` gives, done in a thread so that Ctrl-C can stop it; raises what it raises."""
    with ThreadPoolExecutor(1) as pool:
        future: Future[Result] = pool.submit(work)
        is_stopped = False
        while True:
            try:
                return future.result(timeout=0.2 if is_stopped else None)
            except KeyboardInterrupt:
                is_stopped = True
                stop()
            except NotYet:
                if future.done():
                    raise
                stop()  # the first call may have come before there was anything to stop
