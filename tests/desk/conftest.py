"""A small published copy that the tests of the analysts' desk ask, and none may change."""

from __future__ import annotations

from pathlib import Path

import pytest
from seasons import Season, accepted, finding, number, reading, total

from catalogue import load_catalogue
from catalogue.model import Catalogue
from warehouse import Warehouse


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def home(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a published copy: two returns, a finding, a cluster total."""
    folder = tmp_path_factory.mktemp("home")
    with Warehouse.open(folder / "warehouse.duckdb") as warehouse:
        warehouse.sync_catalogue(catalogue)
        season = Season(warehouse, catalogue)
        one = season.receive(reading("hung-yen", number("new_jobs", "19044.4"), number("new_enterprises", "520")))
        two = season.receive(reading("ha-nam", number("new_jobs", "9000")))
        season.judge(
            accepted(one.submission_id),
            accepted(two.submission_id),
            findings=(finding("hung-yen", indicator_code="new_jobs", cell="D7"),),
            totals=(total("new_jobs", "28044.4"),),
        )
        warehouse.publish(folder / "published" / "warehouse.duckdb")
    return folder
