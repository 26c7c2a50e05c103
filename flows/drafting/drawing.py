"""The report of a half-year as it stands now: what was published, or drawn from what the published copy holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from catalogue.model import Catalogue
from flows.settings import Settings
from warehouse import published_marts


@dataclass(frozen=True, slots=True)
class Report:
    """The files of a report by their names; `is_published` says that they are those beside the tables."""

    files: dict[str, bytes]
    is_published: bool


def find_report(catalogue: Catalogue, settings: Settings, period_code: str, now: dt.datetime) -> Report:
    """The report of a period: the published files as they are, otherwise a draft of what is known, perhaps nothing.

    A half-year that no run has published is drawn as of `now`. Without a plan in the catalogue there are no files.
    """
    from publications.report.files import REPORTS, render_report
    from publications.tables.figures import index_marts

    folder = settings.published_period(period_code)
    lying = {name: folder / name for name in REPORTS}
    if all(path.is_file() for path in lying.values()):
        return Report({name: path.read_bytes() for name, path in lying.items()}, is_published=True)
    marts = empty_marts()
    if settings.published_warehouse.exists():
        marts = published_marts(settings.published_warehouse, period_code)
    return Report(render_report(index_marts(catalogue, period_code, marts), now), is_published=False)


def empty_marts() -> dict[str, list[dict[str, Any]]]:
    """What is known of a half-year before anything is."""
    return {name: [] for name in ("observations", "cluster_totals", "findings", "submissions", "completeness")}
