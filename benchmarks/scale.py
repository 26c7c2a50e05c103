"""`make scale`: a half-year of 3,321 reporting units from files to tables, then a warehouse of twenty years of them.

UNITS and PERIODS say how many. The units are made-up provinces with clean returns of equal figures.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.killing import THIDUA
from benchmarks.scale_history import History, write_calendar
from benchmarks.season import PERIOD, write_catalogue, write_returns
from flows.service.server import environment, start_server, stop_server
from flows.settings import find_settings

UNITS, PERIODS = 3321, 40
PARTS = {
    "start": "Đang thu thập",
    "gather": "Đang gom",
    "plan": "Đã gom",
    "read and load": "Cần đọc",
    "judge": "Đang kiểm tra",
    "publish": "Đang phát hành",
}


@dataclass(frozen=True)
class Watched:
    """One run: its parts in seconds by the first progress line of each, all seconds, the most memory in MB."""

    parts: dict[str, float]
    seconds: float
    memory_mb: float
    own_mb: float


def watch(arguments: list[str], variables: dict[str, str]) -> Watched:
    """Runs a command to its end; raises where it fails. `own_mb` is what the flow's process alone took at most."""
    started = time.perf_counter()
    process = subprocess.Popen(
        arguments,
        env={**os.environ, **variables},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    most, done = [0.0, 0.0], threading.Event()

    def look() -> None:
        leader = psutil.Process(process.pid)
        while not done.wait(0.1):
            try:
                own = leader.memory_info().rss
                most[1] = max(most[1], own)
                most[0] = max(most[0], own + sum(p.memory_info().rss for p in leader.children(recursive=True)))
            except psutil.Error:
                continue

    watcher = threading.Thread(target=look)
    watcher.start()
    seen: list[tuple[float, str]] = []
    lines: list[str] = []
    assert process.stderr is not None
    for line in process.stderr:
        lines.append(line)
        for name, words in PARTS.items():
            if words in line and all(name != known for _, known in seen):
                seen.append((time.perf_counter() - started, name))
    code = process.wait()
    seconds = time.perf_counter() - started
    done.set()
    watcher.join()
    if code:
        raise RuntimeError("".join(lines[-30:]))
    ends = [at for at, _ in seen[1:]] + [seconds]
    parts = {name: end - at for (at, name), end in zip(seen, ends, strict=True)}
    return Watched(parts, seconds, most[0] / 1e6, most[1] / 1e6)


def measure_run(root: Path, tables: Path, units: int) -> None:
    """One half-year from files to tables, and once more with nothing new."""
    returns = root / "returns"
    write_returns(returns, units)
    settings = find_settings(root / "home")
    settings.home.mkdir()
    server = start_server(settings)
    command = [*THIDUA, "run", PERIOD, "--returns", str(returns), "--home", str(settings.home)]
    command += ["--catalogue", str(tables), "--no-answers"]
    try:
        for name in ("the run", "again, nothing new"):
            watched = watch(command, environment(settings, server))
            parts = ", ".join(f"{part} {seconds:.1f}" for part, seconds in watched.parts.items())
            memory = f"{watched.memory_mb:.0f} MB with its readers, {watched.own_mb:.0f} MB alone"
            print(f"{name}: {watched.seconds:.1f} s ({parts}), {memory}", flush=True)
    finally:
        stop_server(settings)
    size = settings.published_warehouse.stat().st_size / 1e6
    print(f"warehouse of one half-year: {size:.0f} MB", flush=True)


def measure_history(root: Path, tables: Path, periods: int) -> None:
    """A warehouse that grows: what a further half-year costs after the first, a quarter, a half and all of them."""
    codes = write_calendar(tables, periods)
    history = History(tables, next((root / "returns").glob("*/*.xlsx")), root / "history" / "warehouse.duckdb")
    print(
        f"{'half-years':>10} {'observations':>12} {'load s':>7} {'past s':>7} {'judge s':>8} {'record s':>8}"
        f" {'publish s':>9} {'file MB':>8} {'marts s':>8} {'memory MB':>9} {'filled in s':>11}"
    )
    filled = 0.0
    for number in sorted({0, 1, periods // 4 - 1, periods // 2 - 1, periods - 1}):
        if number > len(history.stored):
            filled = history.copy_to(codes[len(history.stored) : number])
        step = history.add(codes[number])
        print(
            f"{step.periods:10d} {step.observations:12d} {step.load:7.1f} {step.past:7.2f} {step.judge:8.1f}"
            f" {step.record:8.2f} {step.publish:9.2f} {step.published_mb:8.0f} {step.marts:8.1f}"
            f" {step.memory_mb:9.0f} {filled:11.1f}",
            flush=True,
        )


def main() -> None:
    """Prints both parts as they are measured."""
    units, periods = int(os.environ.get("UNITS") or UNITS), int(os.environ.get("PERIODS") or PERIODS)
    print(f"{units} units, {periods} half-years, {os.cpu_count()} cores", flush=True)
    with tempfile.TemporaryDirectory(prefix="thidua-scale-") as folder:
        root = Path(folder)
        tables = write_catalogue(root / "catalogue", units)
        measure_run(root, tables, units)
        shutil.copytree(tables, root / "tables")
        measure_history(root, root / "tables", periods)


if __name__ == "__main__":
    sys.exit(main())
