"""What is thought of a period: verdicts, findings, derived figures and cluster totals, whole and at once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from transforms.checks import Check
from transforms.observation import ClusterTotal, DerivedFigure, Finding, Revision
from warehouse.checks import insert_checks
from warehouse.dimensions import dim_assessment
from warehouse.facts import (
    bridge_assessment_submission,
    bridge_finding_disputed,
    fact_derived,
    fact_finding,
    fact_revision,
    mart_cluster_total,
)
from warehouse.kept import keep_assessments
from warehouse.lookups import indicator_key, province_key, rule_key, submission_keys
from warehouse.session import Session, WarehouseError

# The reading of a submission: of a file with parts, the part of its unit and period, else the part that names no unit.
_READINGS = """
SELECT
    submission_key,
    arg_min(reading_key, CASE WHEN part IS NULL THEN 2 WHEN read.province_id IS NULL THEN 1 ELSE 0 END)
FROM dim_submission AS sent
JOIN dim_reading AS read ON sent.sha256 = read.sha256
    AND (part IS NULL OR (sent.period_code = read.period_code
        AND sent.province_id = coalesce(read.province_id, sent.province_id)))
WHERE submission_key IN (SELECT unnest(?)) AND reader_version = ? AND catalogue_hash = ?
GROUP BY submission_key
"""

_FINDING = (
    *("indicator_code", "file_name", "sheet", "cell", "observed", "expected", "advice", "finding_id", "figure_hash"),
    *("status", "explanation", "suspect_indicator", "suspect_sheet", "suspect_cell", "slip", "proposed"),
    *("impact", "impact_weight"),
)
Verdict = Literal["accepted", "accepted_with_findings", "rejected"]


@dataclass(frozen=True, slots=True)
class AssessmentEntry:
    """The verdict on one file; `is_current` says that it is its unit's answer for the period.

    `is_taken` says that it was one in its turn, after all that was ruled about it.
    """

    submission_id: str
    verdict: Verdict
    is_current: bool
    is_taken: bool = True


@dataclass(frozen=True, slots=True)
class Assessment:
    """One judgement of one period. `input_key` is equal exactly where nothing that it depends on differs."""

    period_code: str
    input_key: str
    assessed_at: dt.datetime
    catalogue_hash: str
    reader_version: str
    entries: tuple[AssessmentEntry, ...] = ()
    findings: tuple[Finding, ...] = ()
    derived: tuple[DerivedFigure, ...] = ()
    cluster_totals: tuple[ClusterTotal, ...] = ()
    revisions: tuple[Revision, ...] = ()
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredAssessment:
    """What is kept of an assessment beside its findings and figures."""

    assessment_key: int
    period_code: str
    input_key: str
    assessed_at: dt.datetime
    catalogue_hash: str
    reader_version: str


def current_assessment(session: Session, period_code: str) -> StoredAssessment | None:
    rows = session.rows(
        "SELECT assessment_key, period_code, input_key, assessed_at, catalogue_hash, reader_version "
        "FROM dim_assessment WHERE period_code = ? ORDER BY assessment_key DESC LIMIT 1",
        [period_code],
    )
    return StoredAssessment(*rows[0]) if rows else None


def add_assessment(session: Session, assessment: Assessment) -> None:
    """Record a judgement inside the caller's transaction; nothing where it is the current one already."""
    current = current_assessment(session, assessment.period_code)
    if current is not None and current.input_key == assessment.input_key:
        return
    if session.rows("SELECT catalogue_hash FROM dim_catalogue WHERE is_current") != [(assessment.catalogue_hash,)]:
        raise WarehouseError("the assessment was made by another catalogue than the one that was synced")
    session.use_one_thread(False)
    [key] = session.next_keys(dim_assessment, 1)
    names = ("period_code", "input_key", "assessed_at", "catalogue_hash", "reader_version")
    row = {name: [getattr(assessment, name)] for name in names}
    session.insert(dim_assessment, {"assessment_key": [key], **row})
    _insert_entries(session, key, assessment)
    _insert_findings(session, key, assessment)
    _insert_derived(session, key, assessment)
    _insert_totals(session, key, assessment.cluster_totals)
    _insert_revisions(session, key, assessment)
    insert_checks(session, key, assessment.period_code, assessment.checks)
    keep_assessments(session, key)


def _insert_entries(session: Session, key: int, assessment: Assessment) -> None:
    entries = assessment.entries
    keys = [_submission_key(session, e.submission_id) for e in entries]
    found = dict(session.rows(_READINGS, [keys, assessment.reader_version, assessment.catalogue_hash]) if keys else ())
    readings = [found.get(key) for key in keys]
    for entry, reading in zip(entries, readings, strict=True):
        if reading is None and entry.verdict != "rejected":
            raise WarehouseError(f"submission {entry.submission_id} is judged without a stored reading")
    _refuse_rivals(session, entries, keys)
    session.insert(
        bridge_assessment_submission,
        {
            "assessment_key": [key] * len(entries),
            "submission_key": keys,
            "reading_key": readings,
            "verdict": [e.verdict for e in entries],
            "is_current": [e.is_current for e in entries],
            "is_taken": [e.is_taken for e in entries],
        },
    )


