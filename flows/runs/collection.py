"""The work of one run over one period, step by step, as plain calls that need no Prefect."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from catalogue.model import Catalogue
from flows.runs.consolidated import is_for_provinces_only, tell_of_file
from flows.runs.decision import Decision, Work
from flows.settings import Settings
from flows.shares.folders import Gathered, archive_path, check_originals
from transforms.admission import admit
from transforms.comparison import Past, half_before, same_half_before
from transforms.observation import Problem, Ruling, Submission
from transforms.prose.published_report import REPORTS
from transforms.rulings import apply_rulings, find_in_force, latest_explanations
from transforms.succession import Arrival, find_current, find_other_periods, find_unseen, held_notices, settle
from transforms.versions import judge_version, reader_version
from warehouse import Assessment, AssessmentEntry, Warehouse


def input_key(
    catalogue: Catalogue,
    warehouse: Warehouse,
    period_code: str,
    gathered: Gathered,
    submissions: Iterable[Submission],
    rulings: Iterable[Ruling],
    takes_synthetic: bool = False,
) -> str:
    """Names everything that a judgement depends on; only an equal key means that there is nothing to do."""
    earlier = (same_half_before(period_code), half_before(period_code))
    before = [warehouse.current_assessment(period) for period in earlier]
    content = [
        judge_version(),
        reader_version(),
        catalogue.content_hash,
        *(assessment.input_key if assessment is not None else "" for assessment in before),
        sorted(gathered.strays),
        sorted(gathered.failures),
        sorted((unit, a.path, a.sha256) for unit, arrivals in gathered.arrivals.items() for a in arrivals),
        sorted(s.submission_id for s in submissions),
        sorted(r.ruling_id for r in rulings),
        *(["takes synthetic files"] if takes_synthetic else []),
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def plan(
    catalogue: Catalogue,
    warehouse: Warehouse,
    settings: Settings,
    period_code: str,
    gathered: Gathered,
    rulings: Iterable[Ruling],
) -> Work:
    """Which files have to be read: new content, and known content whose reading is of another reader or catalogue.

    A file is read for the unit in whose folder it came, whatever units it speaks of.
    """
    known: dict[str, list[Submission]] = {}
    sent: dict[str, list[Submission]] = {}
    for submission in warehouse.submissions(period_code):
        known.setdefault(submission.province_id, []).append(submission)
        sent.setdefault(submission.sent_by or submission.province_id, []).append(submission)
    needed: dict[str, dict[str, None]] = {}
    for unit in {**known, **sent, **gathered.arrivals}:
        hashes = [s.sha256 for s in sent.get(unit, ())]
        hashes += [a.sha256 for a in find_unseen(sent.get(unit, ()), gathered.arrivals.get(unit, ()))]
        needed[unit] = dict.fromkeys(hashes)
    stored = warehouse.readings(
        {sha for hashes in needed.values() for sha in hashes}, reader_version(), catalogue.content_hash
    )
    to_read: dict[str, list[tuple[Path, str]]] = {}
    for unit, wanted in needed.items():
        missing = [(archive_path(settings.archive, sha), sha) for sha in wanted if sha not in stored]
        if missing:
            to_read[unit] = missing
    check_originals(settings.archive, {s.sha256: s.path for of in known.values() for s in of if s.sha256 not in stored})
    in_force = find_in_force(rulings)
    readings = {sha: admit(reading, settings.takes_synthetic) for sha, reading in stored.items()}
    return Work({unit: apply_rulings(sent, in_force) for unit, sent in known.items()}, readings, to_read)


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
    if unit == REPORTS:  # no unit: what lies there is settled with those whom it speaks of
        return []
    known = [s for s in work.known.get(unit, ()) if not s.sent_by]
    arrivals = gathered.arrivals.get(unit, ())
    hashes = {s.sha256 for s in known} | {a.sha256 for a in arrivals}
    answers = {
        sha: decision.answer(catalogue, work.readings, period_code, unit, sha) for sha in hashes if sha in work.readings
    }
    own = []
    for arrival in arrivals:
        reading = work.readings.get(arrival.sha256)
        if (
            reading is not None
            and unit == catalogue.cluster_id
            and is_for_provinces_only(catalogue, reading, period_code)
        ):
            decision.notices += tell_of_file(catalogue, period_code, reading, arrival.path)
        elif reading is not None and (periods := find_other_periods(reading, unit, period_code)):
            decision.notices.append((unit, Problem("other_period", observed=periods), arrival.path))
        else:
            own.append(arrival)
    new = settle(unit, period_code, work.known.get(unit, ()), own, answers, now)
    decision.submissions.setdefault(unit, []).extend(new)
    decision.new.extend(new)
    rejected = {sha for sha, answer in answers.items() if answer.is_rejected}
    current = find_current([*known, *new], rejected)
    decision.notices += [(unit, p, f) for p, f in held_notices([*known, *new], current, own)]
    was_seen = all(failed != unit for failed, *_ in gathered.failures)
    if current is not None and was_seen and current.sha256 not in {a.sha256 for a in own}:
        decision.notices.append((unit, Problem("file_gone"), current.path))
    return new


def assess(
    catalogue: Catalogue,
    period_code: str,
    gathered: Gathered,
    decision: Decision,
    past: Past,
    rulings: Iterable[Ruling],
    key: str,
    now: dt.datetime,
) -> Assessment:
    """The judgement of the whole period, ready to be stored."""
    from expectations.judgement import Received, judge

    received = []
    current: list[Submission] = []
    for unit, submissions in decision.submissions.items():
        answer = find_current(submissions, decision.rejected_of(unit))
        standing = _standing_refusals(decision, unit, gathered.arrivals.get(unit), answer)
        current += [answer] if answer is not None else []
        for s in submissions:
            is_current = s is answer
            is_standing = is_current or s.submission_id in standing
            received.append(Received(s.submission_id, unit, s.path, decision.answer_of(s), is_current, is_standing))
    explanations = latest_explanations(decision.explanations())
    judgement = judge(
        catalogue,
        period_code,
        received,
        past=past,
        notices=decision.notices,
        explanations=explanations,
        rulings=find_in_force(rulings),
    )
    return Assessment(
        period_code=period_code,
        input_key=key,
        assessed_at=now,
        catalogue_hash=catalogue.content_hash,
        reader_version=reader_version(),
        entries=tuple(
            AssessmentEntry(s.submission_id, judgement.verdicts[s.submission_id], s in current, s.is_taken)
            for submissions in decision.submissions.values()
            for s in submissions
        ),
        findings=judgement.findings,
        derived=judgement.derived,
        cluster_totals=judgement.cluster_totals,
        revisions=judgement.revisions,
        checks=judgement.checks,
    )


def _standing_refusals(
    decision: Decision, unit: str, arrivals: list[Arrival] | None, current: Submission | None
) -> set[str]:
    """The rejected submissions that still concern the unit: their content lies in its folder now, each told once.

    Where its folder was not seen this time, those stand that nothing has replaced. What another unit's file said of it
    is that unit's concern, and a file that speaks of others only is told as such.
    """
    own = sorted((s for s in decision.submissions[unit] if not s.sent_by), key=lambda s: s.version)
    present = None if arrivals is None else {a.sha256 for a in arrivals}
    shared = {path for _, problem, path in decision.notices if problem.rule_code == "other_units_in_file"}
    latest = {s.sha256: s for s in own if decision.answer_of(s).is_rejected and s.path not in shared}
    return {
        s.submission_id
        for sha256, s in latest.items()
        if (sha256 in present if present is not None else current is None or s.version > current.version)
    }


def due_period(catalogue: Catalogue, today: dt.date) -> str:
    """The half-year whose returns are being collected on a day: the last one that has ended."""
    ended = [code for code, entry in catalogue.calendar.items() if entry.ends_on < today]
    return max(ended, default=min(catalogue.calendar))
