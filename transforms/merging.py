"""All that a file says of each indicator into one observation each; disagreement is told, not decided."""

from __future__ import annotations

from collections.abc import Iterable

from catalogue.model import Catalogue
from transforms.layout import Layout
from transforms.numbers_vi import format_number
from transforms.observation import Observation, Problem


def merge_contributions(
    catalogue: Catalogue, period_code: str, contributions: Iterable[Observation], layout: Layout
) -> tuple[tuple[Observation, ...], list[Problem]]:
    """One observation per indicator of the period, in the catalogue's order, and the conflicts among them.

    What a cell says of its own indicator goes before what another cell's fraction says of it; the same value
    twice is no conflict.
    """
    own: dict[str, list[Observation]] = {}
    for found in contributions:
        own.setdefault(found.indicator_code, []).append(found)
    merged: list[Observation] = []
    problems: list[Problem] = []
    for indicator in catalogue.indicators_of(period_code):
        code = indicator.indicator_code
        candidates = own.get(code, [])
        spoken = [o for o in candidates if o.state != "blank"]
        if not spoken:
            merged.append(candidates[0] if candidates else Observation(code, "blank"))
            continue
        rows = {(r.sheet, r.address("value")) for r in layout.rows.get(code, ())}
        spoken.sort(key=lambda o: (o.sheet, o.cell) not in rows)
        chosen = next((o for o in spoken if o.state == "number"), spoken[0])
        merged.append(chosen)
        others = [
            o
            for o in spoken
            if o is not chosen and o.state != "unreadable" and (o.state, o.value) != (chosen.state, chosen.value)
        ]  # the unreadable is told where it was read
        if others:
            problems.append(
                Problem(
                    "value_conflict",
                    code,
                    chosen.sheet,
                    chosen.cell,
                    _tell(chosen),
                    "; ".join(dict.fromkeys(map(_tell, others))),
                    " và ".join(dict.fromkeys(_place(o, chosen) for o in (chosen, *others))),
                )
            )
    return tuple(merged), problems


def _tell(observation: Observation) -> str:
    if observation.value is not None:
        return format_number(observation.value)
    return observation.raw_text


def _place(observation: Observation, chosen: Observation) -> str:
    place = f"ô {observation.cell}"
    return place if observation.sheet == chosen.sheet else f"{place} trang “{observation.sheet}”"
