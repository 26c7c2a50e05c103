"""The warehouse as the flows see it."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from catalogue.model import Catalogue
from transforms.observation import Reading, Ruling, Submission, WrittenFile
from transforms.operation import ClosingEvent, RunChange, RunRecord, RunState
from warehouse import assessments, catalogue_sync, definition, dialogue, history, marts, operation, published, readings
from warehouse.assessments import Assessment, StoredAssessment
from warehouse.session import Session


class Warehouse:
    """The loader's file. Opened on first use, held until `close` or `publish`, then opened again when needed.

    One process at a time may hold it (WarehouseBusyError otherwise); its threads take turns.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._session: Session | None = None

    @classmethod
    def open(cls, path: Path) -> Warehouse:
        """A warehouse brought to the newest tables, views and comments; missing folders are made."""
        path.parent.mkdir(parents=True, exist_ok=True)
        warehouse = cls(path)
        try:
            definition.bring_up_to_date(warehouse._opened())
        except BaseException:
            warehouse.close()
            raise
        return warehouse

    def _opened(self) -> Session:
        with self._lock:
            if self._session is None:
                self._session = Session(self.path)
            return self._session

    def close(self) -> None:
        """Let go of the file; the next call opens it again."""
        with self._lock:
            if self._session is not None:
                self._session.close()
                self._session = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def sync_catalogue(self, catalogue: Catalogue) -> None:
        """Make the dimensions say what the catalogue says; nothing where they do already."""
        with self._lock:
            catalogue_sync.sync_catalogue(self._opened(), catalogue)

    def submissions(self, period_code: str) -> list[Submission]:
        """Every submission of a period, by reporting unit and version."""
        with self._lock:
            return readings.stored_submissions(self._opened(), period_code)

    def readings(self, sha256s: Iterable[str], reader_version: str, catalogue_hash: str) -> dict[str, Reading]:
        """The stored readings of files by this reader and catalogue, by hash of the file."""
        with self._lock:
            return readings.stored_readings(self._opened(), sha256s, reader_version, catalogue_hash)

    def add_submission(
        self, submission: Submission, reading: Reading, reader_version: str, catalogue_hash: str, read_at: dt.datetime
    ) -> None:
        """Record a received file and its reading in one transaction; what is known already is left as it is."""
        self.add_submissions([(submission, reading)], reader_version, catalogue_hash, read_at)

    def add_submissions(
        self,
        received: Iterable[tuple[Submission, Reading]],
        reader_version: str,
        catalogue_hash: str,
        read_at: dt.datetime,
    ) -> None:
        """Record received files and their readings, one transaction each; for many files the quicker way.

        Raises WarehouseError, before any is recorded, where a reading names an indicator that was not synced.
        """
        with self._lock:
            readings.add_received(self._opened(), received, reader_version, catalogue_hash, read_at)

    def add_reading(self, reading: Reading, reader_version: str, catalogue_hash: str, read_at: dt.datetime) -> None:
        """Record another reading of a known file in one transaction; a known one is left as it is."""
        self.add_readings([reading], reader_version, catalogue_hash, read_at)

    def add_readings(
        self, several: Iterable[Reading], reader_version: str, catalogue_hash: str, read_at: dt.datetime
    ) -> None:
        """Record other readings of known files, one transaction each."""
        with self._lock:
            received = [(None, reading) for reading in several]
            readings.add_received(self._opened(), received, reader_version, catalogue_hash, read_at)

    def add_assessment(self, assessment: Assessment) -> None:
        """Record a judgement of a period in one transaction; nothing where its input is the current one's.

        Raises WarehouseError where it names a file that was never recorded or read, or two current returns of one
        unit, and then leaves nothing behind.
        """
        with self._lock:
            session = self._opened()
            with session.transaction():
                assessments.add_assessment(session, assessment)

    def current_assessment(self, period_code: str) -> StoredAssessment | None:
        """The latest judgement of a period."""
        with self._lock:
            return assessments.current_assessment(self._opened(), period_code)

    def add_ruling(self, ruling: Ruling) -> None:
        """Record what a person decided, in one transaction."""
        with self._lock:
            session = self._opened()
            with session.transaction():
                dialogue.add_ruling(session, ruling)

    def rulings(self) -> list[Ruling]:
        """Every ruling ever recorded, in the order in which they were."""
        with self._lock:
            return dialogue.stored_rulings(self._opened())

    def last_findings(self, submission_ids: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
        """What was found about each submission in the last assessment in which it was its unit's answer."""
        with self._lock:
            return history.last_findings(self._opened(), submission_ids)

    def add_written(self, files: Iterable[WrittenFile]) -> None:
        """Record files that are about to be put into provinces' folders, in one transaction."""
        with self._lock:
            session = self._opened()
            with session.transaction():
                dialogue.add_written(session, files)

    def written(self) -> list[WrittenFile]:
        """Every file ever put into a province's folder, in the order of writing."""
        with self._lock:
            return dialogue.stored_written(self._opened())

    def start_run(self, run: RunRecord) -> None:
        """Record that a run has begun, in one transaction; a run that never ended is noted as cut short.

        Call it with the home's lock held: what else counts as running is then dead.
        """
        with self._lock:
            session = self._opened()
            with session.transaction():
                operation.add_run(session, run)

    def end_run(
        self,
        run_id: str,
        ended_at: dt.datetime,
        state: RunState,
        message: str = "",
        *,
        new_files: int | None = None,
        open_critical: int | None = None,
        open_warning: int | None = None,
        changes: Sequence[RunChange] = (),
    ) -> None:
        """Record how a run ended and what it found changed, in one transaction."""
        with self._lock:
            session = self._opened()
            with session.transaction():
                counts = new_files, open_critical, open_warning
                operation.end_run(session, run_id, ended_at, state, message, *counts, changes)

    def runs(self, period_code: str | None = None, most: int = 50) -> list[RunRecord]:
        """The latest runs, newest first; of one period, or of all."""
        with self._lock:
            return operation.stored_runs(self._opened(), period_code, most)

    def run_changes(self, run_id: str) -> list[RunChange]:
        """What a run found changed, in its order."""
        with self._lock:
            return operation.stored_changes(self._opened(), run_id)

    def add_closing(self, event: ClosingEvent) -> None:
        """Record one step in the closing of a period, in one transaction."""
        with self._lock:
            session = self._opened()
            with session.transaction():
                operation.add_closing(session, event)

    def closings(self, period_code: str) -> list[ClosingEvent]:
        """Every step in the closing of a period, in the order of recording."""
        with self._lock:
            return operation.stored_closings(self._opened(), period_code)

    def figures(self, period_codes: Iterable[str]) -> dict[tuple[str, str, str], Decimal]:
        """Current undisputed reported values by (period, province_id, indicator)."""
        with self._lock:
            return marts.current_figures(self._opened(), period_codes)

    def marts(self, period_code: str) -> dict[str, list[dict[str, Any]]]:
        """The stable views' rows for one period: observations, cluster_totals, findings, submissions, completeness."""
        with self._lock:
            return marts.period_marts(self._opened(), period_code)

    def publish(self, target: Path) -> None:
        """Swap in a copy of the present state for analysts; who reads the old copy keeps it."""
        with self._lock:
            session = self._opened()
            self._session = None
            try:
                published.publish_copy(session, target)
            finally:
                session.close()
