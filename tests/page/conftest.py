"""One catalogue, one set of marts and one browser for all tests of the page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser import Browser, browsing
from drawn import HOSTILE, draw, with_year_before
from half_year_marts import Marts, half_year_marts

from catalogue import Catalogue, load_catalogue


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture
def marts(catalogue: Catalogue) -> Marts:
    return half_year_marts(catalogue)


@pytest.fixture(scope="session")
def hostile_page(catalogue: Catalogue) -> str:
    """2021H1 with a year before, in which a province's cell, note, file and finding hold whatever breaks pages."""
    marts = with_year_before(half_year_marts(catalogue))
    for row in marts["observations"]:
        if (row["province_id"], row["indicator_code"]) == ("ninh-binh", "national_student_prizes_total"):
            row |= {"raw_text": HOSTILE, "note": HOSTILE, "sheet": HOSTILE}
    for row in marts["findings"]:
        if row["indicator_code"] == "national_student_prizes_total":
            row |= {"message": HOSTILE, "advice": HOSTILE}
    for row in marts["submissions"]:
        if row["province_id"] == "ninh-binh":
            row |= {"path": HOSTILE, "sha256": "0123456789abcdef" * 4}
    return draw(catalogue, marts)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("profile")) as found:
        yield found
