"""Where a day stands between two meetings, in words: period, dates, what runs next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from catalogue.model import CalendarEntry, Catalogue
from flows.local_time import say_moment
from transforms.numbers_vi import format_date
from transforms.season import Season, find_season, milestones
from transforms.timetable import Appointment, next_start

STEPS = {"opens": "Mở thu thập", "due": "Hạn gửi", "closes": "Chốt số liệu", "meets": "Họp Cụm"}


def season_lines(catalogue: Catalogue, now: dt.datetime, work: Sequence[Appointment]) -> list[str]:
    """What is said of the moment `now`, in its zone."""
    day = now.date()
    season = find_season(catalogue, day)
    entry = season.entry if season is not None else next_entry(catalogue, day)
    lines = [f"Ngày {format_date(day)}: {_say_day(season)}"]
    if entry is None:
        last = max(catalogue.calendar)
        return [*lines, f"Lịch không có kỳ nào sau {last}: thêm một dòng vào calendar.csv."]
    title = "Kỳ" if season is not None else "Kỳ kế tiếp:"
    lines += ["", f"{title} {entry.period_code} ({entry.name})"]
    lines += [
        f"  {STEPS[m.step]:<14}{format_date(m.on)}  {say_distance((m.on - day).days)}"
        for m in milestones([entry], dt.date.min)
    ]
    if entry.is_assumed:
        lines.append("  Các ngày này là dự kiến; có văn bản thì sửa calendar.csv và ghi is_assumed là 0.")
    lines += ["", "Việc chạy tiếp theo (khi máy chủ và worker đang chạy):"]
    lines += [f"  {say_moment(start)}  {title} · {code}" for start, title, code in coming_work(catalogue, now, work)]
    return lines


def next_entry(catalogue: Catalogue, day: dt.date) -> CalendarEntry | None:
    """The half-year whose collecting opens next after a day; None where the calendar ends."""
    later = [entry for entry in catalogue.calendar.values() if entry.opens_on > day]
    return min(later, key=lambda entry: entry.opens_on, default=None)


def coming_work(
    catalogue: Catalogue, now: dt.datetime, work: Sequence[Appointment]
) -> list[tuple[dt.datetime, str, str]]:
    """When each kind of scheduled work next finds something to do, what it is, and for which half-year, by time."""
    found = []
    for one in work:
        start = next_start(one, catalogue.calendar.values(), now)
        if start is not None:
            found.append((start[0], one.title, start[1]))
    return sorted(found)


def say_outside(catalogue: Catalogue, day: dt.date) -> str:
    """Why nothing is done on a day between two seasons, and when collecting opens again."""
    entry = next_entry(catalogue, day)
    if entry is None:
        return f"Ngoài thời gian thu thập: lịch không có kỳ nào sau {max(catalogue.calendar)}; bổ sung calendar.csv."
    told = " (dự kiến)" if entry.is_assumed else ""
    return f"Ngoài thời gian thu thập: kỳ {entry.period_code} mở ngày {format_date(entry.opens_on)}{told}."


def say_distance(days: int) -> str:
    """How far a day is from today."""
    if days == 0:
        return "hôm nay"
    return f"còn {days} ngày" if days > 0 else f"đã qua {-days} ngày"


def _say_day(season: Season | None) -> str:
    if season is None:
        return "ngoài thời gian thu thập"
    if season.is_closing:
        return f"đang chờ chốt số liệu kỳ {season.period_code}"
    if season.is_hurried:
        return f"những ngày cuối trước hạn gửi của kỳ {season.period_code}"
    if season.day > season.entry.due_on:
        return f"đã qua hạn gửi, vẫn thu thập kỳ {season.period_code}"
    return f"đang thu thập kỳ {season.period_code}"
