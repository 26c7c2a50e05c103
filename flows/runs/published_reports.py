"""Figures of a published report that the office has taken in, for units whose returns no longer exist."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from catalogue.model import Catalogue
from flows.runs.decision import Decision, Work
from flows.settings import Settings
from flows.shares.folders import Gathered, archive_path
from transforms.observation import Ruling, Submission
from transforms.prose.published_report import FOLDER, REPORTS, report_of
from transforms.rulings import find_in_force
from transforms.succession import Arrival, find_current, find_part, settle


def add_report(
    gathered: Gathered, settings: Settings, catalogue: Catalogue, period_code: str, rulings: Iterable[Ruling]
) -> None:
    """Puts the report that stands for a period beside what lies in the folders; without its file it is told of."""
    ruling = find_in_force(rulings).import_of(period_code)
    if ruling is None:
        return
    sha256 = ruling.figure_hash
    try:
        name, _ = report_of(archive_path(settings.archive, sha256).read_bytes())
    except (OSError, ValueError):
        reason = (
            f"phiếu nhập {ruling.ruling_id} không còn trong kho lưu; khôi phục từ bản sao lưu hoặc nhập lại báo cáo"
        )
        gathered.failures.append((catalogue.cluster_id, FOLDER, reason, "file_unreadable"))
        return
    gathered.arrivals[REPORTS] = [Arrival(f"{FOLDER}/{name}", name, sha256, ruling.decided_at)]


def answer_reports(catalogue: Catalogue, period_code: str, work: Work, decision: Decision) -> None:
    """Has the decision know what published reports say of the units that they were taken in for."""
    for unit, submissions in decision.submissions.items():
        for s in submissions:
            if s.sent_by == REPORTS:
                decision.answer(catalogue, work.readings, period_code, unit, s.sha256, REPORTS)


def settle_reports(
    catalogue: Catalogue, period_code: str, gathered: Gathered, work: Work, decision: Decision, now: dt.datetime
) -> list[Submission]:
    """The new submissions of units out of a published report; they join the decision.

    All files of all units are settled before: a report's figures are taken only where nothing else of a unit counts.
    """
    units = [p.province_id for p in catalogue.members_of(period_code)] + [catalogue.cluster_id]
    lying = gathered.arrivals.get(REPORTS, [])
    found = []
    for unit in units:
        readings = work.readings
        offered = [a for a in lying if a.sha256 in readings and find_part(readings[a.sha256], unit, period_code)]
        known = decision.submissions.get(unit, [])
        if not offered or find_current([s for s in known if s.sent_by != REPORTS], decision.rejected_of(unit)):
            continue
        hashes = {s.sha256 for s in known if s.sent_by == REPORTS} | {a.sha256 for a in offered}
        answers = {sha: decision.answer(catalogue, readings, period_code, unit, sha, REPORTS) for sha in hashes}
        new = settle(unit, period_code, known, offered, answers, now, REPORTS)
        decision.submissions.setdefault(unit, []).extend(new)
        decision.new.extend(new)
        found += new
    return found
