"""A figure as its officer writes it: in the unit and the way of comparing that stand in the cell."""

from __future__ import annotations

import re
from decimal import Decimal

from catalogue.model import Catalogue
from transforms.numbers_vi import format_number
from transforms.observation import Observation

HUNDRED = Decimal(100)
_PLAIN_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def _raw_number(observation: Observation) -> Decimal | None:
    raw = observation.raw_text
    return Decimal(raw) if _PLAIN_NUMBER.fullmatch(raw) else None


def _is_index(observation: Observation) -> bool:
    """Whether the cell holds 133 for a growth of 33."""
    raw = _raw_number(observation)
    return raw is not None and observation.value is not None and raw == observation.value + HUNDRED


def to_written(observation: Observation) -> Decimal:
    """The number whose digits stand in the cell, but for a power of ten of its unit; needs an observation with one."""
    assert observation.value is not None
    return observation.value + HUNDRED if _is_index(observation) else observation.value


def from_written(observation: Observation, written: Decimal) -> Decimal:
    """The value that another number in that cell would mean."""
    return written - HUNDRED if _is_index(observation) else written


def write_like(catalogue: Catalogue, observation: Observation, value: Decimal) -> str:
    """A value as it would be written in that cell, in Vietnamese form."""
    indicator = catalogue.indicators[observation.indicator_code]
    raw, before = _raw_number(observation), observation.value
    if _is_index(observation):
        return f"{format_number(value + HUNDRED)}%"
    if raw is not None and before and raw != before and _is_power_of_ten(raw / before):
        return format_number(value * (raw / before))
    return f"{format_number(value)}%" if indicator.unit_code == "percent" else format_number(value)


def _is_power_of_ten(factor: Decimal) -> bool:
    return factor > 0 and factor.normalize().as_tuple().digits == (1,)
