"""`thidua` as people call it, and a Prefect server that finds its database made."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from flows.service import server
from flows.settings import Settings, find_settings

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples" / "returns"
COMMAND = [sys.executable, "-c", "from flows.command_line import main; main()"]

Thidua = Callable[..., subprocess.CompletedProcess[str]]


def start_once(folder: Path) -> None:
    """The database of a server that was started and stopped: its hundred migrations take longer than its start."""
    settings = find_settings(folder)
    server.start_server(settings)
    server.stop_server(settings)


def lend_database(made: Path, settings: Settings) -> None:
    """Gives a home a copy of that database, of which no server knows whose it was."""
    server.make_folder(settings)
    for file in find_settings(made).prefect_home.glob("prefect.db*"):
        shutil.copy(file, settings.prefect_home)


class PatientClient(httpx.Client):
    """Asks a server on SQLite again while it says that it is busy, as Prefect's own client does."""

    def request(self, *given: Any, **named: Any) -> httpx.Response:
        for _ in range(20):
            answer = super().request(*given, **named)
            if answer.status_code != 503:
                break
            time.sleep(0.5)
        return answer
