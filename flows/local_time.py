"""The clock of the office: every day and hour of the calendar is one of Hà Nội."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from transforms.numbers_vi import format_date

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> dt.datetime:
    """This moment, as clocks show it in Việt Nam."""
    return dt.datetime.now(HANOI)


def today() -> dt.date:
    """The day it is in Việt Nam."""
    return now().date()


def say_moment(moment: dt.datetime) -> str:
    """A moment as offices write it, by the clock of Việt Nam."""
    local = moment.astimezone(HANOI)
    return f"{local:%H:%M} ngày {format_date(local.date())}"
