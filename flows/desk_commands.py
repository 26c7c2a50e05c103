"""The commands of the analysts' desk: sql, trace, connect."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from flows.command_options import Context, home_options, refuse
from flows.settings import Settings

FORMATS = ("table", "csv", "json", "parquet", "xlsx")


@click.command()
@click.argument("statement", required=False)
@click.option("--format", "kind", type=click.Choice(FORMATS), help="Dạng kết quả (mặc định: bảng, hoặc theo tên tệp).")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Ghi kết quả ra tệp.")
@home_options
def sql(statement: str | None, kind: str | None, out: Path | None, home: str | None, catalogue: str | None) -> None:
    """Hỏi bằng SQL trên bản kho đã phát hành, chỉ đọc.

    Có câu SQL thì chạy câu ấy rồi thôi; không có thì mở cửa sổ hỏi đáp (gõ .tro giup trong đó).
    """
    settings = Context(home, catalogue).settings
    if statement is None:
        if kind or out:
            refuse("--format và --out cần một câu SQL; trong cửa sổ hỏi đáp dùng .xuat TỆP.")
        from flows.sql_shell import open_shell

        problem = open_shell(settings)
    elif kind in (None, "table") and out is None:
        from flows.sql_words import say_error
        from flows.summary import print_query

        problem = say_error(print_query(settings, statement))
    else:
        problem = _write(settings, statement, kind, out)
    if problem:
        refuse(problem)


def _write(settings: Settings, statement: str, kind: str | None, out: Path | None) -> str:
    """Writes a result to a file or onto standard output; what is wrong comes back as text."""
    from flows.sql_export import ExportError, export, kind_of, print_result
    from flows.sql_words import say_error
    from warehouse import WarehouseError
    from warehouse.reader import PublishedReader

    if out is None and kind in ("parquet", "xlsx"):
        return f"dạng {kind} phải ghi ra tệp: --out FILE"
    if kind == "table":
        return "dạng table chỉ để đọc trên màn hình; bỏ --out, hoặc chọn csv, json, parquet, xlsx"
    if not settings.published_warehouse.exists():
        return "chưa có kho dữ liệu phát hành; chạy: thidua run KỲ"
    try:
        with PublishedReader(settings.published_warehouse) as reader:
            if out is None:
                count = print_result(reader, statement, kind or "csv")
            else:
                count = export(reader, statement, out, kind_of(out, kind))
    except (WarehouseError, ExportError) as error:
        return say_error(str(error))
    click.echo(f"({count} dòng{f' → {out}' if out else ''})", file=sys.stderr)
    return ""


COMMANDS = (sql,)
