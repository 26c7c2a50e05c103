"""What a published report offers, and how its accepted figures are written and read; no engine."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from catalogue.load import load_catalogue
from transforms.observation import Ruling, Submission
from transforms.prose.claims import Claim, Prose, TextBlock, Unplaced
from transforms.prose.published_report import (
    MARK,
    PUBLISHED,
    REPORTS,
    Offer,
    offer_figures,
    read_offer,
    report_of,
    write_offer,
)
from transforms.reading import read_return
from transforms.rulings import apply_rulings, find_in_force
from transforms.succession import attribute, find_current

CATALOGUE = load_catalogue()
PERIOD = "2021H1"
CLUSTER = CATALOGUE.cluster_id
NOW = dt.datetime(2021, 7, 5, tzinfo=dt.UTC)


def claim(code: str, province: str, raw: str, value: str, **more: Any) -> Claim:
    return Claim(
        **{"block": 0, "start": 0, "end": len(raw), "period_code": PERIOD, "is_estimated": False}
        | more
        | {"raw": raw, "indicator_code": code, "province_id": province, "value": Decimal(value)}
    )


def offer(*claims: Claim, unplaced: tuple[Unplaced, ...] = ()) -> Offer:
    prose = Prose((TextBlock(0, "x", "đoạn 7"),), PERIOD, claims, unplaced, (), ())
    return offer_figures(CATALOGUE, prose, PERIOD, "bao-cao.docx", "ab" * 32)


def test_provinces_figures_and_announced_ones_are_offered_with_their_place() -> None:
    made = offer(
        claim("new_jobs", "ha-nam", "9.210 lao động", "9210", is_estimated=True),
        claim("new_jobs", CLUSTER, "98.238", "98238"),
        claim("new_jobs", "ha-nam", "9.210", "9210"),
    )
    assert [(f.province_id, f.value, f.is_estimated, f.raw, f.place) for f in made.figures] == [
        ("ha-nam", Decimal(9210), True, "9.210 lao động", "đoạn 7"),
        (CLUSTER, Decimal(98238), False, "98.238", "đoạn 7"),
    ]
    assert not made.left


@pytest.mark.parametrize(
    ("left", "reason"),
    [
        (claim("new_jobs", "ha-nam", "5", "5", period_code="2020H1"), "là số của kỳ 2020H1"),
        (claim("new_jobs", "bac-giang", "5", "5"), "không thuộc Cụm"),
        (claim("budget_revenue", CLUSTER, "5", "5"), "Cụm không công bố chỉ tiêu này"),
        (claim("no_longer_asked", "ha-nam", "5", "5"), "không được hỏi"),
    ],
)
def test_what_cannot_be_taken_is_told_with_the_reason(left: Claim, reason: str) -> None:
    made = offer(left)
    assert not made.figures and reason in made.left[0].reason


def test_a_figure_stated_in_two_ways_is_not_taken_and_a_number_without_indicator_is_told() -> None:
    made = offer(
        claim("new_jobs", "ha-nam", "5", "5", start=4),
        claim("new_jobs", "ha-nam", "7", "7", start=9),
        unplaced=(Unplaced(0, 1, 3, "12", "không rõ chỉ tiêu"),),
    )
    assert not made.figures
    assert [(left.raw, left.reason) for left in made.left] == [
        ("12", "không rõ chỉ tiêu"),
        ("5", "văn bản nêu 5 và 7 cho cùng một số"),
        ("7", "văn bản nêu 5 và 7 cho cùng một số"),
    ]


def test_of_two_totals_the_one_that_the_text_calls_announced_is_taken() -> None:
    text = "Số của toàn Cụm do Cụm trưởng công bố (trang “E”, ô D7) là 98.238 lao động, số cộng từ các tỉnh là 98.591"
    claims = [
        claim("new_jobs", CLUSTER, raw, value, start=text.index(raw))
        for raw, value in (("98.591", "98591"), ("98.238", "98238"))
    ]
    for said, taken in ((text, [Decimal(98238)]), (text.replace("công bố", "nêu"), [])):
        prose = Prose((TextBlock(0, said, "đoạn 7"),), PERIOD, tuple(claims), (), (), ())
        made = offer_figures(CATALOGUE, prose, PERIOD, "bao-cao.docx", "ab" * 32)
        assert [f.value for f in made.figures] == taken
        assert "98.591" in [left.raw for left in made.left], "the other is told"


def test_an_accepted_offer_is_read_back_with_a_part_per_unit_and_blanks_for_the_rest() -> None:
    made = offer(claim("poverty_rate", "ha-nam", "2,10%", "2.10"), claim("new_jobs", CLUSTER, "98.238", "98238"))
    data = write_offer(made)
    assert data == write_offer(made) and report_of(data) == ("bao-cao.docx", "ab" * 32)
    reading = read_return(CATALOGUE, data)
    assert reading.source == PUBLISHED and [p.province_id for p in reading.parts] == ["ha-nam", CLUSTER]
    [figure] = [o for o in reading.parts[0].observations if o.value is not None]
    assert (figure.value, figure.raw_text, figure.cell) == (Decimal("2.1"), "2,10%", "đoạn 7")
    blank = [o for o in reading.parts[0].observations if o.value is None]
    assert {o.state for o in blank} == {"blank"} and len(blank) == len(CATALOGUE.indicators_of(PERIOD)) - 1


def test_only_the_command_brings_such_figures_in() -> None:
    reading = read_return(CATALOGUE, write_offer(offer(claim("new_jobs", "ha-nam", "5", "5"))))
    for sent_by in ("", CLUSTER):
        assert attribute(CATALOGUE, reading, "ha-nam", PERIOD, sent_by).is_rejected
    taken = attribute(CATALOGUE, reading, "ha-nam", PERIOD, REPORTS)
    assert not taken.is_rejected and [p.rule_code for p in taken.problems] == ["taken_from_report"]


@pytest.mark.parametrize(
    "rest",
    [b"", b"}", b'"period_code": "2021H1"}', b'"period_code": "2021H1", "figures": [{"value": "NaN"}]}', b"[" * 90000],
)
def test_a_broken_file_of_ours_is_refused(rest: bytes) -> None:
    assert read_offer(CATALOGUE, MARK + rest, "x").is_rejected


def test_of_several_reports_the_last_that_stands_counts() -> None:
    first, second = (ruling(number, figures) for number, figures in (("QD-0001", "a"), ("QD-0002", "b")))
    sent = [submission(1, "a"), submission(2, "b")]

    def taken(*rulings: Ruling) -> list[str]:
        return [s.sha256 for s in apply_rulings(sent, find_in_force(rulings)) if s.is_taken]

    revoked = replace(ruling("QD-0003", ""), kind="revoke", revokes="QD-0002")
    assert (taken(), taken(first), taken(first, second), taken(first, second, revoked)) == ([], ["a"], ["b"], ["a"])


def test_a_report_counts_after_all_others() -> None:
    sent = [submission(1, "a", ""), submission(2, "b", CLUSTER), submission(3, "c")]
    assert [find_current(sent[n:], set()) for n in range(3)] == sent


def ruling(number: str, figures: str) -> Ruling:
    return Ruling(number, "import", PERIOD, "", "mất biểu", "Lan", NOW, figure_hash=figures)


def submission(version: int, sha256: str, sent_by: str = REPORTS) -> Submission:
    return Submission(f"s{version}", "ha-nam", PERIOD, sha256, "p", "p", version, NOW, NOW, True, sent_by=sent_by)
