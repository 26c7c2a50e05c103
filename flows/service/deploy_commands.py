"""The commands of what runs by itself: deploy, season."""

from __future__ import annotations

import datetime as dt
import os

import click

from flows.command_options import Context, home_options, refuse
from flows.local_time import HANOI, now


@click.command()
@home_options
def deploy(home: str | None, catalogue: str | None) -> None:
    """Đăng ký mọi việc chạy theo lịch với máy chủ Prefect của nhà này."""
    context = Context(home, catalogue)
    from flows.service import server

    running = server.find_server(context.settings) or server.named_server()
    if running is None:
        refuse("máy chủ Prefect của nhà này chưa chạy; khởi động trước: thidua up")
    os.environ.update(server.environment(context.settings, running))
    from flows.service.deploy_report import deploy_home

    deploy_home(context.catalogue, context.settings, running, now())


@click.command()
@click.option(
    "--on", "day", metavar="DATE", help="Xem như vào ngày này (2021-07-02 hoặc 02/07/2021); mặc định hôm nay."
)
@home_options
def season(day: str | None, home: str | None, catalogue: str | None) -> None:
    """Hôm nay đang ở đâu trong kỳ, việc gì chạy tiếp và lúc nào."""
    context = Context(home, catalogue)
    from flows.reminders.status_commands import read_day
    from flows.runs.season_report import season_lines
    from flows.service.deployment_file import appointments

    moment = now() if day is None else dt.datetime.combine(read_day(day), dt.time(), HANOI)
    for line in season_lines(context.catalogue, moment, appointments()):
        click.echo(line)


COMMANDS = (deploy, season)
