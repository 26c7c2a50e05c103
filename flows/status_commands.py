"""The commands about who is late: status."""

from __future__ import annotations

import click

from flows.command_options import Context, check_period, home_options


@click.command()
@click.argument("period")
@home_options
def status(period: str, home: str | None, catalogue: str | None) -> None:
    """Ai đã gửi, ai chưa, còn gì phải xử lý."""
    context = Context(home, catalogue)
    code = check_period(context.catalogue, period)
    from flows.summary import print_status

    print_status(context.catalogue, context.settings, code)


COMMANDS = (status,)
