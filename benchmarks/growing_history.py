"""A star of any size to ask questions of: two half-years loaded as runs load them, those between filled in SQL.

The units are made up; three quarters of them merge, three into one, the day after the last half-year. Every half-year
has figures of its own, blanks, corrections, two assessments, findings, disputes, derived figures and restatements.
"""

from __future__ import annotations

import csv
import datetime as dt
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.scale_history import READ_AT, History, write_calendar
from benchmarks.season import name_of, write_catalogue, write_returns
from transforms.observation import Reading, Submission
from transforms.versions import reader_version
from warehouse.kept import keep_all

FILL = Path(__file__).with_name("growing_fill.sql")
MERGED_ON = "merged-on.txt"  # beside the warehouse: the first day of the newer map
BATCH = 208


@dataclass(frozen=True)
class Grown:
    """A warehouse file filled to its size, and what it took: figures a second on both product-loaded half-years."""

    path: Path
    periods: tuple[str, ...]
    merged_on: dt.date
    observations: int
    first_rate: float
    last_rate: float
    filled_in: float


def grow(folder: Path, units: int, periods: int, indicators: int) -> Grown:
    """Fills `folder/warehouse.duckdb`; the members of one half-year all send, each with so many indicators."""
    tables = write_catalogue(folder / "catalogue", units)
    _ask_for(tables / "indicators.csv", indicators)
    codes = write_calendar(tables, periods)
    merged_on = _day_after(codes[-1])
    _merge(tables, units, merged_on)
    (folder / MERGED_ON).write_text(str(merged_on))
    [returned] = write_returns(folder / "returns", 1)
    history = History(tables, returned, folder / "warehouse.duckdb")
    first_rate = _load(history, codes[0])
    session = history.warehouse._opened()
    began = time.perf_counter()
    for number, code in enumerate(codes):
        is_loaded = number in (0, len(codes) - 1)
        if number == len(codes) - 1:
            filled_in = time.perf_counter() - began
            last_rate = _load(history, code)
        given = {"p": code, "first": codes[0], "n": number, "earlier": codes[max(number - 2, 0)], "units": units}
        steps = FILL.read_text(encoding="utf-8").split(";\n\n")
        with session.transaction():
            for step in steps if not is_loaded else steps[3:]:
                session.execute(_written(step, given))
        session.forget()
    with session.transaction():
        keep_all(session)
    [(count,)] = session.rows("SELECT count(*) FROM fact_observation")
    history.warehouse.publish(folder / "published.duckdb")
    history.warehouse.close()
    return Grown(folder / "published.duckdb", tuple(codes), merged_on, count, first_rate, last_rate, filled_in)


def _written(step: str, given: dict[str, object]) -> str:
    for name, value in given.items():
        step = step.replace(f"${{{name}}}", str(value))
    return step


def _load(history: History, period: str) -> float:
    """One half-year through the product's own loading; returns figures a second."""
    received: list[tuple[Submission, Reading]] = history._received(period)
    began = time.perf_counter()
    for start in range(0, len(received), BATCH):
        some = received[start : start + BATCH]
        history.warehouse.add_submissions(some, reader_version(), history.catalogue.content_hash, READ_AT)
    return len(received) * len(history.reading.observations) / (time.perf_counter() - began)


def _ask_for(file: Path, count: int) -> None:
    """Ends no indicator, and adds made-up ones until there are so many."""
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    names = list(rows[0])
    for row in rows:
        row["valid_to"] = ""
    like = next(row for row in rows if row["indicator_code"] == "new_jobs")
    for number in range(count - len(rows)):
        label = f"Chỉ tiêu thêm {number + 1}"
        changed = {"indicator_code": f"added_{number + 1}", "label": label, "heading": label, "aliases": ""}
        rows.append({**like, **changed, "position": str(90 + number)})
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _day_after(period: str) -> dt.date:
    year, half = int(period[:4]), period[4:]
    return dt.date(year, 7, 1) if half == "H1" else dt.date(year + 1, 1, 1)


def _merge(tables: Path, units: int, day: dt.date) -> None:
    """Lets three of every four triples of units become one on a day."""
    gone, mergers = {}, []
    for number in range(units):
        head = number - number % 3
        if head // 3 % 4 == 3:
            continue
        mergers.append(f"tinh-{number:04d},tinh-{head:04d},{day}")
        gone[f"tinh-{number:04d}"] = number == head
    lines = []
    for line in (tables / "provinces.csv").read_text(encoding="utf-8").splitlines():
        unit = line.split(",")[0]
        lines.append(f"{line}{day}" if unit in gone else line)
        if gone.get(unit):
            number = int(unit[5:])
            lines.append(f"{unit},,{name_of(number)},{name_of(number)},province,{day},")
    (tables / "provinces.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with (tables / "mergers.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in mergers)
