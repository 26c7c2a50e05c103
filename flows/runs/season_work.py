"""Whether a scheduled run has anything to do on its day, and what it says where it has not."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar, cast

from prefect.runtime import flow_run
from prefect.states import Completed

from catalogue import Catalogue, load_catalogue
from flows.local_time import today
from flows.runs.season_report import say_outside
from flows.settings import find_settings
from transforms.identification import find_period
from transforms.numbers_vi import format_date
from transforms.season import find_season
from transforms.timetable import Window, days_of

Value = TypeVar("Value")
_BEFORE: dict[Window, str] = {
    "opening": "việc này chỉ làm trong ngày mở thu thập, {first}",
    "hurry": "chỉ thu thập mỗi giờ từ {first} đến {last}, những ngày cuối trước hạn gửi",
    "closing": "chỉ xin ý kiến chốt số liệu từ {first} đến {last}",
}


def find_work(catalogue: Catalogue, period_code: str | None, window: Window, day: dt.date) -> tuple[str, str]:
    """The half-year to work on, or "" and why there is nothing to do on this day.

    A period that is asked for is always worked on. Raises ValueError, in Vietnamese, where it is none of the calendar.
    """
    if period_code:
        code = find_period(period_code)
        if code is None or code not in catalogue.calendar:
            raise ValueError(f"“{period_code}” không phải kỳ báo cáo có trong lịch; viết như 2021H1")
        return code, ""
    season = find_season(catalogue, day)
    if season is None:
        return "", say_outside(catalogue, day)
    first, last = days_of(window, season.entry)
    if first <= day <= last:
        return season.period_code, ""
    reason = _BEFORE[window].format(first=format_date(first), last=format_date(last))
    return "", f"Hôm nay không có việc của kỳ {season.period_code}: {reason}."


def end_well(message: str, value: Value | None = None, name: str | None = None) -> Value | None:
    """Ends a flow with words; what a flow returns as a state, Prefect gives its caller as the state's value."""
    return cast("Value | None", Completed(name=name, message=message, data=value))


def name_run(title: str) -> str:
    """The name of the flow run that is being named, by the half-year it works on."""
    given: dict[str, Any] = flow_run.get_parameters()
    period = given.get("period_code")
    if not period:
        catalogue = load_catalogue(find_settings(given.get("home"), given.get("catalogue_folder")).catalogue)
        season = find_season(catalogue, today())
        period = "ngoài thời gian thu thập" if season is None else season.period_code
    return f"{title} · {period}"
