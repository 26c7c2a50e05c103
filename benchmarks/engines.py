"""`make engines`: the same star as a file, as a lake and in a PostgreSQL: filling each, and asking each the same.

python -m benchmarks.engines [FOLDER]     # of a warehouse that `python -m benchmarks.growing FOLDER` has left there

Without a folder one is grown of UNITS, PERIODS and INDICATORS. Filled is all but the last half-year, then that.
Answers are compared before they are timed; then each engine is asked in turn, TIMES times; ONLY names questions.
The PostgreSQL is Debian's, with its own settings but for more memory to sort in, on this machine, without fsync.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb
import psutil  # type: ignore[import-untyped]

from benchmarks.engines_postgres import INDEXES, HandAsked, MacrosAsked, Warehouse
from benchmarks.growing import _answer, compare, questions
from benchmarks.growing_floor import floors
from benchmarks.growing_history import MERGED_ON, grow
from warehouse.definition import definition
from warehouse.lake.attached import open_lake
from warehouse.lake.place import LakePlace
from warehouse.lake.push import push
from warehouse.published import open_published
from warehouse.schema import metadata

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "integration"))  # the PostgreSQL is that of the tests
from postgres import postgres  # type: ignore[import-not-found]  # noqa: E402

SIZE = {"UNITS": 600, "PERIODS": 12, "INDICATORS": 70}
TIMES = 3
LONGEST = 20  # seconds of asking an engine one question, after which it is not asked again
ASKED = (
    "figures_of",
    "same_period",
    "ranking",
    "as_of",
    "cluster_totals_as_of",
    "findings_as_of",
    "question 7",
    "question 9",
    "on_boundaries_of, all units",
)
BY_HAND = ("figures_of", "same_period", "ranking", "as_of", "cluster_totals_as_of", "findings_as_of", "question 7")
LAST = "(SELECT max(period_code) FROM dim_assessment)"
READ_LAST = f"reading_key IN (SELECT reading_key FROM dim_reading WHERE period_code = {LAST})"
JUDGED_LAST = f"assessment_key IN (SELECT assessment_key FROM dim_assessment WHERE period_code = {LAST})"


def of_last(table: Any) -> str:
    """What tells the rows of the last half-year from the others of a table; "" where all tables have the same."""
    columns = {column.name for column in table.columns}
    if "assessment_key" in columns and table.name != "dim_assessment":
        return JUDGED_LAST
    if "reading_key" in columns and table.name != "dim_reading":
        return READ_LAST
    return f"period_code = {LAST}" if table.name in ("dim_submission", "dim_reading", "dim_assessment") else ""


@contextmanager
def two_states(published: Path, folder: Path) -> Iterator[tuple[Path, Path]]:
    """Copies of a published copy with the macros of this program: without its last half-year, and whole."""
    before, whole = folder / "before.duckdb", folder / "whole.duckdb"
    shutil.copyfile(published, whole)
    with duckdb.connect(str(whole)) as connection:
        for statement in definition()[0]:
            connection.execute(statement)
    shutil.copyfile(whole, before)
    with duckdb.connect(str(before)) as connection:
        children_first = sorted(metadata.tables.values(), key=lambda t: (t.name == "dim_assessment", "dim_" in t.name))
        for table in children_first:
            if where := of_last(table):
                connection.execute(f"DELETE FROM {table.name} WHERE {where}")
    yield before, whole


def timed(name: str, work: Callable[[], int]) -> None:
    """Prints how long some filling took by the clock and of CPU, with the rows a second of CPU."""
    began, cpu = time.perf_counter(), spent()
    rows = work()
    seconds, cpu = time.perf_counter() - began, spent() - cpu
    rate = f"{rows:12,} rows {rows / cpu:10,.0f} a second of CPU" if rows else ""
    print(f"  {name:32} {seconds:7.1f} s, CPU {cpu:6.1f} s {rate}", flush=True)


def spent() -> float:
    """Seconds of CPU of this process and of the PostgreSQL beneath it, those of its processes that ended with them.

    Of the two measures the one that other work on the machine disturbs less.
    """
    total = time.process_time()
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            used = process.cpu_times()
            total += used.user + used.system + used.children_user + used.children_system
    return total


def fill_lake(place: LakePlace, before: Path, whole: Path) -> None:
    at = dt.datetime(2026, 7, 1, 8, tzinfo=dt.UTC)

    def bring(copy: Path, *, is_new: bool = True) -> int:
        pushed = push(place, copy, "a-home", "benchmark", at)
        if pushed.is_new != is_new or pushed.left:
            raise ValueError(f"the push said {pushed}")
        if is_new and copy == whole:
            print(f"  (written anew: {', '.join(pushed.rewritten) or 'no table'})")
        return pushed.written

    print("lake:")
    timed("first push, all but a half-year", lambda: bring(before))
    print(f"  files {_size(place.folder):,.0f} MB")
    timed("push of one more half-year", lambda: bring(whole))
    timed("push of nothing new", lambda: bring(whole, is_new=False))
    print(f"  files {_size(place.folder):,.0f} MB, with those of the state before")


def _size(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def ask_all(asked: dict[str, Any], day: str, times: int) -> None:
    """A line for each question: medians of each engine in milliseconds; raises where the answers differ."""
    said, hands, only = questions(day), floors(day), os.environ.get("ONLY", "")
    print(f"{'ms by the clock / of CPU':28} " + " ".join(f"{name:>22}" for name in asked))
    for question in (name for name in ASKED if only in name):
        ready = {
            name: (engine, hands[question] if isinstance(engine, HandAsked) else said[question])
            for name, engine in asked.items()
            if not isinstance(engine, HandAsked) or question in BY_HAND
        }
        answers = {}
        for name, (engine, sql) in ready.items():
            answers[name] = _answer(engine, sql)
            compare(f"{question}, {name}", answers["copy"], answers[name])
        seconds: dict[str, list[float]] = {name: [] for name in ready}
        burnt: dict[str, list[float]] = {name: [] for name in ready}
        for _ in range(times):
            for name, (engine, sql) in ready.items():
                if sum(seconds[name]) > 1000 * LONGEST:
                    continue
                began, cpu = time.perf_counter(), spent()
                engine.execute(sql).fetchall()
                seconds[name].append(1000 * (time.perf_counter() - began))
                burnt[name].append(1000 * (spent() - cpu))
        told = {
            name: f"{statistics.median(some):.0f} / {statistics.median(burnt[name]):.0f}"
            for name, some in seconds.items()
        }
        print(f"{question:28} " + " ".join(f"{told.get(name, '-'):>22}" for name in asked), flush=True)


def main(folder: Path) -> None:
    size = [int(os.environ.get(name) or usual) for name, usual in SIZE.items()]
    published = folder / "published.duckdb"
    if not published.exists():
        print(f"{grow(folder, *size).observations:,} figures")
    day = (folder / MERGED_ON).read_text()
    times = int(os.environ.get("TIMES") or TIMES)
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="thidua-engines-")))
        before, whole = stack.enter_context(two_states(published, work))
        print(f"copy: {whole.stat().st_size / 1e6:,.0f} MB, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        address = stack.enter_context(postgres())
        parts = urlsplit(address)
        own = Warehouse(address)
        stack.callback(own.close)
        for name in ("lake", "star"):
            own.make_database(name)
        place = LakePlace("127.0.0.1", parts.port or 0, "lake", parts.username or "", work / "lake", own.password)
        fill_lake(place, before, whole)
        print(f"  catalogue {own.size('lake'):,.0f} MB")
        own.fill(before, whole, of_last, timed)
        copy = stack.enter_context(open_published(whole))
        lake = open_lake(place)
        stack.callback(lake.close)
        macros, hand = MacrosAsked(own, whole), HandAsked(own)
        asked = {"copy": copy, "lake": lake, "PostgreSQL by DuckDB": macros, "by hand, no index": hand}
        ask_all(asked, day, times)
        timed("indexes", own.add_indexes)
        print(f"  {', '.join(INDEXES)}; {own.size('star'):,.0f} MB then")
        ask_all({"copy": copy, "lake": lake, "by hand, with indexes": hand}, day, times)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory(prefix="thidua-growing-") as made:
            main(Path(made))
