"""What our words for the state of a figure are in SDMX: observation status codes, with their source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from catalogue.load import DATA, _read_table


@dataclass(frozen=True, slots=True)
class ObservationStatus:
    """One state of a figure and its code of SDMX's list CL_OBS_STATUS; a blank `is_estimated` or `has_value` is either.

    The states are those of the program, the same whatever an office asks.
    """

    status: str
    is_estimated: str
    has_value: str
    obs_status: str
    obs_name: str
    meaning: str
    source: str


@lru_cache(maxsize=4)
def load_observation_statuses(folder: Path = DATA) -> tuple[ObservationStatus, ...]:
    """The table of states; raises CatalogueError with file and line for a flag or code that is none."""
    rows = _read_table(folder / "observation_statuses.csv", ObservationStatus)
    for located in rows:
        row = located.row
        for name, value in (("is_estimated", row.is_estimated), ("has_value", row.has_value)):
            if value not in ("0", "1", ""):
                raise located.refuse(f"column {name}: {value!r} is neither 0, 1 nor blank")
        if len(row.obs_status) != 1 or not row.obs_status.isupper():
            raise located.refuse(f"column obs_status: {row.obs_status!r} is no code of one letter")
    return tuple(located.row for located in rows)


def obs_status(status: str, is_estimated: bool, has_value: bool) -> str:
    """The SDMX code of a figure in a state; raises KeyError for a state that the table does not know."""
    flags = str(int(is_estimated)), str(int(has_value))
    for row in load_observation_statuses():
        if row.status == status and row.is_estimated in ("", flags[0]) and row.has_value in ("", flags[1]):
            return row.obs_status
    raise KeyError(f"no observation status for {status!r} (estimated: {flags[0]}, value: {flags[1]})")
