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

pytestmark = pytest.mark.slow

Fill = Callable[..., Path]


@pytest.fixture
def say(office: Office) -> Callable[..., Result]:
    def call(*words: str, code: int = 0) -> Result:
        result = CliRunner().invoke(cli, [*words, "--home", str(office.settings.home)])
        assert result.exit_code == code, result.output
        return result

    return call


@pytest.mark.long
def test_choosing_settles_rivals(office: Office, fill_form: Fill, say: Callable[..., Result]) -> None:
    first = office.file("Hà Nam")
    second = fill_form(first, {"f_new_jobs": 10104}, first.with_name("ban-khac.xlsx"))
    os.utime(second, (first.stat().st_mtime + 60,) * 2)
    office.run()
    assert office.value("35", "new_jobs")[0] == 10104
    shown = say("diff", "Hà Nam", PERIOD).output
    assert "2 → 1" in shown and "10.103" in shown and "10.104" in shown, "what a choice would change"
    say("diff", "Hà Nam", PERIOD, "--version", "3", code=2)
    made = say("choose", "Hà Nam", PERIOD, first.name, "--reason", "bản có ký số", "--by", "Hoa").output
    assert "QD-0001" in made and f"thidua run {PERIOD}" in made
    assert office.run().had_work
    assert office.value("35", "new_jobs")[0] == 10103 and "rival_files" not in office.rules()
    assert not office.run().had_work
    shown = say("diff", "Hà Nam", PERIOD).output
    assert "2 → 1" in shown and "10.104" in shown, "what the choice has changed"
    say("choose", "Hà Nam", PERIOD, first.name, "--reason", "lại", code=2)
    assert f"{first.name} (lần 1)" in say("rulings").output
    say("revoke", "QD-0001", "--reason", "nhầm")
    office.run()
    assert office.value("35", "new_jobs")[0] == 10104 and "rival_files" in office.rules()
    rows = json.loads(say("rulings", PERIOD, "--json").output)
    assert [(r["ruling_id"], r["kind"], r["is_standing"]) for r in rows] == [
        ("QD-0001", "choose", False),
        ("QD-0002", "revoke", True),
    ]
    assert rows[0]["decided_by"] == "Hoa" and rows[0]["reason"] == "bản có ký số"


@pytest.mark.long
def test_a_withdrawn_file_gives_way_to_the_version_before(
    office: Office, fill_form: Fill, say: Callable[..., Result]
) -> None:
    office.run()
    fill_form(office.file("Hà Nam"), {"f_new_jobs": 99})
    office.run()
    assert office.value("35", "new_jobs")[0] == 99
    shown = say("diff", "35", PERIOD).output
    assert "10.103" in shown and "99" in shown and "1 → 2" in shown
    say("withdraw", "Hà Nam", PERIOD, "2", "--reason", "tỉnh báo gửi nhầm")
    office.run()
    assert office.value("35", "new_jobs")[0] == 10103
    assert office.sql("SELECT version FROM submissions WHERE province_code = '35' AND is_current") == [(1,)]
    assert office.sql("SELECT count(*) FROM changes") == [(0,)]
    refused = say("withdraw", "Hà Nam", PERIOD, "2", "--reason", "lại", code=2)
    assert "đã được rút" in refused.output


def test_a_waived_rule_disputes_nothing_and_says_so(office: Office, say: Callable[..., Result]) -> None:
    office.run()
    assert office.value("37", "national_student_prizes_total")[1] == "disputed"
    say(
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
    office.run()
    assert office.value("37", "national_student_prizes_total")[1] == "reported"
    assert office.sql(
        "SELECT status, explanation FROM findings WHERE rule_code = 'parts_sum_to_total' AND province_code = '37'"
    ) == [("waived", "có giải phụ")]


def test_an_explanation_is_accepted_for_these_figures_only(
    office: Office, fill_form: Fill, say: Callable[..., Result]
) -> None:
    office.run()
    where = "rule_code = 'parts_sum_to_total' AND province_code = '37'"
    [(finding_id,)] = office.sql(f"SELECT finding_id FROM findings WHERE {where}")
    assert finding_id in say("explain", PERIOD, "Ninh Bình").output
    say("explain", PERIOD, "Ninh Bình", finding_id[:6], "--accept", code=2)
    say("explain", PERIOD, "Ninh Bình", finding_id[:6], "--accept", "--reason", "41 giải khuyến khích")
    office.run()
    assert office.value("37", "national_student_prizes_total")[1] == "reported"
    assert office.sql(f"SELECT status, explanation FROM findings WHERE {where}") == [
        ("explained", "41 giải khuyến khích")
    ]
    shown = say("explain", PERIOD, "Ninh Bình", finding_id).output
    assert "đã chấp nhận giải trình" in shown and "quy tắc parts_sum_to_total" in shown
    again = say("explain", PERIOD, "Ninh Bình", finding_id, "--accept", "--reason", "lại", code=2)
    assert "từ trước: QD-0001" in again.output
    say("explain", PERIOD, "Ninh Bình", finding_id, "--accept", "--refuse", "--reason", "x", code=2)
    say("explain", PERIOD, "Ninh Bình", "ffffffff", code=2)
    assert "Không có giải trình nào chờ" in say("explain", PERIOD, "--waiting").output
    fill_form(office.file("Ninh Bình"), {"f_national_student_prizes_total": 75})
    office.run()
    assert office.value("37", "national_student_prizes_total")[1] == "disputed", "the figure is another one"
    assert "(hết hiệu lực)" in say("rulings").output
    [(finding_id,)] = office.sql(f"SELECT finding_id FROM findings WHERE {where}")
    say("explain", PERIOD, "Ninh Bình", finding_id, "--refuse", "--reason", "chưa rõ")
    assert "không được chấp nhận: chưa rõ" in say("explain", PERIOD, "Ninh Bình", finding_id).output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("choose", "Hà Nội", PERIOD, "x"), "không phải đơn vị"),
        (("choose", "Hà Nam", PERIOD, "x.xlsx"), "không có tệp"),
        (("withdraw", "Hà Nam", PERIOD, "7"), "không có tệp"),
        (("waive", "parts_sum_total", PERIOD), "có phải: parts_sum_to_total"),
        (("waive", "file_unreadable", PERIOD), "không miễn được"),
        (("waive", "rank_held_once", PERIOD, "--to", "2020H1"), "trước kỳ đầu"),
        (("revoke", "QD-0099"), "không có quyết định"),
    ],
)
def test_what_cannot_be_ruled_is_refused_and_says_why(
    office: Office, say: Callable[..., Result], words: tuple[str, ...], told: str
) -> None:
    say("choose", "Hà Nam", PERIOD, "x", "--reason", "r", code=2)
    office.run()
    assert told in say(*words, "--reason", "vì thế", code=2).output
