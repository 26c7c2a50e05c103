"""Files of several provinces or periods over several runs: in the chair's folder, and in a province's own."""

from __future__ import annotations

import dataclasses
import os
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from office import EXAMPLES, PERIOD, Office

from catalogue import load_catalogue
from flows.reading.checking import check_reading, print_checked
from flows.runs.outcome import Outcome, who_has_sent
from flows.runs.period_run import PeriodRun
from flows.runs.publishing import publish_warehouse
from transforms.observation import Problem, Reading
from transforms.reading import hash_bytes, read_return
from warehouse import Warehouse

pytestmark = pytest.mark.slow

CATALOGUE = load_catalogue()
REAL = {path.parent.name: read_return(CATALOGUE, path.read_bytes()) for path in EXAMPLES.glob("*/*.xlsx")}
NOTE = Problem("cell_unclaimed", "", "Bảng", "A9", "ghi chú")


class ReadingOffice(Office):
    """An office whose files are read already: what a file says is given by hand, by its bytes."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.made: dict[str, Reading] = {}

    def put(self, path: str, *parts: Reading, content: str = "", hours: int = 0) -> Path:
        target = self.returns / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content or path)
        os.utime(target, (1_625_000_000 + 3600 * hours,) * 2)
        sha256 = hash_bytes(target.read_bytes())
        own = tuple(dataclasses.replace(part, sha256=sha256) for part in parts)
        whole = Reading(sha256, problems=(NOTE,), parts=own)
        self.made[sha256] = own[0] if len(own) == 1 else whole
        return target

    def run(self, period: str = PERIOD, with_tables: bool = False) -> Outcome:
        """A run that publishes the analysts' copy, and the tables, the page and the report where they are asked for."""
        self.settings.home.mkdir(exist_ok=True)
        with Warehouse.open(self.settings.warehouse) as warehouse:
            run = PeriodRun(self.settings, CATALOGUE, warehouse, period, self.returns, self.now)
            run.gather()
            if not run.is_judged:
                to_read = run.plan()
                files = [file for of_unit in to_read.values() for file in of_unit]
                assert len({sha for _, sha in files}) == len(files), "no file is read twice"
                run.take(files, [self.made[sha] for _, sha in files])
                run.load(run.settle(run.unsettled))
                run.judge()
                run.record()
                if with_tables:
                    run.publish()
                else:
                    publish_warehouse(warehouse, self.settings)
            return run.outcome()

    def current(self, province: str) -> list[tuple[Any, ...]]:
        return self.sql(
            "SELECT file_name, version, sent_by, verdict FROM submissions "
            f"WHERE is_current AND province_name = '{province}' AND period_code = '{PERIOD}'"
        )


def published_texts(office: Office) -> str:
    book = openpyxl.load_workbook(office.settings.published_period(PERIOD) / "bang-tong-hop.xlsx", read_only=True)
    rows = (row for sheet in book for row in sheet.iter_rows(values_only=True))
    return "\n".join(str(value) for row in rows for value in row if value is not None)


def part(province: str, period: str = PERIOD) -> Reading:
    return dataclasses.replace(REAL[province], period_code=period)


def changed(of: Reading, jobs: int) -> Reading:
    return dataclasses.replace(
        of,
        observations=tuple(
            dataclasses.replace(o, value=Decimal(jobs)) if o.indicator_code == "new_jobs" else o
            for o in of.observations
        ),
    )


@pytest.fixture
def office(tmp_path: Path) -> ReadingOffice:
    """The chair has one file for itself and for three provinces, of which one has sent its own."""
    office = ReadingOffice(tmp_path)
    office.put("Nam Định/rieng.xlsx", part("Nam Định"))
    parts = [changed(part(p), 7) for p in ("Nam Định", "Hà Nam", "Ninh Bình")]
    office.put("Toàn Cụm/chung.xlsx", part("Toàn Cụm"), *parts)
    return office


