"""A judged half-year and a sealed one, made once and copied for each test that changes something."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import Desk, make_desk, move_desk
from office import EXAMPLES


@pytest.fixture(scope="session")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Not to be changed."""
    yield make_desk(tmp_path_factory.mktemp("judged"), EXAMPLES)


@pytest.fixture(scope="session")
def sealed(tmp_path_factory: pytest.TempPathFactory, judged: Desk) -> Iterator[Desk]:
    """Approved with its findings noted and sealed; not to be changed."""
    desk = move_desk(judged.settings.home.parent, tmp_path_factory.mktemp("sealed"), judged.now)
    desk.ask()
    desk.decide()
    yield desk
    _let_go(desk.settings.seals)


@pytest.fixture
def desk(tmp_path: Path, judged: Desk) -> Iterator[Desk]:
    made = move_desk(judged.settings.home.parent, tmp_path, judged.now)
    yield made
    _let_go(made.settings.seals)


@pytest.fixture
def closed(tmp_path: Path, sealed: Desk) -> Iterator[Desk]:
    made = move_desk(sealed.settings.home.parent, tmp_path, sealed.now)
    yield made
    _let_go(made.settings.seals)


def _let_go(folder: Path) -> None:
    """Seals are read-only folders, which nobody but root could clear away."""
    for root, _, _ in os.walk(folder):
        Path(root).chmod(0o755)
