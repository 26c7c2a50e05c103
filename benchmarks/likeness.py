"""Whether two homes hold the same: every row of the warehouse, every published file, every answer, times left out.

Numbers that the loader gives (its keys) may differ where files were loaded in another order; they are compared by what
they stand for. A difference is told with its table and row, or its file and line.
"""

from __future__ import annotations

import csv
import hashlib
import html
import json
import re
import time
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import openpyxl

from flows.places import LEFT_SECONDS

NOT_COMPARED = {"fact_run", "fact_run_change"}  # the record of runs: it is to tell of the killed one
RUN_PAGE = "van-hanh.html"  # the page of that record
# A file of ours says when something came, so its bytes and the key of what it was made from differ with the time.
TIMES = {
    *("received_at", "read_at", "assessed_at", "first_received_at", "written_at", "decided_at", "happened_at"),
    *("first_assessed_at", "superseded_at", "explained_at", "refused_from", "refused_to"),
    *("fact_written_file.sha256", "fact_written_file.content_hash", "fact_closing.manifest_hash"),
    "fact_closing.closing_id",  # drawn by lot
}
_CLOCK = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]|\d{1,2}(:| giờ )\d{2}( phút|(:\d{2}(\.\d+)?)?)|\d{1,2}/\d{1,2}/20[2-9]\d"
    r"|data-v=\"\d{10}\.\d+\""
)
_HALF_WRITTEN = re.compile(r"^\.new-|\.new$|\.tmp$|\.tmp[-.]")
_OF_BYTES = re.compile(r'\s*"(hash|bytes)": ')
_MEANINGS = {
    "submission": "SELECT submission_key, submission_id FROM dim_submission",
    "reading": "SELECT reading_key, concat_ws('|', sha256, reader_version, catalogue_hash, part) FROM dim_reading",
    "assessment": "SELECT assessment_key, concat_ws('|', period_code, input_key, "
    "row_number() OVER (PARTITION BY period_code, input_key ORDER BY assessment_key)) FROM dim_assessment",
    "finding": "SELECT finding_key, concat_ws('|', period_code, input_key, finding.position) "
    "FROM fact_finding AS finding JOIN dim_assessment USING (assessment_key)",
    "written": "SELECT written_key, '' FROM fact_written_file",
    "ruling": "SELECT ruling_key, ruling_id FROM fact_ruling",
    "closing": "SELECT closing_key, concat_ws('|', period_code, step) FROM fact_closing",
}


def compare_homes(wanted: Path, found: Path, wanted_returns: Path, found_returns: Path) -> list[str]:
    """What differs between an undisturbed home and another, and what was left lying about there."""
    published = [home / "published" for home in (wanted, found)]
    return [
        *compare_warehouses(wanted / "warehouse.duckdb", found / "warehouse.duckdb"),
        *compare_warehouses(
            *(folder / "warehouse.duckdb" for folder in published),
            without={"fact_written_file"},  # the answers follow what is published
        ),
        *compare_folders(*published),
        *compare_folders(wanted_returns, found_returns),
        *compare_folders(wanted / "archive", found / "archive"),
        *(f"left lying about: {path}" for path in find_leftovers(found, found_returns)),
    ]


def compare_warehouses(wanted: Path, found: Path, without: Iterable[str] = ()) -> list[str]:
    """The rows of every table that only one of two warehouses has, each named."""
    one, other = _read_tables(wanted), _read_tables(found)
    told = [f"{found.parent.name}: table {name} is there once only" for name in one.keys() ^ other.keys()]
    for table in sorted(one.keys() & other.keys() - set(without)):
        told += [f"{found.parent.name}: {table} lacks {dict(row)}" for row in (one[table] - other[table]).elements()]
        told += [f"{found.parent.name}: {table} has also {dict(r)}" for r in (other[table] - one[table]).elements()]
    return told


