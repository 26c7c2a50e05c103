"""The table and the chart of a section, from the same facts as its sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from catalogue.model import Indicator
from publications.charts.drawing import DISPUTED, ESTIMATED, Chart, ChartPoint
from publications.report.clause import Wording
from publications.report.facts import Fact
from publications.report.items import Item, kind_of
from publications.report.section import SectionText
from publications.report.values import Grid, Spans, plain_text
from publications.tables.shape import NO_FIGURE, NONE_ARISING, NOT_COMPUTED, WHOLE_CLUSTER
from transforms.comparison import same_half_before
from transforms.numbers_vi import format_number

MOST_COLUMNS = 8
_WITH_UNIT = {"amount", "rate", "growth"}
_DISPUTED, _ESTIMATED = "*", " (ước)"
_SIGNS = (
    (NO_FIGURE, "sign_no_figure"),
    (NONE_ARISING, "sign_none_arising"),
    (NOT_COMPUTED, "sign_not_computed"),
    (_DISPUTED, "sign_disputed"),
)

Column = tuple[Indicator, Indicator | None]


def draw_grid(section: SectionText, wording: Wording, caption: str) -> Grid:
    """The provinces in order with their figures, and the cluster's line last, and what the signs in it mean."""
    columns = _columns(section.items)
    provinces = section.order(section.ranked)
    rows = []
    for place, province in enumerate(provinces, start=1):
        status = _statuses(wording, province.province_id)
        cells = [
            _cell(wording, column, lambda i, p=province: wording.facts.of_province(p, i), status)  # type: ignore[misc]
            for column in columns
        ]
        rows.append(((str(place),), (province.name,), *cells))
    total = [_cell(wording, column, wording.facts.of_cluster, lambda i: "") for column in columns]
    has_total = any(cell != (NOT_COMPUTED,) for cell in total)
    if has_total:
        rows.append(((), (WHOLE_CLUSTER,), *total))
    said = {text for row in rows for cell in row for text in cell if isinstance(text, str)}
    signs = [wording.plan.sentences[code] for sign, code in _SIGNS if any(text.startswith(sign) for text in said)]
    legend = plain_text(wording.say("table_signs", signs="; ".join(signs))) if signs else ""
    heads = ("TT", "Tỉnh", *(_head(wording, column) for column in columns))
    return Grid(caption, heads, tuple(rows), has_total, legend)


def draw_chart(section: SectionText, wording: Wording, title: str) -> Chart | None:
    """The figure that ranks, over the provinces in order; None where fewer than two are known."""
    facts, indicator = wording.facts, section.ranked
    points = []
    for province in section.order(indicator):
        now, before = facts.of_province(province, indicator), facts.before(province, indicator)
        if now is not None or before is not None:
            points.append(_point(province.name, now, before))
    if sum(point.current is not None for point in points) < 2:
        return None
    cluster, cluster_before = facts.of_cluster(indicator), facts.cluster_before(indicator)
    calendar = facts.catalogue.calendar
    before_code = same_half_before(facts.figures.period_code)
    return Chart(
        title=title,
        unit=facts.catalogue.unit_of(indicator).name,
        decimals=indicator.decimals,
        current_name=calendar[facts.figures.period_code].name,
        earlier_name=calendar[before_code].name if before_code in calendar else before_code,
        points=tuple(points),
        cluster=None if cluster is None else _point(WHOLE_CLUSTER, cluster, cluster_before),
    )


def _point(label: str, now: Fact | None, before: Fact | None) -> ChartPoint:
    mark = ""
    if now is not None:
        mark = DISPUTED if now.is_disputed else ESTIMATED if now.is_estimated else ""
    return ChartPoint(label, None if now is None else now.value, None if before is None else before.value, mark)


def _columns(items: Sequence[Item]) -> list[Column]:
    """Every figure of the items; what stands beside others is left out where the page would be too narrow."""
    wide: list[Column] = []
    narrow: list[Column] = []
    for item in items:
        main: Column = (item.main, item.whole)
        rate: list[Column] = [(item.rate, None)] if item.rate else []
        parts: list[Column] = [(part, None) for part in item.parts]
        beside: list[Column] = [(other, None) for other in item.beside]
        wide += [main, *rate, *beside, *parts]
        narrow += [main, *rate]
    return wide if len(wide) <= MOST_COLUMNS else narrow[:MOST_COLUMNS]


def _head(wording: Wording, column: Column) -> str:
    indicator = column[0]
    unit = wording.facts.catalogue.unit_of(indicator).name
    return f"{indicator.heading} ({unit})" if kind_of(indicator) in _WITH_UNIT else indicator.heading


def _statuses(wording: Wording, unit: str) -> Callable[[Indicator], str]:
    def status(indicator: Indicator) -> str:
        row = wording.facts.figures.observations.get((unit, indicator.indicator_code))
        return "blank" if row is None else row["status"]

    return status


def _cell(
    wording: Wording, column: Column, find: Callable[[Indicator], Fact | None], status: Callable[[Indicator], str]
) -> Spans:
    """A figure with the decimals of its column; signs as in the consolidated tables where there is none."""
    indicator, whole_indicator = column
    fact = find(indicator)
    if fact is None:
        known = status(indicator)
        if known == "none_arising":
            return (NONE_ARISING,)
        if not known:
            return (NOT_COMPUTED if indicator.aggregation == "none" else NO_FIGURE,)
        return (NO_FIGURE,) if indicator.is_required else ()
    text = format_number(fact.value, indicator.decimals)
    figure = wording.facts.tell_text(fact, text)
    spans: Spans = (figure,)
    whole = None if whole_indicator is None else find(whole_indicator)
    if whole is not None:
        spans = (figure, "/", wording.facts.tell_text(whole, format_number(whole.value, whole_indicator.decimals)))  # type: ignore[union-attr]
    mark = _DISPUTED if fact.is_disputed else ""
    mark += _ESTIMATED if fact.is_estimated and kind_of(indicator) != "places" else ""
    return (*spans, mark) if mark else spans
