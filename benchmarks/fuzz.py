"""`make fuzz`: damaged files of every format through the real reading pool; none may crash or hang the reader.

Prints per format how many files were tried, accepted, refused with a finding, crashed our reader, and timed out. A
child process that a file brings down is replaced and the file refused: it is counted among the refused, and told apart.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.damage import OF_ARCHIVES, OF_CONTAINERS, OF_TEXTS, Damage
from catalogue import DATA
from flows.reading.pool import ReadingPool
from transforms.file_kind import FileKind, recognise
from transforms.observation import Reading
from transforms.reading import hash_bytes

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "corpus"))

from corpus_cases import FILES, load_cases  # noqa: E402

SEED = 20210630
TIME_LIMIT = 20.0
EACH = 500
KINDS: dict[str, tuple[FileKind, tuple[Damage, ...]]] = {
    ".xlsx": (FileKind.XLSX, OF_ARCHIVES),
    ".xlsm": (FileKind.XLSM, OF_ARCHIVES),
    ".xlsb": (FileKind.XLSB, OF_ARCHIVES),
    ".xls": (FileKind.XLS, OF_CONTAINERS),
    ".ods": (FileKind.ODS, OF_ARCHIVES),
    ".csv": (FileKind.DELIMITED, OF_TEXTS),
    ".tsv": (FileKind.DELIMITED, OF_TEXTS),
    ".docx": (FileKind.DOCX, OF_ARCHIVES),
}
COLUMNS = ("accepted", "refused", "reader replaced", "crashed", "timed out")


def main() -> None:
    """Reads as many damaged files of each format as the argument says, 500 without one; ends with 1 on a failure."""
    each = int(sys.argv[1]) if len(sys.argv) > 1 else EACH
    warnings.filterwarnings("ignore", message="Duplicate name")
    started, totals = time.perf_counter(), Counter[str]()
    print(f"format    tried  {'  '.join(COLUMNS)}  (seed {SEED})", flush=True)
    with ReadingPool(DATA, time_limit=TIME_LIMIT) as pool:
        for ending in KINDS:
            outcomes = run(pool, ending, each)
            totals.update(outcomes)
            _print_row(ending, outcomes)
    _print_row("all", totals)
    print(f"{time.perf_counter() - started:.0f} s; a replaced reader is a file refused, after its process was ended")
    sys.exit(1 if totals["crashed"] or totals["timed out"] else 0)


def run(pool: ReadingPool, ending: str, count: int) -> Counter[str]:
    """The outcomes of so many damaged files of one format; a file that fails is kept beside its name in `var/fuzz`."""
    outcomes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="thidua-fuzz-") as folder:
        files = []
        for number, data in enumerate(damaged(ending, count)):
            path = Path(folder, f"{number:05d}{ending}")
            path.write_bytes(data)
            files.append((path, hash_bytes(data)))
        for (path, _), reading in zip(files, pool.read(files), strict=True):
            outcome = name_outcome(reading)
            outcomes[outcome] += 1
            if outcome in ("crashed", "timed out", "reader replaced"):
                _keep(path, outcome)
    return outcomes


def damaged(ending: str, count: int) -> Iterator[bytes]:
    """Damaged files of a format, the same ones each time."""
    kind, damages = KINDS[ending]
    chance = random.Random(f"{SEED} {ending}")
    originals = [data for data in _originals() if recognise(data) is kind]
    if kind is FileKind.DELIMITED:
        originals = [data for data in originals if (b"\t" in data) == (ending == ".tsv")]
    for _ in range(count):
        yield chance.choice(damages)(chance, chance.choice(originals))


def _originals() -> Iterator[bytes]:
    """The sample returns, and every file of the corpus that is read: what is refused at the gate gains nothing."""
    for path in sorted((ROOT / "examples" / "returns").glob("*/*.xlsx")):
        yield path.read_bytes()
    for case in load_cases():
        if not case.refused:
            yield (FILES / case.file).read_bytes()


def name_outcome(reading: Reading) -> str:
    """Which of the columns a reading counts in."""
    if not reading.is_rejected:
        return "accepted"
    if any(p.rule_code == "reader_failed" for p in reading.problems):
        return "crashed"
    if any("giây chưa xong" in p.detail for p in reading.problems):
        return "timed out"
    return "reader replaced" if any("đột ngột" in p.detail for p in reading.problems) else "refused"


def _keep(path: Path, outcome: str) -> None:
    kept = ROOT / "var" / "fuzz" / f"{outcome.replace(' ', '-')}-{path.name}"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(path.read_bytes())


def _print_row(name: str, outcomes: Counter[str]) -> None:
    counts = "  ".join(f"{outcomes[column]:{len(column)}d}" for column in COLUMNS)
    print(f"{name:8}  {sum(outcomes.values()):5d}  {counts}", flush=True)


if __name__ == "__main__":
    main()
