"""One real Prefect server for all command-line tests, and `thidua` as people call it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from calling import COMMAND, EXAMPLES, Thidua, lend_database, start_once

from flows.service import server
from flows.settings import find_settings


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, prepared: Callable[..., Path]) -> Iterator[server.Server]:
    settings = find_settings(tmp_path_factory.mktemp("served"))
    lend_database(prepared("prefect", start_once), settings)
    yield server.start_server(settings)
    server.stop_server(settings)


@pytest.fixture
def home(tmp_path: Path, served: server.Server) -> Path:
    """A home whose server is the shared one, with a copy of the real returns."""
    folder = tmp_path / "nhà dữ liệu"
    folder.mkdir()
    (folder / "server.json").write_text(json.dumps(asdict(served)))
    shutil.copytree(EXAMPLES, folder / "returns")
    return folder


@pytest.fixture
def thidua(home: Path) -> Thidua:
    def call(*arguments: str, home_folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        variables = {**os.environ, "THIDUA_HOME": str(home_folder or home)}
        return subprocess.run([*COMMAND, *arguments], env=variables, capture_output=True, text=True, timeout=300)

    return call
