"""Making the tables of a seal again, from nothing but the seal: originals read, judged and drawn anew."""

from __future__ import annotations

import csv
import json
import logging
import shutil
from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from catalogue import load_catalogue
from catalogue.model import Catalogue
from flows.closing import seal_contents as contents
from flows.closing.seal_folder import SealError, hash_file, read_manifest, verify
from flows.closing.software import differing, software_versions
from flows.reading.pool import ReadingPool
from flows.runs import collection
from flows.runs.consolidated import settle_provinces
from flows.runs.decision import Decision, Work
from flows.runs.published_reports import answer_reports, settle_reports
from flows.shares.folders import Gathered
from transforms.admission import admit
from transforms.comparison import half_before, same_half_before
from transforms.observation import Reading, Submission
from transforms.rulings import apply_rulings, find_in_force
from transforms.versions import reader_version
from warehouse import Warehouse

PROGRESS = logging.getLogger("thidua.progress")
REBUILT = " (dựng lại)"  # what is read anew stands beside what was read then, under a name of its own


@dataclass(frozen=True, slots=True)
class CellDifference:
    """One value of a table that is not what it was in the seal; "" is no value, rows count from 1 below the head."""

    table: str
    row: int
    column: str
    sealed: str
    rebuilt: str


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What making a seal's tables again came to: files that differ in a byte, and values that differ.

    `versions` are the differing ones of the software: (name, sealed, at work now).
    """

    folder: Path
    files: int
    differing: tuple[str, ...]
    values: tuple[CellDifference, ...]
    versions: tuple[tuple[str, str, str], ...]


def rebuild(seal: Path, work: Path, *, is_comparing: bool = False) -> Rebuilt:
    """Makes the tables of a seal again in an empty folder `work`, and compares them with the sealed ones.

    With the versions that are sealed they are equal byte for byte. With others it refuses (SealError, naming them),
    unless `is_comparing`: then every value is compared. Raises SealError too where the seal is not unaltered.
    """
    faults = verify(seal)
    if faults:
        raise SealError(f"bản niêm phong đã bị sửa ({faults[0].path}: {faults[0].text}); xem: thidua verify {seal}")
    recorded = json.loads((seal / contents.SOFTWARE).read_bytes())["software"]
    versions = differing(recorded, software_versions())
    if versions and not is_comparing:
        said = "; ".join(
            f"{name}: lúc niêm phong {then or 'không có'}, nay {now or 'không có'}" for name, then, now in versions
        )
        raise SealError(
            f"phần mềm không còn là bản đã niêm phong nên không hứa được từng byte ({said}). "
            "Cài đúng bản đó, hoặc so từng giá trị bằng --compare"
        )
    tables = _Rebuilding(seal, work).draw()
    sealed = seal / contents.TABLES
    names = sorted(
        {p.relative_to(root).as_posix() for root in (sealed, tables) for p in root.rglob("*") if p.is_file()}
    )
    other = tuple(name for name in names if not _is_same(sealed / name, tables / name))
    return Rebuilt(tables, len(names), other, tuple(compare_tables(sealed, tables)), tuple(versions))


class _Rebuilding:
    """The state of one rebuilding."""

    def __init__(self, seal: Path, work: Path) -> None:
        self.seal = seal
        self.work = work
        self.period_code: str = read_manifest(seal)["period_code"]
        self.catalogue: Catalogue = load_catalogue(seal / contents.CATALOGUE)
        self.approval: dict[str, Any] = json.loads((seal / contents.APPROVAL).read_bytes())

    def draw(self) -> Path:
        """Reads, judges and draws; returns the folder of the tables."""
        database = self.work / contents.DATABASE
        shutil.copyfile(self.seal / contents.DATABASE, database)
        with Warehouse.open(database) as warehouse:
            marts = self._judge(warehouse)
        return self._draw(marts)

    def _judge(self, warehouse: Warehouse) -> dict[str, list[dict[str, Any]]]:
        gathered = contents.read_gathered(self.seal)
        rulings = warehouse.rulings()
        before = warehouse.current_assessment(self.period_code)
        if before is None:
            raise SealError(f"kho dữ liệu trong bản niêm phong không có kết luận nào của kỳ {self.period_code}")
        warehouse.sync_catalogue(self.catalogue)
        sent: dict[str, list[Submission]] = {}
        for submission in warehouse.submissions(self.period_code):
            sent.setdefault(submission.province_id, []).append(submission)
        readings = self._read({s.sha256 for known in sent.values() for s in known}, gathered)
        in_force = find_in_force(rulings)
        verdicts = {row["sha256"]: row["verdict"] for row in warehouse.marts(self.period_code)["submissions"]}
        admitted = {sha: admit(r, verdicts.get(sha) != "rejected") for sha, r in readings.items()}
        work = Work({unit: apply_rulings(known, in_force) for unit, known in sent.items()}, admitted, {})
        decision = self._settle(gathered, work, before.assessed_at)
        warehouse.add_readings(
            readings.values(), reader_version() + REBUILT, self.catalogue.content_hash, before.assessed_at
        )
        PROGRESS.info("Đang kiểm tra lại toàn kỳ")
        past = warehouse.figures([same_half_before(self.period_code), half_before(self.period_code)])
        assessment = collection.assess(
            self.catalogue, self.period_code, gathered, decision, past, rulings, "rebuilt", before.assessed_at
        )
        warehouse.add_assessment(replace(assessment, reader_version=reader_version() + REBUILT))
        return warehouse.marts(self.period_code)

    def _read(self, known: Set[str], gathered: Gathered) -> dict[str, Reading]:
        """Every original that was received or lay there, read anew; published reports are no returns."""
        lying = {a.sha256 for arrivals in gathered.arrivals.values() for a in arrivals}
        files = [(self.seal / contents.ORIGINALS / sha256, sha256) for sha256 in sorted(known | lying)]
        PROGRESS.info("Cần đọc lại %d tệp gốc", len(files))
        readings = {}
        with ReadingPool(self.seal / contents.CATALOGUE) as pool:
            for (_, sha256), reading in zip(files, pool.read(files), strict=True):
                readings[sha256] = reading
                if len(readings) % 20 == 0 or len(readings) == len(files):
                    PROGRESS.info("Đã đọc lại %d/%d tệp gốc", len(readings), len(files))
        return readings

    def _settle(self, gathered: Gathered, work: Work, now: datetime) -> Decision:
        catalogue, period_code = self.catalogue, self.period_code
        decision = collection.open_decision(catalogue, period_code, gathered, work)
        for unit in {**work.known, **gathered.arrivals}:
            collection.settle_unit(catalogue, period_code, gathered, work, decision, unit, now)
        answer_reports(catalogue, period_code, work, decision)
        settle_provinces(catalogue, period_code, gathered, work, decision, now)
        settle_reports(catalogue, period_code, gathered, work, decision, now)
        if decision.new:
            names = ", ".join(s.path for s in decision.new[:5])
            raise SealError(f"bản niêm phong không đủ: kho dữ liệu trong đó không ghi nhận các tệp {names}")
        return decision

    def _draw(self, marts: dict[str, list[dict[str, Any]]]) -> Path:
        from publications import Standing, publish_tables

        manifest = read_manifest(self.seal)
        approved_at = datetime.fromisoformat(manifest["approved_at"])
        standing = Standing(
            manifest["seal_no"],
            is_final=True,
            approved_by=self.approval["decided_by"],
            approved_at=approved_at,
            reason=self.approval["reason"],
            is_noted=self.approval["step"] == "publish_noted",
        )
        folder = self.work / contents.TABLES
        PROGRESS.info("Đang vẽ lại các bảng")
        publish_tables(self.catalogue, self.period_code, marts, folder, approved_at, standing)
        return folder


def compare_tables(sealed: Path, rebuilt: Path) -> list[CellDifference]:
    """Every value of the CSV tables that is not equal in both; a table, row or column of only one counts whole."""
    names = {p.stem for root in (sealed, rebuilt) for p in (root / "csv").glob("*.csv")}
    found = []
    for name in sorted(names):
        before, after = _cells(sealed / "csv" / f"{name}.csv"), _cells(rebuilt / "csv" / f"{name}.csv")
        for key in sorted({*before, *after}):
            then, now = before.get(key, ""), after.get(key, "")
            if then != now:
                found.append(CellDifference(name, *key, then, now))
    return found


def _cells(path: Path) -> dict[tuple[int, str], str]:
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(n, column): value or "" for n, row in enumerate(rows, start=1) for column, value in row.items()}


def _is_same(one: Path, other: Path) -> bool:
    return one.is_file() and other.is_file() and hash_file(one) == hash_file(other)
