"""On a made-up star of twenty half-years every documented question has the answer that hand-written SQL has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.growing import LONGEST, ask, export_parquet, questions
from benchmarks.growing_floor import floors
from benchmarks.growing_history import Grown, grow

UNITS, PERIODS, INDICATORS = 30, 20, 70


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Grown:
    return grow(tmp_path_factory.mktemp("grown"), UNITS, PERIODS, INDICATORS)


@pytest.fixture(scope="module")
def parquet(grown: Grown) -> Iterator[Any]:
    with export_parquet(grown.path, grown.path.parent / "parquet") as connection:
        yield connection


def test_the_star_is_as_large_as_it_was_asked_to_be(grown: Grown) -> None:
    assert grown.observations >= UNITS * PERIODS * INDICATORS


@pytest.mark.parametrize("name", floors("2026-01-01"))
def test_a_documented_question_has_the_answer_of_hand_written_sql(grown: Grown, parquet: Any, name: str) -> None:
    """The comparing is `ask`'s, which raises where a figure differs, on the same file and on Parquet files."""
    day = str(grown.merged_on)
    asked = ask(grown.path, parquet, name, questions(day)[name], floors(day)[name], times=1)
    assert (asked.rows > 0) or name in ("cluster_totals_as_of", "findings_as_of", "question 5", "question 10")
    assert sum(asked.seconds) < LONGEST
