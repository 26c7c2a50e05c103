"""What the chair's office has ruled, and what of it is in force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from transforms.observation import Explanation, Ruling, Submission
from transforms.prose.published_report import REPORTS

OPEN_END = "open"
WITHDRAWN, NOT_CHOSEN = "withdrawn", "not_chosen"


@dataclass(frozen=True)
class Rulings:
    """The rulings in force, found by what they speak of; `withdrawn` and `chosen` hold submissions."""

    withdrawn: frozenset[str] = frozenset()
    chosen: tuple[Ruling, ...] = ()
    waivers: tuple[Ruling, ...] = ()
    on_explanations: dict[tuple[str, str], Ruling] = field(default_factory=dict)
    imports: tuple[Ruling, ...] = ()

    def waiver_of(self, rule_code: str, province_id: str, period_code: str) -> Ruling | None:
        """The latest waiver of a rule that covers a unit in a period; the unit is empty for the cluster's own."""
        for waiver in reversed(self.waivers):
            if (
                waiver.rule_code == rule_code
                and waiver.province_id in ("", province_id)
                and covers(waiver, period_code)
            ):
                return waiver
        return None

    def import_of(self, period_code: str) -> Ruling | None:
        """The published report that stands for a period: of several the one that was taken in last."""
        return next((r for r in reversed(self.imports) if r.period_code == period_code), None)

    def on_explanation(self, finding_id: str, figure_hash: str) -> Ruling | None:
        """What was last ruled about the explanation of a finding, while its figures stay as they were."""
        return self.on_explanations.get((finding_id, figure_hash))


def covers(waiver: Ruling, period_code: str) -> bool:
    """Whether a waiver holds in a period: from its own to its last, both included."""
    last = waiver.valid_to or waiver.period_code
    return waiver.period_code <= period_code and (last == OPEN_END or period_code <= last)


def find_in_force(rulings: Iterable[Ruling]) -> Rulings:
    """What is in force of all rulings ever recorded: those that no later one revokes, the later before the earlier."""
    ordered = sorted(rulings, key=lambda r: (r.decided_at, r.ruling_id))
    revoked = {r.revokes for r in ordered if r.kind == "revoke"}
    standing = [r for r in ordered if r.kind != "revoke" and r.ruling_id not in revoked]
    return Rulings(
        frozenset(r.submission_id for r in standing if r.kind == "withdraw"),
        tuple(r for r in standing if r.kind == "choose"),
        tuple(r for r in standing if r.kind == "waive"),
        {(r.finding_id, r.figure_hash): r for r in standing if r.kind in ("accept", "refuse")},
        tuple(r for r in standing if r.kind == "import"),
    )


def apply_rulings(submissions: Iterable[Submission], rulings: Rulings) -> list[Submission]:
    """The submissions of one unit for one period as they count after what was ruled about them, in their order.

    A withdrawn one is not taken, nor what came of a published report that stands no more. A chosen one is taken, and
    of the others none that had come by then; what comes later is judged as ever.
    """
    found = [
        replace(s, is_taken=False, held_because=WITHDRAWN) if _is_withdrawn(s, rulings) else s for s in submissions
    ]
    usable = {s.submission_id for s in found if s.held_because != WITHDRAWN}
    choice = next((c for c in reversed(rulings.chosen) if c.submission_id in usable), None)
    return found if choice is None else [_after_choice(s, choice) for s in found]


def _is_withdrawn(submission: Submission, rulings: Rulings) -> bool:
    if submission.submission_id in rulings.withdrawn:
        return True
    if submission.sent_by != REPORTS:
        return False
    report = rulings.import_of(submission.period_code)
    return report is None or report.figure_hash != submission.sha256


def _after_choice(submission: Submission, choice: Ruling) -> Submission:
    if submission.submission_id == choice.submission_id:
        return replace(submission, is_taken=True, held_because="")
    if submission.received_at > choice.decided_at or submission.held_because == WITHDRAWN:
        return submission
    return replace(submission, is_taken=False, held_because=NOT_CHOSEN)


def latest_explanations(of_versions: Iterable[Iterable[Explanation]]) -> dict[tuple[str, str], Explanation]:
    """The last word on every finding, by finding and figures; the versions come in their order."""
    return {(e.finding_id, e.figure_hash): e for version in of_versions for e in version}
