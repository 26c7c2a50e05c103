"""The state of a run between reading and judging: what is known, what is read, what is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from catalogue.model import Catalogue
from transforms.observation import Explanation, Problem, Reading, Submission
from transforms.succession import attribute


@dataclass
class Work:
    """What a run has to do: the known submissions by unit, the readings at hand, the files still to read."""

    known: dict[str, list[Submission]]
    readings: dict[str, Reading]
    to_read: dict[str, list[tuple[Path, str]]]


@dataclass
class Decision:
    """What a run has decided: submissions by unit, the new ones, notices (unit, problem, file name), and `answers`:
    what files say as the answer of a unit, by unit, content hash and sender."""

    submissions: dict[str, list[Submission]]
    new: list[Submission]
    notices: list[tuple[str, Problem, str]] = field(default_factory=list)
    answers: dict[tuple[str, str, str], Reading] = field(default_factory=dict)

    def answer(
        self,
        catalogue: Catalogue,
        readings: Mapping[str, Reading],
        period_code: str,
        unit: str,
        sha256: str,
        sent_by: str = "",
    ) -> Reading:
        """What a file that is read says as the answer of a unit for the period; asked once, then remembered."""
        key = unit, sha256, sent_by
        if key not in self.answers:
            self.answers[key] = attribute(catalogue, readings[sha256], unit, period_code, sent_by)
        return self.answers[key]

    def answer_of(self, submission: Submission) -> Reading:
        """The remembered answer of a submission."""
        return self.answers[submission.province_id, submission.sha256, submission.sent_by]

    def explanations(self) -> list[tuple[Explanation, ...]]:
        """What officers wrote in each file, all units together, every unit's in the order of its versions."""
        sent = (s for submissions in self.submissions.values() for s in sorted(submissions, key=lambda s: s.version))
        return [self.answer_of(s).explanations for s in sent]

    def rejected_of(self, unit: str) -> set[str]:
        """The hashes of a unit's submissions of which nothing may be used."""
        return {s.sha256 for s in self.submissions.get(unit, ()) if self.answer_of(s).is_rejected}
