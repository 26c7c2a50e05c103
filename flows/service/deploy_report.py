"""The command `thidua deploy`: what it registered, and when each of it has something to do next."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from catalogue.model import Catalogue
from flows.local_time import say_moment
from flows.service.deploying import deploy_all
from flows.service.deployment_file import appointments, read_deployments
from flows.service.server import Server
from flows.settings import Settings
from flows.summary import print_table
from transforms.timetable import Appointment, next_start


def deploy_home(catalogue: Catalogue, settings: Settings, server: Server, now: dt.datetime) -> None:
    """Registers everything that runs by itself for a home, and prints what is so now."""
    settings.home.mkdir(parents=True, exist_ok=True)
    print_table([{"Đăng ký": one.name, "Kết quả": one.change} for one in deploy_all(read_deployments(settings))])
    for line in _apply_automations(settings, server):
        click.echo(line)
    click.echo()
    print_table([_row(catalogue, one, now) for one in appointments()])
    click.echo()
    click.echo(_say_worker(settings))
    click.echo("Xem lịch bất cứ lúc nào: thidua season")


def _say_worker(settings: Settings) -> str:
    from flows.service.worker_process import find_worker

    if find_worker(settings) is not None:
        return "Tiến trình làm việc (worker) đang chạy: đến giờ là các việc này tự chạy."
    return "Trên máy này chưa có tiến trình làm việc (worker), mà có nó các việc này mới chạy: thidua up"


def _row(catalogue: Catalogue, one: Appointment, now: dt.datetime) -> dict[str, Any]:
    found = next_start(one, catalogue.calendar.values(), now)
    if found is None:
        return {
            "Việc": one.title,
            "Giờ chạy": say_times(one.times),
            "Lần tới có việc": "lịch không còn kỳ nào",
            "Kỳ": "",
        }
    start, code = found
    assumed = " (dự kiến)" if catalogue.calendar[code].is_assumed else ""
    return {
        "Việc": one.title,
        "Giờ chạy": say_times(one.times),
        "Lần tới có việc": f"{say_moment(start)}{assumed}",
        "Kỳ": code,
    }


def say_times(times: tuple[dt.time, ...]) -> str:
    """The hours of a schedule."""
    if len(times) == 1:
        return f"hằng ngày {times[0]:%H:%M}"
    return f"hằng ngày, mỗi giờ {times[0]:%H:%M}–{times[-1]:%H:%M}"


def _apply_automations(settings: Settings, server: Server) -> list[str]:
    from flows.alarms.automations import AutomationError, apply_automations
    from flows.messages.channel_settings import ChannelSettingsError

    try:
        return list(apply_automations(settings, server))
    except (AutomationError, ChannelSettingsError) as error:
        return [f"Chưa đăng ký được báo động tự động: {error}"]
