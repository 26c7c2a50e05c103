"""What is known of one file that was received, and the files that answer it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from catalogue.model import Catalogue
from transforms.observation import Change, Finding, Observation, Submission
from transforms.rulings import Rulings

RECEIPT, RESULT, MARKED, FINDINGS = "biên nhận", "kết quả", "biểu đã đánh dấu", "danh sách cần sửa"


@dataclass(frozen=True, slots=True)
class Feedback:
    """One submission and all that is to be answered to it.

    `findings` are this version's (open, explained and waived), `mended` those of the version before that are gone,
    `changes` what differs from it. `observations` are the figures as read. `counting` is the submission whose figures
    count now: this one, another one, or none. `other_files` are the unit's other files for the period. `refusal`
    says why the file was not read or is not used, in one sentence of its own; blank where it is. `rulings` tell an
    explanation that waits from one that was not accepted. `original` are the bytes as they were received. `taken`
    are names that somebody else's files bear where these files go. `source` is that of the reading: `synthetic`
    figures are told as such.
    """

    catalogue: Catalogue
    period_code: str
    submission: Submission
    original: bytes
    was_read: bool
    verdict: str
    findings: tuple[Finding, ...] = ()
    mended: tuple[Finding, ...] = ()
    changes: tuple[Change, ...] = ()
    observations: tuple[Observation, ...] = ()
    counting: Submission | None = None
    other_files: tuple[Submission, ...] = ()
    refusal: str = ""
    rulings: Rulings = field(default_factory=Rulings)
    contact: str = ""
    taken: frozenset[str] = frozenset()
    source: str = ""

    @property
    def unit_name(self) -> str:
        """The unit as its own form names it."""
        unit = self.catalogue.province_in(self.submission.province_id, self.period_code)
        return unit.name if unit is not None else self.submission.province_id

    @property
    def period_name(self) -> str:
        entry = self.catalogue.calendar.get(self.period_code)
        return entry.name if entry is not None else self.period_code

    @property
    def version(self) -> str:
        """The number of the version as files and comments show it."""
        return f"{self.submission.version:02d}"

    @property
    def is_counting(self) -> bool:
        """Whether it is this version whose figures count."""
        return self.counting is not None and self.counting.submission_id == self.submission.submission_id

    @property
    def is_superseded(self) -> bool:
        """Whether a later version counts, so that nobody need do anything about this one."""
        return self.counting is not None and self.counting.version > self.submission.version

    @property
    def severities(self) -> Mapping[str, str]:
        return self.catalogue.form.feedback.severities

    def state_of(self, finding: Finding) -> str:
        """open, waiting (for a ruling on its explanation), refused (the explanation), explained, waived, or told."""
        if finding.status != "open":
            return finding.status
        if finding.severity == "info":
            return "told"
        if not finding.explanation:
            return "open"
        ruling = self.rulings.on_explanation(finding.finding_id, finding.figure_hash)
        return "refused" if ruling is not None and ruling.kind == "refuse" else "waiting"

    def open_findings(self, *severities: str) -> list[Finding]:
        """The findings that somebody still has to do something about."""
        return [f for f in self.findings if f.severity in severities and self.state_of(f) in ("open", "refused")]

    @property
    def waiting(self) -> list[Finding]:
        return [f for f in self.findings if self.state_of(f) == "waiting"]

    @property
    def is_clean(self) -> bool:
        """Whether the file was read and nothing of it is open or waits."""
        return self.was_read and not (self.open_findings("critical", "warning") or self.waiting)


@dataclass(frozen=True, slots=True)
class FeedbackFile:
    """One file for the unit's folder: its name, its bytes and what it is."""

    name: str
    data: bytes
    kind: str
