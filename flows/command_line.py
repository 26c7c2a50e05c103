"""The command `thidua`. Heavy parts are imported by the command that needs them."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from catalogue import Catalogue, CatalogueError, load_catalogue
from flows.settings import Settings, find_settings, keep_silent
from flows.share_settings import FILE_NAME, ShareSettingsError, find_shares, read_shares

FAILED, WRONG_USE, CRITICAL_STANDS, CLOSED_PIPE = 1, 2, 3, 141
_PERIOD = re.compile(r"\d{4}H[12]")


class Context:
    """Settings and catalogue of one call."""

    def __init__(self, home: str | None, catalogue: str | None) -> None:
        self.settings: Settings = find_settings(home, catalogue)
        refuse_file(self.settings.home, "nhà dữ liệu")

    @property
    def catalogue(self) -> Catalogue:
        return load_catalogue(self.settings.catalogue)


def tell(line: str = "") -> None:
    """A line for the person at the keyboard, on standard error."""
    click.echo(line, err=True)


def show_progress() -> None:
    """Our own progress on standard error; Prefect's lines stay on its page, its warnings come through."""
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "WARNING")
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s  %(message)s", "%H:%M:%S"))
    progress = logging.getLogger("thidua")
    progress.addHandler(handler)
    progress.setLevel(logging.INFO)
    progress.propagate = False


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


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="thidua")
def cli() -> None:
    """Thu thập, kiểm tra và tổng hợp báo cáo thi đua 6 tháng của Cụm."""
    keep_silent()


@cli.command()
@click.argument("period")
@click.option("--returns", type=click.Path(path_type=Path), metavar="DIR", help="Thư mục chứa thư mục của từng tỉnh.")
@shares_option
@click.option("--strict", is_flag=True, help="Thoát mã 3 khi còn phát hiện “Phải sửa”.")
@click.option("--keep-server", is_flag=True, help="Để máy chủ Prefect chạy tiếp sau lượt này.")
@home_options
def run(
    period: str,
    returns: Path | None,
    shares: Path | None,
    strict: bool,
    keep_server: bool,
    home: str | None,
    catalogue: str | None,
) -> None:
    """Thu thập, kiểm tra, nạp kho và phát hành bảng của một kỳ."""
    context = Context(home, catalogue)
    code = check_period(context.catalogue, period)
    root = (returns or context.settings.returns).expanduser().resolve()
    shares_file = check_shares(find_shares(context.settings, shares, returns))
    if not root.is_dir() and (returns is not None or shares_file is None):
        refuse(f"không có thư mục “{root}”; chỉ ra bằng --returns DIR.")
    from flows import server

    context.settings.home.mkdir(parents=True, exist_ok=True)
    was_up = server.find_server(context.settings) is not None
    running = server.server_for_run(context.settings, tell, keep=keep_server)
    os.environ.update(server.environment(context.settings, running))
    show_progress()
    tell(f"Đang thu thập kỳ {code} từ {shares_file or root} …")
    from flows.period_flow import collect_period
    from flows.summary import print_outcome

    outcome = collect_period(
        code,
        str(root),
        str(context.settings.home),
        str(context.settings.catalogue),
        str(shares_file) if shares_file is not None else None,
    )
    print_outcome(context.catalogue, outcome, context.settings, running.page if was_up or keep_server else "")
    if strict and outcome.count("critical"):
        sys.exit(CRITICAL_STANDS)


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="In danh sách phát hiện dạng JSON.")
@home_options
def check(file: Path, as_json: bool, home: str | None, catalogue: str | None) -> None:
    """Kiểm tra riêng một tệp biểu, không cần máy chủ và kho dữ liệu."""
    if not file.is_file():
        refuse(f"không có tệp “{file}”.")
    context = Context(home, catalogue)
    from flows.checking import check_file, finding_row, print_findings

    findings, reading = check_file(context.settings, context.catalogue, file)
    tell("Kiểm tra riêng một tệp: bỏ qua các quy tắc so giữa các tỉnh, với kỳ trước và với số công bố của Cụm.")
    if as_json:
        rows = [finding_row(context.catalogue, f) for f in findings]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        print_findings(context.catalogue, file.name, reading, findings)
    if any(f.severity == "critical" for f in findings):
        sys.exit(CRITICAL_STANDS)


