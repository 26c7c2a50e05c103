"""Everything that can be measured of one period's submissions, before anything is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from catalogue.model import Catalogue
from expectations.dialogue import Explanations
from transforms.comparison import Past, measure_announced, measure_presence, measure_ranks
from transforms.consolidation import UnitFigures, consolidate, derive_figures
from transforms.history import measure_history
from transforms.measurement import Measurement, measure_unit, observations_by_code
from transforms.observation import Problem, Reading
from transforms.peers import measure_peers, measure_zeros
from transforms.rulings import Rulings

UNTAKEN = ("file_unreadable", "file_unsettled", "share_unreachable")


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
class Case:
    """All that one judgement of a period is made of.

    `notices` are (province_id, problem, file name) that no submission carries; `explanations` by finding and figures,
    and the `rulings` in force, say which findings are closed. Without `is_whole_period` only what can be said of each
    return by itself is judged.
    """

    received: tuple[Received, ...]
    past: Past = field(default_factory=dict)
    notices: tuple[tuple[str, Problem, str], ...] = ()
    explanations: Explanations = field(default_factory=dict)
    rulings: Rulings = field(default_factory=Rulings)
    is_whole_period: bool = True


@dataclass(frozen=True)
class Measured:
    """A case with its figures: those of the `members`, of all units of the files, of the chair's own return."""

    case: Case
    current: tuple[Received, ...]
    members: tuple[UnitFigures, ...]
    units: Mapping[str, UnitFigures]
    chair: UnitFigures | None
    measurements: tuple[Measurement, ...]


def measure_case(catalogue: Catalogue, period_code: str, case: Case) -> Measured:
    """Every measurement of a case: of each return, and where it is a whole period, across returns."""
    current = tuple(r for r in case.received if r.is_current and not r.reading.is_rejected)
    units = {r.province_id: _figures(catalogue, r) for r in current}
    expected = catalogue.members_of(period_code)
    names = {p.province_id for p in expected}
    chair = units.pop(catalogue.cluster_id, None)
    members = tuple(u for u in units.values() if u.province_id in names)
    everyone = (*units.values(), *([chair] if chair is not None else []))
    found = [m for unit in everyone for m in measure_unit(catalogue, period_code, unit)]
    if case.is_whole_period:
        totals = consolidate(catalogue, period_code, members, chair, len(expected))
        found += measure_presence(expected, set(units) | _explained(case))
        found += measure_announced(catalogue, totals, chair)
        found += measure_ranks(catalogue, period_code, members)
        found += measure_peers(catalogue, period_code, members)
        found += measure_zeros(catalogue, period_code, members)
        found += measure_history(catalogue, period_code, members, case.past)
    return Measured(case, current, members, {u.province_id: u for u in everyone}, chair, tuple(found))


def _figures(catalogue: Catalogue, received: Received) -> UnitFigures:
    observations = observations_by_code(received.reading.observations)
    derived = derive_figures(catalogue, observations)
    return UnitFigures(received.province_id, received.submission_id, observations, derived, received.file_name)


def _explained(case: Case) -> set[str]:
    """The units whose lack of a return is told already: a rejected file, a share that is down."""
    rejected = {r.province_id for r in case.received if r.is_standing and r.reading.is_rejected}
    return rejected | {unit for unit, problem, _ in case.notices if problem.rule_code in UNTAKEN}
