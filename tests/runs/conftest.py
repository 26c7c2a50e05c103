"""An office on a copy of the real returns."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from office import EXAMPLES, Office, fill


@pytest.fixture
def office(tmp_path: Path) -> Office:
    shutil.copytree(EXAMPLES, tmp_path / "returns")
    return Office(tmp_path)


@pytest.fixture
def fill_form() -> Callable[..., Path]:
    return fill
