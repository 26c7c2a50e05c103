"""Which figures of a table are told together: one by itself, with its rate, what accompanies it, and its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalogue.model import Catalogue, Indicator


@dataclass(frozen=True, slots=True)
class Item:
    """A figure, its denominator, the rate of both, what stands beside it, and the parts it is the total of."""

    main: Indicator
    whole: Indicator | None
    rate: Indicator | None
    beside: tuple[Indicator, ...]
    parts: tuple[Indicator, ...]

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All figures of the item but the denominator."""
        return (self.main, *([self.rate] if self.rate else []), *self.beside, *self.parts)


def kind_of(indicator: Indicator) -> str:
    """How a figure is worded: a kind of the catalogue's phrases."""
    if indicator.is_growth:
        return "growth"
    if indicator.time_kind == "previous_year_rank" and indicator.low is None:
        return "places"
    if indicator.rank_field and not indicator.accompanies:
        return "rank"
    if indicator.unit_code == "percent":
        return "rate"
    if indicator.fraction_of:
        return "fraction"
    return "count" if indicator.is_whole else "amount"


def group_items(catalogue: Catalogue, indicators: Sequence[Indicator]) -> tuple[Item, ...]:
    """The indicators in groups, in the order of those that stand by themselves; each is in exactly one group."""
    there = {i.indicator_code: i for i in indicators}
    wholes = {i.fraction_of for i in indicators if i.fraction_of in there}
    rates = {code: rate for i in indicators if (rate := _rate_of(catalogue, i, there)) for code in [i.indicator_code]}
    parts = {code: _parts_of(catalogue, code, there) for code in there}
    hosts = {i.indicator_code for i in indicators} - wholes - {r.indicator_code for r in rates.values()}
    hosts -= {p.indicator_code for found in parts.values() for p in found}
    hosts -= {i.indicator_code for i in indicators if i.accompanies in hosts}
    items = []
    for code in (i.indicator_code for i in indicators if i.indicator_code in hosts):
        main = there[code]
        beside = tuple(i for i in indicators if i.accompanies == code and i.indicator_code not in wholes)
        items.append(Item(main, there.get(main.fraction_of), rates.get(code), beside, parts[code]))
    return tuple(items)


def _rate_of(catalogue: Catalogue, indicator: Indicator, there: dict[str, Indicator]) -> Indicator | None:
    if indicator.fraction_of not in there:
        return None
    needed = {indicator.indicator_code, indicator.fraction_of}
    for code, formula in catalogue.formulas.items():
        if code in there and set(formula.formula.names) == needed:
            return there[code]
    return None


def _parts_of(catalogue: Catalogue, code: str, there: dict[str, Indicator]) -> tuple[Indicator, ...]:
    found = (there.get(part.part_code) for part in catalogue.totals.get(code, ()))
    return tuple(part for part in found if part is not None)
