"""What is kept of the work itself: runs, what they changed, and how a half-year was closed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

RunKind = Literal["collect", "close", "remind", "self_check", "seal", "restore"]
RunState = Literal["running", "completed", "nothing_new", "waiting", "failed", "cut_short"]
Trigger = Literal["schedule", "hand", "command"]
ChangeKind = Literal["file", "state", "finding_new", "finding_gone", "figure"]
ClosingStep = Literal["asked", "publish", "publish_noted", "wait", "sealed", "reopened"]


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run of the system in a home; `ended_at` is None while it works and for one that was cut short.

    `message` is in Vietnamese. Counts are those of the period at the end of the run, None where it did not get there.
    """

    run_id: str
    kind: RunKind
    period_code: str
    trigger: Trigger
    started_at: dt.datetime
    ended_at: dt.datetime | None
    state: RunState
    message: str
    host: str
    software: str
    flow_run_id: str = ""
    new_files: int | None = None
    open_critical: int | None = None
    open_warning: int | None = None


@dataclass(frozen=True, slots=True)
class RunChange:
    """One thing that a run found different from the run before it, as a sentence in Vietnamese."""

    run_id: str
    position: int
    kind: ChangeKind
    province_id: str
    text: str


@dataclass(frozen=True, slots=True)
class ClosingEvent:
    """One step in the closing of a half-year; never changed once recorded.

    asked: the office was asked about the state named by the two digests. publish, publish_noted, wait: what a person
    (`decided_by`, as typed, not verified) decided about that very state, and why. sealed: the seal `seal_no` was made,
    `manifest_hash` is the SHA-256 of its manifest. reopened: a decision is taken back. `closing_id` joins the steps of
    one question.
    """

    closing_id: str
    period_code: str
    step: ClosingStep
    figures_digest: str
    findings_digest: str
    happened_at: dt.datetime
    decided_by: str = ""
    reason: str = ""
    flow_run_id: str = ""
    seal_no: int | None = None
    manifest_hash: str = ""


@dataclass(frozen=True, slots=True)
class Closing:
    """How far the closing of a half-year has come: the last question, what was decided of it, the seal in force."""

    asked: ClosingEvent | None = None
    decision: ClosingEvent | None = None
    seal: ClosingEvent | None = None

    @property
    def is_pending(self) -> bool:
        """Whether a person still has to decide."""
        return self.asked is not None and (self.decision is None or self.decision.step == "wait")

    @property
    def is_to_seal(self) -> bool:
        """Whether it was approved and the seal is not made yet: what a killed run leaves."""
        if self.decision is None or self.decision.step == "wait":
            return False
        return self.seal is None or self.seal.closing_id != self.decision.closing_id

    @property
    def next_seal_no(self) -> int:
        """Seals are numbered from 1; a number is never used twice."""
        return 1 if self.seal is None or self.seal.seal_no is None else self.seal.seal_no + 1

    def is_final(self, figures_digest: str) -> bool:
        """Whether figures are those that were approved and sealed; otherwise tables are a draft."""
        return self.seal is not None and not self.is_to_seal and self.seal.figures_digest == figures_digest


def follow_closing(events: Iterable[ClosingEvent]) -> Closing:
    """Where the events of one half-year, in the order of their recording, have led."""
    asked = decision = seal = None
    for event in events:
        if event.step == "asked":
            asked, decision = event, None
        elif event.step == "sealed":
            seal = event
        elif event.step == "reopened":
            asked = decision = None
            seal = None if seal is None else replace(seal, figures_digest="")
        else:
            decision = event
    return Closing(asked, decision, seal)


def digest_figures(marts: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """Names the figures of a period as the meeting sees them: provinces' and cluster's values, states and statuses.

    Not the wording of findings, nor the versions of files: an update of the software that leaves every figure as it
    was leaves the digest as it was.
    """
    observations = [
        [row["province_id"], row["indicator_code"], _plain(row["value"]), row["status"], bool(row["is_estimated"])]
        for row in marts["observations"]
    ]
    totals = [[row["indicator_code"], _plain(row["value"]), row["value_source"]] for row in marts["cluster_totals"]]
    return _digest([sorted(observations, key=str), sorted(totals, key=str)])


def digest_findings(marts: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """Names the open findings of a period that a person must have seen to approve it: critical ones and warnings."""
    return _digest(
        sorted(
            str(row["finding_id"]) + str(row["figure_hash"])
            for row in marts["findings"]
            if row["status"] == "open" and row["severity"] != "info"
        )
    )


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
