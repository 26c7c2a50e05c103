"""When scheduled work has something to do, and what is said of a day."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from catalogue import load_catalogue
from flows.runs.season_report import season_lines
from flows.service.deployment_file import appointments
from transforms.season import find_season
from transforms.timetable import Appointment, days_of, next_start, read_times

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
CATALOGUE = load_catalogue()
ENTRY = CATALOGUE.calendar["2021H1"]  # opens 15/6, due 5/7, closes 15/7, meets 20/7


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=HANOI)


def test_a_daily_schedule_is_read_as_times() -> None:
    assert read_times("30 6 * * *") == (dt.time(6, 30),)
    assert read_times("0 8-10 * * *") == (dt.time(8), dt.time(9), dt.time(10))
    for other in ("0 7 1-20 1,7 *", "*/5 * * * *", "@daily", ""):
        with pytest.raises(ValueError, match="not a daily schedule"):
            read_times(other)


def test_hurried_days_are_those_of_the_season() -> None:
    """Two places say which days are hurried: what the flow asks, and what is announced."""
    first, last = days_of("hurry", ENTRY)
    every = [ENTRY.opens_on + dt.timedelta(n) for n in range((ENTRY.meets_on - ENTRY.opens_on).days + 1)]
    seasons = [find_season(CATALOGUE, day) for day in every]
    assert [s.day for s in seasons if s is not None and s.is_hurried] == [d for d in every if first <= d <= last]
    closing = days_of("closing", ENTRY)
    assert [s.day for s in seasons if s is not None and s.is_closing] == [
        d for d in every if closing[0] <= d <= closing[1]
    ]


@pytest.mark.parametrize(
    ("window", "now", "start", "period"),
    [
        ("season", "2021-06-15T06:59", "2021-06-15T07:00", "2021H1"),
        ("season", "2021-06-15T07:00", "2021-06-15T07:00", "2021H1"),
        ("season", "2021-06-15T07:01", "2021-06-16T07:00", "2021H1"),
        ("season", "2021-07-20T07:01", "2021-12-15T07:00", "2021H2"),
        ("opening", "2021-06-15T07:01", "2021-12-15T07:00", "2021H2"),
        ("closing", "2021-06-15T07:01", "2021-07-15T07:00", "2021H1"),
        ("hurry", "2021-06-15T07:01", "2021-07-03T07:00", "2021H1"),
        ("hurry", "2021-07-05T07:01", "2022-01-03T07:00", "2021H2"),
    ],
)
def test_work_starts_next_on_a_day_that_is_its_own(window: str, now: str, start: str, period: str) -> None:
    work = Appointment("việc", window, (dt.time(7),))  # type: ignore[arg-type]
    assert next_start(work, CATALOGUE.calendar.values(), at(now)) == (at(start), period)


def test_where_the_calendar_ends_nothing_starts_any_more() -> None:
    work = Appointment("việc", "season", (dt.time(7),))
    assert next_start(work, CATALOGUE.calendar.values(), at("2099-01-01T00:00")) is None


def test_a_day_is_told_with_its_season_and_what_comes() -> None:
    told = "\n".join(season_lines(CATALOGUE, at("2021-07-04T09:30"), appointments()))
    assert "Ngày 04/7/2021: những ngày cuối trước hạn gửi của kỳ 2021H1" in told
    assert "Hạn gửi       05/7/2021  còn 1 ngày" in told
    assert "là dự kiến" in told
    coming = told.partition("đang chạy):\n")[2].splitlines()
    assert coming == [
        "  10:00 ngày 04/7/2021  Thu thập mỗi giờ · 2021H1",
        "  07:00 ngày 05/7/2021  Thu thập · 2021H1",
        "  08:00 ngày 05/7/2021  Nhắc tỉnh · 2021H1",
        "  08:30 ngày 15/7/2021  Xin ý kiến chốt số liệu · 2021H1",
        "  06:30 ngày 15/12/2021  Tự kiểm tra · 2021H2",
    ]


def test_between_two_seasons_and_after_the_last_it_says_so() -> None:
    between = season_lines(CATALOGUE, at("2021-09-01T09:30"), appointments())
    assert between[0] == "Ngày 01/9/2021: ngoài thời gian thu thập"
    assert "Kỳ kế tiếp: 2021H2 (6 tháng cuối năm 2021)" in between
    after = season_lines(CATALOGUE, at("2099-09-01T09:30"), appointments())
    assert "thêm một dòng vào calendar.csv" in after[-1]
