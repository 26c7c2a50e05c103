"""Builders of small submissions, readings and assessments; a period as one run sees it."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from catalogue.model import Catalogue
from transforms.checks import Check
from transforms.observation import ClusterTotal, DerivedFigure, Finding, Observation, Reading, Revision, Submission
from warehouse import Assessment, AssessmentEntry, Warehouse
from warehouse.marts import view_rows

PERIOD = "2021H1"
READER = "reader 1"
IN_TIME = dt.datetime(2021, 7, 1, 9, 0, tzinfo=dt.UTC)
LATE = dt.datetime(2021, 7, 20, 9, 0, tzinfo=dt.UTC)


def number(code: str, value: str, **more: Any) -> Observation:
    return Observation(code, "number", Decimal(value), raw_text=value, sheet="A. Nông thôn mới", cell="D7", **more)


def reading(province_id: str, *observations: Observation, salt: str = "", **more: Any) -> Reading:
    sha256 = hashlib.sha256(f"{province_id}{observations}{salt}".encode()).hexdigest()
    return Reading(sha256, province_id, PERIOD, "2021.1", dt.date(2021, 6, 30), observations, **more)


def submission(of: Reading, version: int = 1, received_at: dt.datetime = IN_TIME, **more: Any) -> Submission:
    values: dict[str, Any] = {
        "submission_id": f"{of.province_id}-{version}",
        "province_id": of.province_id,
        "period_code": PERIOD,
        "sha256": of.sha256,
        "path": f"{of.province_id}/biểu {version}.xlsx",
        "file_name": f"biểu {version}.xlsx",
        "version": version,
        "received_at": received_at,
        "modified_at": received_at - dt.timedelta(hours=1),
        "is_taken": True,
        "form_version": of.form_version,
    }
    return Submission(**(values | more))


def finding(province_id: str, rule_code: str = "required_present", severity: str = "warning", **more: Any) -> Finding:
    return Finding(PERIOD, province_id, rule_code, severity, "Ô D7 để trống.", "Điền số liệu.", **more)


def accepted(submission_id: str, is_current: bool = True) -> AssessmentEntry:
    return AssessmentEntry(submission_id, "accepted", is_current)


def total(code: str, value: str | None, **more: Any) -> ClusterTotal:
    amount = None if value is None else Decimal(value)
    return ClusterTotal(code, amount, **({**_TOTAL, "value_without_disputed": amount} | more))


_TOTAL: dict[str, Any] = {
    "value_source": "sum",
    "provinces_reporting": 2,
    "provinces_expected": 9,
    "disputed_count": 0,
    "control_value": None,
}


@dataclass
class Season:
    """A period as one run sees it: what came, and what is thought of it."""

    warehouse: Warehouse
    catalogue: Catalogue
    counter: int = 0
    entries: list[AssessmentEntry] = field(default_factory=list)

    def receive(self, of: Reading, version: int = 1, received_at: dt.datetime = IN_TIME, **more: Any) -> Submission:
        came = submission(of, version, received_at, **more)
        self.warehouse.add_submission(came, of, READER, self.catalogue.content_hash, received_at)
        return came

    def judge(
        self,
        *entries: AssessmentEntry,
        assessed_at: dt.datetime = IN_TIME,
        findings: tuple[Finding, ...] = (),
        derived: tuple[DerivedFigure, ...] = (),
        totals: tuple[ClusterTotal, ...] = (),
        revisions: tuple[Revision, ...] = (),
        checks: tuple[Check, ...] = (),
    ) -> Assessment:
        self.counter += 1
        made = Assessment(
            PERIOD,
            f"input {self.counter}",
            assessed_at,
            self.catalogue.content_hash,
            READER,
            entries,
            findings,
            derived,
            totals,
            revisions,
            checks,
        )
        self.warehouse.add_assessment(made)
        return made

    def view(self, name: str, **where: Any) -> list[dict[str, Any]]:
        rows = view_rows(self.warehouse._opened(), name, PERIOD)
        return [row for row in rows if all(row[k] == v for k, v in where.items())]

    def one(self, name: str, **where: Any) -> dict[str, Any]:
        [row] = self.view(name, **where)
        return row

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything the warehouse holds, row by row."""
        return contents(self.warehouse)


def contents(warehouse: Warehouse) -> dict[str, list[tuple[Any, ...]]]:
    rows = warehouse._opened().rows
    names = [name for (name,) in rows("SELECT table_name FROM duckdb_tables() WHERE NOT temporary ORDER BY 1")]
    return {name: rows(f"SELECT * FROM {name} ORDER BY ALL") for name in names}
