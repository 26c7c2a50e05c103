"""The catalogue's SDMX codes as SQL, so that the database gives the codes that the published files carry."""

from __future__ import annotations

from pathlib import Path

from catalogue.observation_status import load_observation_statuses

PLACE = "{cases}"


def with_codes(path: Path) -> str:
    """The text of a macro's file, with a WHEN for each row of the catalogue's table where it leaves the place."""
    text = path.read_text(encoding="utf-8")
    return text.replace(PLACE, _cases()) if PLACE in text else text


def _cases() -> str:
    lines = []
    for row in load_observation_statuses():
        known = [f"status = '{row.status}'"]
        for name, flag in (("is_estimated", row.is_estimated), ("has_value", row.has_value)):
            if flag:
                known.append(name if flag == "1" else f"NOT {name}")
        lines.append(f"        WHEN {' AND '.join(known)} THEN '{row.obs_status}'")
    return "\n".join(lines)
