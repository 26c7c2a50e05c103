"""Of what else a change is told than the subject: the capital, the scenario, the number of enterprises."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from catalogue.model import Indicator
from transforms.prose.contexts import Contexts
from transforms.prose.members import Used
from transforms.prose.numbers import Number
from transforms.prose.phrases import Mark
from transforms.prose.view import View


@dataclass(frozen=True)
class Companions:
    """The companions in a passage; `named` and `over` name indicators in it and over it, `used` grows with it."""

    view: View
    contexts: Contexts
    named: Sequence[Mark]
    over: Sequence[Mark]
    used: Sequence[Used]

    def of(self, number: Number) -> Indicator | None:
        """The indicator of what a change is told of beside the figure: "tăng 14% về số doanh nghiệp"."""
        beside = itertools.takewhile(lambda mark: not self.speaks_ahead(mark), number.tail)
        for meaning in (m for mark in (*beside, *number.head) for m in mark.of("companion")):
            indicator = self.contexts.asked.get(meaning.code)
            if indicator is None or indicator.is_growth != (number.kind == "change"):
                continue
            is_within = meaning.condition and self.contexts.distance(meaning.condition, number.start) is not None
            if is_within or (not meaning.condition and self._is_spoken_of(indicator, number)):
                return indicator
        return None

    def speaks_ahead(self, mark: Mark) -> bool:
        """Whether a wording opens what is told next, and says nothing of a figure before: "…, vốn đăng ký giảm 31%"."""
        following = self.view.mark_at(mark.end) if mark.end < len(self.view.tokens) else None
        return (
            following is not None
            and following.start == mark.end
            and following.has("rise", "fall", "index")
            and mark.has("companion", "subject", "other")
        )

    def _is_spoken_of(self, indicator: Indicator, number: Number) -> bool:
        """Whether what an indicator goes with was told of before, in the sentence or in a heading."""
        code = indicator.accompanies or indicator.growth_of
        family = {
            code,
            *(i.indicator_code for i in self.contexts.asked.values() if code in (i.accompanies, i.growth_of)),
        }
        if any(used.indicator.indicator_code in family for used in self.used):
            return True
        _, end = self.view.bounds(self.view.sentences, number.start)
        near = (mark for mark in self.named if mark.start < end)
        return any(m.code in family for mark in (*near, *self.over) for m in mark.of("noun", "subject"))
