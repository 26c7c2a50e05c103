"""One error of every kind, planted in a clean return, is caught where it stands; clean returns are left in peace."""

from __future__ import annotations

import pytest

from benchmarks.planted import CATALOGUE, PERIOD, Row, case_of, judge_case, plant, tell
from benchmarks.planted_kinds import KINDS
from expectations.judgement import judge_all

pytestmark = pytest.mark.slow


def test_every_kind_that_can_be_known_is_caught_and_named() -> None:
    planted = [one for kind in KINDS for one in plant(kind, 1)]
    seasons = sorted({one.season for one in planted})
    clean = dict(zip(seasons, judge_all(CATALOGUE, PERIOD, [case_of(n) for n in seasons]), strict=True))
    assert [f.message for j in clean.values() for f in j.findings if f.severity == "critical"] == []
    judged = judge_all(CATALOGUE, PERIOD, [case_of(one.season, one) for one in planted])
    missed: list[tuple[str, str]] = []
    for one, judgement in zip(planted, judged, strict=True):
        known = tell(clean[one.season].findings)
        name = next(p.name for p in CATALOGUE.members_of(PERIOD) if p.province_id == one.province_id)
        new = [f for key, f in tell(judgement.findings).items() if key not in known]
        row = Row()
        judge_case(row, one, [f for f in new if f.province_id == one.province_id or name in f.message])
        if row.known and not (row.caught and row.named):
            missed.append((one.kind, one.province_id))
    assert missed == []
