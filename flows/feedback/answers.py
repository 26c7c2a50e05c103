"""The answers to the provinces: for every file a receipt, for what counts the result and the workbook to mend."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from catalogue.model import Catalogue
from flows.feedback.delivery import Outgoing, is_delivered, recall
from flows.feedback.rows import Row, finding_of
from flows.places import readable
from flows.reading.pool import ReadingPool
from flows.settings import Settings
from flows.shares.folders import Gathered, archive_path
from publications.feedback import Feedback, render_feedback
from transforms.admission import admit
from transforms.changes import compare_versions
from transforms.labelling import SYNTHETIC
from transforms.observation import Finding, Reading, Ruling, Submission, WrittenFile
from transforms.rulings import Rulings, apply_rulings, find_in_force
from transforms.succession import attribute
from transforms.versions import digest_sources, reader_version
from warehouse import Warehouse


class Answers:
    """What a period's files are to be answered, as the warehouse has it after a run."""

    def __init__(
        self,
        catalogue: Catalogue,
        settings: Settings,
        warehouse: Warehouse,
        period_code: str,
        marts: dict[str, list[Row]],
        rulings: Iterable[Ruling],
    ) -> None:
        self.catalogue = catalogue
        self.settings = settings
        self.warehouse = warehouse
        self.period_code = period_code
        self.rulings: Rulings = find_in_force(rulings)
        self.verdicts = {row["submission_id"]: row for row in marts["submissions"]}
        self.findings: dict[str, list[Finding]] = {}
        self.of_units: dict[str, list[Finding]] = {}
        for row in marts["findings"]:
            finding = finding_of(row)
            if finding.submission_id:
                self.findings.setdefault(finding.submission_id, []).append(finding)
            elif finding.province_id:
                self.of_units.setdefault(finding.province_id, []).append(finding)

    def outgoing(
        self, gathered: Gathered, written: Sequence[WrittenFile], open_pool: Callable[[], ReadingPool]
    ) -> Iterator[Outgoing]:
        """The files that do not lie yet where they belong; what was made from the same before is not made again.

        A file is opened for marking only in a child process with limits; where that fails, the list goes alone.
        """
        to_make: list[tuple[Feedback, str]] = []
        made: dict[tuple[str, str], list[WrittenFile]] = {}
        for file in written:
            made.setdefault((file.submission_id, file.content_key), []).append(file)
        for feedback in self._feedbacks(gathered):
            submission = feedback.submission
            unit, key = submission.province_id, content_key(feedback)
            alike = made.get((submission.submission_id, key), [])
            before = {f.kind: f for f in alike}
            if before and all(is_delivered(gathered, alike, unit, f.name, key) for f in before.values()):
                continue
            kept = [(f, recall(self.settings, alike, unit, f.name, key)) for f in before.values()]
            if not kept or any(data is None for _, data in kept):
                to_make.append((feedback, key))
                continue
            for f, data in kept:
                yield Outgoing(unit, f.name, data or b"", f.kind, key, submission.submission_id)
        if to_make:
            yield from self._make(to_make, open_pool())

    def _make(self, to_make: list[tuple[Feedback, str]], pool: ReadingPool) -> Iterator[Outgoing]:
        asked = [(_facts(f), archive_path(self.settings.archive, f.submission.sha256)) for f, _ in to_make]
        for (feedback, key), made in zip(to_make, pool.answer(asked), strict=True):
            submission = feedback.submission
            for file in render_feedback(feedback) if made is None else made:
                name = f"{self.period_code}/{file.name}"
                yield Outgoing(submission.province_id, name, file.data, file.kind, key, submission.submission_id)

    def _feedbacks(self, gathered: Gathered) -> Iterator[Feedback]:
        """One for every file; of those that a later version displaces only what says so, for which nothing is read."""
        units: dict[str, list[Submission]] = {}
        for submission in self.warehouse.submissions(self.period_code):
            if not submission.sent_by:
                units.setdefault(submission.province_id, []).append(submission)
        chosen: list[tuple[Submission, list[Submission]]] = []
        for sent in units.values():
            own = apply_rulings(sent, self.rulings)
            current = next((s for s in own if self._is_current(s)), None)
            chosen += [(s, own) for s in own if current is None or s.version >= current.version]
            if current is not None:
                yield from (self._superseded(s, own, current) for s in own if self._is_displaced(s, current))
        before = {s.submission_id: self._version_before(s, own) for s, own in chosen}
        earlier = [p for p in before.values() if p is not None]
        readings = self.warehouse.readings(
            {s.sha256 for s, _ in chosen} | {p.sha256 for p in earlier}, reader_version(), self.catalogue.content_hash
        )
        found_then = self.warehouse.last_findings({p.submission_id for p in earlier})
        for submission, own in chosen:
            reading = self._answer(submission, readings)
            if reading is not None and archive_path(self.settings.archive, submission.sha256).is_file():
                made = self._feedback(submission, own, reading, before[submission.submission_id], readings, found_then)
                yield replace(made, taken=_taken(gathered, made, own))

    def _is_displaced(self, submission: Submission, current: Submission) -> bool:
        is_kept = archive_path(self.settings.archive, submission.sha256).is_file()
        return submission.version < current.version and submission.submission_id in self.verdicts and is_kept

    def _superseded(self, submission: Submission, own: list[Submission], current: Submission) -> Feedback:
        row = self.verdicts[submission.submission_id]
        verdict = row["verdict"] or ""
        is_made_up = row["source"] == SYNTHETIC and verdict != "rejected"
        return Feedback(
            self.catalogue,
            self.period_code,
            submission,
            b"",
            was_read=verdict != "rejected",
            verdict=verdict,
            counting=current,
            other_files=tuple(s for s in own if s is not submission),
            refusal="Tệp không dùng được." if verdict == "rejected" else "",
            source=SYNTHETIC if is_made_up else "",
        )

    def _is_current(self, submission: Submission) -> bool:
        row = self.verdicts.get(submission.submission_id)
        return row is not None and bool(row["is_current"])

    def _version_before(self, submission: Submission, own: list[Submission]) -> Submission | None:
        """The version that counted before a current one came."""
        if not self._is_current(submission):
            return None
        rejected = {i for i, row in self.verdicts.items() if row["verdict"] == "rejected"}
        taken = [s for s in own if s.is_taken and s.version < submission.version and s.submission_id not in rejected]
        return max(taken, key=lambda s: s.version, default=None)

    def _answer(self, submission: Submission, readings: dict[str, Reading]) -> Reading | None:
        reading = readings.get(submission.sha256)
        if reading is None:
            return None
        admitted = admit(reading, self.settings.takes_synthetic)
        return attribute(self.catalogue, admitted, submission.province_id, self.period_code)

    def _feedback(
        self,
        submission: Submission,
        own: list[Submission],
        reading: Reading,
        before: Submission | None,
        readings: dict[str, Reading],
        found_then: dict[str, list[Row]],
    ) -> Feedback:
        findings = list(self.findings.get(submission.submission_id, ()))
        refusals = [f.message for f in findings if f.severity == "critical"]
        if self._is_current(submission):
            findings += self.of_units.get(submission.province_id, ())
        ids = {f.finding_id for f in findings}
        earlier = self._answer(before, readings) if before is not None else None
        mended = found_then.get(before.submission_id, []) if before is not None else []
        verdict = self.verdicts[submission.submission_id]["verdict"] or ""
        return Feedback(
            self.catalogue,
            self.period_code,
            submission,
            b"",
            was_read=not reading.is_rejected,
            verdict=verdict,
            findings=tuple(findings),
            mended=tuple(
                finding_of(row) for row in mended if row["severity"] != "info" and row["finding_id"] not in ids
            ),
            changes=compare_versions(earlier.observations, reading.observations) if earlier is not None else (),
            observations=reading.observations,
            counting=next((s for s in own if self._is_current(s)), None),
            other_files=tuple(s for s in own if s is not submission),
            refusal=(refusals[0] if refusals else "Tệp không dùng được.") if reading.is_rejected else "",
            rulings=self.rulings,
            source="" if reading.is_rejected else reading.source,
        )


