"""The history as folders of files: by half-year and unit, with the moment when each file arrives."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from examples.history.notices import write_readme
from examples.history.overlay import open_catalogue, write_catalogue
from examples.history.sending import SYNTHETIC, send_period
from examples.history.spans import list_periods
from examples.history.truth import Truth
from examples.history.workbooks import file_name, render, unit_of

MARK = "SYNTHETIC.txt"
RECEIVED = "received.csv"
CATALOGUE = "catalogue"
COLUMNS = ("period_code", "province_id", "version", "file", "received_at", "source", "event")


@dataclass(frozen=True)
class Received:
    """One row of received.csv; `file` is relative to the folder of the history."""

    period_code: str
    province_id: str
    version: int
    file: str
    received_at: dt.datetime
    source: str
    event: str


def write_history(
    folder: Path, seed: int, periods: Iterable[str] = list_periods(), tell: Callable[[str], None] = print
) -> list[Received]:
    """Writes the files of some half-years, their catalogue, received.csv and a readme; the same seed, the same bytes.

    Of an earlier history in the folder nothing is left; a folder with anything else in it is refused with ValueError.
    """
    _clear(folder)
    (folder / MARK).write_text("unfinished\n", encoding="utf-8")
    catalogue = open_catalogue(write_catalogue(folder / CATALOGUE))
    truth = Truth(catalogue, seed)
    rows: list[Received] = []
    digest = hashlib.sha256(catalogue.content_hash.encode())
    for period_code in periods:
        sent = send_period(truth, period_code)
        for file in sent:
            target = folder / period_code / unit_of(catalogue, file).name / file_name(file)
            target.parent.mkdir(parents=True, exist_ok=True)
            data = render(catalogue, file, seed)
            target.write_bytes(data)
            digest.update(f"{target.relative_to(folder)} {file.arrives_at}".encode() + data)
            stamp = file.arrives_at.timestamp()
            os.utime(target, (stamp, stamp))
            path = target.relative_to(folder).as_posix()
            row = (file.version, path, file.arrives_at, file.source, file.event)
            rows.append(Received(period_code, file.province_id, *row))
        synthetic = sum(file.source == SYNTHETIC for file in sent)
        tell(f"{period_code}: {len(sent)} tệp, {synthetic} giả lập / files, synthetic")
    _write_received(folder / RECEIVED, rows)
    write_readme(folder, seed, catalogue)
    (folder / MARK).write_text(f"synthetic data, seed {seed}, {digest.hexdigest()}\n", encoding="utf-8")
    return rows


def read_received(folder: Path) -> list[Received]:
    """The rows of a history's received.csv."""
    with (folder / RECEIVED).open(encoding="utf-8-sig", newline="") as file:
        return [
            Received(
                row["period_code"],
                row["province_id"],
                int(row["version"]),
                row["file"],
                dt.datetime.fromisoformat(row["received_at"]),
                row["source"],
                row["event"],
            )
            for row in csv.DictReader(file)
        ]


def _clear(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise ValueError(f"{folder} is not empty and holds no synthetic history; name another folder")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)


def _write_received(path: Path, rows: Iterable[Received]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # with the mark by which Excel knows UTF-8
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows:
            at = row.received_at.isoformat(timespec="minutes")
            writer.writerow((row.period_code, row.province_id, row.version, row.file, at, row.source, row.event))
