"""`deployments/prefect.yaml`, the single description of what runs by itself, read without Prefect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from catalogue import DATA
from flows.settings import Settings
from transforms.timetable import Appointment, Window, read_times

FILE = Path(__file__).resolve().parents[2] / "deployments" / "prefect.yaml"
HURRIED = "only_when_hurried"

_WORK: dict[str, tuple[str, Window]] = {
    "flows.self_check.flow.check_system": ("Tự kiểm tra", "opening"),
    "flows.runs.flow.collect_period": ("Thu thập", "season"),
    "flows.reminders.flow.remind_provinces": ("Nhắc tỉnh", "season"),
    "flows.closing.flow.close_period": ("Xin ý kiến chốt số liệu", "closing"),
}


@dataclass(frozen=True)
class Described:
    """One deployment as the file describes it, its placeholders filled in for a home."""

    name: str
    description: str
    tags: tuple[str, ...]
    entrypoint: str
    parameters: dict[str, Any]
    schedules: tuple[dict[str, Any], ...]
    limit: int | None
    strategy: str
    queue: str
    job_variables: dict[str, Any]


def read_deployments(settings: Settings, file: Path = FILE) -> tuple[Described, ...]:
    """The deployments of the file, for the home and the catalogue of these settings.

    The catalogue that comes with the package is left to the worker's own package.
    """
    known = {
        "{{ $THIDUA_HOME }}": str(settings.home),
        "{{ $THIDUA_CATALOGUE }}": None if settings.catalogue == DATA.resolve() else str(settings.catalogue),
    }
    return tuple(_describe(row, known) for row in _rows(file))


def appointments(file: Path = FILE) -> tuple[Appointment, ...]:
    """The work that is on a schedule, with its hours."""
    return tuple(_appointments(_rows(file)))


def _rows(file: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))["deployments"]
    return rows


def _describe(row: dict[str, Any], known: dict[str, str | None]) -> Described:
    filled = {key: known.get(value, value) for key, value in row["parameters"].items()}
    limit = row.get("concurrency_limit") or {}
    return Described(
        row["name"],
        row["description"],
        tuple(row["tags"]),
        row["entrypoint"],
        {key: value for key, value in filled.items() if value is not None},
        tuple(row["schedules"]),
        limit.get("limit"),
        limit.get("collision_strategy", "ENQUEUE"),
        row["work_pool"]["work_queue_name"],
        row["work_pool"]["job_variables"],
    )


def _appointments(rows: list[dict[str, Any]]) -> Iterator[Appointment]:
    for row in rows:
        if row["entrypoint"] not in _WORK:
            continue
        title, window = _WORK[row["entrypoint"]]
        for schedule in row["schedules"]:
            is_hurried = bool((schedule.get("parameters") or {}).get(HURRIED))
            times = read_times(schedule["cron"])
            yield Appointment(f"{title} mỗi giờ", "hurry", times) if is_hurried else Appointment(title, window, times)
