"""The charts of the page: bars of every table's leading indicator, and slopes where the year before is known."""

from __future__ import annotations

from collections.abc import Callable

from catalogue.ranking import ranked_by
from publications.charts.canvas import Kind
from publications.charts.drawing import DISPUTED, ESTIMATED, Chart, ChartPoint, draw_bars, draw_slope
from publications.tables.figures import Figures
from publications.tables.shape import MOST_UNITS, WHOLE_CLUSTER, PublishedTable
from publications.tables.year_before import earlier_period, find_change

WIDTH_MM = 125.0


def draw_charts(figures: Figures, table: PublishedTable) -> list[tuple[str, str]]:
    """SVG drawings for a table with captions; none for ranks, of fewer than two figures, or of a cluster too large."""
    catalogue = figures.catalogue
    if table.layout != "provinces" or len(figures.members) > MOST_UNITS:
        return []
    own = next(t for t in catalogue.tables if t.table_code == table.table_code)
    indicator = catalogue.indicators.get(ranked_by(catalogue, own, figures.period_code))
    if indicator is None or catalogue.unit_of(indicator).unit_code == "rank":
        return []
    unit_of_row = table.column("province_id")
    names = {p.province_id: p.name for p in figures.members}
    points = []
    for row in table.rows:
        unit = str(row[unit_of_row].value)
        observation = figures.observations.get((unit, indicator.indicator_code))
        value = None if observation is None else observation["value"]
        mark = ""
        if observation is not None and value is not None:
            is_disputed = observation["status"] == "disputed"
            mark = DISPUTED if is_disputed else ESTIMATED if observation["is_estimated"] else ""
        points.append(ChartPoint(names[unit], value, find_change(figures, unit, indicator).earlier, mark))
    if sum(point.current is not None for point in points) < 2:
        return []
    total = figures.totals.get(indicator.indicator_code)
    change = find_change(figures, catalogue.cluster_id, indicator)
    cluster = None
    if total is not None and total["value"] is not None:
        cluster = ChartPoint(WHOLE_CLUSTER, total["value"], change.earlier)
    entry, unit_name = catalogue.calendar[figures.period_code], catalogue.unit_of(indicator).name
    before = catalogue.calendar.get(earlier_period(figures))
    chart = Chart(
        indicator.label,
        unit_name,
        indicator.decimals,
        entry.name,
        before.name if before is not None else "",
        tuple(points),
        cluster,
    )
    drawn = [(chart.title, _draw(draw_bars, chart))]
    pairs = tuple(point for point in points if point.current is not None and point.earlier is not None)
    if len(pairs) > 1:
        is_of_one_size = indicator.aggregation != "sum"
        slope = Chart(
            f"{indicator.label}: từ cùng kỳ đến nay",
            chart.unit,
            chart.decimals,
            chart.current_name,
            chart.earlier_name,
            pairs,
            cluster if is_of_one_size and change.earlier is not None else None,
        )
        drawn.append((slope.title, _draw(draw_slope, slope)))
    return drawn


def _draw(draw: Callable[[Chart, Kind, float], bytes], chart: Chart) -> str:
    return draw(chart, "svg", WIDTH_MM).decode()
