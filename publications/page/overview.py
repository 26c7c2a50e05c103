"""The cluster at a glance: how complete the returns are, and the leading figure of every table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalogue.model import Indicator, Province
from catalogue.ranking import ranked_by
from publications.page.traces import TraceBook
from publications.tables.figures import Figures
from publications.tables.progress import Rate
from publications.tables.shape import SEVERITIES, PublishedTable
from publications.tables.year_before import Change, Direction, counted_value, find_change
from transforms.numbers_vi import format_number, round_half_up

MOST_NAMED = 3
ARROWS: dict[Direction, str] = {"up": "▲", "down": "▼", "same": "＝", "": ""}


@dataclass(frozen=True, slots=True)
class Fact:
    """How far the returns are, in one tile."""

    name: str
    value: str
    detail: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Headline:
    """The leading figure of a table: the cluster's, or where there is none, from the best province to the last."""

    name: str
    table_code: str
    value: str
    unit: str
    marks: str
    key: str
    arrow: str
    change: str
    detail: str


def list_facts(figures: Figures) -> list[Fact]:
    """Returns received and in time, figures received, open findings."""
    rows = [figures.completeness[p.province_id] for p in figures.members if p.province_id in figures.completeness]
    expected = len(figures.members)
    sent = [row for row in rows if row["is_submitted"]]
    cells = Rate(
        sum(min(row["cells_received"], row["cells_expected"]) for row in rows),
        sum(row["cells_expected"] for row in rows),
    )
    facts = [_share("Báo cáo đã nhận", Rate(len(sent), expected), "tỉnh", "chưa có")]
    if any(row["is_on_time"] is None for row in sent):
        facts.append(Fact("Đúng hạn", "Không xét", "bắt đầu thu sau hạn gửi"))
    else:
        facts.append(
            _share("Đúng hạn", Rate(sum(bool(row["is_on_time"]) for row in sent), expected), "tỉnh", "chưa có")
        )
    facts.append(_share("Ô có số liệu", cells, "ô phải có", "chưa có"))
    tones = {"critical": "red", "warning": "amber", "info": ""}
    for severity, name in SEVERITIES.items():
        count = figures.count_findings(severity)
        if severity != "info":
            detail = "phát hiện còn mở" if count else "không còn"
            facts.append(Fact(name, format_number(Decimal(count)), detail, tones[severity] if count else "green"))
    return facts


def _share(name: str, rate: Rate, unit: str, none: str) -> Fact:
    tone = "" if not rate.whole else "green" if rate.part == rate.whole else "amber"
    part, whole = (format_number(Decimal(n)) for n in (rate.part, rate.whole))
    return Fact(name, f"{part}/{whole}" if rate.whole else none, f"{unit}: {rate.text}", tone)


def list_headlines(figures: Figures, tables: Sequence[PublishedTable], book: TraceBook) -> list[Headline]:
    """One figure per table of provinces of which anything is known, in the order of the tables."""
    catalogue = figures.catalogue
    by_code = {table.table_code: table for table in catalogue.tables}
    found = []
    for table in tables:
        if table.layout != "provinces":
            continue
        code = ranked_by(catalogue, by_code[table.table_code], figures.period_code)
        indicator = catalogue.indicators.get(code)
        if indicator is not None:
            found.append(_headline(figures, table, indicator, book))
    return [headline for headline in found if headline is not None]


def _headline(figures: Figures, table: PublishedTable, indicator: Indicator, book: TraceBook) -> Headline | None:
    unit = figures.catalogue.unit_of(indicator)
    sign = "%" if unit.unit_code == "percent" else ""
    best = next(t.direction for t in figures.catalogue.tables if t.table_code == table.table_code)
    known = sorted(_known(figures, indicator), key=lambda pair: pair[0], reverse=best != "ascending")
    total = figures.totals.get(indicator.indicator_code)
    total_value = None if total is None else total["value"]
    if total_value is None and not known:
        return None

    def show(value: Decimal) -> str:
        return f"{format_number(value, indicator.decimals)}{sign}"

    detail = _say_ends(known, show) if known else ""
    count = f"{len(known)}/{len(figures.members)} tỉnh có số liệu"
    if total is not None and total_value is not None:
        cell = table.cluster[table.column(indicator.indicator_code)] if table.cluster else None
        change = find_change(figures, figures.catalogue.cluster_id, indicator)
        return Headline(
            indicator.label,
            table.table_code,
            show(total_value),
            "" if sign else unit.name,
            "(gồm số ước)" if cell is not None and cell.is_estimated else "",
            book.refer(figures.catalogue.cluster_id, indicator.indicator_code),
            ARROWS[change.direction],
            f"{change.words} (cùng kỳ {show(change.earlier)})" if change.earlier is not None else "",
            " ".join(filter(None, (f"{count}.", detail, _say_why_not(figures, change)))),
        )
    low, high = known[-1][0], known[0][0]
    value = show(high) if low == high else f"{show(min(low, high))} – {show(max(low, high))}"
    name = "" if sign else unit.name
    return Headline(indicator.label, table.table_code, value, name, "", "", "", "", f"{count}. {detail}")


def _say_why_not(figures: Figures, change: Change) -> str:
    """Why there is no change, where a year before is there at all."""
    if change.earlier is not None or not change.words or not (figures.earlier or figures.earlier_totals):
        return ""
    return f"{change.words[0].upper()}{change.words[1:]}."


def _known(figures: Figures, indicator: Indicator) -> list[tuple[Decimal, Province]]:
    """The figures of a column as they are printed, with whose they are."""
    found = []
    for province in figures.members:
        row = figures.observations.get((province.province_id, indicator.indicator_code))
        value = counted_value(row, indicator)
        if value is not None:
            found.append((round_half_up(value, indicator.decimals), province))
    return found


def _say_ends(known: Sequence[tuple[Decimal, Province]], show: Callable[[Decimal], str]) -> str:
    """Who leads and who is last, in the order of the table."""
    first, last = known[0][0], known[-1][0]
    if first == last:
        return f"Các tỉnh đều {show(first)}." if len(known) > 1 else f"{known[0][1].name}: {show(first)}."
    leading, trailing = (_name([p.name for v, p in known if v == end]) for end in (first, last))
    return f"Đầu bảng: {leading} {show(first)}; cuối bảng: {trailing} {show(last)}."


def _name(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= MOST_NAMED else f"{len(names)} tỉnh cùng"
