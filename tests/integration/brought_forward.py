"""A catalogue whose calendar lies around a day of ours: the clock brought forward by data."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from pathlib import Path

from catalogue import DATA

PERIOD = "2021H1"


def bring_forward(
    folder: Path, day: dt.date, *, opens: int = -30, due: int = 20, closes: int = 25, meets: int = 30
) -> Path:
    """A copy of the catalogue in which 2021H1 is collected around `day`; the steps are days from it.

    Half-years that would be collected at the same time are left out.
    """
    shutil.copytree(DATA, folder)
    file = folder / "calendar.csv"
    with file.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    steps = {"opens_on": opens, "due_on": due, "closes_on": closes, "meets_on": meets}
    moved = {step: (day + dt.timedelta(days)).isoformat() for step, days in steps.items()}
    kept = [
        {**row, **moved} if row["period_code"] == PERIOD else row
        for row in rows
        if row["period_code"] == PERIOD
        or row["meets_on"] < moved["opens_on"]
        or row["opens_on"] > max(moved["meets_on"], (day + dt.timedelta(1)).isoformat())
    ]
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)
    return folder
