"""A judged half-year and a sealed one, made once and copied for each test that changes something."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk import Desk, make_desk, move_desk
from office import EXAMPLES

JUDGED = dt.datetime(2021, 7, 4, 4, tzinfo=dt.UTC)  # after three runs
SEALED = dt.datetime(2021, 7, 4, 6, tzinfo=dt.UTC)  # after a question and a decision


def _judge(folder: Path) -> None:
    make_desk(folder, EXAMPLES)


def _seal(folder: Path, judged: Path) -> None:
    desk = move_desk(judged, folder, JUDGED)
    desk.ask()
    desk.decide()


@pytest.fixture(scope="session")
def judged(tmp_path_factory: pytest.TempPathFactory, prepared: Callable[..., Path]) -> Desk:
    """Not to be changed."""
    return move_desk(prepared("judged", _judge), tmp_path_factory.mktemp("judged"), JUDGED)


@pytest.fixture(scope="session")
def sealed(tmp_path_factory: pytest.TempPathFactory, prepared: Callable[..., Path]) -> Iterator[Desk]:
    """Approved with its findings noted and sealed; not to be changed."""
    made = prepared("sealed", lambda folder: _seal(folder, prepared("judged", _judge)))
    desk = move_desk(made, tmp_path_factory.mktemp("sealed"), SEALED)
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
