"""Marts of the printed figures of 2021H1, and what is drafted from them."""

from __future__ import annotations

import pytest
from half_year_marts import MADE_AT, PERIOD, Marts, half_year_marts

from catalogue import Catalogue, load_catalogue
from publications.report.document import render_document
from publications.report.draft import draft_report
from publications.report.values import Draft
from publications.tables.figures import index_marts


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture
def marts(catalogue: Catalogue) -> Marts:
    return half_year_marts(catalogue)


@pytest.fixture(scope="session")
def draft(catalogue: Catalogue) -> Draft:
    """The draft of all nine provinces."""
    found = draft_report(index_marts(catalogue, PERIOD, half_year_marts(catalogue)))
    assert found is not None
    return found


@pytest.fixture(scope="session")
def document(draft: Draft) -> bytes:
    """The same as a Word document."""
    return render_document(draft, MADE_AT)