def test_a_consolidated_file_answers_for_those_who_sent_nothing(office: ReadingOffice) -> None:
    outcome = office.run(with_tables=True)
    assert office.current("Nam Định") == [("rieng.xlsx", 1, None, "accepted_with_findings")]
    assert office.current("Hà Nam") == [("chung.xlsx", 1, "toan-cum", "accepted_with_findings")]
    assert office.value("35", "new_jobs") == (7, "reported")
    assert office.value("36", "new_jobs")[0] != 7
    told = office.sql(
        "SELECT province_name, severity FROM findings WHERE rule_code = 'taken_from_consolidated' ORDER BY 1"
    )
    assert told == [("Hà Nam", "warning"), ("Ninh Bình", "warning")]
    assert office.rules("rule_code = 'return_missing'") == ["return_missing"] * 6
    assert office.rules("rule_code = 'cell_unclaimed'") == ["cell_unclaimed"], "the file's own is told once"
    [(message,)] = office.sql("SELECT message FROM findings WHERE rule_code = 'other_units_in_file'")
    assert "Nam Định, Hà Nam, Ninh Bình" in message
    sent = office.sql("SELECT province_name FROM completeness WHERE is_submitted")
    assert sent == [("Nam Định",)] and "Hà Nam" in outcome.missing
    states = {row["Tỉnh"]: row["Trạng thái"] for row in who_has_sent(outcome)}
    assert (states["Hà Nam"], states["Hưng Yên"]) == ("Chưa gửi, lấy từ tệp tổng hợp", "Chưa gửi")
    tables = published_texts(office)
    assert "Chưa gửi báo cáo riêng, đang dùng tệp tổng hợp" in tables
    assert "số liệu lấy từ tệp tổng hợp trong thư mục của Cụm: Hà Nam, Ninh Bình." in tables
    assert not office.run().had_work


def test_an_own_file_takes_the_place_of_the_consolidated_one(office: ReadingOffice) -> None:
    office.run()
    office.put("Hà Nam/rieng.xlsx", part("Hà Nam"), hours=-1000)
    office.run()
    assert office.current("Hà Nam")[0][:3] == ("rieng.xlsx", 2, None)
    assert office.value("35", "new_jobs") == (10103, "reported")
    assert "taken_from_consolidated" not in office.rules("province_name = 'Hà Nam'")
    parts = [changed(part(p), 8) for p in ("Hà Nam", "Ninh Bình")]
    office.put("Toàn Cụm/chung.xlsx", part("Toàn Cụm"), *parts, content="mới", hours=5)
    outcome = office.run()
    assert outcome.new_files == ("Toàn Cụm/chung.xlsx",) * 2, "one for the chair, one for Ninh Bình"
    assert office.current("Ninh Bình")[0][:2] == ("chung.xlsx", 2)
    assert office.value("37", "new_jobs") == (8, "reported")
    assert office.value("35", "new_jobs") == (10103, "reported")


def test_a_refused_own_file_leaves_the_consolidated_figures(office: ReadingOffice) -> None:
    office.put("Hà Nam/sai.xlsx", part("Hưng Yên"))
    office.run()
    assert office.current("Hà Nam")[0][0] == "chung.xlsx"
    told = office.rules("province_name = 'Hà Nam' AND rule_code IN ('province_mismatch', 'taken_from_consolidated')")
    assert told == ["province_mismatch", "taken_from_consolidated"]


def test_a_file_of_provinces_only_is_no_submission_of_the_chair(office: ReadingOffice) -> None:
    office.put("Toàn Cụm/cac-tinh.xlsx", part("Hải Dương"), part("Hưng Yên"), dataclasses.replace(
        part("Bắc Ninh"), observations=(dataclasses.replace(REAL["Bắc Ninh"].observations[0], state="not_yet_available",
                                                            value=None),)))  # fmt: skip
    office.run()
    assert office.current("Hải Dương")[0][:3] == ("cac-tinh.xlsx", 1, "toan-cum")
    assert office.current("Bắc Ninh") == [], "a part without any figure is no return"
    chair = office.sql("SELECT file_name FROM submissions WHERE province_id = 'toan-cum'")
    assert chair == [("chung.xlsx",)]
    where = "province_id IS NULL AND file_name = 'Toàn Cụm/cac-tinh.xlsx'"
    assert sorted(office.rules(where)) == ["cell_unclaimed", "other_units_in_file"]
    assert not office.run().had_work
    (office.returns / "Toàn Cụm" / "cac-tinh.xlsx").unlink()
    office.run()
    assert office.current("Hải Dương")[0][0] == "cac-tinh.xlsx"
    assert office.rules(where) == ["file_gone"], "said once for all its provinces"


def test_two_consolidated_files_at_once_are_a_question(office: ReadingOffice) -> None:
    for number in (1, 2):
        parts = [changed(part(p), 100 * number) for p in ("Hải Dương", "Hưng Yên")]
        office.put(f"Toàn Cụm/bang-{number}.xlsx", *parts, hours=number)
    office.run()
    assert office.value("30", "new_jobs") == (200, "reported")
    assert office.rules("rule_code = 'rival_files'") == ["rival_files"]


def test_a_table_of_all_provinces_in_one_provinces_folder_answers_for_it_alone(tmp_path: Path) -> None:
    office = ReadingOffice(tmp_path)
    office.put("Hà Nam/chung.xlsx", part("Nam Định"), part("Hà Nam"))
    office.put("Hưng Yên/chung.xlsx", part("Nam Định"), part("Hà Nam"), content="khác")
    office.run()
    assert office.current("Hà Nam")[0][:3] == ("chung.xlsx", 1, None)
    assert office.current("Nam Định") == office.current("Hưng Yên") == []
    assert office.rules("province_name = 'Hưng Yên'") == ["several_units"]


