"""Corrections, rivals, strangers and broken files over several runs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from office import Office

pytestmark = pytest.mark.slow

Fill = Callable[..., Path]


def current(office: Office, code: str) -> list[tuple[int, str]]:
    return office.sql(f"SELECT version, verdict FROM submissions WHERE province_code = '{code}' AND is_current")


def test_a_corrected_file_becomes_current_and_the_old_one_stays(collected: Office, fill_form: Fill) -> None:
    fill_form(collected.file("Ninh Bình"), {"f_national_student_prizes_total": 33})
    outcome = collected.run()
    assert len(outcome.new_files) == 1
    assert current(collected, "37") == [(2, "accepted_with_findings")]
    assert collected.value("37", "national_student_prizes_total") == (Decimal(33), "reported")
    assert collected.sql("SELECT count(*) FROM submissions WHERE province_code = '37'") == [(2,)]
    assert "parts_sum_to_total" not in collected.rules()


def test_a_broken_file_is_rejected_and_the_accepted_one_stays(collected: Office) -> None:
    collected.file("Hà Nam").write_bytes(b"PK\x03\x04 not a workbook at all")
    collected.run()
    assert collected.rules("province_code = '35' AND severity = 'critical'") == ["file_unreadable"]
    assert current(collected, "35") == [(1, "accepted_with_findings")]
    assert collected.sql("SELECT verdict FROM submissions WHERE province_code = '35' AND version = 2") == [
        ("rejected",)
    ]
    assert collected.value("35", "grdp_growth") == (Decimal("10.4"), "reported")


def test_another_provinces_file_is_rejected(few: Office) -> None:
    shutil.copy(few.file("Nam Định"), few.file("Hà Nam"))
    few.run()
    assert few.rules("province_code = '35'") == ["province_mismatch"], "and not also a missing return"
    assert current(few, "35") == []


def test_two_different_files_at_once_are_a_question(few: Office, fill_form: Fill) -> None:
    first = few.file("Hà Nam")
    second = fill_form(first, {"f_new_jobs": 10104}, first.with_name("ban-khac.xlsx"))
    os.utime(second, (first.stat().st_mtime + 60,) * 2)
    few.run()
    [rival] = few.sql("SELECT message FROM findings WHERE rule_code = 'rival_files'")
    assert first.name in rival[0] and second.name in rival[0]
    assert few.value("35", "new_jobs")[0] == 10104
    assert not few.run().had_work
    second.unlink()
    few.run()
    assert few.value("35", "new_jobs")[0] == 10103
    assert "rival_files" not in few.rules()


def test_two_newcomers_do_not_replace_the_accepted_version(collected: Office, fill_form: Fill) -> None:
    first = collected.file("Hà Nam")
    fill_form(first, {"f_new_jobs": 1}, first.with_name("b.xlsx"))
    fill_form(first, {"f_new_jobs": 2})
    collected.run()
    assert collected.value("35", "new_jobs")[0] == 10103
    assert "rival_files" in collected.rules("province_code = '35'")


def test_the_same_file_again_is_no_news(collected: Office) -> None:
    first = collected.file("Hà Nam")
    (first.parent / "sao lưu").mkdir()
    shutil.copy(first, first.parent / "sao lưu" / "bản sao.xlsx")
    outcome = collected.run()
    assert outcome.new_files == ()
    assert collected.sql("SELECT count(*) FROM submissions WHERE province_code = '35'") == [(1,)]


def test_a_missing_return_is_one_finding(few: Office) -> None:
    shutil.rmtree(few.returns / "Hà Nam")
    few.run()
    assert few.rules("province_code = '35'") == ["return_missing"]
    assert few.sql("SELECT is_submitted, cells_received FROM completeness WHERE province_code = '35'") == [(False, 0)]
    assert few.sql("SELECT count(*) FROM observations WHERE province_code = '35' AND status = 'blank'") == [(28,)]


def test_a_file_taken_away_leaves_the_figures(collected: Office) -> None:
    collected.file("Hà Nam").unlink()
    collected.run()
    assert collected.value("35", "new_jobs") == (Decimal(10103), "reported")
    assert collected.rules("province_code = '35' AND severity = 'info'") == ["file_gone"]


def test_a_return_of_another_period_waits_for_its_run(few: Office, fill_form: Fill) -> None:
    first = few.file("Hà Nam")
    fill_form(first, {"m_period": "2021H2"}, first.with_name("ky-sau.xlsx"))
    few.run()
    assert few.rules("province_code = '35' AND severity = 'info'") == ["other_period"]
    assert few.sql("SELECT count(*) FROM submissions WHERE province_code = '35'") == [(1,)]
    assert not few.run().had_work
    few.run("2021H2")
    assert few.sql("SELECT period_code FROM submissions WHERE province_code = '35' ORDER BY 1") == [
        ("2021H1",),
        ("2021H2",),
    ]


def test_strange_folders_and_files_are_told(few: Office) -> None:
    (few.returns / "Hà Tây").mkdir()
    (few.returns / "ghi chú.txt").write_text("x")
    (few.returns / "~$khóa.xlsx").write_text("x")
    few.run()
    told = few.sql("SELECT file_name FROM findings WHERE rule_code = 'folder_unmatched' ORDER BY 1")
    assert told == [("Hà Tây",), ("ghi chú.txt",)]


def test_folders_are_matched_as_people_name_them(office: Office) -> None:
    for old, new in {
        "Hà Nam": "35",
        "Nam Định": "UBND tỉnh NAM_DINH",
        "Hưng Yên": "hung-yen",
        "Toàn Cụm": "toan cum",
    }.items():
        (office.returns / old).rename(office.returns / new)
    office.run()
    assert office.sql("SELECT count(*) FROM submissions WHERE is_current") == [(10,)]
    assert office.rules("rule_code = 'folder_unmatched'") == []


def test_no_return_at_all_still_gives_tables(office: Office) -> None:
    shutil.rmtree(office.returns)
    office.returns.mkdir()
    office.run()
    assert office.rules() == ["return_missing"] * 9
    assert (office.settings.published_period("2021H1") / "bang-tong-hop.xlsx").exists()


def test_a_growth_that_does_not_fit_the_year_before(few: Office, fill_form: Fill) -> None:
    form = few.file("Hà Nam")
    fill_form(form, {"m_period": "2020H1", "f_budget_revenue": 7309, "f_budget_revenue_growth": 1})
    few.run("2020H1")
    fill_form(form, {"m_period": "2021H1", "f_budget_revenue": 7309.7, "f_budget_revenue_growth": 61})
    few.run()
    where = "province_code = '35' AND indicator_code = 'budget_revenue_growth'"
    assert few.rules(where) == ["change_fits_growth"]


def test_the_catalogue_changing_reads_and_judges_again(collected: Office) -> None:
    from catalogue import DATA
    from flows.settings import Settings

    tables = Path(shutil.copytree(DATA, collected.settings.home.parent / "tables"))
    rules = tables / "rules.csv"
    text = rules.read_text(encoding="utf-8")
    line = next(row for row in text.splitlines() if row.startswith("parts_sum_to_total"))
    rules.write_text(text.replace(line, line.removesuffix(",2016H1,") + ",2016H1,2020H2"), encoding="utf-8")
    collected.settings = Settings(collected.settings.home, tables)
    outcome = collected.run()
    assert outcome.had_work and outcome.new_files == ()
    assert "parts_sum_to_total" not in collected.rules()
    assert collected.value("37", "national_student_prizes_total") == (Decimal(74), "reported")


def test_bad_files_beside_a_good_one_are_told_whatever_their_names(few: Office) -> None:
    good = few.file("Hà Nam")
    (good.parent / "a.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    (good.parent / "z.xlsx").write_bytes(b"PK\x03\x04 nothing")
    shutil.copy(few.file("Nam Định"), good.parent / "a_sai.xlsx")
    few.run()
    told = few.rules("province_code = '35' AND severity = 'critical'")
    assert sorted(told) == ["file_unreadable", "file_unreadable", "province_mismatch"]
    assert current(few, "35")[0][1] == "accepted_with_findings"
    for name in ("a.pdf", "z.xlsx", "a_sai.xlsx"):
        (good.parent / name).unlink()
    few.run()
    assert few.rules("province_code = '35' AND severity = 'critical'") == []


def test_two_provinces_with_one_slip_do_not_hide_each_other(office: Office, fill_form: Fill) -> None:
    for province, jobs in (("Thái Bình", 15900), ("Bắc Ninh", 14000)):
        fill_form(office.file(province), {"f_new_jobs": jobs * 1000})
    for province, revenue in (("Hưng Yên", 9.1), ("Hải Dương", 8.844)):
        fill_form(office.file(province), {"f_budget_revenue": revenue})
    office.run()
    told = office.sql(
        "SELECT province_code, indicator_code FROM findings WHERE rule_code = 'magnitude_of_peers' ORDER BY 1"
    )
    assert told == [
        ("27", "new_jobs"),
        ("30", "budget_revenue"),
        ("33", "budget_revenue"),
        ("34", "new_jobs"),
    ]
