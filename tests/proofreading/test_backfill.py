"""Figures of a published report through whole runs: never before a real return, traced, undone, mended."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from desk import Desk
from office import EXAMPLES

from catalogue import load_catalogue
from flows.closing.rebuilding import rebuild
from flows.proofreading.backfill import accept_offer, find_covered
from flows.proofreading.offer_report import offer_lines
from flows.rulings.office import RulingError, open_office
from flows.shares.folders import archive_path
from flows.word import Word
from transforms.prose.published_report import Offer, OfferedFigure, write_offer
from transforms.reading import hash_bytes
from warehouse import published_marts

CATALOGUE = load_catalogue()
PERIOD = "2021H1"
REPORT = b"the report as it was published"

pytestmark = pytest.mark.slow


def offer(name: str = "bao-cao-cum.docx", jobs: int = 9210) -> Offer:
    """Hà Nam's figures, one of Hưng Yên that its return tells otherwise, and what the cluster announced."""
    rows = [
        ("ha-nam", "new_jobs", jobs, f"{jobs} lao động"),
        ("ha-nam", "ntm_communes_certified", 98, "98/98"),
        ("ha-nam", "ntm_communes_total", 98, "98/98"),
        ("hung-yen", "new_jobs", 1, "1"),
        ("toan-cum", "new_jobs", 98238, "98.238 lao động"),
    ]
    figures = [OfferedFigure(unit, code, Decimal(value), False, raw, "đoạn 42") for unit, code, value, raw in rows]
    return Offer(PERIOD, name, hash_bytes(REPORT), tuple(figures), ())


def accept(desk: Desk, made: Offer | None = None) -> tuple[str, bool]:
    ruling, is_new = accept_offer(CATALOGUE, desk.settings, made or offer(), REPORT, Word("Lan", "mất biểu", desk.now))
    return ruling.ruling_id, is_new


def jobs(desk: Desk, unit: str = "ha-nam") -> list[tuple[object, ...]]:
    return desk.sql(
        "SELECT value, source, file_name FROM observations "
        f"WHERE province_id = '{unit}' AND indicator_code = 'new_jobs'"
    )


def revoke(desk: Desk, ruling_id: str) -> None:
    with open_office(desk.settings, CATALOGUE) as office:
        office.revoke(ruling_id, Word("Lan", "nhầm báo cáo", desk.now))


def make_desk(folder: Path) -> Desk:
    """A half-year of which one return is left."""
    shutil.copytree(EXAMPLES / "Hưng Yên", folder / "returns" / "Hưng Yên")
    return Desk(folder)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """After one accepted report and one run; not to be changed."""
    desk = make_desk(tmp_path_factory.mktemp("filled"))
    assert accept(desk) == ("QD-0001", True)
    desk.run()
    return desk


@pytest.fixture
def desk(filled: Desk, tmp_path: Path) -> Iterator[Desk]:
    shutil.copytree(filled.settings.home.parent, tmp_path, dirs_exist_ok=True)
    made = Desk(tmp_path)
    made.now = filled.now
    yield made
    for root, _, _ in os.walk(made.settings.seals):  # sealed folders are read-only
        Path(root).chmod(0o755)


def test_a_report_fills_what_is_missing_and_nothing_else(filled: Desk) -> None:
    assert jobs(filled) == [(Decimal(9210), "published_report", "bao-cao-cum.docx")]
    [(value, source, _)] = jobs(filled, "hung-yen")
    assert source == "reported" and value != 1
    assert filled.sql(
        "SELECT value, sheet, cell, raw_text FROM observations WHERE indicator_code = 'ntm_communes_certified_rate' "
        "AND province_id = 'ha-nam'"
    ) == [(Decimal(100), None, None, None)]
    assert filled.sql(
        "SELECT control_value, control_cell, source_mix FROM cluster_totals WHERE indicator_code = 'new_jobs'"
    ) == [(Decimal(98238), "đoạn 42", "published_report")]
    assert find_covered(filled.settings, PERIOD) == {"hung-yen"}
    rows = filled.sql("SELECT province_id FROM findings WHERE rule_code = 'taken_from_report' ORDER BY province_id")
    assert rows == [("ha-nam",), (None,)]  # and the chair, for the announced ones


def test_it_is_no_return_and_tables_and_trace_say_where_it_comes_from(filled: Desk) -> None:
    assert filled.sql(
        "SELECT is_submitted, sent_by, cells_received FROM completeness WHERE province_id = 'ha-nam'"
    ) == [(False, "published-report", 4)]
    text = filled.workbook_text()
    assert "số liệu lấy từ báo cáo đã công bố “bao-cao-cum.docx”: Hà Nam" in text and "GIẢ LẬP" not in text
    assert "đang dùng báo cáo đã công bố" in text and "đang dùng tệp tổng hợp" not in text
    steps = filled.sql(
        f"SELECT step, file_name, sheet, cell, raw_text, path FROM trace('{PERIOD}', 'ha-nam', 'new_jobs')"
    )
    told = {value for row in steps for value in row}
    assert {"bao-cao-cum.docx", "đoạn 42", "9210 lao động", "Báo cáo đã công bố/bao-cao-cum.docx"} <= told
    assert "Lấy từ báo cáo đã công bố" in (filled.published / "van-hanh.html").read_text(encoding="utf-8")


