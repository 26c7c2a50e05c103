"""A home in which the nine real returns of 2021H1 are published, made once."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from office import EXAMPLES, PERIOD

from flows.runs.period_run import collect
from flows.settings import Settings, find_settings


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Not to be changed."""
    settings = find_settings(tmp_path_factory.mktemp("published"))
    collect(settings, PERIOD, _copy(tmp_path_factory), dt.datetime(2021, 7, 4, tzinfo=dt.UTC))
    return settings


def _copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run puts its answers beside the returns."""
    return Path(shutil.copytree(EXAMPLES, tmp_path_factory.mktemp("returns") / "returns"))
