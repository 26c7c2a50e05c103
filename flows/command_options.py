"""What the commands of `thidua` have in common: their options, their settings, how they refuse."""

from __future__ import annotations

import logging
import os
import re
import shlex
import sys
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import click

from catalogue import Catalogue, load_catalogue
from flows.click_words import speak_vietnamese
from flows.failure import ProgressLines, note_places
from flows.settings import Settings, find_settings
from flows.shares.settings import ShareSettingsError, read_shares

speak_vietnamese()  # before the first option of a command is made

FAILED, WRONG_USE, CRITICAL_STANDS, CLOSED_PIPE = 1, 2, 3, 141
_COMMAND = re.compile(r"(?<![\w/.-])thidua (?:[a-z]+-)?[a-z]+(?![\w-])(?!.* --home )")
_echo = click.echo


class Context:
    """Settings and catalogue of one call."""

    def __init__(self, home: str | None, catalogue: str | None) -> None:
        try:
            self.settings: Settings = find_settings(home, catalogue)
        except ValueError as error:
            refuse(str(error))
        self.places = ""  # options that say where the files of this call lie, as they were typed
        note_places(self.settings.home, self.settings.catalogue)
        name_home(home)
        refuse_file(self.settings.home, "nhà dữ liệu")
        if self.settings.takes_synthetic:
            from publications.labels import HOME_BANNER

            tell(f"{HOME_BANNER} (nhà dữ liệu {self.settings.home})")

    @property
    def catalogue(self) -> Catalogue:
        return load_catalogue(self.settings.catalogue)


def name_home(home: str | None) -> None:
    """Has every command of ours that is printed from now on name the home that this call names, so that it works as it
    is copied."""
    click.echo = _echo if home is None else partial(_echo_with_home, f" --home {shlex.quote(home)}")


def _echo_with_home(option: str, message: Any = None, *given: Any, **others: Any) -> None:
    if isinstance(message, str) and not message.startswith(("{", "[")):
        message = _COMMAND.sub(lambda found: f"{found[0]}{option}", message)
    _echo(message, *given, **others)


def tell(line: str = "") -> None:
    """A line for the person at the keyboard, on standard error."""
    click.echo(line, err=True)


def show_progress() -> None:
    """Our own progress on standard error; Prefect's lines stay on its page, its warnings come through."""
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "WARNING")
    handler = logging.StreamHandler()
    handler.setFormatter(ProgressLines())
    progress = logging.getLogger("thidua")
    progress.addHandler(handler)
    progress.setLevel(logging.INFO)
    progress.propagate = False
    logging.getLogger("sqlalchemy").setLevel(logging.CRITICAL)  # what goes wrong there is raised, and told by us


def refuse(problem: str) -> NoReturn:
    """Ends the command as wrongly used."""
    tell(f"Lỗi: {problem}")
    sys.exit(WRONG_USE)


def refuse_file(folder: Path, name: str) -> None:
    """Ends the command where what has to be a folder is a file."""
    if folder.exists() and not folder.is_dir():
        refuse(f"{name} “{folder}” là một tệp, không phải thư mục.")


def home_options(command: Any) -> Any:
    """--home and --catalogue, on every command."""
    command = click.option("--catalogue", metavar="DIR", help="Thư mục danh mục khác (mặc định: danh mục đi kèm).")(
        command
    )
    return click.option("--home", metavar="DIR", help="Nhà dữ liệu; trước THIDUA_HOME, trước var/.")(command)


def shares_option(command: Any) -> Any:
    """--shares, on commands that look into the provinces' folders."""
    return click.option(
        "--shares",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Tệp địa chỉ thư mục của từng tỉnh (mặc định: shares.toml trong nhà dữ liệu, nếu có).",
    )(command)


def channels_option(command: Any) -> Any:
    """--channels, on commands that send messages."""
    return click.option(
        "--channels",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Tệp khai kênh gửi (mặc định: channels.toml trong nhà dữ liệu, nếu có).",
    )(command)


def check_shares(file: Path | None) -> Path | None:
    """The file of the shares as it is, where it can be used; ends the command where it cannot."""
    try:
        if file is not None:
            read_shares(file)
    except ShareSettingsError as error:
        refuse(str(error))
    return file


def check_period(catalogue: Catalogue, period_code: str) -> str:
    """A period as a code of the calendar; ends the command where it is none."""
    from transforms.identification import find_period

    code = find_period(period_code)
    if code is None:
        refuse(f"“{period_code}” không phải kỳ báo cáo; viết như 2021H1 (6 tháng đầu năm) hoặc 2021H2.")
    if code not in catalogue.calendar:
        refuse(f"kỳ {code} không có trong lịch ({min(catalogue.calendar)}–{max(catalogue.calendar)}).")
    return code
