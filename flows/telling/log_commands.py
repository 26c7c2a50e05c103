"""The command that shows what ran: runs."""

from __future__ import annotations

import click

from flows.command_options import Context, check_period, home_options, refuse, tell

MOST = 20


@click.command("runs")
@click.argument("period", required=False)
@click.option(
    "--most", type=click.IntRange(1, 10_000), default=MOST, metavar="N", show_default=True, help="Số lượt gần nhất."
)
@click.option("--changes", "number", metavar="NUMBER", help="Lượt mang số này (cột “Số”) thấy gì đã đổi.")
@click.option("--json", "as_json", is_flag=True, help="In dạng JSON.")
@home_options
def show_runs(
    period: str | None, most: int, number: str | None, as_json: bool, home: str | None, catalogue: str | None
) -> None:
    """Nhật ký các lượt chạy, mới nhất ở trên."""
    context = Context(home, catalogue)
    code = check_period(context.catalogue, period) if period else None
    from flows.reminders.status_report import print_json
    from flows.summary import print_table
    from flows.telling.log_report import NoLogError, log_rows, log_values, read_changes, read_log

    try:
        if number is not None:
            changes, is_copy = read_changes(context.settings, number.strip().lower())
            if as_json:
                print_json(log_values(changes))
            else:
                click.echo("\n".join(f"- {c.text}" for c in changes) or "Lượt này không ghi nhận thay đổi nào.")
        else:
            runs, is_copy = read_log(context.settings, code, most)
            if as_json:
                print_json(log_values(runs))
            else:
                print_table(log_rows(runs))
                if not runs:
                    click.echo("Chưa có lượt chạy nào.")
    except NoLogError as error:
        refuse(f"{error}.")
    if is_copy:
        tell("Đang có lượt chạy: đây là nhật ký trong bản kho phát hành gần nhất, lượt cuối trong đó có thể đã xong.")


COMMANDS = (show_runs,)
