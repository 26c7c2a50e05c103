"""One cause, one finding: what only follows from another finding of the same return is not said a second time."""

from __future__ import annotations

from collections.abc import Sequence

from catalogue.model import Catalogue
from transforms.measurement import Measurement
from transforms.relations import operands_of

# The nearer to the single cell, the earlier. What compares returns stands on its own.
_ORDER = {"range": 0, "order": 1, "sum": 2, "rate": 3}
_FOLLOWS: dict[str, tuple[str, ...]] = {
    "past_repeated": (),
    "magnitude_of_past": (),
    "magnitude_of_peers": ("magnitude_of_past",),
    "change_fits_growth": ("past_repeated", "magnitude_of_past", "magnitude_of_peers"),
    "index_among_peers": ("change_fits_growth",),
}
_LAST_OF_FAMILY = "whole_number"  # a figure out of range need not be told to be a fraction as well


def keep_causes(
    catalogue: Catalogue, broken: Sequence[Measurement], suspects: set[tuple[str, str]]
) -> list[Measurement]:
    """The broken measurements in their order, without those whose operand another one already disputes.

    `suspects` holds (province_id, indicator_code) of the figures that were disputed while they were read.
    """
    suspects = set(suspects)
    out_of_range: set[tuple[str, str]] = set()
    dropped: set[int] = set()
    for number in sorted(range(len(broken)), key=lambda n: _rank(catalogue, broken[n])):
        measurement = broken[number]
        rule = catalogue.rules[measurement.rule_code]
        if rule.family not in _ORDER:
            continue
        operands = {(measurement.province_id, code) for code in operands_of(catalogue, measurement)}
        known = out_of_range if rule.family == "range" else suspects
        if operands & known:
            dropped.add(number)
            continue
        subject = (measurement.province_id, measurement.indicator_code)
        if rule.family == "range":
            out_of_range.add(subject)
        if rule.disputes != "none":
            suspects |= operands if rule.disputes == "operands" else {subject}
    dropped |= _consequences(catalogue, broken, suspects | out_of_range, dropped)
    return [m for n, m in enumerate(broken) if n not in dropped]


def _consequences(
    catalogue: Catalogue, broken: Sequence[Measurement], suspects: set[tuple[str, str]], dropped: set[int]
) -> set[int]:
    """What the past or the peers say of a figure that is told to be wrong already, or of the growth of one."""
    told: dict[str, set[tuple[str, str]]] = {}
    for number, m in enumerate(broken):
        if number not in dropped:
            told.setdefault(m.rule_code, set()).add((m.province_id, m.indicator_code))
    found = set()
    for number, m in enumerate(broken):
        subject = (m.province_id, m.indicator_code)
        base = (m.province_id, catalogue.indicators[m.indicator_code].growth_of) if m.indicator_code else subject
        causes = [told.get(rule_code, set()) for rule_code in _FOLLOWS.get(m.rule_code, ())]
        if m.rule_code in _FOLLOWS and (subject in suspects or any({subject, base} & cause for cause in causes)):
            found.add(number)
    return found


def _rank(catalogue: Catalogue, measurement: Measurement) -> tuple[int, bool]:
    family = catalogue.rules[measurement.rule_code].family
    return _ORDER.get(family, len(_ORDER)), measurement.rule_code == _LAST_OF_FAMILY
