"""The log of runs for a person or a program: from the loader's own file, or while a run is at work from its copy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flows.home_lock import undisturbed
from flows.settings import Settings
from transforms.operation import RunChange, RunRecord
from warehouse import WarehouseError, WarehouseUnusableError, file_run_changes, file_runs

_NUMBER = re.compile(r"[0-9a-f-]{4,36}")


class NoLogError(Exception):
    """There is no log of runs to read; the message says why, in Vietnamese."""


@contextmanager
def opened_log(settings: Settings) -> Iterator[tuple[Path, bool]]:
    """The file to read runs from, and whether it is only the copy of the last publishing, as during a run."""
    with undisturbed(settings) as is_free:
        if is_free and settings.warehouse.is_file():
            yield settings.warehouse, False
            return
    if not settings.published_warehouse.is_file():
        raise NoLogError("chưa có lượt chạy nào xong; chạy: thidua run KỲ")
    yield settings.published_warehouse, True


def read_log(settings: Settings, period_code: str | None, most: int) -> tuple[list[RunRecord], bool]:
    """The latest runs, newest first, and whether they come from the copy. Raises NoLogError."""
    try:
        with opened_log(settings) as (file, is_copy):
            return file_runs(file, period_code, most), is_copy
    except WarehouseUnusableError:
        raise
    except WarehouseError as error:
        raise NoLogError(f"không đọc được nhật ký chạy ({str(error).splitlines()[0]})") from error


def read_changes(settings: Settings, number: str) -> tuple[list[RunChange], bool]:
    """What the run of that number, or beginning of one, found changed, and whether by the copy. Raises NoLogError."""
    if not _NUMBER.fullmatch(number):
        raise NoLogError(f"“{number}” không phải số của lượt chạy; xem cột “Số” của: thidua runs")
    try:
        with opened_log(settings) as (file, is_copy):
            return file_run_changes(file, number), is_copy
    except WarehouseUnusableError:
        raise
    except WarehouseError as error:
        raise NoLogError(f"không đọc được nhật ký chạy ({str(error).splitlines()[0]})") from error


def log_rows(runs: list[RunRecord]) -> list[dict[str, str]]:
    """Runs as the rows of a table for people."""
    from publications.office.run_words import describe_run

    return [describe_run(run) for run in runs]


def log_values(records: list[RunRecord] | list[RunChange]) -> list[dict[str, Any]]:
    """Runs or changes as plain values for a program; moments with their zone, null where nothing is known."""
    return [
        {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in asdict(record).items()}
        for record in records
    ]