def _refuse_rivals(session: Session, entries: tuple[AssessmentEntry, ...], keys: list[int]) -> None:
    """Raise where one reporting unit would have two current returns, or one file two verdicts."""
    if len(set(keys)) != len(keys):
        raise WarehouseError("one submission is judged twice in one assessment")
    current = [k for k, e in zip(keys, entries, strict=True) if e.is_current]
    if current:
        rows = session.rows(
            "SELECT province_id FROM dim_submission WHERE submission_key IN (SELECT unnest(?)) "
            "GROUP BY province_id HAVING count(*) > 1",
            [current],
        )
        if rows:
            raise WarehouseError(f"two current returns for {', '.join(sorted(row[0] for row in rows))}")


def _insert_findings(session: Session, key: int, assessment: Assessment) -> None:
    findings = assessment.findings
    count = len(findings)
    keys = session.next_keys(fact_finding, count)
    provinces = [province_key(session, f.province_id, assessment.period_code) for f in findings]
    known = submission_keys(session)
    session.insert(
        fact_finding,
        {
            "finding_key": keys,
            "assessment_key": [key] * count,
            "position": range(count),
            "rule_key": [rule_key(session, f.rule_code) for f in findings],
            "severity": [f.severity for f in findings],
            "province_key": provinces,
            "submission_key": [known.get(f.submission_id) for f in findings],
            "message": [f.message for f in findings],
            "alike": [", ".join(f.alike) for f in findings],
            **{name: [getattr(f, name) for f in findings] for name in _FINDING},
        },
    )
    disputed = [
        (finding_key, province, indicator_key(session, code))
        for finding_key, province, finding in zip(keys, provinces, findings, strict=True)
        for code in dict.fromkeys(finding.disputed)
    ]
    session.insert(
        bridge_finding_disputed,
        {
            "finding_key": [d[0] for d in disputed],
            "assessment_key": [key] * len(disputed),
            "province_key": [d[1] for d in disputed],
            "indicator_key": [d[2] for d in disputed],
        },
    )


def _insert_derived(session: Session, key: int, assessment: Assessment) -> None:
    derived = assessment.derived
    repeated = [k for k, n in Counter((d.province_id, d.indicator_code) for d in derived).items() if n > 1]
    if repeated:
        raise WarehouseError(f"figures derived twice: {repeated}")
    session.insert(
        fact_derived,
        {
            "assessment_key": [key] * len(derived),
            "province_key": [province_key(session, d.province_id, assessment.period_code) for d in derived],
            "indicator_key": [indicator_key(session, d.indicator_code) for d in derived],
            "value": [d.value for d in derived],
        },
    )


def _insert_totals(session: Session, key: int, totals: tuple[ClusterTotal, ...]) -> None:
    names: tuple[str, ...] = ("value", "value_source", "provinces_reporting", "provinces_expected", "disputed_count")
    names += ("value_without_disputed", "control_value", "is_estimated")
    count = len(totals)
    session.insert(
        mart_cluster_total,
        {
            "assessment_key": [key] * count,
            "position": range(count),
            "indicator_key": [indicator_key(session, t.indicator_code) for t in totals],
            **{name: [getattr(t, name) for t in totals] for name in names},
            "control_sheet": [t.control_sheet for t in totals],
            "control_cell": [t.control_cell for t in totals],
            "control_submission_key": [
                _submission_key(session, t.control_submission_id) if t.control_submission_id else None for t in totals
            ],
        },
    )


def _insert_revisions(session: Session, key: int, assessment: Assessment) -> None:
    revisions = assessment.revisions
    names = ("earlier_period", "value_then", "value_now", "sheet", "cell", "raw_text")
    session.insert(
        fact_revision,
        {
            "assessment_key": [key] * len(revisions),
            "position": range(len(revisions)),
            "province_key": [province_key(session, r.province_id, assessment.period_code) for r in revisions],
            "indicator_key": [indicator_key(session, r.indicator_code) for r in revisions],
            "submission_key": [_submission_key(session, r.submission_id) for r in revisions],
            **{name: [getattr(r, name) for r in revisions] for name in names},
        },
    )


def _submission_key(session: Session, submission_id: str) -> int:
    found = submission_keys(session).get(submission_id)
    if found is None:
        raise WarehouseError(f"submission {submission_id} was never recorded")
    return found
