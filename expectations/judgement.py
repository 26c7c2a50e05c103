"""One judgement of one period: every reading, new and stored, against every rule in force, at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from catalogue.model import Catalogue
from expectations.causes import keep_causes
from expectations.diagnosis import Told, diagnose
from expectations.dialogue import Explanations, settle_findings
from expectations.findings import from_measurement, from_problem
from expectations.grouping import fold_blanks, group_alike
from expectations.suite import failing
from transforms.comparison import (
    Past,
    measure_announced,
    measure_presence,
    measure_ranks,
)
from transforms.consolidation import UnitFigures, consolidate, derive_figures, derived_rows
from transforms.history import measure_history
from transforms.measurement import Measurement, measure_unit, observations_by_code
from transforms.observation import ClusterTotal, DerivedFigure, Finding, Problem, Reading
from transforms.peers import measure_peers
from transforms.placement import place
from transforms.relations import Ground
from transforms.rulings import Rulings

Verdict = Literal["accepted", "accepted_with_findings", "rejected"]
UNTAKEN = ("file_unreadable", "file_unsettled", "share_unreachable")
_ORDER = {"critical": 0, "warning": 1, "info": 2}


@dataclass(frozen=True)
class Received:
    """One submission before the judgement: whose it is, what was read, and whether its figures count.

    `is_standing` says whether what was met while reading it still concerns anybody: not once it is replaced.
    """

    submission_id: str
    province_id: str
    file_name: str
    reading: Reading
    is_current: bool
    is_standing: bool = True


@dataclass(frozen=True)
class Judgement:
    """What is thought of a period: findings worst first, a verdict per submission, derived figures, totals."""

    findings: tuple[Finding, ...]
    verdicts: Mapping[str, Verdict]
    derived: tuple[DerivedFigure, ...]
    cluster_totals: tuple[ClusterTotal, ...]


def judge(
    catalogue: Catalogue,
    period_code: str,
    received: Iterable[Received],
    *,
    past: Past | None = None,
    notices: Iterable[tuple[str, Problem, str]] = (),
    explanations: Explanations | None = None,
    rulings: Rulings | None = None,
    is_whole_period: bool = True,
) -> Judgement:
    """Judges submissions together. `notices` are (province_id, problem, file name) that no submission carries.

    `explanations` by finding and figures, and the `rulings` in force, say which findings are closed.

    Without `is_whole_period` only what can be said of each return by itself is judged.
    """
    received, notices = list(received), list(notices)
    current = [r for r in received if r.is_current and not r.reading.is_rejected]
    units = {r.province_id: _figures(catalogue, r) for r in current}
    names = {p.province_id: p.name for p in catalogue.members_of(period_code)}
    chair = units.pop(catalogue.cluster_id, None)
    provinces = tuple(units.values())
    measurements: list[Measurement] = []
    for unit in (*provinces, *([chair] if chair is not None else [])):
        measurements.extend(measure_unit(catalogue, period_code, unit))
    totals: tuple[ClusterTotal, ...] = ()
    expected = catalogue.members_of(period_code)
    members = tuple(u for u in provinces if u.province_id in names)
    if is_whole_period:
        totals = consolidate(catalogue, period_code, members, chair, len(expected))
        measurements.extend(measure_presence(expected, set(units) | _explained(received, notices)))
        measurements.extend(measure_announced(catalogue, totals, chair))
        measurements.extend(measure_ranks(catalogue, period_code, members))
        measurements.extend(measure_peers(catalogue, period_code, members))
        measurements.extend(measure_history(catalogue, period_code, members, past or {}))
    files = {r.submission_id: r.file_name for r in received}
    broken = failing(catalogue, period_code, measurements)
    told: list[Told] = [
        (m, from_measurement(catalogue, period_code, m, names, files.get(m.submission_id, "")))
        for m in keep_causes(catalogue, broken, _suspects(catalogue, current))
    ]
    told += [(None, f) for f in _reading_findings(catalogue, period_code, received, notices)]
    ground = Ground(catalogue, period_code, members if is_whole_period else (), past)
    problems = {r.province_id: r.reading.problems for r in current}
    everyone = {u.province_id: u for u in (*provinces, *([chair] if chair is not None else []))}
    findings = fold_blanks(catalogue, diagnose(ground, everyone, broken, told, problems), everyone)
    findings = group_alike(catalogue, findings)
    findings = settle_findings(findings, explanations or {}, rulings or Rulings())
    if is_whole_period:
        disputed = frozenset((f.province_id, code) for f in findings for code in f.disputed)
        totals = consolidate(catalogue, period_code, members, chair, len(expected), disputed)
    findings.sort(key=lambda f: (f.status != "open", _ORDER[f.severity], f.province_id, f.sheet, f.rule_code))
    return Judgement(tuple(findings), _verdicts(received, findings), derived_rows(units.values()), totals)


def _figures(catalogue: Catalogue, received: Received) -> UnitFigures:
    observations = observations_by_code(received.reading.observations)
    derived = derive_figures(catalogue, observations)
    return UnitFigures(received.province_id, received.submission_id, observations, derived, received.file_name)


def _explained(received: list[Received], notices: list[tuple[str, Problem, str]]) -> set[str]:
    """The units whose lack of a return is told already: a rejected file, a share that is down."""
    rejected = {r.province_id for r in received if r.is_standing and r.reading.is_rejected}
    return rejected | {unit for unit, problem, _ in notices if problem.rule_code in UNTAKEN}


def _suspects(catalogue: Catalogue, current: list[Received]) -> set[tuple[str, str]]:
    """The figures that were disputed while they were read."""
    return {
        (received.province_id, problem.indicator_code)
        for received in current
        for problem in received.reading.problems
        if problem.indicator_code and catalogue.rules[problem.rule_code].disputes != "none"
    }


def _reading_findings(
    catalogue: Catalogue,
    period_code: str,
    received: list[Received],
    notices: Iterable[tuple[str, Problem, str]],
) -> list[Finding]:
    """What was met while reading, of the submissions that still stand."""
    found: list[Finding | None] = []
    for one in received:
        if one.is_standing:
            for problem in one.reading.problems:
                found.append(
                    from_problem(catalogue, period_code, one.province_id, problem, one.submission_id, one.file_name)
                )
    for province_id, problem, file_name in notices:
        found.append(from_problem(catalogue, period_code, province_id, problem, "", file_name))
    return [finding for finding in found if finding is not None]


def _verdicts(received: list[Received], findings: list[Finding]) -> dict[str, Verdict]:
    troubled = {f.submission_id for f in findings if f.severity != "info" and f.status == "open"}
    return {
        r.submission_id: "rejected"
        if r.reading.is_rejected
        else "accepted_with_findings"
        if r.submission_id in troubled
        else "accepted"
        for r in received
    }


def judge_alone(catalogue: Catalogue, reading: Reading, file_name: str) -> tuple[Finding, ...]:
    """What can be said of one file by itself; rules across returns are left out.

    A reading without a period is judged by the rules of the newest period of the calendar.
    """
    period_code = reading.period_code or max(catalogue.calendar)
    one = Received(file_name, reading.province_id, file_name, reading, is_current=True)
    if not reading.province_id and not reading.is_rejected:
        slot = next(s for s in place(catalogue, period_code) if s.name == "m_province")
        detail = "trang Bìa không ghi đơn vị báo cáo"
        problem = Problem("province_unknown", sheet=slot.sheet, cell=slot.address, detail=detail)
        one = replace(one, reading=replace(reading, problems=(*reading.problems, problem)))
    judgement = judge(catalogue, period_code, [one], is_whole_period=False)
    return tuple(replace(f, period_code=reading.period_code) for f in judgement.findings)
