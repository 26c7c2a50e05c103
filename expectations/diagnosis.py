"""From what is broken to why: runs of rows that slipped, likely culprits, and what one culprit explains told once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from expectations.culprit_words import cell_of, tell_cells, tell_computed, tell_culprit
from expectations.findings import join_hashes
from transforms.consolidation import UnitFigures
from transforms.culprit import Change, Culprit, find_culprit
from transforms.measurement import Measurement
from transforms.observation import Finding, Problem
from transforms.relations import Ground, Values, operands_of
from transforms.shifted_run import Run, find_runs

GRAVITY = {"critical": 0, "warning": 1, "info": 2}
EXPLAINED = ("range", "order", "sum", "rate", "history", "peers")
Told = tuple[Measurement | None, Finding]


def diagnose(
    ground: Ground,
    units: Mapping[str, UnitFigures],
    broken: Sequence[Measurement],
    told: Iterable[Told],
    problems: Mapping[str, Sequence[Problem]],
) -> tuple[list[Finding], dict[str, Values]]:
    """The findings, each cause once, with the culprit where there is a likely one; and what it should be, by finding.

    `broken` holds every broken measurement, `told` those that are told, with their findings, and what was met while
    reading, without a measurement. `units` are the returns and `problems` what was met in them, by province.
    """
    told = list(told)
    of_units: dict[str, list[Told]] = {}
    for pair in told:
        of_units.setdefault(pair[1].submission_id, []).append(pair)
    by_unit: dict[str, list[Measurement]] = {}
    for measurement in broken:
        rule = ground.catalogue.rules[measurement.rule_code]
        if rule.severity != "info" and measurement.province_id in units and rule.family != "presence":
            by_unit.setdefault(measurement.province_id, []).append(measurement)
    findings: list[Finding] = []
    mended: dict[str, Values] = {}
    for province_id, unit in units.items():
        hurt = by_unit.get(province_id, [])
        own = of_units.pop(unit.submission_id, [])
        for run in find_runs(ground, unit, hurt, problems.get(province_id, ())):
            own = _fold_run(ground, unit, run, own, mended)
        findings += _name_culprits(ground, unit, hurt, own, mended)
    return [*findings, *(finding for _, finding in told if finding.submission_id in of_units)], mended


def _fold_run(ground: Ground, unit: UnitFigures, run: Run, told: list[Told], mended: dict[str, Values]) -> list[Told]:
    """All that a shifted run explains as one finding, which speaks of the whole run."""
    codes = run.culprit.codes
    members: list[Told] = []
    rest: list[Told] = []
    for measurement, finding in told:
        is_overflow = bool(run.overflow) and (finding.sheet, finding.cell) == (run.sheet, run.overflow)
        is_inside = measurement is not None and bool(operands_of(ground.catalogue, measurement) & codes)
        (members if is_overflow or is_inside else rest).append((measurement, finding))
    if not members:
        return told
    lead = merge([finding for _, finding in members])
    mended[lead.finding_id] = dict(run.culprit.changes)
    cells = [cell_of(unit, code, lead.sheet) for code, _ in run.culprit.changes]
    others = [cell for cell in dict.fromkeys((*cells, *lead.alike)) if cell and cell != lead.cell]
    return [(None, tell_culprit(ground, unit, run.culprit, replace(lead, alike=tuple(others)))), *rest]


def _name_culprits(
    ground: Ground,
    unit: UnitFigures,
    broken: Sequence[Measurement],
    told: list[Told],
    mended: dict[str, Values],
) -> list[Finding]:
    findings: list[Finding] = []
    explained: dict[tuple[str, str, tuple[Change, ...]], list[tuple[Finding, Culprit]]] = {}
    for measurement, finding in told:
        family = "" if measurement is None else ground.catalogue.rules[measurement.rule_code].family
        if measurement is None or family not in EXPLAINED:
            findings.append(finding)
            continue
        culprit = find_culprit(ground, unit, measurement, broken)
        agreeing = tell_cells(ground, unit, measurement, finding)
        if culprit is None:
            findings.append(tell_computed(ground, unit, measurement, agreeing))
        elif not culprit.slip_code:
            findings.append(tell_culprit(ground, unit, culprit, agreeing))
        else:
            explained.setdefault((finding.sheet, culprit.slip_code, culprit.changes), []).append((agreeing, culprit))
    for (_, _, changes), members in explained.items():
        at = {unit.observations[code].cell for code, _ in changes}
        surest = max((culprit for _, culprit in members), key=lambda culprit: culprit.is_sure)
        ranked = sorted((f for f, _ in members), key=lambda f: (GRAVITY[f.severity], f.cell not in at))
        findings.append(tell_culprit(ground, unit, surest, merge(ranked)))
        if all(value is not None for _, value in changes):
            mended[findings[-1].finding_id] = dict(changes)
    return findings


def merge(findings: Sequence[Finding]) -> Finding:
    """One finding for several of a sheet: the gravest speaks, and stands for the cells and figures of all."""
    lead = min(findings, key=lambda f: GRAVITY[f.severity])
    if len(findings) == 1:
        return lead
    cells = (f.cell for f in findings if f.sheet == lead.sheet)
    return replace(
        lead,
        disputed=tuple(dict.fromkeys(code for f in findings for code in f.disputed)),
        alike=tuple(cell for cell in dict.fromkeys(cells) if cell and cell != lead.cell),
        figure_hash=join_hashes(f.figure_hash for f in findings),
    )
