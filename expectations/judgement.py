"""One judgement of one period: every reading, new and stored, against every rule in force, at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from catalogue.model import Catalogue
from expectations.causes import keep_causes
from expectations.diagnosis import Told, diagnose
from expectations.dialogue import Explanations, settle_findings
from expectations.findings import from_measurement, from_problem, from_revision
from expectations.grouping import fold_blanks, group_alike
from expectations.measured import Case, Measured, Received, measure_case
from expectations.suite import failing
from transforms.checks import Check, list_checks
from transforms.comparison import Past, comparable_past
from transforms.consolidation import consolidate, derived_rows
from transforms.impact import weigh_findings
from transforms.measurement import Measurement
from transforms.observation import ClusterTotal, DerivedFigure, Finding, Problem, Reading, Revision
from transforms.placement import place
from transforms.relations import Ground
from transforms.revisions import find_revisions
from transforms.rulings import Rulings

__all__ = ["Case", "Judgement", "Received", "Verdict", "judge", "judge_all", "judge_alone"]

Verdict = Literal["accepted", "accepted_with_findings", "rejected"]
_ORDER = {"critical": 0, "warning": 1, "info": 2}


@dataclass(frozen=True)
class Judgement:
    """What is thought of a period: findings worst first, a verdict per submission, derived figures, totals, the
    earlier figures that its returns repeat otherwise, and every rule that was applied to a figure."""

    findings: tuple[Finding, ...]
    verdicts: Mapping[str, Verdict]
    derived: tuple[DerivedFigure, ...]
    cluster_totals: tuple[ClusterTotal, ...]
    revisions: tuple[Revision, ...] = ()
    checks: tuple[Check, ...] = ()


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
    """Judges submissions together; see `Case` for what it is made of."""
    earlier = comparable_past(catalogue, period_code, past or {})
    case = Case(tuple(received), earlier, tuple(notices), explanations or {}, rulings or Rulings(), is_whole_period)
    return judge_all(catalogue, period_code, [case])[0]


def judge_all(catalogue: Catalogue, period_code: str, cases: Iterable[Case]) -> list[Judgement]:
    """Judges each case by itself, all of them in one validation: its cost hardly grows with their number."""
    measured = [measure_case(catalogue, period_code, case) for case in cases]
    broken = {id(m) for m in failing(catalogue, period_code, [m for one in measured for m in one.measurements])}
    return [
        _conclude(catalogue, period_code, one, [m for m in one.measurements if id(m) in broken]) for one in measured
    ]


def _conclude(catalogue: Catalogue, period_code: str, one: Measured, broken: Sequence[Measurement]) -> Judgement:
    case, received = one.case, list(one.case.received)
    expected = catalogue.members_of(period_code)
    names = {p.province_id: p.name for p in expected}
    files = {r.submission_id: r.file_name for r in received}
    told: list[Told] = [
        (m, from_measurement(catalogue, period_code, m, names, files.get(m.submission_id, "")))
        for m in keep_causes(catalogue, broken, _suspects(catalogue, one.current))
    ]
    told += [(None, f) for f in _reading_findings(catalogue, period_code, received, case.notices)]
    revisions = find_revisions(catalogue, period_code, one.units.values(), case.past)
    told += [(None, f) for r in revisions if (f := from_revision(catalogue, period_code, r, files)) is not None]
    ground = Ground(catalogue, period_code, one.members if case.is_whole_period else (), case.past)
    problems = {r.province_id: r.reading.problems for r in one.current}
    findings, mended = diagnose(ground, one.units, broken, told, problems)
    findings = group_alike(catalogue, fold_blanks(catalogue, findings, one.units))
    findings = settle_findings(findings, case.explanations, case.rulings)
    totals: tuple[ClusterTotal, ...] = ()
    if case.is_whole_period:
        disputed = frozenset((f.province_id, code) for f in findings for code in f.disputed)
        totals = consolidate(catalogue, period_code, one.members, one.chair, len(expected), disputed)
        findings = weigh_findings(catalogue, one.members, findings, mended, names)
    findings.sort(
        key=lambda f: (f.status != "open", _ORDER[f.severity], -f.impact_weight, f.province_id, f.sheet, f.rule_code)
    )
    own = (unit for unit in one.units.values() if unit is not one.chair)
    applied = list_checks(catalogue, period_code, one.units.values(), one.measurements, {id(m) for m in broken})
    return Judgement(
        tuple(findings), _verdicts(received, findings), derived_rows(own), totals, revisions, tuple(applied)
    )


def _suspects(catalogue: Catalogue, current: Iterable[Received]) -> set[tuple[str, str]]:
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
