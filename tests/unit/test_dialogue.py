"""Rulings in force, explanations that lapse, and what differs between two versions."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from expectations.dialogue import settle_findings
from transforms.changes import compare_versions
from transforms.observation import Explanation, Finding, Observation, Ruling
from transforms.rulings import find_in_force, latest_explanations

NOON = dt.datetime(2021, 7, 5, 12, tzinfo=dt.UTC)
FINDING = Finding(
    "2021H1",
    "hung-yen",
    "parts_sum_to_total",
    "critical",
    "Tổng khác các phần cộng lại.",
    "Sửa tổng.",
    "prizes_total",
    disputed=("prizes_total",),
    finding_id="f1",
    figure_hash="h1",
)


def ruling(number: int, kind: str, **values: str) -> Ruling:
    return Ruling(
        f"R{number}",
        kind,  # type: ignore[arg-type]
        values.pop("period_code", "2021H1"),
        values.pop("province_id", "hung-yen"),
        values.pop("reason", "theo công văn 12"),
        "Trần Thị Hoa",
        NOON + dt.timedelta(minutes=number),
        **values,
    )


def test_an_accepted_explanation_closes_the_finding_and_lapses_with_the_figure() -> None:
    said = latest_explanations([[Explanation("f1", "h1", "Có ba giải đồng hạng")]])
    in_force = find_in_force([ruling(1, "accept", finding_id="f1", figure_hash="h1")])
    [closed] = settle_findings([FINDING], said, in_force)
    assert (closed.status, closed.explanation, closed.disputed) == ("explained", "Có ba giải đồng hạng", ())
    [lapsed] = settle_findings([replace(FINDING, figure_hash="h2")], said, in_force)
    assert (lapsed.status, lapsed.explanation, lapsed.disputed) == ("open", "", ("prizes_total",))
    assert "Giải trình trước (“Có ba giải đồng hạng”) viết cho số khác, nay hết hiệu lực" in lapsed.advice


def test_words_that_were_written_for_other_figures_are_told_and_not_lost() -> None:
    said = latest_explanations([[Explanation("f1", "h0", "số cũ")], [Explanation("f1", "h1", "số  đúng\nthật")]])
    [told] = settle_findings([replace(FINDING, figure_hash="h2")], said, find_in_force([]))
    assert told.status == "open" and told.explanation == ""
    assert told.advice.startswith("Sửa tổng. Giải trình trước (“số đúng thật”)")
    [again] = settle_findings([FINDING], said, find_in_force([]))
    assert again.advice == FINDING.advice and again.explanation == "số  đúng\nthật"
    [other] = settle_findings([replace(FINDING, finding_id="f2")], said, find_in_force([]))
    assert other.advice == FINDING.advice
    by_office = find_in_force([ruling(1, "accept", finding_id="f1", figure_hash="h0", reason="theo công văn 12")])
    [lapsed] = settle_findings([FINDING], {}, by_office)
    assert lapsed.status == "open" and "“theo công văn 12”" in lapsed.advice


def test_an_explanation_waits_until_it_is_ruled_on_and_a_refusal_tells_why() -> None:
    said = latest_explanations([[Explanation("f1", "h1", "đúng rồi")], [Explanation("f1", "h1", "có phụ lục")]])
    [waiting] = settle_findings([FINDING], said, find_in_force([]))
    assert (waiting.status, waiting.explanation) == ("open", "có phụ lục")
    refusal = ruling(1, "refuse", finding_id="f1", figure_hash="h1", reason="phụ lục chưa có")
    [refused] = settle_findings([FINDING], said, find_in_force([refusal]))
    assert refused.status == "open" and refused.disputed and "phụ lục chưa có" in refused.advice
    later = ruling(2, "accept", finding_id="f1", figure_hash="h1")
    [closed] = settle_findings([FINDING], said, find_in_force([later, refusal]))
    assert closed.status == "explained"


def test_a_waiver_holds_for_its_units_and_periods_until_revoked() -> None:
    waiver = ruling(1, "waive", rule_code="parts_sum_to_total", province_id="", valid_to="2021H2")
    in_force = find_in_force([waiver])
    [waived] = settle_findings([FINDING], {}, in_force)
    assert (waived.status, waived.explanation, waived.disputed) == ("waived", "theo công văn 12", ())
    assert settle_findings([replace(FINDING, period_code="2022H1")], {}, in_force)[0].status == "open"
    assert settle_findings([replace(FINDING, period_code="2020H2")], {}, in_force)[0].status == "open"
    undone = find_in_force([waiver, ruling(2, "revoke", revokes="R1")])
    assert settle_findings([FINDING], {}, undone)[0].status == "open"
    forever = find_in_force([replace(waiver, valid_to="open")])
    assert settle_findings([replace(FINDING, period_code="2029H1")], {}, forever)[0].status == "waived"


def test_another_provinces_waiver_says_nothing() -> None:
    other = find_in_force([ruling(1, "waive", rule_code="parts_sum_to_total", province_id="bac-ninh")])
    assert settle_findings([FINDING], {}, other) == [FINDING]


def figure(code: str, value: str | None, state: str = "number", **more: object) -> Observation:
    number = Decimal(value) if value is not None else None
    return Observation(code, state, number, **more)  # type: ignore[arg-type]


def test_changes_are_of_figures_not_of_their_spelling_or_place() -> None:
    before = [
        figure("a", "1030", raw_text="1030", cell="D5"),
        figure("b", "2"),
        figure("c", None, "blank", cell="D7"),
        figure("d", "7", is_estimated=True),
        figure("e", "1"),
    ]
    after = [
        figure("a", "1030", raw_text="1.030", cell="D6"),
        figure("b", "3"),
        figure("d", "7"),
        figure("e", None, "none_arising"),
        figure("f", "9"),
    ]
    assert [c.indicator_code for c in compare_versions(before, after)] == ["b", "d", "e", "f"]
    assert [c.indicator_code for c in compare_versions(after, before)] == ["b", "d", "e", "f"]
    assert compare_versions(before, before) == ()
