"""`make growing`: the star at ten million figures; each documented question beside hand-written SQL for its answer.

python -m benchmarks.growing [FOLDER]     # keeps the warehouse in FOLDER, and asks one that lies there already

UNITS, PERIODS and INDICATORS say how many; ONLY names the questions by a part of their names. Each is asked of the
macro, of hand-written SQL on the same file, and of that SQL on plain Parquet files of the same tables, in turn, up to
TIMES times or a minute. Answers are compared first: benchmarks/growing_floor.py says what must agree.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.growing_floor import floors
from benchmarks.growing_history import MERGED_ON, grow
from examples.handbook import QUESTIONS
from warehouse.definition import macro_comments
from warehouse.published import open_published
from warehouse.schema import metadata

SIZE = {"UNITS": 3321, "PERIODS": 43, "INDICATORS": 70}
TIMES = 5
LONGEST = 60  # seconds of asking one question, of which each is asked twice at least
STANDS_FOR = {"hung-yen": "tinh-0000", "hai-phong": "tinh-0003", "2025-07-01": "{day}"}
# Of half-years in which there is something to do: a year's sum of its first half is that half's figure, an index to
# the same half-year is 100.
USUAL = {"within_year": ("= '2021H1'", "= '2021H2'"), "index_to": (", '2021H1')", ", '2020H1')")}
WHOLE = {
    "on_boundaries_of, all units": "SELECT period_code, province_id, province_name, value, status "
    "FROM on_boundaries_of('new_enterprises', '{day}')",
    "on_boundaries, all figures": "SELECT indicator_code, status, count(*) AS row_count, sum(value)::DOUBLE AS total "
    "FROM on_boundaries('{day}') GROUP BY indicator_code, status",
}


@dataclass(frozen=True)
class Asked:
    """One question: rows of its answer; medians in seconds of macro, hand and Parquet, by the clock and of CPU; the
    macro's peak of memory in MB, the process with it."""

    name: str
    rows: int
    seconds: tuple[float, float, float]
    cpu: tuple[float, float, float]
    peak_mb: float

    @property
    def ratio(self) -> float:
        """The macro's clock against the quicker of the two floors."""
        return self.seconds[0] / min(self.seconds[1:])

    @property
    def cpu_ratio(self) -> float:
        """The same of CPU, which other work on the machine disturbs less."""
        return self.cpu[0] / min(self.cpu[1:])


def questions(day: str) -> dict[str, str]:
    """Every documented question by its name, asked of made-up units and of the map of `day`."""
    asked = {name: example for name, (_, example) in macro_comments().items()} | WHOLE
    listed = tomllib.loads(QUESTIONS.read_text(encoding="utf-8"))["question"]
    asked |= {f"question {number}": question["sql"] for number, question in enumerate(listed, start=1)}
    return {name: _stand_in(name, sql).replace("{day}", day) for name, sql in asked.items()}


def _stand_in(name: str, sql: str) -> str:
    sql = sql.replace(*USUAL[name]) if name in USUAL else sql
    for real, made_up in STANDS_FOR.items():
        sql = sql.replace(real, made_up)
    return sql.replace("tinh-0000", "tinh-0002") if name == "question 9" else sql  # a unit that sent twice


def export_parquet(warehouse: Path, folder: Path) -> Any:
    """A connection that sees every table of the warehouse as a Parquet file of the same name."""
    folder.mkdir(exist_ok=True)
    with duckdb.connect(str(warehouse), read_only=True) as source:
        source.execute("SET preserve_insertion_order = true")
        for name in metadata.tables:
            target = folder / f"{name}.parquet"
            if not target.exists():
                source.execute(f"COPY {name} TO '{target}' (COMPRESSION zstd)")
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'Asia/Ho_Chi_Minh'")
    for name in metadata.tables:
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM '{folder / name}.parquet'")
    return connection


