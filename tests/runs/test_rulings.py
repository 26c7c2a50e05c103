"""What the office rules takes effect with the next run, and is undone by another ruling."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from office import PERIOD, Office

from flows.command_line import cli
from warehouse import Warehouse

pytestmark = pytest.mark.slow

Fill = Callable[..., Path]


def say(office: Office, *words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(cli, [*words, "--home", str(office.settings.home)])
    assert result.exit_code == code, result.output
    return result


@pytest.mark.long
def test_choosing_settles_rivals(office: Office, fill_form: Fill) -> None:
    first = office.file("Hà Nam")
    second = fill_form(first, {"f_new_jobs": 10104}, first.with_name("ban-khac.xlsx"))
    os.utime(second, (first.stat().st_mtime + 60,) * 2)
    office.run()
    assert office.value("35", "new_jobs")[0] == 10104
    shown = say(office, "diff", "Hà Nam", PERIOD).output
    assert "2 → 1" in shown and "10.103" in shown and "10.104" in shown, "what a choice would change"
    say(office, "diff", "Hà Nam", PERIOD, "--version", "3", code=2)
    made = say(office, "choose", "Hà Nam", PERIOD, first.name, "--reason", "bản có ký số", "--by", "Hoa").output
    assert "QD-0001" in made and "lượt chạy tới: thidua run --home" in made and f" {PERIOD}\n" in made
    assert office.run().had_work
    assert office.value("35", "new_jobs")[0] == 10103 and "rival_files" not in office.rules()
    assert not office.run().had_work
    shown = say(office, "diff", "Hà Nam", PERIOD).output
    assert "2 → 1" in shown and "10.104" in shown, "what the choice has changed"
    say(office, "choose", "Hà Nam", PERIOD, first.name, "--reason", "lại", code=2)
    assert f"{first.name} (lần 1)" in say(office, "rulings").output
    say(office, "revoke", "QD-0001", "--reason", "nhầm")
    office.run()
    assert office.value("35", "new_jobs")[0] == 10104 and "rival_files" in office.rules()
    rows = json.loads(say(office, "rulings", PERIOD, "--json").output)
    assert [(r["ruling_id"], r["kind"], r["is_standing"]) for r in rows] == [
        ("QD-0001", "choose", False),
        ("QD-0002", "revoke", True),
    ]
    assert rows[0]["decided_by"] == "Hoa" and rows[0]["reason"] == "bản có ký số"


@pytest.mark.long
def test_a_withdrawn_file_gives_way_to_the_version_before(collected: Office, fill_form: Fill) -> None:
    fill_form(collected.file("Hà Nam"), {"f_new_jobs": 99})
    collected.run()
    assert collected.value("35", "new_jobs")[0] == 99
    shown = say(collected, "diff", "35", PERIOD).output
    assert "10.103" in shown and "99" in shown and "1 → 2" in shown
    say(collected, "withdraw", "Hà Nam", PERIOD, "2", "--reason", "tỉnh báo gửi nhầm")
    collected.run()
    assert collected.value("35", "new_jobs")[0] == 10103
    assert collected.sql("SELECT version FROM submissions WHERE province_code = '35' AND is_current") == [(1,)]
    assert collected.sql("SELECT count(*) FROM changes") == [(0,)]
    refused = say(collected, "withdraw", "Hà Nam", PERIOD, "2", "--reason", "lại", code=2)
    assert "đã được rút" in refused.output


def test_a_waived_rule_disputes_nothing_and_says_so(collected: Office) -> None:
    assert collected.value("37", "national_student_prizes_total")[1] == "disputed"
    say(
        collected,
        "waive",
        "parts_sum_to_total",
        PERIOD,
        "--province",
        "Ninh Bình",
        "--reason",
        "có giải phụ",
        "--by",
        "An",
    )
    collected.run()
    assert collected.value("37", "national_student_prizes_total")[1] == "reported"
    assert collected.sql(
        "SELECT status, explanation FROM findings WHERE rule_code = 'parts_sum_to_total' AND province_code = '37'"
    ) == [("waived", "có giải phụ")]


def test_an_explanation_is_accepted_for_these_figures_only(collected: Office, fill_form: Fill) -> None:
    where = "rule_code = 'parts_sum_to_total' AND province_code = '37'"
    [(finding_id,)] = collected.sql(f"SELECT finding_id FROM findings WHERE {where}")
    assert finding_id in say(collected, "explain", PERIOD, "Ninh Bình").output
    say(collected, "explain", PERIOD, "Ninh Bình", finding_id[:6], "--accept", code=2)
    say(collected, "explain", PERIOD, "Ninh Bình", finding_id[:6], "--accept", "--reason", "41 giải khuyến khích")
    collected.run()
    assert collected.value("37", "national_student_prizes_total")[1] == "reported"
    assert collected.sql(f"SELECT status, explanation FROM findings WHERE {where}") == [
        ("explained", "41 giải khuyến khích")
    ]
    shown = say(collected, "explain", PERIOD, "Ninh Bình", finding_id).output
    assert "đã chấp nhận giải trình" in shown and "quy tắc parts_sum_to_total" in shown
    again = say(collected, "explain", PERIOD, "Ninh Bình", finding_id, "--accept", "--reason", "lại", code=2)
    assert "từ trước: QD-0001" in again.output
    say(collected, "explain", PERIOD, "Ninh Bình", finding_id, "--accept", "--refuse", "--reason", "x", code=2)
    say(collected, "explain", PERIOD, "Ninh Bình", "ffffffff", code=2)
    assert "Không có giải trình nào chờ" in say(collected, "explain", PERIOD, "--waiting").output
    fill_form(collected.file("Ninh Bình"), {"f_national_student_prizes_total": 75})
    collected.run()
    assert collected.value("37", "national_student_prizes_total")[1] == "disputed", "the figure is another one"
    assert "(hết hiệu lực)" in say(collected, "rulings").output
    [(finding_id,)] = collected.sql(f"SELECT finding_id FROM findings WHERE {where}")
    say(collected, "explain", PERIOD, "Ninh Bình", finding_id, "--refuse", "--reason", "chưa rõ")
    assert "không được chấp nhận: chưa rõ" in say(collected, "explain", PERIOD, "Ninh Bình", finding_id).output


REFUSED = (
    (("choose", "Hà Nội", PERIOD, "x"), "không phải đơn vị"),
    (("choose", "Hà Nam", PERIOD, "x.xlsx"), "không có tệp"),
    (("withdraw", "Hà Nam", PERIOD, "7"), "không có tệp"),
    (("waive", "parts_sum_total", PERIOD), "có phải: parts_sum_to_total"),
    (("waive", "file_unreadable", PERIOD), "không miễn được"),
    (("waive", "rank_held_once", PERIOD, "--to", "2020H1"), "trước kỳ đầu"),
    (("revoke", "QD-0099"), "không có quyết định"),
)


def test_what_cannot_be_ruled_is_refused_and_says_why(collected: Office) -> None:
    for words, told in REFUSED:
        assert told in say(collected, *words, "--reason", "vì thế", code=2).output, words
    with Warehouse.open(collected.settings.warehouse) as warehouse:
        assert warehouse.rulings() == []


def test_nothing_can_be_ruled_before_the_first_run(office: Office) -> None:
    say(office, "choose", "Hà Nam", PERIOD, "x", "--reason", "r", code=2)
