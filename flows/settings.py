"""Where everything lies, and how every component is kept silent."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from catalogue import DATA
from flows.places import is_skipped
from flows.reading.task_runners import THREADS, VARIABLE, find_task_runner

FEEDBACK_FOLDER = "Phản hồi của Cụm"

_FOLDER_NAME = re.compile(r"[^\s/\\:*?\"<>|\x00-\x1f](?:[^/\\:*?\"<>|\x00-\x1f]*[^\s/\\:*?\"<>|\x00-\x1f])?")

SYNTHETIC_MARK = "SYNTHETIC.txt"  # in a home of which some figures are made up

SILENCE = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
}


@dataclass(frozen=True)
class Settings:
    """The folders and files of one home, the catalogue in use, the name of our subfolder in each unit's folder, and
    who reads (`threads`, `dask`, or a Dask scheduler's address)."""

    home: Path
    catalogue: Path = DATA
    feedback_folder: str = FEEDBACK_FOLDER
    task_runner: str = THREADS

    def __post_init__(self) -> None:
        """Raises ValueError, in Vietnamese, where our subfolder's name would not do everywhere, or nobody reads so."""
        find_task_runner(self.task_runner)
        name = self.feedback_folder
        if not _FOLDER_NAME.fullmatch(name) or name.endswith(".") or is_skipped(name) or len(name.encode()) > 120:
            raise ValueError(
                f"tên thư mục phản hồi (THIDUA_FEEDBACK_FOLDER) không dùng được: “{name}”; viết một tên thường, "
                'không có dấu / \\ : * ? " < > |, không bắt đầu bằng dấu chấm hay “~$”'
            )

    @property
    def takes_synthetic(self) -> bool:
        """Whether this home is one to try things in: only there does a synthetic file count."""
        return (self.home / SYNTHETIC_MARK).is_file()

    @property
    def warehouse(self) -> Path:
        """The loader's own database; analysts never open it."""
        return self.home / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        return self.home / "published"

    @property
    def published_warehouse(self) -> Path:
        return self.published / "warehouse.duckdb"

    @property
    def archive(self) -> Path:
        """Originals by content hash, read-only."""
        return self.home / "archive"

    @property
    def sent(self) -> Path:
        """What we put into the provinces' folders, by content hash."""
        return self.home / "sent"

    @property
    def feedback(self) -> Path:
        """What could not be put into a province's folder; what is there is still to be handed over."""
        return self.home / "feedback"

    @property
    def seals(self) -> Path:
        """What was approved, sealed, by period and number."""
        return self.home / "seals"

    @property
    def alarms(self) -> Path:
        """The record of the alarms that were raised."""
        return self.home / "alarms"

    @property
    def states(self) -> Path:
        """What the last run of each period saw, to tell what the next one finds changed."""
        return self.home / "states"

    @property
    def returns(self) -> Path:
        """Where the provinces' folders lie when nothing else is said."""
        return self.home / "returns"

    @property
    def server_file(self) -> Path:
        return self.home / "server.json"

    @property
    def prefect_home(self) -> Path:
        return self.home / "prefect"

    @property
    def lock(self) -> Path:
        return self.home / "run.lock"

    def published_period(self, period_code: str) -> Path:
        return self.published / period_code


def find_settings(home: str | Path | None = None, catalogue: str | Path | None = None) -> Settings:
    """The settings of a home: the argument, else THIDUA_HOME, else var/ in the checkout or working folder.

    Raises ValueError where the environment names something that cannot be.
    """
    chosen = home or os.environ.get("THIDUA_HOME") or _default_home()
    tables = catalogue or os.environ.get("THIDUA_CATALOGUE") or DATA
    folder = unicodedata.normalize("NFC", os.environ.get("THIDUA_FEEDBACK_FOLDER", FEEDBACK_FOLDER))
    runner = os.environ.get(VARIABLE, "").strip() or THREADS
    return Settings(Path(chosen).expanduser().resolve(), Path(tables).expanduser().resolve(), folder, runner)


def _default_home() -> Path:
    checkout = Path(__file__).resolve().parent.parent
    return (checkout if (checkout / "pyproject.toml").exists() else Path.cwd()) / "var"


def keep_silent() -> None:
    """Turns off the telemetry of every component of this process and its children."""
    os.environ.update(SILENCE)
