"""A warehouse that holds the real catalogue, fresh for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from seasons import Season

from catalogue import load_catalogue
from catalogue.model import Catalogue
from transforms.observation import Problem
from warehouse import Warehouse


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def template(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh warehouse file with the catalogue synced; copied for each test."""
    path = tmp_path_factory.mktemp("warehouse") / "template.duckdb"
    with Warehouse.open(path) as warehouse:
        warehouse.sync_catalogue(catalogue)
    return path


@pytest.fixture
def warehouse(template: Path, tmp_path: Path) -> Iterator[Warehouse]:
    path = tmp_path / "home" / "warehouse.duckdb"
    path.parent.mkdir()
    shutil.copyfile(template, path)
    with Warehouse.open(path) as opened:
        yield opened


@pytest.fixture
def season(warehouse: Warehouse, catalogue: Catalogue) -> Season:
    return Season(warehouse, catalogue)


@pytest.fixture
def problem() -> Problem:
    return Problem("number_ambiguous", "new_enterprises", "B. Doanh nghiệp", "D5", "1.030", "1.030", "1,03")
