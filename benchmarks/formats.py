"""`python -m benchmarks.formats`: how long a file of each format takes us, against the bare library in the same run.

The ten sample returns, converted to each format. The bare library only opens the file and takes every value out of it;
ours names the file's kind, looks for harm, reads cells, old fonts, percents and errors, and understands the return.
"""

from __future__ import annotations

import csv
import io
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import docx
import python_calamine

from catalogue import load_catalogue
from transforms.reading import read_return
from transforms.workbook import read_workbook

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "formats"))  # the conversions are those of the tests

from conversions import as_lines, as_report, as_xlsb, as_xlsm, convert_by_libreoffice  # noqa: E402
from writers import write_csv  # noqa: E402

Files = list[bytes]
ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Speed:
    """Milliseconds per file of one format: the bare library, our cells, our reading; each the best of all rounds."""

    ending: str
    library: str
    bare: float
    cells: float
    ours: float


def main() -> None:
    """Prints one line per format."""
    print("format  library       bare ms   cells ms  ratio   reading ms  ratio", flush=True)
    for speed in measure():
        print(
            f"{speed.ending:6}  {speed.library:12}  {speed.bare:7.2f}"
            f"    {speed.cells:7.2f}  {speed.cells / speed.bare:5.1f}"
            f"      {speed.ours:7.2f}  {speed.ours / speed.bare:5.1f}",
            flush=True,
        )


def measure(rounds: int = ROUNDS) -> Iterator[Speed]:
    """The speeds of all formats; in every round the three take turns, so that noise meets them alike."""
    catalogue = load_catalogue()
    for ending, (library, bare, files) in prepare().items():
        tasks: tuple[Callable[[bytes], object], ...] = (bare, read_workbook, lambda data: read_return(catalogue, data))
        assert not any(read_return(catalogue, data).is_rejected for data in files), ending
        best = [float("inf")] * len(tasks)
        for _ in range(rounds):
            for number, task in enumerate(tasks):
                best[number] = min(best[number], _time(task, files))
        yield Speed(ending, library, *(seconds / len(files) * 1000 for seconds in best))


def _time(task: Callable[[bytes], object], files: Files) -> float:
    started = time.perf_counter()
    for data in files:
        task(data)
    return time.perf_counter() - started


def prepare() -> dict[str, tuple[str, Callable[[bytes], object], Files]]:
    """By ending: the library that reads it, its bare use, and the ten returns in that format."""
    paths = sorted((ROOT / "examples" / "returns").glob("*/*.xlsx"))
    forms = [path.read_bytes() for path in paths]
    books = [read_workbook(data) for data in forms]
    with tempfile.TemporaryDirectory(prefix="thidua-bench-") as folder:
        saved = {kind: convert_by_libreoffice(paths, kind, Path(folder)) for kind in ("xls", "ods")}
        office = {kind: [(saved[kind] / f"{p.stem}.{kind}").read_bytes() for p in paths] for kind in saved}
    return {
        ".xlsx": ("calamine", open_workbook, forms),
        ".xlsm": ("calamine", open_workbook, [as_xlsm(data) for data in forms]),
        ".xlsb": ("calamine", open_workbook, [as_xlsb(book) for book in books]),
        ".xls": ("calamine", open_workbook, office["xls"]),
        ".ods": ("calamine", open_workbook, office["ods"]),
        ".csv": ("csv", open_text, [write_csv(as_lines(book), ";", "utf-8-sig") for book in books]),
        ".tsv": ("csv", open_text, [write_csv(as_lines(book), "\t", "utf-8-sig") for book in books]),
        ".docx": ("python-docx", open_document, [as_report(book) for book in books]),
    }


def open_workbook(data: bytes) -> object:
    """Every value of a workbook, by calamine alone."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]


def open_text(data: bytes) -> object:
    """Every field of a text, its encoding and delimiter known."""
    text = data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in text else ";"))


def open_document(data: bytes) -> object:
    """The text of every cell of a document's tables, by python-docx alone."""
    tables = docx.Document(io.BytesIO(data)).tables
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in tables]


if __name__ == "__main__":
    main()
