"""The commands about who is late: status, remind."""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
from pathlib import Path

import click

from flows.command_options import (
    CRITICAL_STANDS,
    Context,
    channels_option,
    check_period,
    home_options,
    refuse,
    show_progress,
    tell,
)
from flows.local_time import today
from flows.messages.channel_settings import ChannelSettingsError, find_channels


@click.command()
@click.argument("period")
@click.option("--json", "as_json", is_flag=True, help="In dạng JSON.")
@home_options
def status(period: str, as_json: bool, home: str | None, catalogue: str | None) -> None:
    """Ai đã gửi, ai chưa, ai muộn, còn gì phải xử lý."""
    context = Context(home, catalogue)
    code = check_period(context.catalogue, period)
    from flows.reminders.status_report import print_json, print_status, status_values

    if as_json:
        print_json(status_values(context.catalogue, context.settings, code, today()))
    else:
        print_status(context.catalogue, context.settings, code, today())


@click.command()
@click.argument("period")
@click.option("--dry-run", is_flag=True, help="Chỉ in thư sẽ gửi; không ghi, không gửi gì.")
@click.option(
    "--on", "day", metavar="DATE", help="Nhắc như vào ngày này (2021-07-02 hoặc 02/07/2021); mặc định hôm nay."
)
@channels_option
@home_options
def remind(
    period: str, dry_run: bool, day: str | None, channels: Path | None, home: str | None, catalogue: str | None
) -> None:
    """Nhắc tỉnh sắp đến hạn, quá hạn hoặc còn chỗ phải sửa."""
    context = Context(home, catalogue)
    code = check_period(context.catalogue, period)
    on = today() if day is None else read_day(day)
    from flows.reminders.report import remind as remind_provinces

    show_progress()
    file = find_channels(context.settings, channels)
    try:
        problem = remind_provinces(context.catalogue, context.settings, code, on, file, dry_run)
    except ChannelSettingsError as error:
        refuse(str(error))
    if problem:
        tell(f"Lỗi: {problem}")
        sys.exit(CRITICAL_STANDS)


def read_day(text: str) -> dt.date:
    """A day as people type it; ends the command where it is none."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        with contextlib.suppress(ValueError):
            return dt.datetime.strptime(text, form).date()  # noqa: DTZ007
    return refuse(f"“{text}” không phải ngày; viết như 2021-07-02 hoặc 02/07/2021.")


COMMANDS = (status, remind)
