"""Marts and catalogues that the tests of the publications share."""

from __future__ import annotations

import pytest
from half_year_marts import Marts, half_year_marts

from catalogue import Catalogue, load_catalogue


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture
def marts(catalogue: Catalogue) -> Marts:
    return half_year_marts(catalogue)
