"""Readers that open and query the published copy in a loop while loads are published: none fails, none reads half.

python -m benchmarks.readers [PUBLISHES] [READERS]
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from catalogue import load_catalogue
from transforms.observation import Observation, Reading, Submission
from warehouse import Warehouse, query

ROOT = Path(__file__).parent.parent
PERIOD = "2021H1"
BEGAN = dt.datetime(2021, 7, 1, tzinfo=dt.UTC)
# One load adds one submission, one reading and two figures in one transaction: whatever is read must agree.
COUNTS = """
SELECT (SELECT count(*) FROM dim_submission), (SELECT count(*) FROM dim_reading),
       (SELECT count(*) FROM fact_observation), (SELECT coalesce(sum(value), 0) FROM fact_observation)
"""


@dataclass(frozen=True, slots=True)
class Reads:
    """What one reader met: its reads, those that failed, that were torn or older than one before, distinct copies."""

    count: int
    failed: list[str]
    torn: list[str]
    copies: int


def publish_loads(folder: Path, publishes: int) -> float:
    """Publishes a copy after each of so many loads; returns the seconds it took."""
    catalogue = load_catalogue()
    with Warehouse.open(folder / "loader.duckdb") as warehouse:
        warehouse.sync_catalogue(catalogue)
        warehouse.publish(folder / "warehouse.duckdb")
        (folder / "ready").touch()
        began = time.perf_counter()
        for number in range(1, publishes + 1):
            warehouse.add_submission(*make_load(number), "reader", catalogue.content_hash, BEGAN)
            warehouse.publish(folder / "warehouse.duckdb")
    return time.perf_counter() - began


def make_load(number: int) -> tuple[Submission, Reading]:
    """A submission with two figures that add up to nothing, so that half of it shows."""
    sha256 = f"{number:064x}"
    figures = (
        Observation("new_jobs", "number", Decimal(number), raw_text=str(number), sheet="E", cell="D7"),
        Observation("grdp_growth", "number", Decimal(-number), raw_text=str(-number), sheet="D", cell="D7"),
    )
    came = Submission(
        f"s{number}", "hung-yen", PERIOD, sha256, f"{number}.xlsx", f"{number}.xlsx", number, BEGAN, BEGAN, True
    )
    return came, Reading(sha256, "hung-yen", PERIOD, observations=figures)


def read_on(folder: Path, pause: float) -> Reads:
    """Opens and queries the copy, each time anew and a pause apart, until the file `done` is there."""
    failed: list[str] = []
    torn: list[str] = []
    count, newest, seen = 0, 0, set()
    while not (folder / "done").exists():
        count += 1
        time.sleep(pause)
        try:
            [(submissions, readings, figures, total)] = query(folder / "warehouse.duckdb", COUNTS)[1]
        except Exception as error:
            failed.append(str(error)[:200])
            continue
        if not (readings == submissions and figures == 2 * submissions and total == 0 and submissions >= newest):
            torn.append(f"{submissions} {readings} {figures} {total} after {newest}")
        newest = submissions
        seen.add(submissions)
    return Reads(count, failed, torn, len(seen))


def measure(folder: Path, publishes: int, readers: int, pause: float = 0.0) -> tuple[list[Reads], float]:
    """Reads with so many processes while loads are published; returns what each met and the seconds of publishing."""
    command = [sys.executable, "-m", "benchmarks.readers", "--read", str(folder), str(pause)]
    children = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, stderr=subprocess.PIPE)
        for _ in range(readers)
    ]
    try:
        seconds = publish_loads(folder, publishes)
    finally:
        (folder / "done").touch()
    met = []
    for child in children:
        out, trouble = child.communicate(timeout=120)
        if child.returncode:
            raise RuntimeError(f"a reader ended with {child.returncode}: {trouble}")
        met.append(Reads(**json.loads(out)))
    return met, seconds


def _read() -> None:
    folder = Path(sys.argv[2])
    while not (folder / "ready").exists() and not (folder / "done").exists():
        time.sleep(0.01)
    met = read_on(folder, float(sys.argv[3]))
    print(json.dumps({name: getattr(met, name) for name in Reads.__slots__}))


def main() -> None:
    publishes = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    readers = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    with tempfile.TemporaryDirectory() as folder:
        met, seconds = measure(Path(folder), publishes, readers)
    failed, torn = [f for m in met for f in m.failed], [t for m in met for t in m.torn]
    print(f"{publishes} loads published in {seconds:.1f} s ({1000 * seconds / publishes:.1f} ms each)")
    print(f"{readers} readers, {sum(m.count for m in met)} reads of {max(m.copies for m in met)} different copies")
    print(f"failed: {len(failed)}, torn: {len(torn)}")
    for line in (*failed[:3], *torn[:3]):
        print(f"  {line}")
    sys.exit(bool(failed or torn))


if __name__ == "__main__":
    _read() if sys.argv[1:2] == ["--read"] else main()