def ask(published: Path, parquet: Any, name: str, macro: str, hand: str, times: int) -> Asked:
    """Compares the answers, then asks in turn; raises ValueError where the figures differ."""
    with open_published(published) as warehouse:
        answers = [(warehouse, macro), (warehouse, hand), (parquet, hand)]
        _forget_peak()
        rows = compare(name, *(_answer(*answer) for answer in answers[:2]))
        peak = _peak()
        compare(name, *(_answer(*answer) for answer in answers[1:]))
        seconds: list[list[float]] = [[], [], []]
        cpu: list[list[float]] = [[], [], []]
        started = time.perf_counter()
        while len(cpu[0]) < times and (len(cpu[0]) < 2 or time.perf_counter() - started < LONGEST):
            for place, (connection, sql) in enumerate(answers):
                began, spent = time.perf_counter(), time.process_time()
                connection.execute(sql).to_arrow_table()
                seconds[place].append(time.perf_counter() - began)
                cpu[place].append(time.process_time() - spent)
    clock, burnt = ([statistics.median(some) for some in measured] for measured in (seconds, cpu))
    return Asked(name, rows, (clock[0], clock[1], clock[2]), (burnt[0], burnt[1], burnt[2]), peak)


def _answer(connection: Any, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    result = connection.execute(sql)
    return [column[0] for column in result.description], result.fetchall()


Answer = tuple[Sequence[str], Sequence[tuple[Any, ...]]]


def compare(name: str, first: Answer, second: Answer) -> int:
    """How many rows two answers have in common columns: all, or ValueError. Quotients may differ in the last place."""
    shared = [column for column in second[0] if column in first[0]]
    if not shared:
        raise ValueError(f"{name}: the answers have no column in common")
    ours, theirs = (_picked(answer, shared) for answer in (first, second))
    if len(ours) != len(theirs):
        raise ValueError(f"{name}: {len(ours)} rows against {len(theirs)}")
    for one, other in zip(ours, theirs, strict=True):
        if not all(map(_is_alike, one, other)):
            raise ValueError(f"{name}: {shared}\n{one}\n{other}")
    return len(ours)


def _picked(answer: Answer, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    places = [list(answer[0]).index(column) for column in columns]
    rows = [tuple(row[place] for place in places) for row in answer[1]]
    return sorted(
        rows, key=lambda row: [(value is None, isinstance(value, str), value or 0) for value in map(_plain, row)]
    )


def _plain(value: Any) -> Any:
    return (
        round(float(value), 1)
        if isinstance(value, Decimal | float)
        else value
        if isinstance(value, int)
        else str(value)
    )


def _is_alike(one: Any, other: Any) -> bool:
    if isinstance(one, Decimal | float) and isinstance(other, Decimal | float | int):
        return abs(float(one) - float(other)) <= max(0.0101, 1e-9 * abs(float(one)))
    return bool(one == other)


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _peak() -> float:
    status = Path("/proc/self/status").read_text()
    return next(float(line.split()[1]) / 1e3 for line in status.splitlines() if line.startswith("VmHWM"))


def main(folder: Path) -> None:
    """Fills the warehouse where none lies there, then asks; prints a line for each question."""
    size = [int(os.environ.get(name) or usual) for name, usual in SIZE.items()]
    published = folder / "published.duckdb"
    if not published.exists():
        grown = grow(folder, *size)
        print(f"{grown.observations:,} figures, loaded at {grown.first_rate:,.0f} a second at first,", end=" ")
        print(f"{grown.last_rate:,.0f} on top of all others; those between filled in SQL in {grown.filled_in:.0f} s")
    began = time.perf_counter()
    parquet = export_parquet(published, folder / "parquet")
    written = sum(file.stat().st_size for file in (folder / "parquet").iterdir()) / 1e6
    print(
        f"file {published.stat().st_size / 1e6:.0f} MB; Parquet {written:.0f} MB in {time.perf_counter() - began:.0f} s"
    )
    day = (folder / MERGED_ON).read_text()
    hands, only = floors(day), os.environ.get("ONLY", "")
    print(
        f"{'':28} {'rows':>7} {'macro ms':>9} {'hand ms':>8} {'Parquet':>8} {'ratio':>6} {'of CPU':>6} {'peak MB':>8}"
    )
    for name, sql in questions(day).items():
        if name in hands and only in name:
            asked = ask(published, parquet, name, sql, hands[name], int(os.environ.get("TIMES") or TIMES))
            macro, hand, plain = (1000 * seconds for seconds in asked.seconds)
            print(
                f"{name:28} {asked.rows:7d} {macro:9.0f} {hand:8.0f} {plain:8.0f} {asked.ratio:6.1f}"
                f" {asked.cpu_ratio:6.1f} {asked.peak_mb:8.0f}",
                flush=True,
            )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory(prefix="thidua-growing-") as made:
            main(Path(made))
