"""The list of run pages, at an address that stays: the half-year at work first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from catalogue.model import CalendarEntry
from publications.office.operations_page import OPERATIONS_PAGE
from publications.office.situation import Situation
from publications.page.render import PAGE
from publications.page_frame import end_with_line, page_template
from transforms.numbers_vi import format_date

PERIODS_TEMPLATE = "cac-ky.html"


def render_periods_page(
    situation: Situation, known: Sequence[CalendarEntry], shown: Collection[str] = (), banner: str = ""
) -> str:
    """Links to the run pages of the half-years that have one, which lie in folders beside this page.

    `shown` are the codes of those that also have a page of figures.
    """
    day = situation.day
    current = find_current(known, day)
    others = sorted((e for e in known if e is not current), key=lambda e: e.period_code, reverse=True)
    text = page_template(PERIODS_TEMPLATE).render(
        office=situation.catalogue.form.organisation,
        title="Vận hành thu thập báo cáo thi đua",
        banner=banner,
        current=None if current is None else _link(current, day, shown),
        others=[_link(entry, day, shown) for entry in others],
    )
    return end_with_line(text)


def find_current(known: Sequence[CalendarEntry], day: dt.date) -> CalendarEntry | None:
    """The half-year that is collected on a day; between two seasons the last one that was."""
    opened = [entry for entry in known if entry.opens_on <= day]
    return max(opened or known, key=lambda e: e.opens_on, default=None)


def _link(entry: CalendarEntry, day: dt.date, shown: Collection[str]) -> dict[str, str]:
    is_on = entry.opens_on <= day <= entry.meets_on
    return {
        "name": f"{entry.name} ({entry.period_code})",
        "link": f"{entry.period_code}/{OPERATIONS_PAGE}",
        "figures": f"{entry.period_code}/{PAGE}" if entry.period_code in shown else "",
        "state": "đang thu thập" if is_on else "đã xong" if day > entry.meets_on else "chưa mở",
        "dates": f"hạn gửi {format_date(entry.due_on)}, họp Cụm {format_date(entry.meets_on)}",
    }
