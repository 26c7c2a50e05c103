"""Where everything lies, and how every component is kept silent."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from catalogue import DATA

SILENCE = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
}


@dataclass(frozen=True)
class Settings:
    """The folders and files of one home, and the catalogue in use."""

    home: Path
    catalogue: Path = DATA

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
    """The settings of a home: the argument, else THIDUA_HOME, else var/ in the checkout or working folder."""
    chosen = home or os.environ.get("THIDUA_HOME") or _default_home()
    tables = catalogue or os.environ.get("THIDUA_CATALOGUE") or DATA
    return Settings(Path(chosen).expanduser().resolve(), Path(tables).expanduser().resolve())


def _default_home() -> Path:
    checkout = Path(__file__).resolve().parent.parent
    return (checkout if (checkout / "pyproject.toml").exists() else Path.cwd()) / "var"


def keep_silent() -> None:
    """Turns off the telemetry of every component of this process and its children."""
    os.environ.update(SILENCE)