@cli.command()
@click.argument("period")
@click.option("--province", metavar="NAME", help="Chỉ một tỉnh (tên, mã hoặc “Toàn Cụm”).")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="DIR", help="Thư mục ghi mẫu.")
@home_options
def template(period: str, province: str | None, out: Path, home: str | None, catalogue: str | None) -> None:
    """Xuất mẫu biểu trống của một kỳ cho các tỉnh."""
    context = Context(home, catalogue)
    tables = context.catalogue
    code = check_period(tables, period)
    refuse_file(out, "nơi ghi mẫu")
    from flows.templates import write_templates

    unknown = write_templates(tables, code, province, out)
    if unknown:
        refuse(unknown)


@cli.command()
@click.argument("period")
@home_options
def status(period: str, home: str | None, catalogue: str | None) -> None:
    """Ai đã gửi, ai chưa, còn gì phải xử lý."""
    context = Context(home, catalogue)
    code = check_period(context.catalogue, period)
    from flows.summary import print_status

    print_status(context.catalogue, context.settings, code)


@cli.command("shares")
@click.argument("period", required=False)
@shares_option
@home_options
def look_at_shares(period: str | None, shares: Path | None, home: str | None, catalogue: str | None) -> None:
    """Xem thư mục của từng tỉnh có vào được không, có bao nhiêu tệp."""
    context = Context(home, catalogue)
    file = check_shares(find_shares(context.settings, shares))
    if file is None:
        refuse(f"chưa có tệp “{context.settings.home / FILE_NAME}”; chỉ ra bằng --shares FILE.")
    code = check_period(context.catalogue, period) if period else None
    from flows.share_report import print_shares

    if not print_shares(context.catalogue, context.settings, file, code):
        sys.exit(CRITICAL_STANDS)


@cli.command()
@click.argument("statement")
@home_options
def sql(statement: str, home: str | None, catalogue: str | None) -> None:
    """Chạy một câu SQL chỉ đọc trên bản kho đã phát hành."""
    context = Context(home, catalogue)
    from flows.summary import print_query

    problem = print_query(context.settings, statement)
    if problem:
        refuse(problem)


@cli.command()
@home_options
def up(home: str | None, catalogue: str | None) -> None:
    """Khởi động máy chủ Prefect trên máy này."""
    context = Context(home, catalogue)
    from flows import server

    context.settings.home.mkdir(parents=True, exist_ok=True)
    running = server.start_server(context.settings, tell)
    click.echo(f"Trang Prefect: {running.page}")
    click.echo("Dừng bằng: thidua down")


@cli.command()
@home_options
def down(home: str | None, catalogue: str | None) -> None:
    """Dừng máy chủ Prefect của nhà này."""
    context = Context(home, catalogue)
    from flows import server

    click.echo(
        "Đã dừng máy chủ Prefect." if server.stop_server(context.settings) else "Không có máy chủ nào đang chạy."
    )


def main() -> None:
    """The entry point: whatever fails on our side ends with 1 and says what and where."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        tell("Đã dừng theo yêu cầu.")
        sys.exit(FAILED)
    except click.ClickException as error:
        error.show()
        sys.exit(WRONG_USE)
    except BrokenPipeError:  # whoever read our output has gone, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(CLOSED_PIPE)
    except OSError as error:
        place = f" “{error.filename}”" if error.filename else ""
        tell(f"Máy không cho đọc hoặc ghi{place}: {error.strerror or error}")
        sys.exit(FAILED)
    except CatalogueError as error:
        tell(f"Danh mục có lỗi: {error}")
        sys.exit(FAILED)
    except Exception as error:
        logging.getLogger("thidua").exception("thidua failed")
        tell(f"Hệ thống gặp lỗi: {type(error).__name__}: {error}")
        sys.exit(FAILED)
