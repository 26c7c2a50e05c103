"""`make bench`: the run for 9, 90 and 900 returns against the floor, peak memory, and an unchanged re-run."""

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

from benchmarks import answers
from benchmarks.season import PERIOD, write_catalogue, write_returns
from flows.service.server import environment, start_server, stop_server
from flows.settings import FEEDBACK_FOLDER, find_settings

SIZES = (9, 90, 900)


@dataclass(frozen=True)
class Timed:
    """One process: its wall-clock seconds, peak resident memory with its children in MB, and its output."""

    seconds: float
    peak_mb: float
    output: str


def run_timed(arguments: list[str], variables: dict[str, str]) -> Timed:
    """Runs a command to its end while watching its memory; raises where it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(
        arguments, env={**os.environ, **variables}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    peak = 0.0
    done = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.05):
            try:
                family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
                peak = max(peak, sum(p.memory_info().rss for p in family))
            except psutil.Error:
                continue

    watcher = threading.Thread(target=watch)
    watcher.start()
    output, errors = process.communicate()
    seconds = time.perf_counter() - started
    done.set()
    watcher.join()
    if process.returncode:
        raise RuntimeError(f"{arguments} ended with {process.returncode}:\n{errors}")
    return Timed(seconds, peak / 1e6, output)


@dataclass(frozen=True)
class Season:
    """What was measured of a season: the floor and its parts (import, flow, bare read), the run without answers, the
    unchanged re-run, and the run that only answers the provinces, whose returns are clean: two pages each."""

    floor: float
    parts: tuple[float, ...]
    run: Timed
    rerun: Timed
    answering: Timed


def measure(size: int, repeats: int) -> Season:
    """The best of some repeats for a season of a size."""
    with tempfile.TemporaryDirectory(prefix="thidua-bench-") as folder:
        root = Path(folder)
        tables = write_catalogue(root / "catalogue", size)
        returns = root / "returns"
        write_returns(returns, size)
        server_home = find_settings(root / "server")
        server_home.home.mkdir()
        server = start_server(server_home)
        try:
            variables = environment(server_home, server)
            tasks = (size if size <= 63 else min(16, -(-size // 63))) + 5
            run_timed(
                [sys.executable, "-m", "benchmarks.floor", "1", str(root / "none")], variables
            )  # a first flow warms
            floors = [
                run_timed([sys.executable, "-m", "benchmarks.floor", str(tasks), str(returns)], variables)
                for _ in range(repeats)
            ]
            floor = min(floors, key=lambda timed: timed.seconds)
            runs, reruns, answerings = [], [], []
            for number in range(repeats):
                home = root / f"home-{number}"
                home.mkdir()
                (home / "server.json").write_bytes(server_home.server_file.read_bytes())
                command = [sys.executable, "-c", "from flows.command_line import main; main()", "run", PERIOD]
                command += ["--returns", str(returns), "--home", str(home), "--catalogue", str(tables)]
                runs.append(run_timed([*command, "--no-answers"], variables))
                reruns.append(run_timed([*command, "--no-answers"], variables))
                answerings.append(run_timed(command, variables))
                for folder in returns.glob(f"*/{FEEDBACK_FOLDER}"):
                    shutil.rmtree(folder)
        finally:
            stop_server(server_home)
    parts = tuple(float(text) for text in floor.output.split()[-3:])
    run, rerun, answering = (min(timed, key=lambda t: t.seconds) for timed in (runs, reruns, answerings))
    return Season(floor.seconds, parts, run, rerun, answering)


def main() -> None:
    """Prints one line per size, and the cost of a further return against its bare read."""
    sizes = tuple(int(text) for text in sys.argv[1:]) or SIZES
    heads = "returns  floor s  (import, flow, bare read)   run s  run/floor  peak MB  re-run s  re-run/floor"
    print(f"{heads}  pages ms each", flush=True)
    measured: dict[int, tuple[float, float]] = {}
    for size in sizes:
        season = measure(size, 2 if size <= 90 else 1)
        floor, (imports, flow, bare), run, rerun = season.floor, season.parts, season.run, season.rerun
        answer = (season.answering.seconds - rerun.seconds) / size
        measured[size] = (run.seconds, bare)
        print(
            f"{size:7d}  {floor:7.2f}  ({imports:.2f}, {flow:.2f}, {bare:.3f})"
            f"{'':9}{run.seconds:8.2f}  {run.seconds / floor:9.2f}  {run.peak_mb:7.0f}"
            f"  {rerun.seconds:8.2f}  {rerun.seconds / floor:12.2f}"
            f"  {answer * 1000:13.1f}",
            flush=True,
        )
    if len(measured) > 1:
        (small, (run_small, bare_small)), *_, (large, (run_large, bare_large)) = measured.items()
        if len(measured) > 2:
            small, (run_small, bare_small) = sorted(measured.items())[-2]
        further = (run_large - run_small) / (large - small) * 1000
        bare_each = (bare_large - bare_small) / (large - small) * 1000
        print(
            f"a further return, {small} to {large}: {further:.2f} ms"
            f" = {further / bare_each:.2f} × its bare read ({bare_each:.2f} ms)"
        )
    answers.main()


if __name__ == "__main__":
    main()
