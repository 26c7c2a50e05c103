"""What a wording names where it stands: some wordings name an indicator only in a context, such as an election."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalogue.model import Indicator
from transforms.prose.phrases import Mark
from transforms.prose.view import View


@dataclass(frozen=True)
class Contexts:
    """The contexts in scope in a passage; `over` are those that its headings name."""

    view: View
    asked: Mapping[str, Indicator]
    over: Sequence[Mark]

    def codes_of(self, mark: Mark, place: int, roles: tuple[str, ...] = ("noun", "subject")) -> list[str]:
        """The indicators that a wording names where it stands; of several contexts that are asked for, the nearest."""
        meanings = [m for m in mark.of(*roles) if m.code in self.asked]
        near = {m.condition: self.distance(m.condition, place) for m in meanings if m.condition}
        reached = {condition: distance for condition, distance in near.items() if distance is not None}
        condition = min(reached, key=lambda c: reached[c]) if reached else ""
        return list(dict.fromkeys(m.code for m in meanings if m.condition == condition))

    def distance(self, condition: str, place: int) -> tuple[int, int] | None:
        """How far a context is: in the sentence, before it in the passage, in a heading; None where it is in none."""
        start, end = self.view.bounds(self.view.sentences, place)
        named = [m for m in self.view.contexts if m.start < end and _means(m, condition)]
        if named:
            nearest = min(named, key=lambda m: abs(m.start - place))
            groups = (0, self.view.groups[place])
            between = self.view.marks_in(max(nearest.start + 1, start), place)
            is_cut = any(
                m.has("other") and not m.has("noun", "subject") and self.view.groups[m.start] in groups for m in between
            )
            return None if is_cut else (int(nearest.start < start), abs(nearest.start - place))
        return (2, 0) if any(_means(mark, condition) for mark in self.over) else None


def _means(mark: Mark, condition: str) -> bool:
    return any(m.meaning == condition for m in mark.meanings)
