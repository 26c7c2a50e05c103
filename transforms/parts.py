"""A divided file into a reading: a part for each unit and half-year, and what concerns the file as such."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from catalogue.model import Catalogue
from transforms.accounting import account_for_rest
from transforms.division import Division
from transforms.free_layout import count_figures, declare, soften
from transforms.gathering import gather_figures, see_doubtful, style_of
from transforms.mention import set_aside_words
from transforms.missing_rows import report_missing_rows
from transforms.observation import Observation, Problem, Reading
from transforms.sheets import Workbook


def read_division(catalogue: Catalogue, data: bytes, sha256: str, workbook: Workbook, division: Division) -> Reading:
    """The reading of a divided file; one with a single unit and half-year is an ordinary reading."""
    merged = division.merged()
    if workbook.has_prose:
        set_aside_words(catalogue, workbook, merged)
    workbook = see_doubtful(data, workbook, merged)
    style = style_of(workbook, division.shares.values())
    finality = division.whole.cover.get("m_finality")
    parts: list[Reading] = []
    free: dict[str, dict[str, Observation]] = {}
    for (province_id, period_code), layout in division.shares.items():
        if finality is not None:
            layout.cover.setdefault("m_finality", finality)
        if layout.declared is not None:
            declare(layout, layout.declared, count_figures(workbook, layout))
        observations, problems = gather_figures(catalogue, workbook, layout, period_code, style)
        problems = [*map(soften, layout.problems), *problems]
        if layout.is_free and layout.declared is None:
            said = free.setdefault(period_code, {})
            said.update({o.indicator_code: o for o in observations if o.state != "blank" or o.cell})
        elif not layout.is_free:
            problems.extend(report_missing_rows(catalogue, layout, period_code, observations))
        parts.append(Reading(sha256, province_id, period_code, observations=observations, problems=tuple(problems)))
    own = [*workbook.notices, *division.whole.problems]
    for period_code, said in free.items():
        own.extend(report_missing_rows(catalogue, division.whole, period_code, said.values()))
    own.extend(account_for_rest(catalogue, workbook, merged))
    if len(parts) == 1:
        return replace(parts[0], problems=(*own, *parts[0].problems))
    parts, common = _lift_common(parts)
    provinces, periods = {p.province_id for p in parts}, {p.period_code for p in parts}
    return Reading(
        sha256,
        provinces.pop() if len(provinces) == 1 else "",
        periods.pop() if len(periods) == 1 else "",
        problems=tuple(dict.fromkeys((*own, *common))),
        parts=tuple(parts),
    )


def _lift_common(parts: list[Reading]) -> tuple[list[Reading], list[Problem]]:
    """The parts without the problems that several of them have at one place, and these problems once for the file."""
    counts = Counter(key for part in parts for key in {_same(problem) for problem in part.problems})
    common: dict[Problem, Problem] = {}
    for problem in (problem for part in parts for problem in part.problems):
        if counts[_same(problem)] > 1:
            common.setdefault(_same(problem), problem)
    kept = [replace(part, problems=tuple(p for p in part.problems if counts[_same(p)] < 2)) for part in parts]
    return kept, list(common.values())


def _same(problem: Problem) -> Problem:
    """What makes two problems one: everything but the figure that stands beside it."""
    return replace(problem, detail="")
