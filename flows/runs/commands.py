"""The commands that collect, check and look: run, check, template, shares, sql."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from flows.command_options import (
    CRITICAL_STANDS,
    Context,
    check_period,
    check_shares,
    home_options,
    refuse,
    refuse_file,
    shares_option,
    show_progress,
    tell,
)
from flows.shares.settings import FILE_NAME, find_shares


@click.command()
@click.argument("period")
@click.option("--returns", type=click.Path(path_type=Path), metavar="DIR", help="Thư mục chứa thư mục của từng tỉnh.")
@shares_option
@click.option("--strict", is_flag=True, help="Thoát mã 3 khi còn phát hiện “Phải sửa”.")
@click.option("--no-answers", is_flag=True, help="Lượt này không đặt phản hồi vào thư mục của các tỉnh.")
@click.option("--keep-server", is_flag=True, help="Để máy chủ Prefect chạy tiếp sau lượt này.")
@home_options
def run(
    period: str,
    returns: Path | None,
    shares: Path | None,
    strict: bool,
    no_answers: bool,
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
    from flows.service import server

    context.settings.home.mkdir(parents=True, exist_ok=True)
    was_up = server.find_server(context.settings) is not None
    running = server.server_for_run(context.settings, tell, keep=keep_server)
    os.environ.update(server.environment(context.settings, running))
    show_progress()
    tell(f"Đang thu thập kỳ {code} từ {shares_file or root} …")
    from flows.failure import quiet_flow_errors
    from flows.runs.flow import collect_period
    from flows.summary import print_outcome

    quiet_flow_errors()
    outcome = collect_period(
        code,
        str(root),
        str(context.settings.home),
        str(context.settings.catalogue),
        str(shares_file) if shares_file is not None else None,
        not no_answers,
    )
    assert outcome is not None  # only a run without a period may have nothing to do
    print_outcome(context.catalogue, outcome, context.settings)
    if was_up or keep_server:
        from flows.service.commands import print_page

        print_page(running)
        click.echo("Dừng bằng: thidua down")
    if strict and outcome.count("critical"):
        sys.exit(CRITICAL_STANDS)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="In danh sách phát hiện dạng JSON.")
@home_options
def check(file: Path, as_json: bool, home: str | None, catalogue: str | None) -> None:
    """Kiểm tra riêng một tệp biểu, không cần máy chủ và kho dữ liệu."""
    from flows.places import readable

    if not file.is_file():
        refuse(f"không có tệp “{readable(str(file))}”.")
    context = Context(home, catalogue)
    from flows.reading.checking import check_file, finding_row, print_checked

    checked = check_file(context.settings, context.catalogue, file)
    findings = [finding for _, found in checked for finding in found]
    tell("Kiểm tra riêng một tệp: bỏ qua các quy tắc so giữa các tỉnh, với kỳ trước và với số công bố của Cụm.")
    if as_json:
        rows = [finding_row(context.catalogue, f) for f in findings]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        print_checked(context.catalogue, readable(file.name), checked)
    if any(f.severity == "critical" for f in findings):
        sys.exit(CRITICAL_STANDS)


@click.command()
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
    from flows.runs.templates import write_templates

    unknown = write_templates(tables, code, province, out)
    if unknown:
        refuse(unknown)


@click.command("shares")
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
    from flows.shares.report import print_shares

    if not print_shares(context.catalogue, context.settings, file, code):
        sys.exit(CRITICAL_STANDS)


COMMANDS = (run, check, template, look_at_shares)
