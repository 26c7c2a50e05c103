"""All consolidated tables of a period, from the catalogue and the marts."""

from __future__ import annotations

from typing import Any

from catalogue.model import Catalogue, Indicator
from publications.labels import label_rows
from publications.standing import DRAFTED, Standing
from publications.tables.difference_table import build_difference_table
from publications.tables.figures import Figures, index_marts
from publications.tables.indicator_table import build_indicator_table
from publications.tables.province_table import build_province_table
from publications.tables.shape import PublishedTable
from publications.tables.status_tables import build_finding_table, build_submission_table


def build_tables(
    catalogue: Catalogue, period_code: str, marts: dict[str, list[dict[str, Any]]]
) -> tuple[PublishedTable, ...]:
    """The catalogue's tables that ask for anything in the period, then who has sent what, then the findings.

    `marts` holds rows of observations, cluster_totals, findings, submissions and completeness, with figures as
    Decimal or None. Raises KeyError for a mart or column that is missing, or a period the calendar does not know.
    """
    return draw_tables(index_marts(catalogue, period_code, marts))


def draw_tables(figures: Figures, standing: Standing = DRAFTED) -> tuple[PublishedTable, ...]:
    """The tables of marts that are already indexed; after a correction of what was sealed also what differs."""
    catalogue = figures.catalogue
    if figures.period_code not in catalogue.calendar:
        raise KeyError(figures.period_code)
    columns: dict[str, list[Indicator]] = {}
    for indicator in catalogue.indicators_of(figures.period_code):
        columns.setdefault(indicator.table_code, []).append(indicator)
    drawn = []
    for table in sorted(catalogue.tables, key=lambda t: t.position):
        indicators = columns.get(table.table_code)
        if indicators:
            build = build_province_table if table.layout == "provinces" else build_indicator_table
            drawn.append(build(figures, table, indicators))
    if standing.is_draft and standing.differences:
        drawn.append(build_difference_table(figures, standing))
    drawn += [build_submission_table(figures), build_finding_table(figures)]
    return tuple(label_rows(figures, table) for table in drawn)
