"""Earlier figures that a return repeats as others than were reported then."""

from __future__ import annotations

from collections.abc import Iterable

from catalogue.model import Catalogue
from transforms.comparison import Past, same_half_before
from transforms.consolidation import UnitFigures
from transforms.observation import Revision
from transforms.previous_figures import half_step


def find_revisions(
    catalogue: Catalogue, period_code: str, units: Iterable[UnitFigures], past: Past
) -> tuple[Revision, ...]:
    """One revision for each figure of the same half a year before that the current returns tell otherwise.

    `past` holds what was reported then, by period, unit and indicator; only numbers are compared, as exactly as the
    repeated one is written: 5,3 repeats 5,26. Nothing is compared over a change of the unit's boundaries or code.
    """
    earlier = same_half_before(period_code)
    found = []
    for unit in units:
        if catalogue.province_in(unit.province_id, earlier) != catalogue.province_in(unit.province_id, period_code):
            continue
        for code, observation in unit.observations.items():
            now, then = observation.previous, past.get((earlier, unit.province_id, code))
            if now is None or then is None:
                continue
            if abs(now - then) > half_step(catalogue.indicators[code], now, observation.previous_text):
                place = (observation.sheet, observation.previous_cell, observation.previous_text)
                found.append(Revision(unit.province_id, code, earlier, then, now, unit.submission_id, *place))
    return tuple(found)