def _taken(gathered: Gathered, feedback: Feedback, own: Iterable[Submission]) -> frozenset[str]:
    """The names of this answer under which files lie that the unit sent."""
    unit, lead = feedback.submission.province_id, f"{feedback.period_code}/Lần {feedback.version} - "
    sent = {s.sha256 for s in own}
    lying = (readable(f.name) for f in gathered.feedback.get(unit, {}).values() if f.sha256 in sent)
    return frozenset(name.partition("/")[2] for name in lying if name.startswith(lead))


def _facts(feedback: Feedback) -> dict[str, Any]:
    """All of a feedback but the catalogue, which every child has, and the original, which it reads itself."""
    return {f.name: getattr(feedback, f.name) for f in fields(feedback) if f.name not in ("catalogue", "original")}


@lru_cache(maxsize=1)
def _writer_version() -> str:
    """The name of what makes these files: it changes with any byte of its code or its pages."""
    folder = Path(__file__).resolve().parents[2] / "publications"
    pages = b"".join(path.read_bytes() for path in sorted((folder / "templates").glob("*")) if path.is_file())
    return f"{digest_sources([folder / 'feedback', folder])} {hashlib.sha256(pages).hexdigest()[:12]}"


def content_key(feedback: Feedback) -> str:
    """Names everything that the answer to a file is made from; the original counts by its hash."""
    told = [
        _writer_version(),
        feedback.catalogue.content_hash,
        feedback.verdict,
        feedback.was_read,
        feedback.refusal,
        asdict(feedback.submission),
        [asdict(replace(f, disputed=())) | {"state": feedback.state_of(f)} for f in feedback.findings],
        [f.finding_id for f in feedback.mended],
        [asdict(c) for c in feedback.changes],
        feedback.counting.submission_id if feedback.counting is not None else "",
        [(s.submission_id, s.is_taken, s.held_because) for s in feedback.other_files],
        sorted(feedback.taken),
        feedback.source,
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, default=str).encode()).hexdigest()[:24]
