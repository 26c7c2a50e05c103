"""The command `thidua`. Heavy parts are imported by the command that needs them."""

from __future__ import annotations

import logging
import os
import sys

import click

from flows.alarms import watch_commands
from flows.backups import commands as backup_commands
from flows.closing import commands as closing_commands
from flows.closing import seal_commands
from flows.command_options import CLOSED_PIPE, FAILED, WRONG_USE, tell
from flows.desk import commands as desk_commands
from flows.drafting import commands as drafting_commands
from flows.failure import ProgressLines, say_end
from flows.lake import commands as lake_commands
from flows.proofreading import commands as proofreading_commands
from flows.reminders import status_commands
from flows.rulings import commands as ruling_commands
from flows.runs import commands as run_commands
from flows.self_check import commands as self_check_commands
from flows.service import commands as service_commands
from flows.service import deploy_commands
from flows.settings import keep_silent
from flows.telling import log_commands

COMMANDS = (
    *run_commands.COMMANDS,
    *status_commands.COMMANDS,
    *log_commands.COMMANDS,
    *desk_commands.COMMANDS,
    *lake_commands.COMMANDS,
    *drafting_commands.COMMANDS,
    *proofreading_commands.COMMANDS,
    *ruling_commands.COMMANDS,
    *closing_commands.COMMANDS,
    *seal_commands.COMMANDS,
    *watch_commands.COMMANDS,
    *backup_commands.COMMANDS,
    *deploy_commands.COMMANDS,
    *self_check_commands.COMMANDS,
    *service_commands.COMMANDS,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="thidua")
def cli() -> None:
    """Thu thập, kiểm tra và tổng hợp báo cáo thi đua 6 tháng của Cụm."""
    keep_silent()
    if logging.lastResort is not None:  # where a command shows no progress, what is logged looks the same
        logging.lastResort.setFormatter(ProgressLines())


cli.subcommand_metavar = "LỆNH [THAM SỐ]..."
for command in (cli, *COMMANDS):
    command.options_metavar = "[TÙY CHỌN]"
for command in COMMANDS:
    cli.add_command(command)


def say_misuse(error: click.ClickException) -> str:
    """What is wrong with a command as it was typed."""
    if isinstance(error, click.MissingParameter):
        return f"thiếu {_name_of(error.param)}."
    if isinstance(error, click.BadParameter):
        return f"{_name_of(error.param)} không hợp lệ: {error.message}"
    return error.format_message()


def _name_of(parameter: click.Parameter | None) -> str:
    if isinstance(parameter, click.Option):
        return f"tùy chọn {parameter.opts[0]}"
    return f"tham số {parameter.human_readable_name}" if parameter is not None else "tham số"


def main() -> None:
    """The entry point: whatever fails on our side ends with 1 and says what and where."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        tell("Đã dừng theo yêu cầu.")
        sys.exit(FAILED)
    except click.ClickException as error:
        if isinstance(error, click.exceptions.NoArgsIsHelpError):
            tell(error.format_message())
            sys.exit(WRONG_USE)
        tell(f"Lỗi: {say_misuse(error)}")
        context = getattr(error, "ctx", None)
        tell(f"Xem cách dùng: {context.command_path if context is not None else 'thidua'} --help")
        sys.exit(WRONG_USE)
    except BrokenPipeError:  # whoever read our output has gone, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(CLOSED_PIPE)
    except Exception as error:
        tell(say_end(error))
        sys.exit(FAILED)
