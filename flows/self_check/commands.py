"""The command `thidua self-check`."""

from __future__ import annotations

import datetime as dt
import os
import sys

import click

from catalogue import CatalogueError
from flows.command_options import CRITICAL_STANDS, Context, check_period, home_options, tell


@click.command("self-check")
@click.argument("period", required=False)
@home_options
def self_check(period: str | None, home: str | None, catalogue: str | None) -> None:
    """Thử mọi thứ mà một kỳ cần trước khi mở thu thập; không gửi gì, không đổi gì."""
    context = Context(home, catalogue)
    from flows.local_time import today
    from flows.self_check.checks import check_all
    from flows.self_check.report import has_failed, keep_result, period_to_check, print_checks
    from flows.service import server

    os.environ.update(server.environment(context.settings, server.find_server(context.settings)))
    try:
        tables = context.catalogue
        code = check_period(tables, period) if period else period_to_check(tables, today())
    except CatalogueError:
        code = period or ""
    tell("Đang thử; mất chừng mười giây …")
    checks = check_all(context.settings, code, dt.datetime.now(dt.UTC))
    print_checks(code, checks)
    keep_result(context.settings, code, checks)
    if has_failed(checks):
        sys.exit(CRITICAL_STANDS)


COMMANDS = (self_check,)
