"""A home in which the nine real returns of 2021H1 are published, made once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from office import collect_examples

from flows.settings import Settings, find_settings


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory, prepared: Callable[..., Path]) -> Settings:
    """Not to be changed."""
    made = prepared("collected", collect_examples)
    return find_settings(shutil.copytree(made / "home", tmp_path_factory.mktemp("published") / "home"))
