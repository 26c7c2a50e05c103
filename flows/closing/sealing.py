"""Making the seal of an approved half-year: everything in one folder, put in place whole, then recorded."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from catalogue import load_catalogue
from catalogue.model import Catalogue
from flows.closing import seal_contents as contents
from flows.closing.seal_folder import (
    MANIFEST,
    PART,
    SealError,
    clear_part,
    close_folder,
    hash_file,
    put_in_place,
    read_manifest,
    seal_path,
    verify,
)
from flows.closing.software import machine, software_versions
from flows.local_time import say_moment
from flows.settings import Settings
from flows.shares.folders import Gathered, archive_path
from transforms.observation import Ruling, Submission
from transforms.operation import Closing, ClosingEvent, follow_closing
from transforms.prose.published_report import REPORTS, report_of
from warehouse import Warehouse

PROGRESS = logging.getLogger("thidua.progress")
TABLE_FILES = (".csv", ".toml")


@dataclass(frozen=True, slots=True)
class Sealed:
    """A seal that was made: its folder, its number in the period, the SHA-256 of its manifest."""

    folder: Path
    seal_no: int
    manifest_hash: str


class Sealing:
    """What a seal is made of: the state of one run whose figures were approved."""

    def __init__(
        self,
        settings: Settings,
        catalogue: Catalogue,
        warehouse: Warehouse,
        period_code: str,
        gathered: Gathered,
        rulings: Iterable[Ruling],
        marts: dict[str, list[dict[str, Any]]],
    ) -> None:
        self.settings = settings
        self.catalogue = catalogue
        self.warehouse = warehouse
        self.period_code = period_code
        self.gathered = gathered
        self.rulings = list(rulings)
        self.marts = marts
        self.closing: Closing = follow_closing(warehouse.closings(period_code))

    def seal(self) -> Sealed:
        """Makes the seal and records it. Killed anywhere, it is made or adopted by the next call, with the same bytes
        of tables. Raises SealError where an original or the catalogue is not what was judged."""
        decision = self.closing.decision
        if decision is None or not self.closing.is_to_seal:
            raise SealError(f"kỳ {self.period_code} không có gì đã duyệt mà chưa niêm phong")
        folder = self._free_place()
        if (folder / MANIFEST).exists():  # a killed run has put it in place and not recorded it
            made = Sealed(folder, int(folder.name), hash_file(folder / MANIFEST))
        else:
            made = self._build(folder, decision)
        self._record(made, decision)
        PROGRESS.info("Đã niêm phong bản số %d của kỳ %s: %s", made.seal_no, self.period_code, made.folder)
        return made

    def _free_place(self) -> Path:
        """The folder of the next number; one that lies there already counts only if it is this approval's, and whole.

        A number under which anything else lies is left alone and never used again.
        """
        number = self.closing.next_seal_no
        while (folder := seal_path(self.settings, self.period_code, number)).exists() and not self._is_own(folder):
            number += 1
        return folder

    def _is_own(self, folder: Path) -> bool:
        decision = self.closing.decision
        try:
            of_decision = read_manifest(folder)["closing_id"] == (decision.closing_id if decision else "")
            return bool(of_decision and not verify(folder))
        except (SealError, OSError):
            return False

    def _build(self, folder: Path, decision: ClosingEvent) -> Sealed:
        number = int(folder.name)
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = folder.with_name(f".{folder.name}{PART}")
        clear_part(part)
        part.mkdir()
        PROGRESS.info("Đang niêm phong bản số %d của kỳ %s", number, self.period_code)
        self._put_tables(part, number, decision)
        self._put_originals(part)
        self._put_catalogue(part)
        self._put_papers(part, number, decision)
        self.warehouse.publish(part / contents.DATABASE)
        manifest_hash = close_folder(part, self._facts(number, decision))
        put_in_place(part, folder)
        return Sealed(folder, number, manifest_hash)

    def _put_tables(self, part: Path, number: int, decision: ClosingEvent) -> None:
        from publications import Standing, publish_tables

        standing = Standing(
            number,
            is_final=True,
            approved_by=decision.decided_by,
            approved_at=decision.happened_at,
            reason=decision.reason,
            is_noted=decision.step == "publish_noted",
        )
        made_at = decision.happened_at
        publish_tables(self.catalogue, self.period_code, self.marts, part / contents.TABLES, made_at, standing)

    def _put_originals(self, part: Path) -> None:
        """Every file that the judgement knew: received in any version, or lying in a folder now; with accepted figures
        the published report that they were read in."""
        submissions = self.warehouse.submissions(self.period_code)
        hashes = {s.sha256 for s in submissions}
        hashes |= {a.sha256 for arrivals in self.gathered.arrivals.values() for a in arrivals}
        reports = self._find_reports(submissions)
        hashes |= reports.keys()
        (part / contents.ORIGINALS).mkdir()
        sizes = {}
        for number, sha256 in enumerate(sorted(hashes), start=1):
            sizes[sha256] = self._put_original(part, sha256)
            if number % 50 == 0:
                PROGRESS.info("Đã chép %d/%d tệp gốc", number, len(hashes))
        (part / contents.LIST).write_bytes(self._list(submissions, sizes, reports))

    def _find_reports(self, submissions: Iterable[Submission]) -> dict[str, str]:
        """The published reports whose accepted figures were ever taken, or lie there now: names by hash."""
        offers = {s.sha256 for s in submissions if s.sent_by == REPORTS}
        offers |= {a.sha256 for a in self.gathered.arrivals.get(REPORTS, ())}
        found = {}
        for offer in sorted(offers):
            try:
                name, sha256 = report_of(self._original(offer))
            except ValueError as error:
                raise SealError(f"phiếu nhập {offer} trong kho lưu đã hỏng; khôi phục từ bản sao lưu") from error
            found[sha256] = name
        return found

    def _original(self, sha256: str) -> bytes:
        try:
            return archive_path(self.settings.archive, sha256).read_bytes()
        except OSError as error:
            raise SealError(f"thiếu tệp gốc {sha256} trong kho lưu “{self.settings.archive}”: {error}") from error

    def _put_original(self, part: Path, sha256: str) -> int:
        data = self._original(sha256)
        target = part / contents.ORIGINALS / sha256
        target.write_bytes(data)
        if hash_file(target) != sha256:
            raise SealError(f"tệp gốc {sha256} trong “{self.settings.archive}” đã hỏng; khôi phục từ bản sao lưu")
        return len(data)

    def _list(self, submissions: list[Submission], sizes: dict[str, int], reports: dict[str, str]) -> bytes:
        current = (row["submission_id"] for row in self.marts["submissions"] if row["is_current"])
        return contents.list_originals(self.gathered, submissions, current, sizes, reports)

    def _put_catalogue(self, part: Path) -> None:
        target = part / contents.CATALOGUE
        target.mkdir()
        for path in sorted(self.settings.catalogue.iterdir()):
            if path.suffix in TABLE_FILES:
                (target / path.name).write_bytes(path.read_bytes())
        if load_catalogue(target).content_hash != self.catalogue.content_hash:
            raise SealError("danh mục vừa bị sửa trong lúc niêm phong; chạy lại lệnh")

    def _put_papers(self, part: Path, number: int, decision: ClosingEvent) -> None:
        noted = []
        if decision.step == "publish_noted":
            noted = [r for r in self.marts["findings"] if r["status"] == "open" and r["severity"] != "info"]
        asked = self.closing.asked or decision
        when = say_moment(decision.happened_at)
        period = self.catalogue.calendar[self.period_code].name
        papers = {
            contents.GATHERED: contents.show_gathered(self.gathered),
            contents.RULINGS: contents.show_rulings(self.rulings),
            contents.APPROVAL: contents.show_approval(asked, decision, noted),
            contents.SOFTWARE: contents.show_versions(software_versions(), machine()),
            contents.README: contents.say_what_it_is(period, decision, number, when),
        }
        for name, text in papers.items():
            (part / name).write_text(text, encoding="utf-8")

    def _facts(self, number: int, decision: ClosingEvent) -> dict[str, Any]:
        before = self.closing.seal
        previous = None if before is None else {"seal_no": before.seal_no, "manifest_hash": before.manifest_hash}
        return {
            "period_code": self.period_code,
            "seal_no": number,
            "closing_id": decision.closing_id,
            "approved_at": decision.happened_at.isoformat(),
            "catalogue_hash": self.catalogue.content_hash,
            "figures_digest": decision.figures_digest,
            "findings_digest": decision.findings_digest,
            "previous": previous,
        }

    def _record(self, made: Sealed, decision: ClosingEvent) -> None:
        event = replace(
            decision,
            step="sealed",
            happened_at=dt.datetime.now(dt.UTC),
            decided_by="",
            reason="",
            seal_no=made.seal_no,
            manifest_hash=made.manifest_hash,
        )
        self.warehouse.add_closing(event)
