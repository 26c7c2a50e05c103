"""The command that watches from outside: watch."""

from __future__ import annotations

import datetime as dt
import logging
import sys
import time
from pathlib import Path

import click

from flows.command_options import CRITICAL_STANDS, Context, channels_option, home_options, refuse, show_progress, tell

LOG = logging.getLogger("thidua.watch")


@click.command()
@click.option("--once", is_flag=True, help="Xem một lần rồi thôi (mặc định), để timer hay cron gọi.")
@click.option("--every", type=click.FloatRange(min=0.05), metavar="MINUTES", help="Xem mãi, cách nhau chừng ấy phút.")
@click.option("--dry-run", is_flag=True, help="Chỉ in; không ghi, không gửi gì.")
@click.option("--server", "url", metavar="URL", help="Máy chủ Prefect cần canh (mặc định: của nhà dữ liệu).")
@channels_option
@home_options
def watch(
    once: bool,
    every: float | None,
    dry_run: bool,
    url: str | None,
    channels: Path | None,
    home: str | None,
    catalogue: str | None,
) -> None:
    """Canh hệ thống từ ngoài: cái gì hỏng thì báo, hết thì báo hết."""
    if once and every is not None:
        refuse("chỉ dùng một trong --once, --every.")
    context = Context(home, catalogue)
    show_progress()
    from flows.messages.channel_settings import ChannelSettingsError

    try:
        stands = _watch_once(context, url, channels, dry_run)
    except ChannelSettingsError as error:
        refuse(str(error))
    if every is None:
        sys.exit(CRITICAL_STANDS if stands else 0)
    from flows.alarms.watch import beat

    while True:
        if not dry_run:
            beat(context.settings, dt.datetime.now(dt.UTC), url)
        time.sleep(every * 60)
        try:
            _watch_once(context, url, channels, dry_run)
        except Exception as error:  # the watch goes on whatever one look met
            LOG.exception("watch failed")
            tell(f"Lần canh này không xong: {type(error).__name__}: {error}")


def _watch_once(context: Context, url: str | None, file: Path | None, dry_run: bool) -> bool:
    """One look, told; whether trouble stands or could not be told."""
    from flows.alarms.raising import alarm_channels, raise_troubles
    from flows.alarms.watch import look
    from flows.local_time import say_moment
    from flows.messages.channel_settings import ChannelSettings, find_channels, read_channels

    settings = context.settings
    now = dt.datetime.now(dt.UTC)
    chosen = find_channels(settings, file)
    channels = read_channels(chosen) if chosen is not None else ChannelSettings()
    seen = look(settings, now, url)
    for trouble in seen.troubles:
        click.echo(f"{trouble.message}\n  Việc cần làm: {trouble.advice}")
    if not seen.troubles:
        click.echo(f"Không có sự cố ({say_moment(now)}).")
    if dry_run:
        return bool(seen.troubles)
    told = raise_troubles(settings, seen, alarm_channels(channels), now)
    for text in told.over:
        click.echo(f"Đã hết: {text}")
    for delivery in told.deliveries:
        outcome = "đã báo" if delivery.result == "sent" else f"chưa báo được: {delivery.detail}"
        tell(f"Kênh {delivery.channel}: {outcome}")
    if told.new and not channels.channels:
        tell("Chưa khai kênh nào để báo (channels.toml); chỉ in ra đây.")
    return bool(seen.troubles or told.undelivered)


COMMANDS = (watch,)
