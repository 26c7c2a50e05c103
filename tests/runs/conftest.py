"""An office on a copy of the real returns."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from office import EXAMPLES, Office, collect_examples, fill


@pytest.fixture
def office(tmp_path: Path) -> Office:
    shutil.copytree(EXAMPLES, tmp_path / "returns")
    return Office(tmp_path)


@pytest.fixture
def few(office: Office) -> Office:
    """The same with a few of its units, for what has nothing to do with the others."""
    for folder in office.returns.iterdir():
        if folder.name not in ("Hà Nam", "Nam Định", "Ninh Bình", "Toàn Cụm"):
            shutil.rmtree(folder)
    return office


@pytest.fixture
def collected(tmp_path: Path, prepared: Callable[..., Path]) -> Office:
    """The same after its first run."""
    return Office(Path(shutil.copytree(prepared("collected", collect_examples), tmp_path, dirs_exist_ok=True)), hours=1)


@pytest.fixture
def fill_form() -> Callable[..., Path]:
    return fill
