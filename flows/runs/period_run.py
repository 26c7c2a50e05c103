"""One run over one period: gather, decide, apply, as plain calls that a notebook can make without Prefect."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from catalogue import load_catalogue
from catalogue.model import Catalogue
from flows.closing.standings import find_standing, is_overtaken, is_seal_due
from flows.feedback.delivery import Delivered, deliver
from flows.feedback.ledger import WarehouseLedger
from flows.home_lock import one_at_a_time
from flows.lake import sharing
from flows.reading.pool import ReadingPool
from flows.runs import collection, publishing
from flows.runs.consolidated import settle_provinces
from flows.runs.decision import Decision, Work
from flows.runs.outcome import Outcome
from flows.runs.published_reports import add_report, answer_reports, settle_reports
from flows.settings import Settings
from flows.shares import folders, gathering
from flows.shares.own_files import find_own
from flows.telling.watched_run import watched_run
from transforms.admission import admit
from transforms.comparison import half_before, same_half_before
from transforms.observation import Reading, Ruling, Submission
from transforms.operation import follow_closing
from transforms.versions import reader_version
from warehouse import Assessment, Warehouse

if TYPE_CHECKING:
    from flows.closing.sealing import Sealed
    from publications import Standing

Files = list[tuple[Path, str]]
PROGRESS = logging.getLogger("thidua.progress")


def collect(
    settings: Settings, period_code: str, root: Path, now: dt.datetime, shares_file: Path | None = None
) -> Outcome:
    """A whole run without Prefect: the same steps as the flow, in one thread, for notebooks and tests."""
    catalogue = load_catalogue(settings.catalogue)
    settings.home.mkdir(parents=True, exist_ok=True)
    with one_at_a_time(settings), Warehouse.open(settings.warehouse) as warehouse:
        run = PeriodRun(settings, catalogue, warehouse, period_code, root, now, shares_file)
        with run, watched_run(run):
            carry_out(run)
        return run.outcome()


def carry_out(run: PeriodRun) -> None:
    """All steps of a run, one after the other."""
    take_in(run)
    if run.is_judged and run.is_published():
        run.publish_status()
    else:
        run.publish()
    run.share()
    run.answer()


def take_in(run: PeriodRun) -> None:
    """The steps up to the judgement: the warehouse then holds all that came, and nothing is published or answered."""
    run.gather()
    if not run.is_judged:
        to_read = run.plan()
        if to_read:
            files = [file for of_unit in to_read.values() for file in of_unit]
            run.take(files, run.open_pool().read(files))
        run.load(run.settle(run.unsettled))
        run.judge()
        run.record()


class Received:
    """What is to be stored of some units: new submissions with their readings, and readings of other files.

    A plain object, as a run is: Prefect walks every dataclass, list and dict that a task is given.
    """

    def __init__(self) -> None:
        self.submissions: list[tuple[Submission, Reading]] = []
        self.readings: list[Reading] = []


class PeriodRun:
    """The state of a run, filled step by step. Use as a context manager, which ends the children that read; a `pool`
    that is lent goes on.

    A plain object: Prefect walks every dataclass and dict it is given.
    """

    def __init__(
        self,
        settings: Settings,
        catalogue: Catalogue,
        warehouse: Warehouse,
        period_code: str,
        root: Path,
        now: dt.datetime,
        shares_file: Path | None = None,
        pool: ReadingPool | None = None,
    ) -> None:
        self.settings = settings
        self.catalogue = catalogue
        self.warehouse = warehouse
        self.period_code = period_code
        self.root = root
        self.now = now
        self.shares_file = shares_file
        self.ledger = WarehouseLedger(warehouse)
        self.gathered = folders.Gathered()
        self.rulings: list[Ruling] = []
        self.work = Work({}, {}, {})
        self.decision = Decision({}, [])
        self.fresh: dict[str, Reading] = {}
        self.assessment: Assessment | None = None
        self.settled: set[str] = set()
        self.is_shared_out = False
        self.key = ""
        self.is_judged = False
        self._pool = pool
        self._is_pool_lent = pool is not None
        self.delivered: list[Delivered] = []
        self.renewed_answers = 0
        self.sealed: Sealed | None = None

    def __enter__(self) -> PeriodRun:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None and not self._is_pool_lent:
            self._pool.__exit__(kind, error, trace)
            self._pool = None

    def open_pool(self) -> ReadingPool:
        """The pool of children in which files are read and marked; they start with the first file."""
        if self._pool is None:
            self._pool = ReadingPool(self.settings.catalogue)
        return self._pool

    def gather(self) -> None:
        """Takes all files of all units into the archive, and sees whether this very state is judged already."""
        PROGRESS.info("Đang gom tệp từ các thư mục")
        for archive in (self.settings.archive, self.settings.sent):
            folders.clear_half_written(archive)
        self.rulings = self.warehouse.rulings()
        own = find_own(self.settings, self.ledger.written())
        self.gathered = gathering.gather(
            self.catalogue, self.period_code, self.root, self.settings.archive, self.shares_file, own
        )
        add_report(self.gathered, self.settings, self.catalogue, self.period_code, self.rulings)
        self.key = self._key(self.warehouse.submissions(self.period_code))
        current = self.warehouse.current_assessment(self.period_code)
        self.is_judged = current is not None and current.input_key == self.key
        files = sum(len(arrivals) for arrivals in self.gathered.arrivals.values())
        PROGRESS.info("Đã gom %d tệp trong thư mục của %d đơn vị", files, len(self.gathered.arrivals))

    def plan(self) -> dict[str, Files]:
        """The files that have to be read, by unit."""
        self.warehouse.sync_catalogue(self.catalogue)
        self.work = collection.plan(
            self.catalogue, self.warehouse, self.settings, self.period_code, self.gathered, self.rulings
        )
        count = sum(len(files) for files in self.work.to_read.values())
        PROGRESS.info("Cần đọc %d tệp", count)
        self.decision = collection.open_decision(self.catalogue, self.period_code, self.gathered, self.work)
        return self.work.to_read

    def take(self, files: Files, readings: Iterable[Reading]) -> None:
        """Keeps what was read of files."""
        found = {sha: reading for (_, sha), reading in zip(files, readings, strict=True)}
        self.fresh.update(found)
        self.work.readings.update({sha: admit(r, self.settings.takes_synthetic) for sha, r in found.items()})
        PROGRESS.info("Đã đọc %d tệp", len(self.fresh))

    @property
    def unsettled(self) -> list[str]:
        """The units of which nothing is decided yet."""
        units = {**self.work.known, **self.gathered.arrivals, **self.work.to_read}
        return [unit for unit in units if unit not in self.settled]

    def settle(self, units: Iterable[str]) -> Received:
        """Decides about units whose files are read; returns what is to be stored of them.

        With the last unit it also decides what consolidated files say of provinces that sent nothing, and what a
        published report says of units of which there is nothing else.
        """
        received = Received()
        for unit in units:
            new = collection.settle_unit(
                self.catalogue, self.period_code, self.gathered, self.work, self.decision, unit, self.now
            )
            self.settled.add(unit)
            received.submissions += [(s, self._as_read(s.sha256)) for s in new]
            stored = {s.sha256 for s in new}
            read = (sha for _, sha in self.work.to_read.get(unit, ()) if sha not in stored)
            received.readings += [self._as_read(sha) for sha in read]
        if not self.unsettled and not self.is_shared_out:
            self.is_shared_out = True
            of_run = self.catalogue, self.period_code, self.gathered, self.work, self.decision
            answer_reports(self.catalogue, self.period_code, self.work, self.decision)
            new = [*settle_provinces(*of_run, self.now), *settle_reports(*of_run, self.now)]
            received.submissions += [(s, self._as_read(s.sha256)) for s in new]
        return received

    def _as_read(self, sha256: str) -> Reading:
        """What a file says, whether it may count here or not; what is stored already is not stored again."""
        return self.fresh.get(sha256) or self.work.readings[sha256]

    def load(self, received: Received) -> None:
        """Stores new submissions and readings, one transaction per file."""
        count = len(received.submissions) + len(received.readings)
        if not count:
            return
        PROGRESS.info("Đang nạp %d tệp vào kho", count)
        common = (reader_version(), self.catalogue.content_hash, self.now)
        self.warehouse.add_submissions(received.submissions, *common)
        self.warehouse.add_readings(received.readings, *common)

    def judge(self) -> int:
        """Judges the whole period; returns how many findings stand."""
        PROGRESS.info("Đang kiểm tra toàn kỳ")
        self.key = self._key(s for submissions in self.decision.submissions.values() for s in submissions)
        past = self.warehouse.figures([same_half_before(self.period_code), half_before(self.period_code)])
        self.assessment = collection.assess(
            self.catalogue,
            self.period_code,
            self.gathered,
            self.decision,
            past,
            self.rulings,
            self.key,
            self.now,
        )
        return len(self.assessment.findings)

    def record(self) -> None:
        """Stores the judgement, in one transaction."""
        assert self.assessment is not None
        self.warehouse.add_assessment(self.assessment)

    def is_published(self) -> bool:
        """Whether what lies in the published folder is of this judgement, and whole, and nothing approved waits."""
        return not self.is_seal_due() and publishing.is_published(
            self.settings, self.period_code, self.key, self.standing
        )

    def is_seal_due(self) -> bool:
        """Whether this very state was approved and is not sealed yet; tells where what was approved is no more."""
        closing = follow_closing(self.warehouse.closings(self.period_code))
        if is_overtaken(closing, self.marts):
            PROGRESS.warning(
                "Kỳ %s đã được duyệt nhưng số liệu hoặc phát hiện đã đổi trước khi niêm phong xong; xin duyệt lại: "
                "thidua close %s",
                self.period_code,
                self.period_code,
            )
        return is_seal_due(closing, self.marts)

    def publish(self) -> None:
        """Seals what was approved, swaps the analysts' copy and writes the consolidated tables."""
        if self.is_seal_due():
            from flows.closing.sealing import Sealing

            of_run = self.gathered, self.rulings, self.marts
            self.sealed = Sealing(self.settings, self.catalogue, self.warehouse, self.period_code, *of_run).seal()
            self.__dict__.pop("standing", None)
        PROGRESS.info("Đang phát hành bảng tổng hợp")
        publishing.publish_warehouse(self.warehouse, self.settings)
        publishing.publish_period(
            self.catalogue, self.settings, self.period_code, self.marts, self.key, self.now, self.standing
        )
        self.publish_status()

    def publish_status(self) -> None:
        """Brings the page "who is late" to this day; writes it only where it says anything new."""
        publishing.publish_status(self.catalogue, self.settings, self.period_code, self.marts, self.now)

    def share(self) -> str:
        """Brings the lake, where one is set up, to the published copy; what prevents it comes back as text."""
        record = sharing.share(self.settings, self.now)
        return record.trouble if record is not None else ""

    def answer(self) -> int:
        """Puts receipts, results and marked workbooks into the units' folders; returns how many are new."""
        from flows.feedback.answers import Answers

        answers = Answers(self.catalogue, self.settings, self.warehouse, self.period_code, self.marts, self.rulings)
        wanted = list(answers.outgoing(self.gathered, self.ledger.written(), self.open_pool))
        if not wanted:
            return 0
        PROGRESS.info("Đang đặt %d tệp phản hồi vào thư mục của các đơn vị", len(wanted))
        known = {(file.province_id, file.name) for file in self.ledger.written()}
        self.delivered = deliver(
            self.catalogue,
            self.period_code,
            self.root,
            self.shares_file,
            self.settings,
            wanted,
            self.ledger,
            self.now,
        )
        written = [d for d in self.delivered if d.is_new]
        self.renewed_answers = sum(not d.reason and (d.file.province_id, d.file.name) in known for d in written)
        return len(written)

    def outcome(self) -> Outcome:
        """What the run came to."""
        return Outcome(
            self.period_code,
            self.marts,
            tuple(s.path for s in self.decision.new),
            not self.is_judged,
            self.settings.published_period(self.period_code),
            [(d.file.place, d.file.province_id, d.reason, d.is_new) for d in self.delivered],
            self.renewed_answers,
        )

    @cached_property
    def standing(self) -> Standing:
        """Whether the tables are a draft, final, or changed since they were sealed."""
        events = self.warehouse.closings(self.period_code)
        return find_standing(self.settings, self.period_code, events, self.marts)

    @cached_property
    def marts(self) -> dict[str, list[dict[str, Any]]]:
        """The rows of the stable views; read once, after the judgement is stored."""
        return self.warehouse.marts(self.period_code)

    def _key(self, submissions: Iterable[Submission]) -> str:
        return collection.input_key(
            self.catalogue,
            self.warehouse,
            self.period_code,
            self.gathered,
            submissions,
            self.rulings,
            self.settings.takes_synthetic,
        )
