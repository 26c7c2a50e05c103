"""Which indicator of a family a figure can be of, by how it is told: the count, its change, its rate, its rank."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from catalogue.model import Catalogue, Indicator
from transforms.prose.numbers import Number
from transforms.prose.phrases import Mark


@dataclass(frozen=True, slots=True)
class Used:
    """A figure that was given its indicator, at tokens `place` to `end`."""

    place: int
    end: int
    indicator: Indicator


@dataclass(frozen=True, slots=True)
class Members:
    """The indicators `asked` in a period."""

    catalogue: Catalogue
    asked: Mapping[str, Indicator]

    def fitting(self, codes: Sequence[str], number: Number) -> Indicator | None:
        """The indicator among some, or among those that go with them, that a figure told so can be of."""
        found = dict.fromkeys(i for code in codes if (i := self._member(code, number)) is not None)
        return next(iter(found)) if len(found) == 1 else None

    def _member(self, code: str, number: Number) -> Indicator | None:
        indicator = self.asked.get(code)
        if indicator is None:
            return None
        quantity = self.catalogue.unit_of(indicator).quantity
        is_rank = bool(indicator.rank_field)
        fits_unit = not number.quantities or quantity in number.quantities
        if number.kind == "change":
            if indicator.is_growth:
                return indicator
            return self._one(i for i in self.asked.values() if i.growth_of == code)
        if number.kind == "rate":
            if quantity == "%":
                return indicator
            return self._one(i for i in self._derived(code))
        if number.kind == "fraction":
            if is_rank or (indicator.fraction_of and fits_unit):
                return indicator
            return None
        if number.kind == "rank":
            return indicator if is_rank else None
        if number.kind == "count":
            if is_rank:
                beside = (i for i in self.asked.values() if i.accompanies == code)
                return self._one(i for i in beside if self.catalogue.unit_of(i).quantity in number.quantities)
            is_noun = number.noun is not None and number.noun.has("noun") and not number.quantities
            return indicator if fits_unit and (number.quantities or is_noun) and quantity != "%" else None
        return indicator if quantity != "%" else None

    def _derived(self, code: str) -> Iterable[Indicator]:
        for derived, formula in self.catalogue.formulas.items():
            if code in formula.formula.names and derived in self.asked:
                yield self.asked[derived]

    @staticmethod
    def _one(found: Iterable[Indicator]) -> Indicator | None:
        kept = list(found)
        return kept[0] if len(kept) == 1 else None


def with_unit_behind(number: Number, subject: Mark) -> Number:
    """A number whose unit stands behind its subject: "44 Huân chương Lao động cho tập thể"."""
    if number.kind != "bare":
        return number
    units = (meaning.meaning for mark in number.tail if mark.start >= subject.end for meaning in mark.of("unit"))
    quantities = frozenset(units)
    return replace(number, kind="count", quantities=quantities) if quantities else number
