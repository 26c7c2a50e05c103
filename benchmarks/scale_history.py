"""A warehouse with a history of any length: one half-year loaded as runs load, the others copied from it in SQL."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import re
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil

from catalogue import Catalogue, load_catalogue
from expectations.judgement import Judgement, Received, judge
from transforms.comparison import half_before, same_half_before
from transforms.observation import Reading, Submission
from transforms.reading import hash_bytes, read_return
from transforms.versions import reader_version
from warehouse import Assessment, AssessmentEntry, Warehouse

FIRST = "2016H1"
READ_AT = dt.datetime(2021, 7, 4, tzinfo=dt.UTC)
BATCHES = 16  # as the flow loads many returns

_COPIES = {
    "dim_submission": "submission_key + $keys AS submission_key, $period || submission_id[7:] AS submission_id, "
    "$period AS period_code, sha256(sha256 || $period) AS sha256",
    "dim_reading": "reading_key + $keys AS reading_key, $period AS period_code, sha256(sha256 || $period) AS sha256",
    "fact_observation": "reading_key + $keys AS reading_key, $period_key AS period_key, "
    "value * (1 + (reading_key + position + $keys) % 97 / 100000) AS value",
    "dim_assessment": "assessment_key + 1 AS assessment_key, $period AS period_code, input_key || $period AS input_key",
    "bridge_assessment_submission": "assessment_key + 1 AS assessment_key, submission_key + $keys AS submission_key, "
    "reading_key + $keys AS reading_key",
    "mart_cluster_total": "assessment_key + 1 AS assessment_key",
}
_OF_LAST = {
    "dim_submission": "period_code = $last",
    "dim_reading": "period_code = $last",
    "fact_observation": "period_key = $last_key",
    "dim_assessment": "period_code = $last",
    "bridge_assessment_submission": "assessment_key = $assessment",
    "mart_cluster_total": "assessment_key = $assessment",
}


@dataclass(frozen=True)
class Step:
    """What a further half-year cost on top of so many: seconds, megabytes, rows."""

    periods: int
    observations: int
    load: float
    past: float
    judge: float
    record: float
    publish: float
    published_mb: float
    marts: float
    memory_mb: float


def write_calendar(tables: Path, periods: int) -> list[str]:
    """Lets the calendar of a copied catalogue go on for so many half-years; returns their codes."""
    file = tables / "calendar.csv"
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.reader(opened))
    while len(rows) - 1 < periods:
        earlier = rows[-2]  # the same half of the year before
        moved = [f"{int(text[:4]) + 1}{text[4:]}" if len(text) > 4 else text for text in earlier]
        rows.append(moved)
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened, lineterminator="\n").writerows(rows)
    return [row[0] for row in rows[1 : periods + 1]]


class History:
    """A warehouse that grows by half-years of so many units, each with the figures of one clean return."""

    def __init__(self, tables: Path, returned: Path, path: Path) -> None:
        self.catalogue: Catalogue = load_catalogue(tables)
        data = returned.read_bytes()
        self.reading: Reading = read_return(self.catalogue, data, hash_bytes(data))
        self.path = path
        self.warehouse = Warehouse.open(path)
        self.warehouse.sync_catalogue(self.catalogue)
        self.stored: list[str] = []

    def _received(self, period: str) -> list[tuple[Submission, Reading]]:
        received = []
        for province in self.catalogue.members_of(period):
            unit = province.province_id
            sha256 = hashlib.sha256(f"{unit}{period}".encode()).hexdigest()
            reading = replace(self.reading, sha256=sha256, province_id=unit, period_code=period)
            identity = f"{period}-{unit}-001-{sha256[:12]}"
            path = f"{province.name}/bieu.xlsx"
            submission = Submission(identity, unit, period, sha256, path, "bieu.xlsx", 1, READ_AT, READ_AT, True)
            received.append((submission, reading))
        return received

    def add(self, period: str) -> Step:
        """Loads, judges, publishes and reads one half-year as a run does."""
        received, size = self._received(period), -(-len(self.catalogue.members_of(period)) // BATCHES)
        clock = _Clock()
        for start in range(0, len(received), size):
            some = received[start : start + size]
            self.warehouse.add_submissions(some, reader_version(), self.catalogue.content_hash, READ_AT)
        load = clock.lap()
        past = self.warehouse.figures([same_half_before(period), half_before(period)])
        fetched = clock.lap()
        judgement = self._judge(period, received, past)
        judged = clock.lap()
        self.warehouse.add_assessment(self._assessment(period, received, judgement))
        recorded = clock.lap()
        target = self.path.with_name("published.duckdb")
        self.warehouse.publish(target)
        published = clock.lap()
        rows = self.warehouse.marts(period)
        read = clock.lap()
        memory = psutil.Process().memory_info().rss / 1e6
        assert len(rows["observations"]) >= len(received)
        self.stored.append(period)
        [(count,)] = self.warehouse._opened().rows("SELECT count(*) FROM fact_observation")
        megabytes = target.stat().st_size / 1e6
        steps = (load, fetched, judged, recorded, published, megabytes, read, memory)
        return Step(len(self.stored), count, *steps)

    def _judge(self, period: str, received: list[tuple[Submission, Reading]], past: Any) -> Judgement:
        known = [Received(s.submission_id, s.province_id, s.path, reading, True) for s, reading in received]
        return judge(self.catalogue, period, known, past=past)

    def _assessment(self, period: str, received: list[tuple[Submission, Reading]], judgement: Judgement) -> Assessment:
        entries = tuple(
            AssessmentEntry(s.submission_id, judgement.verdicts[s.submission_id], True) for s, _ in received
        )
        common = (period, f"key of {period}", READ_AT, self.catalogue.content_hash, reader_version(), entries)
        told = (judgement.findings, judgement.derived, judgement.cluster_totals, judgement.revisions)
        return Assessment(*common, *told)

    def copy_to(self, periods: list[str]) -> float:
        """Adds half-years as copies of the last one, with other keys and values; returns the seconds."""
        clock = _Clock()
        session = self.warehouse._opened()
        for period in periods:
            last = self.stored[-1]
            [(key,)] = session.rows("SELECT period_key FROM dim_period WHERE period_code = ?", [period])
            [(last_key,)] = session.rows("SELECT period_key FROM dim_period WHERE period_code = ?", [last])
            [(assessment,)] = session.rows(
                "SELECT max(assessment_key) FROM dim_assessment WHERE period_code = ?", [last]
            )
            units = len(self.catalogue.members_of(period))
            given = {"keys": units, "period": period, "period_key": key, "last": last, "last_key": last_key}
            given["assessment"] = assessment
            with session.transaction():
                for table, changes in _COPIES.items():
                    session.execute(
                        *_numbered(f"INSERT INTO {table} SELECT * REPLACE ({changes}) FROM {table} ", table, given)
                    )
            self.stored.append(period)
        session.forget()
        return clock.lap()


def _numbered(sql: str, table: str, given: dict[str, Any]) -> tuple[str, list[Any]]:
    """The statement with its values in the order of their marks."""
    values: list[Any] = []
    words = []
    for word in re.split(r"(\$[a-z_]+)", f"{sql} WHERE {_OF_LAST[table]}"):
        if word.startswith("$"):
            values.append(given[word[1:]])
            word = "?"
        words.append(word)
    return "".join(words), values


class _Clock:
    """Seconds since the last lap."""

    def __init__(self) -> None:
        self._since = time.perf_counter()

    def lap(self) -> float:
        now = time.perf_counter()
        since, self._since = self._since, now
        return now - since
