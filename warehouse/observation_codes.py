"""The catalogue's SDMX codes as SQL, so that the database gives the codes that the published files carry."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from catalogue.observation_status import load_observation_statuses

PLACE = "{codes}"
UNKNOWN = "?"  # whether it is an estimate was not recorded: only where that makes no difference is there a code


def with_codes(path: Path) -> str:
    """The text of a macro's file, with the catalogue's table of states where it leaves the place."""
    text = path.read_text(encoding="utf-8")
    return text.replace(PLACE, ",\n".join(f"        '{key}': '{code}'" for key, code in _codes()))


def _codes() -> Iterator[tuple[str, str]]:
    """Each state with its two flags as one text, and its code."""
    for row in load_observation_statuses():
        for is_estimated in (row.is_estimated,) if row.is_estimated else ("0", "1", UNKNOWN):
            for has_value in (row.has_value,) if row.has_value else ("0", "1"):
                yield f"{row.status} {is_estimated}{has_value}", row.obs_status
