"""Which readings may count in a home: figures that are made up never stand beside real ones."""

from __future__ import annotations

from dataclasses import replace

from transforms.labelling import SYNTHETIC
from transforms.observation import Problem, Reading


def admit(reading: Reading, takes_synthetic: bool) -> Reading:
    """The reading as it may count: a synthetic one is refused whole in a home that is not a synthetic one."""
    if takes_synthetic or reading.source != SYNTHETIC or reading.is_rejected:
        return reading
    refusal = Problem("synthetic_file", observed="giả lập")
    return replace(reading, observations=(), parts=(), explanations=(), problems=(refusal,), is_rejected=True)
