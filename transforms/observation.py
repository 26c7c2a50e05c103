"""The values that flow through the house: cells, observations, problems, readings, findings."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

CellKind = Literal["text", "number", "date", "bool", "error", "formula", "split", "scaled", "struck"]
FindingStatus = Literal["open", "explained", "waived"]
RulingKind = Literal["choose", "withdraw", "accept", "refuse", "waive", "import", "revoke"]
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


def name_place(cell: str) -> str:
    """A cell in words ("ô D7"); a place in a text ("dòng 46") says by itself what it is."""
    return f"ô {cell}" if cell[:1].isupper() else cell


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
    """What a return says of one indicator: a number in the indicator's unit, or the reason why there is none.

    `previous` is the figure of the same half a year before, where the return repeats it beside its own.
    """

    indicator_code: str
    state: State
    value: Decimal | None = None
    is_estimated: bool = False
    raw_text: str = ""
    sheet: str = ""
    cell: str = ""
    note: str = ""
    previous: Decimal | None = None
    previous_text: str = ""
    previous_cell: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What an officer wrote beside a finding in the to-do list that came back; both keys are the finding's."""

    finding_id: str
    figure_hash: str
    text: str
    sheet: str = ""
    cell: str = ""


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
    `problems` are those of the file as a whole. `has_list` says that our to-do list stands in it: it is a file of ours,
    or was one before an officer worked in it. `source` is empty for what a unit reports, `synthetic` where the file
    says of itself that its figures are made up.
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
    explanations: tuple[Explanation, ...] = ()
    has_list: bool = False
    source: str = ""

    @property
    def is_reply_only(self) -> bool:
        """Whether the file holds our to-do list and no figures: an answer to our findings, no version of a return."""
        if self.is_rejected or self.observations or self.parts:
            return False
        return bool(self.explanations) or any(p.rule_code == "reply_only" for p in self.problems)


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that does not hold for one subject. `province_id` is empty for the cluster's own.

    `disputed` names the indicators of the province whose figures must not be used silently. `finding_id` names
    rule and subject whatever version of the return says it, `figure_hash` the very figures: an explanation holds
    while both are equal. `explanation` is the officer's or the office's word on it, accepted where `status` is
    explained, the reason of the waiver where it is waived. `suspect_*` name the likely culprit, where one is
    found: its `slip` (a code of the catalogue), and the value `proposed` for it as it would be written. `alike`
    names the other cells of the same trouble that this finding speaks for. `impact` says what the finding would
    change for the cluster, in words; the larger `impact_weight`, the more. `reason` is why a figure could not be read;
    only what has one reason is told together.
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
    finding_id: str = ""
    figure_hash: str = ""
    status: FindingStatus = "open"
    explanation: str = ""
    suspect_indicator: str = ""
    suspect_sheet: str = ""
    suspect_cell: str = ""
    slip: str = ""
    proposed: str = ""
    alike: tuple[str, ...] = ()
    impact: str = ""
    impact_weight: Decimal = Decimal(0)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """One file received from one unit for one period; immutable once recorded.

    `version` counts the unit's submissions for the period from 1. `is_taken` says whether it was taken as the
    unit's answer when it came (a rival or an older file is kept but not taken). `sent_by` is the unit in whose folder
    the file lay where that is another one (a consolidated file of the chair's office). Times carry a zone.
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
    sent_by: str = ""


@dataclass(frozen=True, slots=True)
class DerivedFigure:
    """A figure computed from a province's own others where it was not reported."""

    province_id: str
    indicator_code: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class ClusterTotal:
    """One indicator over the whole cluster. `value_source` is sum, rebuilt or announced; `is_estimated` says that a
    figure in it is an estimate."""

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
    is_estimated: bool = False


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a person of the chair's office decided; recorded once, undone only by a `revoke` that names it.

    import takes in a published report, whose accepted figures lie in the archive under `figure_hash`;
    choose and withdraw speak of a submission; accept and refuse of an explanation (finding and figures); waive of a
    rule, for one province or all (`province_id` empty), from `period_code` to `valid_to` (empty: that period alone,
    "open": until revoked). `decided_by` is a name as typed, not verified.
    """

    ruling_id: str
    kind: RulingKind
    period_code: str
    province_id: str
    reason: str
    decided_by: str
    decided_at: dt.datetime
    submission_id: str = ""
    rule_code: str = ""
    finding_id: str = ""
    figure_hash: str = ""
    valid_to: str = ""
    revokes: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One indicator whose state, value or estimate mark differs between two versions of a return."""

    indicator_code: str
    before: Observation | None
    after: Observation | None


@dataclass(frozen=True, slots=True)
class Revision:
    """A figure of an earlier period as a later return repeats it, where it differs from what was reported then."""

    province_id: str
    indicator_code: str
    earlier_period: str
    value_then: Decimal
    value_now: Decimal
    submission_id: str
    sheet: str = ""
    cell: str = ""
    raw_text: str = ""


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """One file that we put into a unit's folder, or beside it into our home where that folder takes nothing.

    Recorded before it is written, so that it is never taken for a return. `name` is its path within our subfolder,
    `place` where people find it; `content_key` names what it was made from: equal, and it need not be made again.
    """

    sha256: str
    province_id: str
    period_code: str
    name: str
    place: str
    kind: str
    content_key: str
    written_at: dt.datetime
    submission_id: str = ""
    is_at_home: bool = False