def test_each_period_of_a_file_is_taken_by_its_own_run(tmp_path: Path) -> None:
    office = ReadingOffice(tmp_path)
    office.put("Hà Nam/hai-ky.xlsx", part("Hà Nam"), changed(part("Hà Nam", "2020H1"), 5))
    office.put("Toàn Cụm/cu.xlsx", part("Hà Nam", "2020H1"), part("Nam Định", "2020H1"))
    office.run("2020H1")
    office.run()
    figures = office.sql(
        "SELECT period_code, value FROM observations "
        "WHERE province_code = '35' AND indicator_code = 'new_jobs' ORDER BY period_code"
    )
    assert figures == [("2020H1", 5), (PERIOD, 10103)]
    told = office.sql(
        f"SELECT file_name, observed FROM findings WHERE rule_code = 'other_period' AND period_code = '{PERIOD}'"
    )
    assert told == [("Toàn Cụm/cu.xlsx", "2020H1")]


def test_a_new_reader_reads_consolidated_files_once(office: ReadingOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    office.run()
    for place in ("flows.runs.period_run", "flows.runs.collection"):
        monkeypatch.setattr(f"{place}.reader_version", lambda: "reader 2")
    assert office.run().had_work
    assert office.current("Hà Nam")[0][:2] == ("chung.xlsx", 1)
    shutil.rmtree(office.returns / "Toàn Cụm")
    monkeypatch.setattr("flows.runs.collection.reader_version", lambda: "reader 3")
    monkeypatch.setattr("flows.runs.period_run.reader_version", lambda: "reader 3")
    office.run()
    assert office.value("35", "new_jobs") == (7, "reported")


def test_a_check_of_one_file_tells_each_unit_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    two = dataclasses.replace(part("Hưng Yên", "2020H1"), province_id="")
    whole = Reading("", problems=(NOTE,), parts=(part("Ninh Bình"), part("Hà Nam"), two))
    checked = check_reading(CATALOGUE, whole, "chung.xlsx")
    assert [[f.rule_code for f in found if f.severity == "critical"] for _, found in checked] == [
        [],
        ["parts_sum_to_total"],
        [],
        ["province_unknown"],
    ]
    assert [{f.province_id for f in found} for _, found in checked] == [{""}, {"ninh-binh"}, {"ha-nam"}, {""}]
    assert [{f.period_code for f in found} for _, found in checked] == [{""}, {PERIOD}, {PERIOD}, {"2020H1"}]
    print_checked(CATALOGUE, "chung.xlsx", checked)
    printed = capsys.readouterr().out
    heads = ("3 phần", "Cả tệp", "Phần: Ninh Bình, kỳ 2021H1", "Phần: Hà Nam, kỳ 2021H1", "chưa rõ đơn vị, kỳ 2020H1")
    places = [printed.index(head) for head in heads]
    assert places == sorted(places)


def write_table(path: Path, *rows: tuple[object, ...]) -> None:
    """A table of the chair's office: a row for each unit, a column for each of three indicators."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Biểu tổng hợp kết quả 6 tháng đầu năm 2021"])
    sheet.append([])
    codes = ("new_enterprises", "new_jobs", "grdp_growth")
    sheet.append(["STT", "Đơn vị", *(CATALOGUE.indicators[code].label for code in codes)])
    for number, row in enumerate(rows, 1):
        sheet.append([number, *row])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def test_a_real_table_of_the_chairs_office_is_read_and_shared_out(tmp_path: Path) -> None:
    office = Office(tmp_path)
    shutil.copytree(EXAMPLES / "Ninh Bình", office.returns / "Ninh Bình")
    rows = [("Toàn Cụm", 6000, 90000, None), ("Hưng Yên", 680, 11000, 7.1), ("Hà Nam", 400, 9000, 10.4)]
    write_table(office.returns / "Toàn Cụm" / "tong-hop.xlsx", *rows, ("Ninh Bình", 1, 1, 1))
    office.run()
    figures = office.sql(
        "SELECT province_name, value FROM observations "
        "WHERE indicator_code = 'new_jobs' AND value IS NOT NULL ORDER BY value"
    )
    assert figures == [("Hà Nam", 9000), ("Ninh Bình", 9295), ("Hưng Yên", 11000)]
    [announced] = office.sql("SELECT control_value FROM cluster_totals WHERE indicator_code = 'new_jobs'")
    assert announced == (90000,)
    assert office.rules("rule_code = 'taken_from_consolidated'") == ["taken_from_consolidated"] * 2
    assert not office.run().had_work
