"""One cause, one finding: what only follows from another finding of the same return is not said a second time."""

from __future__ import annotations

from collections.abc import Sequence

from catalogue.model import Catalogue
from transforms.measurement import Measurement

# The nearer to the single cell, the earlier. What compares returns stands on its own.
_ORDER = {"range": 0, "order": 1, "sum": 2, "rate": 3}
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
        operands = {(measurement.province_id, code) for code in _operands(catalogue, measurement)}
        known = out_of_range if rule.family == "range" else suspects
        if operands & known:
            dropped.add(number)
            continue
        subject = (measurement.province_id, measurement.indicator_code)
        if rule.family == "range":
            out_of_range.add(subject)
        if rule.disputes != "none":
            suspects |= operands if rule.disputes == "operands" else {subject}
    return [m for n, m in enumerate(broken) if n not in dropped]


def _rank(catalogue: Catalogue, measurement: Measurement) -> tuple[int, bool]:
    family = catalogue.rules[measurement.rule_code].family
    return _ORDER.get(family, len(_ORDER)), measurement.rule_code == _LAST_OF_FAMILY


def _operands(catalogue: Catalogue, measurement: Measurement) -> set[str]:
    code = measurement.indicator_code
    found = {code}
    family = catalogue.rules[measurement.rule_code].family
    if measurement.other is not None:
        found.add(measurement.other.indicator_code)
    if family == "sum":
        found.update(part.part_code for part in catalogue.totals[code])
    if family == "rate":
        found.update(catalogue.formulas[code].formula.names)
    return found
