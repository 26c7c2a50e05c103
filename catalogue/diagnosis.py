"""How trouble is explained and told together: slips of the hand, and findings that go into one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slip:
    """One way in which a true figure becomes the written one.

    `weight` is how plausible it is beside the others (an assumption, not a count). A slip that `needs_exact` is
    believed only where a total, a rate or a growth says what the figure must be. The rule in `told_by` points to just
    this slip. `sentence` says it to an officer.
    """

    slip_code: str
    scope: str
    weight: int
    needs_exact: bool
    told_by: str
    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Grouping:
    """A rule whose findings on one sheet of a return are told as one from `at_least` of them on."""

    rule_code: str
    at_least: int
    message: str
    advice: str
