"""The work of one run over one period, step by step, as plain calls that need no Prefect."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from catalogue.model import Catalogue
from flows.folders import Gathered, archive_path
from flows.settings import Settings
from transforms.comparison import Past, same_half_before
from transforms.observation import Problem, Reading, Submission
from transforms.succession import Arrival, attribute, find_current, find_unseen, held_notices, settle
from transforms.versions import judge_version, reader_version
from warehouse import Assessment, AssessmentEntry, Warehouse


@dataclass
class Work:
    """What a run has to do: the known submissions by unit, the readings at hand, the files still to read."""

    known: dict[str, list[Submission]]
    readings: dict[str, Reading]
    to_read: dict[str, list[tuple[Path, str]]]


@dataclass
class Decision:
    """What a run has decided: new submissions, and everything that the judgement needs."""

    submissions: dict[str, list[Submission]]
    new: list[Submission]
    notices: list[tuple[str, Problem, str]] = field(default_factory=list)


def input_key(
    catalogue: Catalogue, warehouse: Warehouse, period_code: str, gathered: Gathered, submissions: Iterable[Submission]
) -> str:
    """Names everything that a judgement depends on; only an equal key means that there is nothing to do."""
    before = warehouse.current_assessment(same_half_before(period_code))
    content = [
        judge_version(),
        reader_version(),
        catalogue.content_hash,
        before.input_key if before is not None else "",
        sorted(gathered.strays),
        sorted(gathered.failures),
        sorted((unit, a.path, a.sha256) for unit, arrivals in gathered.arrivals.items() for a in arrivals),
        sorted(s.submission_id for s in submissions),
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def plan(catalogue: Catalogue, warehouse: Warehouse, settings: Settings, period_code: str, gathered: Gathered) -> Work:
    """Which files have to be read: new content, and known content whose reading is of another reader or catalogue."""
    known: dict[str, list[Submission]] = {}
    for submission in warehouse.submissions(period_code):
        known.setdefault(submission.province_id, []).append(submission)
    needed: dict[str, dict[str, None]] = {}
    for unit in {**known, **gathered.arrivals}:
        hashes = [s.sha256 for s in known.get(unit, ())]
        hashes += [a.sha256 for a in find_unseen(known.get(unit, ()), gathered.arrivals.get(unit, ()))]
        needed[unit] = dict.fromkeys(hashes)
    stored = warehouse.readings(
        {sha for hashes in needed.values() for sha in hashes}, reader_version(), catalogue.content_hash
    )
    to_read: dict[str, list[tuple[Path, str]]] = {}
    for unit, wanted in needed.items():
        missing = [(archive_path(settings.archive, sha), sha) for sha in wanted if sha not in stored]
        if missing:
            to_read[unit] = missing
    return Work(known, dict(stored), to_read)


def open_decision(catalogue: Catalogue, period_code: str, gathered: Gathered, work: Work) -> Decision:
    """The decision of a run before any unit is settled: what is known, and what belongs to no submission."""
    decision = Decision({unit: list(known) for unit, known in work.known.items()}, [])
    for name in gathered.strays:
        decision.notices.append(("", Problem("folder_unmatched"), name))
    for unit, path, reason, rule_code in gathered.failures:
        province = catalogue.province_in(unit, period_code)
        name = province.name if province is not None else unit
        decision.notices.append((unit, Problem(rule_code, observed=name, detail=reason), path))
    return decision


def settle_unit(
    catalogue: Catalogue,
    period_code: str,
    gathered: Gathered,
    work: Work,
    decision: Decision,
    unit: str,
    now: dt.datetime,
) -> list[Submission]:
    """The new submissions of one unit, all of whose files are read; they and its notices join the decision."""
    known = work.known.get(unit, [])
    attributed = _attributed(catalogue, period_code, unit, work, known, gathered)
    own = []
    for arrival in gathered.arrivals.get(unit, ()):
        reading = work.readings.get(arrival.sha256)
        if reading is not None and not reading.is_rejected and reading.period_code != period_code:
            problem = Problem("other_period", observed=reading.period_code)
            decision.notices.append((unit, problem, arrival.path))
        else:
            own.append(arrival)
    new = settle(unit, period_code, known, own, attributed, now)
    decision.submissions.setdefault(unit, []).extend(new)
    decision.new.extend(new)
    rejected = {sha for sha, reading in attributed.items() if reading.is_rejected}
    current = find_current(decision.submissions[unit], rejected)
    decision.notices += [(unit, p, f) for p, f in held_notices(decision.submissions[unit], current, own)]
    was_seen = all(failed != unit for failed, *_ in gathered.failures)
    if current is not None and was_seen and current.sha256 not in {a.sha256 for a in own}:
        decision.notices.append((unit, Problem("file_gone"), current.path))
    return new


def _attributed(
    catalogue: Catalogue, period_code: str, unit: str, work: Work, known: list[Submission], gathered: Gathered
) -> dict[str, Reading]:
    hashes = {s.sha256 for s in known} | {a.sha256 for a in gathered.arrivals.get(unit, ())}
    return {sha: attribute(catalogue, work.readings[sha], unit, period_code) for sha in hashes if sha in work.readings}


def assess(
    catalogue: Catalogue,
    period_code: str,
    gathered: Gathered,
    decision: Decision,
    readings: Mapping[str, Reading],
    past: Past,
    key: str,
    now: dt.datetime,
) -> Assessment:
    """The judgement of the whole period, ready to be stored."""
    from expectations.judgement import Received, judge

    received = []
    for unit, submissions in decision.submissions.items():
        attributed = {s.sha256: attribute(catalogue, readings[s.sha256], unit, period_code) for s in submissions}
        rejected = {sha for sha, reading in attributed.items() if reading.is_rejected}
        current = find_current(submissions, rejected)
        standing = _standing_refusals(submissions, rejected, gathered.arrivals.get(unit), current)
        for s in submissions:
            is_current = s is current
            is_standing = is_current or s.submission_id in standing
            received.append(Received(s.submission_id, unit, s.path, attributed[s.sha256], is_current, is_standing))
    judgement = judge(catalogue, period_code, received, past=past, notices=decision.notices)
    return Assessment(
        period_code=period_code,
        input_key=key,
        assessed_at=now,
        catalogue_hash=catalogue.content_hash,
        reader_version=reader_version(),
        entries=tuple(
            AssessmentEntry(r.submission_id, judgement.verdicts[r.submission_id], r.is_current) for r in received
        ),
        findings=judgement.findings,
        derived=judgement.derived,
        cluster_totals=judgement.cluster_totals,
    )


def _standing_refusals(
    submissions: list[Submission],
    rejected: set[str],
    arrivals: list[Arrival] | None,
    current: Submission | None,
) -> set[str]:
    """The rejected submissions that still concern the unit: their content lies in its folder now, each told once.

    Where its folder was not seen this time, those stand that nothing has replaced.
    """
    present = None if arrivals is None else {a.sha256 for a in arrivals}
    latest = {s.sha256: s for s in sorted(submissions, key=lambda s: s.version) if s.sha256 in rejected}
    return {
        s.submission_id
        for sha256, s in latest.items()
        if (sha256 in present if present is not None else current is None or s.version > current.version)
    }


def due_period(catalogue: Catalogue, today: dt.date) -> str:
    """The half-year whose returns are being collected on a day: the last one that has ended."""
    ended = [code for code, entry in catalogue.calendar.items() if entry.ends_on < today]
    return max(ended, default=min(catalogue.calendar))