def _read_tables(path: Path) -> dict[str, Counter[tuple[tuple[str, Any], ...]]]:
    if not path.exists():
        return {}
    with duckdb.connect(str(path), read_only=True) as connection:
        meanings = {name: dict(connection.execute(sql).fetchall()) for name, sql in _MEANINGS.items()}
        names = [row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return {n: Counter(_rows(connection, n, meanings)) for n in names if n not in NOT_COMPARED}


def _rows(
    connection: duckdb.DuckDBPyConnection, table: str, meanings: dict[str, dict[int, str]]
) -> Iterator[tuple[tuple[str, Any], ...]]:
    result = connection.execute(f"SELECT * FROM {table}")
    names = [column[0] for column in result.description]
    kept = [n for n, name in enumerate(names) if name not in TIMES and f"{table}.{name}" not in TIMES]
    known = [meanings.get(name.removeprefix("control_").removesuffix("_key")) for name in names]
    for row in result.fetchall():
        yield tuple((names[n], row[n] if (m := known[n]) is None else m.get(row[n], row[n])) for n in kept)


def compare_folders(wanted: Path, found: Path) -> list[str]:
    """The files that one of two folders lacks, and what differs in the others; databases are compared elsewhere."""
    one, other = _list_files(wanted), _list_files(found)
    told = [f"{found.name} lacks {name}" for name in sorted(one.keys() - other.keys())]
    told += [f"{found.name} has also {name}" for name in sorted(other.keys() - one.keys())]
    for name in sorted(one.keys() & other.keys()):
        if one[name].read_bytes() == other[name].read_bytes():
            continue
        ours, theirs = (Counter(_mask(_lines(files[name]))) for files in (one, other))
        told += [f"{found.name}: {name} lacks {line}" for line in (ours - theirs).elements()]
        told += [f"{found.name}: {name} has also {line}" for line in (theirs - ours).elements()]
    return told


def _list_files(folder: Path) -> dict[str, Path]:
    aside = (".duckdb", ".tmp", RUN_PAGE)
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(aside))
    return {path.relative_to(folder).as_posix(): path for path in files}


def _mask(lines: Iterable[str]) -> Iterator[str]:
    return (_CLOCK.sub("…", line) for line in lines)


def _lines(path: Path) -> list[str]:
    """A file of ours as lines of text: cells with their addresses, rows, or the page itself."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        cells = (cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None)
        return [f"{c.parent.title}!{c.coordinate} = {c.value} {c.comment.text if c.comment else ''}" for c in cells]
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as package:
            parts = {name: package.read(name) for name in sorted(package.namelist())}
        drawn = hashlib.sha256(b"".join(data for name, data in parts.items() if name.endswith(".png"))).hexdigest()
        written = (data.decode() for name, data in parts.items() if name.endswith((".xml", ".rels")))
        return [drawn, *(line for text in written for line in text.replace("><", ">\n<").splitlines())]
    if path.suffix == ".parquet":
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            rows = connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
            return [str([str(value) for value in row]) for row in rows]
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    if path.name == "datapackage.json":  # the files are compared themselves; sizes and hashes differ with their times
        return [line for line in text.splitlines() if not _OF_BYTES.match(line)]
    if path.name == ".published.json":  # sizes differ with the times in the files
        note = json.loads(text)
        return [note["input_key"], *(name for name, _ in note["files"])]
    if path.suffix == ".csv":
        return [repr(row) for row in csv.reader(text.splitlines())]
    return html.unescape(text).splitlines()


def find_leftovers(home: Path, returns: Path) -> list[Path]:
    """Half-written files that nobody needs; in the provinces' folders a run clears them after ten minutes."""
    ours = [path for path in home.rglob("*") if "prefect" not in path.parts and _HALF_WRITTEN.search(path.name)]
    return ours + [path for path in returns.rglob(".thidua-*.tmp") if time.time() - path.stat().st_mtime > LEFT_SECONDS]
