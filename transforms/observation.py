"""The values that flow through the house: cells, observations, problems, readings, findings."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

CellKind = Literal["text", "number", "date", "bool", "error", "formula"]
State = Literal["number", "blank", "none_arising", "not_yet_available", "unreadable"]


def column_letters(column: int) -> str:
    """The letters of a zero-based column: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


def cell_address(row: int, column: int) -> str:
    """The A1 form of a zero-based row and column."""
    return f"{column_letters(column)}{row + 1}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One non-empty cell; `raw` is what stands in it as text, row and column count from zero."""

    sheet: str
    row: int
    column: int
    kind: CellKind
    raw: str
    number: Decimal | None = None
    date: dt.date | None = None

    @property
    def address(self) -> str:
        return cell_address(self.row, self.column)


@dataclass(frozen=True, slots=True)
class Observation:
    """What a return says of one indicator: a number in the indicator's unit, or the reason why there is none."""

    indicator_code: str
    state: State
    value: Decimal | None = None
    is_estimated: bool = False
    raw_text: str = ""
    sheet: str = ""
    cell: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A trouble met while reading, named by its rule; texts are as read, numbers in Vietnamese form."""

    rule_code: str
    indicator_code: str = ""
    sheet: str = ""
    cell: str = ""
    observed: str = ""
    expected: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything one file says, by content: the same bytes, reader and catalogue give the same reading.

    `province_id` and `period_code` are empty where the file does not tell; `is_rejected` says that nothing
    of it may be used, and then `problems` names why. A file of several units or periods has one of `parts` for
    each, with its own province, period, observations and problems; its own `observations` are then empty, and its
    `problems` are those of the file as a whole.
    """

    sha256: str
    province_id: str = ""
    period_code: str = ""
    form_version: str = ""
    reported_on: dt.date | None = None
    observations: tuple[Observation, ...] = ()
    problems: tuple[Problem, ...] = ()
    is_rejected: bool = False
    parts: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that does not hold for one subject. `province_id` is empty for the cluster's own.

    `disputed` names the indicators of the province whose figures must not be used silently.
    """

    period_code: str
    province_id: str
    rule_code: str
    severity: str
    message: str
    advice: str
    indicator_code: str = ""
    sheet: str = ""
    cell: str = ""
    observed: str = ""
    expected: str = ""
    submission_id: str = ""
    file_name: str = ""
    disputed: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Submission:
    """One file received from one unit for one period; immutable once recorded.

    `version` counts the unit's submissions for the period from 1. `is_taken` says whether it was taken as the
    unit's answer when it came (a rival or an older file is kept but not taken). Times carry a zone.
    """

    submission_id: str
    province_id: str
    period_code: str
    sha256: str
    path: str
    file_name: str
    version: int
    received_at: dt.datetime
    modified_at: dt.datetime
    is_taken: bool
    form_version: str = ""
    held_because: str = ""


@dataclass(frozen=True, slots=True)
class DerivedFigure:
    """A figure computed from a province's own others where it was not reported."""

    province_id: str
    indicator_code: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class ClusterTotal:
    """One indicator over the whole cluster. `value_source` is sum, rebuilt or announced."""

    indicator_code: str
    value: Decimal | None
    value_source: str
    provinces_reporting: int
    provinces_expected: int
    disputed_count: int
    value_without_disputed: Decimal | None
    control_value: Decimal | None
    control_sheet: str = ""
    control_cell: str = ""
    control_submission_id: str = ""
