"""The office's desk at the closing of a half-year: a rich state that was judged, and what lies published and sealed."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from pathlib import Path

import openpyxl
from office import PERIOD, Office, fill

from catalogue import load_catalogue
from flows.closing.closer import Closer, Decided
from flows.closing.question import Question, Step
from flows.closing.sealing import TABLE_FILES
from flows.rulings.office import open_office
from flows.word import Word
from transforms.operation import ClosingEvent
from warehouse import Warehouse

BY, WHY = "Nguyễn Văn An", "Đủ số liệu để họp Cụm"


class Desk(Office):
    """An office that closes; its clock goes on by an hour with every act."""

    @property
    def closer(self) -> Closer:
        return Closer(self.settings, load_catalogue(self.settings.catalogue), PERIOD, self.returns)

    @property
    def published(self) -> Path:
        return self.settings.published_period(PERIOD)

    @property
    def seal(self) -> Path:
        return self.settings.seals / PERIOD / "1"

    def ask(self) -> Question:
        self.now += dt.timedelta(hours=1)
        return self.closer.ask(self.now)

    def decide(self, step: Step = "publish_noted", by: str = BY, why: str = WHY) -> Decided:
        self.now += dt.timedelta(hours=1)
        return self.closer.decide(step, Word(by, why, self.now))

    def reopen(self, why: str = "Hà Nam gửi lại số") -> ClosingEvent:
        self.now += dt.timedelta(hours=1)
        return self.closer.reopen(Word(BY, why, self.now))

    def steps(self) -> list[str]:
        with Warehouse.open(self.settings.warehouse) as warehouse:
            return [event.step for event in warehouse.closings(PERIOD)]

    def correct(self, province: str, values: dict[str, object]) -> Path:
        """The province's file is overwritten by one with other figures."""
        return fill(self.file(province), values)

    def withdraw_last(self, province_id: str) -> None:
        with open_office(self.settings, load_catalogue(self.settings.catalogue)) as office:
            last = office.submissions(province_id, PERIOD)[-1]
            office.withdraw(province_id, PERIOD, str(last["version"]), Word(BY, "nhầm", self.now))

    def workbook_text(self) -> str:
        book = openpyxl.load_workbook(self.published / "bang-tong-hop.xlsx")
        return "\n".join(str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value)

    def table(self, name: str) -> list[dict[str, str]]:
        with (self.published / "csv" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))


def tables_of(folder: Path) -> dict[str, bytes]:
    """The tables of a folder by name, and the page that shows them, without the other pages and notes beside them."""
    paths = [folder / "bang-tong-hop.xlsx", folder / "index.html", *folder.glob("csv/*"), *folder.glob("parquet/*")]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def make_desk(folder: Path, examples: Path) -> Desk:
    """A half-year that was judged, with everything that a rebuilding has to get right: an earlier half-year, two
    versions of one return, a file that is none, a folder of nobody, a rule that is waived, and a moved catalogue."""
    shutil.copytree(examples, folder / "returns")
    desk = Desk(folder)
    before = folder / "before" / "Hà Nam"
    before.mkdir(parents=True)
    fill(desk.file("Hà Nam"), {"m_period": "2020H1", "f_new_jobs": 8700}, before / "ha-nam.xlsx")
    returns, desk.returns = desk.returns, before.parent
    desk.run("2020H1")
    desk.returns = returns
    (returns / "Nam Định" / "hỏng.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    (returns / "Linh tinh").mkdir()
    desk.run()
    desk.correct("Hưng Yên", {"f_new_jobs": 12345})
    with open_office(desk.settings, load_catalogue(desk.settings.catalogue)) as office:
        office.waive("figure_revised", PERIOD, "ha-nam", "", Word(BY, "đã biết", desk.now))
    desk.run()
    return desk


def move_desk(source: Path, folder: Path, now: dt.datetime) -> Desk:
    """A copy of a desk elsewhere, with the clock where it was."""
    shutil.copytree(source, folder, dirs_exist_ok=True)
    desk = Desk(folder)
    desk.now = now
    return desk


def copy_catalogue(source: Path, target: Path) -> Path:
    """The tables of a catalogue as another folder, to be changed."""
    target.mkdir()
    for path in source.iterdir():
        if path.suffix in TABLE_FILES:
            shutil.copy2(path, target)
    return target
