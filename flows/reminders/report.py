"""The command `thidua remind`: from the published copy to what was told to whom."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path

import click

from catalogue.model import Catalogue
from catalogue.reminders import load_reminders
from flows.messages.channel_settings import ChannelSettings, match_units, read_channels
from flows.reminders.reminding import DueReminder, Reminded, deliver, find_reminders
from flows.reminders.status_report import stored_marts
from flows.settings import Settings
from flows.shares.settings import ShareSettingsError, find_shares, match_shares, read_shares
from publications.tables.progress import find_progress


def remind(
    catalogue: Catalogue,
    settings: Settings,
    period_code: str,
    on: dt.date,
    channels_file: Path | None,
    is_dry: bool,
) -> str | None:
    """Reminds whom a day asks to be reminded, or prints what it would tell; a problem as text, None where all is well.

    Raises ChannelSettingsError where the settings of the channels cannot be used.
    """
    matched, strays = _channels(catalogue, period_code, channels_file)
    due = find_due(catalogue, settings, period_code, on)
    if due is None:
        return f"kỳ {period_code} chưa được thu thập lần nào; chạy trước: thidua run {period_code}"
    for name in strays:
        click.echo(f"Chú ý: “{name}” trong {channels_file} không phải đơn vị báo cáo của kỳ {period_code}.", err=True)
    if catalogue.calendar[period_code].is_assumed:
        click.echo("Chú ý: hạn gửi của kỳ này là dự kiến (calendar.csv, is_assumed); thư ghi rõ như vậy.", err=True)
    if is_dry:
        _print_plan(due, matched)
        return None
    if matched.needs_server():
        from flows.service import server

        os.environ.update(server.environment(settings, server.find_server(settings)))
    told = deliver(settings, period_code, due, matched.channels, on)
    for line in say_delivered(told):
        click.echo(line)
    return say_undelivered(told) or None


def deliver_due(
    catalogue: Catalogue, settings: Settings, period_code: str, on: dt.date, channels_file: Path | None
) -> tuple[Reminded, ...]:
    """Reminds whom a day asks to be reminded and returns what became of it, nothing printed.

    Inside Prefect, whose server hands out the secrets. Raises ChannelSettingsError as `remind` does; a period that was
    never collected has nobody to remind.
    """
    matched, _ = _channels(catalogue, period_code, channels_file)
    return deliver(settings, period_code, find_due(catalogue, settings, period_code, on) or (), matched.channels, on)


def find_due(catalogue: Catalogue, settings: Settings, period_code: str, on: dt.date) -> tuple[DueReminder, ...] | None:
    """The reminders of a day by what is published; None where the period was never collected."""
    marts = stored_marts(settings, period_code)
    if marts is None:
        return None
    several = find_progress(catalogue, period_code, marts, on)
    places = _places(catalogue, settings, period_code)
    return find_reminders(
        catalogue, load_reminders(settings.catalogue), period_code, several, places, on, settings.takes_synthetic
    )


def say_undelivered(told: Sequence[Reminded]) -> str:
    """What a channel did not take, "" where all is well."""
    failed = sum(one.has_failed for one in told)
    if not failed:
        return ""
    return f"{failed} thư nhắc chưa gửi được qua mọi kênh; lần chạy sau sẽ gửi lại.{_why(told)}"


def _why(told: Sequence[Reminded]) -> str:
    reasons = {d.channel: d.detail for one in told for d in one.deliveries if d.result == "failed" and d.detail}
    return "".join(f" Kênh {channel}: {detail}." for channel, detail in reasons.items())


def _channels(catalogue: Catalogue, period_code: str, file: Path | None) -> tuple[ChannelSettings, list[str]]:
    chosen = ChannelSettings() if file is None else read_channels(file)
    matched, _, strays = match_units(catalogue, period_code, chosen)
    return matched, strays


def _places(catalogue: Catalogue, settings: Settings, period_code: str) -> dict[str, str]:
    """Where each member puts its file: its share where that has an address of the network, else its folder by name."""
    places = {
        p.province_id: f"thư mục “{p.name}” tại nơi nhận báo cáo của Cụm" for p in catalogue.members_of(period_code)
    }
    file = find_shares(settings)
    try:
        shares = read_shares(file).shares if file is not None else ()
    except ShareSettingsError:
        return places  # `thidua run` and `thidua shares` tell of it
    for unit, share in match_shares(catalogue, period_code, shares)[0]:
        if not share.is_local and unit in places:
            places[unit] = share.address
    return places


def _print_plan(due: Sequence[DueReminder], settings: ChannelSettings) -> None:
    for one in due:
        names = [c.name for c in settings.channels]
        click.echo(f"=== {one.name} · {one.key} · kênh: {', '.join(names) or 'chỉ ghi tệp'}")
        click.echo(f"{one.letter.subject}\n\n{one.letter.text}")
    click.echo(f"Chạy thử: {len(due)} thư nhắc đến ngày, không ghi và không gửi gì.")


def say_delivered(told: Sequence[Reminded]) -> list[str]:
    """What became of each reminder, in lines."""
    results = {"sent": "đã gửi", "failed": "KHÔNG gửi được", "no address": "không gửi"}
    lines = []
    for one in told:
        if one.file is not None:
            lines.append(f"{one.due.name}: {one.due.letter.subject}\n  {one.file}")
        for delivery in one.deliveries:
            detail = f" ({delivery.detail})" if delivery.detail else ""
            prefix = "" if one.file is not None else f"{one.due.name}: "
            lines.append(f"  {prefix}kênh {delivery.channel}: {results[delivery.result]}{detail}")
    if not told:
        lines.append("Hôm nay không có tỉnh nào phải nhắc.")
    elif all(one.file is None for one in told):
        lines.append(f"Không có gì mới: {len(told)} thư nhắc đến ngày đều đã gửi từ trước.")
    return lines