def test_the_same_report_again_changes_nothing(desk: Desk) -> None:
    assert accept(desk) == ("QD-0001", False)
    before = published_marts(desk.settings.published_warehouse, PERIOD)
    assert not desk.run().had_work
    assert published_marts(desk.settings.published_warehouse, PERIOD) == before


def test_a_real_return_comes_before_it_though_it_is_older_and_whatever_the_office_chooses(desk: Desk) -> None:
    shutil.copytree(EXAMPLES / "Hà Nam", desk.returns / "Hà Nam")
    os.utime(desk.file("Hà Nam"), (0, 0))
    desk.run()
    assert jobs(desk)[0][1] == "reported"
    with open_office(desk.settings, CATALOGUE) as office:
        with pytest.raises(RulingError, match="báo cáo đã công bố"):
            office.choose("ha-nam", PERIOD, "bao-cao-cum.docx", Word("Lan", "nhầm", desk.now))
        office.withdraw("ha-nam", PERIOD, desk.file("Hà Nam").name, Word("Lan", "nhầm", desk.now))
    accept(desk, offer("bao-cao-moi.docx", 7))
    desk.run()
    assert jobs(desk) == [(Decimal(7), "published_report", "bao-cao-moi.docx")]


def test_a_real_return_takes_every_place_of_it_and_it_comes_back_nowhere(desk: Desk) -> None:
    for name in ("Hà Nam", "Toàn Cụm"):
        shutil.copytree(EXAMPLES / name, desk.returns / name)
    for _ in range(2):
        desk.run()
        shutil.rmtree(desk.returns / "Hà Nam")  # what lay there once is not forgotten
        assert "bao-cao-cum" not in published_text(desk.published)
        assert jobs(desk)[0][1:] == ("reported", "ha-nam_2021H1.xlsx")
        steps = desk.sql(f"SELECT file_name FROM trace('{PERIOD}', 'ha-nam', 'new_jobs') WHERE file_name IS NOT NULL")
        assert {name for (name,) in steps} == {"ha-nam_2021H1.xlsx"}
        [(sent_by, is_submitted)] = desk.sql(
            "SELECT sent_by, is_submitted FROM completeness WHERE province_id = 'ha-nam'"
        )
        assert (sent_by or "", is_submitted) == ("", True)
        (desk.returns / "Hà Nam").mkdir()


def published_text(folder: Path) -> str:
    """Whatever the files of a half-year say, packed or not."""
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if path.suffix in (".docx", ".xlsx"):
            with zipfile.ZipFile(path) as package:
                found += [package.read(name).decode("utf-8", "replace") for name in package.namelist()]
        else:
            found.append(path.read_bytes().decode("utf-8", "replace"))
    return "\n".join(found)


def test_what_would_not_be_used_is_said_beside_each_unit() -> None:
    lines = list(offer_lines(CATALOGUE, offer(), {"hung-yen"}))
    assert "\nHưng Yên: 1 số – đã có báo cáo của đơn vị, sẽ không dùng" in lines
    assert "\nNhận ra 5 số, dùng được 4; không nhận được 0." in lines


def test_what_was_taken_in_can_be_taken_out_and_in_again(desk: Desk) -> None:
    """Taken out, it is not taken in by its file in a folder of a province either."""
    revoke(desk, "QD-0001")
    folder = desk.returns / "Hà Nam"
    folder.mkdir()
    (folder / "so-lieu.json").write_bytes(write_offer(offer(jobs=666)))
    desk.run()
    assert jobs(desk) == [(None, None, None)]
    assert "import-report" in desk.sql("SELECT message FROM findings WHERE rule_code = 'file_not_a_return'")[0][0]
    shutil.rmtree(folder)
    assert accept(desk) == ("QD-0003", True)
    desk.run()
    assert jobs(desk)[0][0] == 9210


def test_what_is_recorded_and_lost_is_told_and_mended_by_the_same_command(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    accept(desk)
    made = write_offer(offer())
    [stored] = [p for p in desk.settings.archive.rglob("*") if p.is_file() and p.read_bytes() == made]
    stored.chmod(0o644)
    stored.unlink()
    desk.run()
    assert jobs(desk)[0][0] is None
    assert any("không còn trong kho lưu" in m for (m,) in desk.sql("SELECT message FROM findings"))
    assert accept(desk) == ("QD-0001", False) and archive_path(desk.settings.archive, stored.name).exists()
    desk.run()
    assert jobs(desk)[0][0] == 9210


def test_a_sealed_half_year_holds_the_report_and_is_made_again_byte_for_byte(
    desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    desk.ask()
    desk.decide()
    originals = desk.seal / "originals"
    sha256 = hash_bytes(REPORT)
    assert (originals / sha256).read_bytes() == REPORT
    listed = (originals / "danh-sach.csv").read_text(encoding="utf-8-sig")
    told = f"{sha256},{len(REPORT)},published-report,Báo cáo đã công bố/bản gốc/bao-cao-cum.docx,,false"
    assert told in listed.splitlines()
    assert not rebuild(desk.seal, tmp_path_factory.mktemp("rebuilt")).differing
