"""The commands of the analysts' desk: sql, trace, connect."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.command_options import Context, check_period, home_options, refuse
from flows.settings import Settings

if TYPE_CHECKING:
    from flows.desk.connections import Connection

FORMATS = ("table", "csv", "json", "parquet", "xlsx")


@click.command()
@click.argument("statement", required=False)
@click.option("--format", "kind", type=click.Choice(FORMATS), help="Dạng kết quả (mặc định: bảng, hoặc theo tên tệp).")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Ghi kết quả ra tệp.")
@click.option("--lake", "of_lake", is_flag=True, help="Hỏi hồ dữ liệu chung (lake.toml) thay cho bản của nhà này.")
@home_options
def sql(
    statement: str | None,
    kind: str | None,
    out: Path | None,
    of_lake: bool,
    home: str | None,
    catalogue: str | None,
) -> None:
    """Hỏi bằng SQL trên bản kho đã phát hành, chỉ đọc.

    Có câu SQL thì chạy câu ấy rồi thôi; không có thì mở cửa sổ hỏi đáp (gõ .tro giup trong đó).
    """
    settings = Context(home, catalogue).settings
    if statement is None:
        if kind or out:
            refuse("--format và --out cần một câu SQL; trong cửa sổ hỏi đáp dùng .xuat TỆP.")
        from flows.desk.sql_shell import open_shell

        problem = open_shell(settings, of_lake=of_lake)
    elif kind in (None, "table") and out is None:
        from flows.desk.sql_words import say_error
        from flows.summary import print_query

        problem = say_error(print_query(settings, statement, of_lake=of_lake))
    else:
        problem = _write(settings, statement, kind, out, of_lake)
    if problem:
        refuse(problem)


def _write(settings: Settings, statement: str, kind: str | None, out: Path | None, of_lake: bool) -> str:
    """Writes a result to a file or onto standard output; what is wrong comes back as text."""
    from flows.desk.sql_export import ExportError, export, kind_of, print_result
    from flows.desk.sql_reader import open_reader
    from flows.desk.sql_words import say_error
    from warehouse import WarehouseError, WarehouseUnusableError

    if out is None and kind in ("parquet", "xlsx"):
        return f"dạng {kind} phải ghi ra tệp: --out FILE"
    if kind == "table":
        return "dạng table chỉ để đọc trên màn hình; bỏ --out, hoặc chọn csv, json, parquet, xlsx"
    try:
        with open_reader(settings, of_lake=of_lake) as reader:
            if out is None:
                count = print_result(reader, statement, kind or "csv")
            else:
                count = export(reader, statement, out, kind_of(out, kind))
    except WarehouseUnusableError:
        raise
    except (WarehouseError, ExportError) as error:
        return say_error(str(error))
    click.echo(f"({count} dòng{f' → {out}' if out else ''})", file=sys.stderr)
    return ""


@click.command()
@click.argument("period")
@click.argument("province")
@click.argument("indicator")
@click.option("--json", "as_json", is_flag=True, help="In dạng JSON.")
@click.option("--open", "is_opening", is_flag=True, help="Mở trang cho thấy ô nguồn giữa các ô bên cạnh.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False, exists=True), metavar="DIR", help="Thư mục ghi trang ấy."
)
@home_options
def trace(
    period: str,
    province: str,
    indicator: str,
    as_json: bool,
    is_opening: bool,
    out: Path | None,
    home: str | None,
    catalogue: str | None,
) -> None:
    """Từ một con số về tận ô: tệp, ô, nguyên văn, cách đọc, quy tắc, ai duyệt, phát hành ở đâu.

    PROVINCE là tên, mã hoặc “Toàn Cụm”; INDICATOR là mã chỉ tiêu hoặc một phần tên.
    """
    context = Context(home, catalogue)
    code = check_period(context.catalogue, period)
    from flows.desk.source_page import show_page, write_source_page
    from flows.desk.trace import TraceError, find_indicator, trace_figure
    from flows.desk.trace_report import trace_json, trace_lines
    from transforms.identification import find_province

    unit = find_province(context.catalogue, province, code)
    unit = unit or next((p.province_id for p in context.catalogue.provinces if p.province_id == province), None)
    if unit is None:
        names = ", ".join(p.name for p in context.catalogue.members_of(code))
        refuse(f"“{province}” không phải đơn vị của Cụm trong kỳ {code}; có: {names}, Toàn Cụm")
    try:
        asked = find_indicator(context.catalogue, code, indicator)
        found = trace_figure(context.catalogue, context.settings, code, unit, asked)
        click.echo(trace_json(found) if as_json else "\n".join(trace_lines(found)))
        if is_opening or out is not None:
            page = write_source_page(context.settings, context.catalogue.form.organisation, found, out)
            opened = is_opening and show_page(page)
            click.echo(f"{'Đã mở' if opened else 'Trang ô nguồn'}: {page}", err=True)
    except TraceError as error:
        refuse(str(error))


@click.command()
@click.argument("program", required=False)
@home_options
def connect(program: str | None, home: str | None, catalogue: str | None) -> None:
    """Cách mở bản kho đã phát hành từ DBeaver, Metabase, Excel, Python, R, DuckDB."""
    settings = Context(home, catalogue).settings
    from flows.desk.connections import WARNING, describe, list_connections

    known = (*list_connections(settings.published_warehouse), *_list_lake(settings))
    chosen = [c for c in known if program is None or program.casefold() in (c.key, c.name.casefold())]
    if not chosen:
        refuse(f"không biết “{program}”; có: {', '.join(c.key for c in known)}")
    is_of_copy = any(connection.key != "lake" for connection in chosen)
    if is_of_copy and not settings.published_warehouse.exists():
        click.echo("(Chưa có bản kho nào được phát hành; chạy: thidua run KỲ)\n", err=True)
    for connection in chosen:
        click.echo(describe(connection))
    if is_of_copy:
        click.echo(WARNING)


def _list_lake(settings: Settings) -> tuple[Connection, ...]:
    """The way into the lake, where one is set up; settings that cannot be used end the command."""
    from flows.desk.connections import describe_lake
    from flows.lake.settings import LakeSettingsError, find_lake, read_lake

    file = find_lake(settings)
    try:
        return (describe_lake(read_lake(file).place),) if file is not None else ()
    except LakeSettingsError as error:
        refuse(str(error))


COMMANDS = (sql, trace, connect)
