"""Figures of provinces out of the consolidated files in the chair's folder, where nothing of their own has come."""

from __future__ import annotations

import datetime as dt

from catalogue.model import Catalogue
from flows.runs.decision import Decision, Work
from flows.shares.folders import Gathered
from transforms.observation import Problem, Reading, Submission
from transforms.succession import Arrival, find_current, find_part, held_notices, name_others, settle

SAYS_SOMETHING = ("number", "none_arising")


def is_for_provinces_only(catalogue: Catalogue, reading: Reading, period_code: str) -> bool:
    """Whether a file in the chair's folder has parts of provinces for a period, and none of the chair itself."""
    if reading.is_rejected or any(find_part(reading, unit, period_code) for unit in (catalogue.cluster_id, "")):
        return False
    return any(find_part(reading, p.province_id, period_code) for p in catalogue.members_of(period_code))


def tell_of_file(catalogue: Catalogue, period_code: str, reading: Reading, path: str) -> list[tuple[str, Problem, str]]:
    """What is to be said to the chair of a file that is no submission of its own: (unit, problem, file name)."""
    chair = catalogue.cluster_id
    problems = (*reading.problems, name_others(catalogue, reading, chair, period_code))
    return [(chair, problem, path) for problem in problems]


def settle_provinces(
    catalogue: Catalogue, period_code: str, gathered: Gathered, work: Work, decision: Decision, now: dt.datetime
) -> list[Submission]:
    """The new submissions of provinces out of consolidated files; they and their notices join the decision.

    All files of all units are read and settled before. A part never rivals an own file: it is taken only while no own
    one is current. Which of several consolidated files counts is decided as among files of one unit.
    """
    chair = catalogue.cluster_id
    lying = gathered.arrivals.get(chair, [])
    members = dict.fromkeys(p.province_id for p in catalogue.members_of(period_code))
    covered = [u for u, submissions in decision.submissions.items() if any(s.sent_by == chair for s in submissions)]
    is_seen = all(failed != chair for failed, *_ in gathered.failures)
    told = {(problem.rule_code, path) for unit, problem, path in decision.notices if unit == chair}
    found = []
    for unit in {**members, **dict.fromkeys(covered)}:
        known = decision.submissions.get(unit, [])
        offered = [a for a in lying if unit in members and _offers(work.readings.get(a.sha256), unit, period_code)]
        hashes = {s.sha256 for s in known if s.sent_by == chair} | {a.sha256 for a in offered}
        answers = {sha: decision.answer(catalogue, work.readings, period_code, unit, sha, chair) for sha in hashes}
        own = [s for s in known if not s.sent_by]
        if not hashes or find_current(own, decision.rejected_of(unit)) is not None:
            continue
        new = settle(unit, period_code, known, offered, answers, now, chair)
        decision.submissions.setdefault(unit, []).extend(new)
        decision.new.extend(new)
        found += new
        rejected = {sha for sha, answer in answers.items() if answer.is_rejected}
        taken = [s for s in decision.submissions[unit] if s.sent_by == chair]
        for problem, path in _notices(taken, rejected, offered, lying if is_seen else None):
            if (problem.rule_code, path) not in told:
                told.add((problem.rule_code, path))
                decision.notices.append((chair, problem, path))
    return found


def _offers(reading: Reading | None, unit: str, period_code: str) -> bool:
    """Whether a file has figures of a province: a part that only says that there are none is no return."""
    part = None if reading is None or reading.is_rejected else find_part(reading, unit, period_code)
    return part is not None and not part.is_rejected and any(o.state in SAYS_SOMETHING for o in part.observations)


def _notices(
    submissions: list[Submission], rejected: set[str], offered: list[Arrival], lying: list[Arrival] | None
) -> list[tuple[Problem, str]]:
    current = find_current(submissions, rejected)
    notices = held_notices(submissions, current, offered)
    if current is not None and lying is not None and current.sha256 not in {a.sha256 for a in lying}:
        notices.append((Problem("file_gone"), current.path))
    return notices
