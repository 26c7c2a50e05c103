"""Where a lake lies: the PostgreSQL of its catalogue and the folder of its Parquet files."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from warehouse.session import WarehouseError

SCHEMA = "thidua"  # of the catalogue's tables, so that they may share a database with others
ALIAS = "kho"  # the lake's name in a session


class LakeError(WarehouseError):
    """The lake refuses or cannot be reached; the message is Vietnamese and holds no password."""


@dataclass(frozen=True, slots=True)
class LakePlace:
    """The address of a lake; the password is shown nowhere."""

    host: str
    port: int
    database: str
    user: str
    folder: Path
    password: str = field(default="", repr=False)

    @property
    def catalogue(self) -> str:
        """The catalogue's address for people, without its password."""
        return f"postgresql://{self.user}@{self.host}:{self.port}/{self.database}"
