"""A home that was copied while its server was up leaves that server to the home it is of."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from flows.service.own_processes import is_of_home, is_ours
from flows.service.server import Server, make_folder, stop_server
from flows.service.worker_process import find_worker, stop_worker
from flows.settings import Settings, find_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = find_settings(tmp_path / "nhà một")
    make_folder(made)
    return made


@pytest.fixture
def process(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """What looks like a server and a worker of the home; it ends with its input."""
    with subprocess.Popen(
        [sys.executable, "-c", "print(flush=True); input()", "prefect", "command_line"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, "PREFECT_HOME": str(settings.prefect_home)},
    ) as started:
        assert started.stdout is not None
        started.stdout.readline()
        yield started
        started.kill()


def note(settings: Settings, pid: int) -> None:
    settings.server_file.write_text(json.dumps(asdict(Server(1, pid))))
    (settings.home / "worker.json").write_text(json.dumps({"pid": pid}))


def test_a_copied_home_ends_nothing_of_the_home_it_was_copied_from(
    settings: Settings, process: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    copy = find_settings(tmp_path / "bản sao")
    make_folder(copy)
    note(settings, process.pid)
    note(copy, process.pid)
    assert find_worker(settings) == process.pid and find_worker(copy) is None
    assert not stop_server(copy) and not stop_worker(copy)
    assert process.poll() is None and not copy.server_file.exists()
    assert stop_server(settings)
    assert not is_ours(process.pid)


def test_a_home_that_was_moved_knows_its_processes(
    settings: Settings, process: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    assert is_ours(process.pid) and is_of_home(process.pid, settings)
    moved = find_settings(tmp_path / "nơi khác")
    settings.home.rename(moved.home)
    assert is_of_home(process.pid, moved)


def test_the_folder_of_prefect_is_its_owners_alone(settings: Settings) -> None:
    settings.prefect_home.chmod(0o755)
    make_folder(settings)
    assert settings.prefect_home.stat().st_mode & 0o777 == 0o700
