"""The commands that save a home and bring it back: backup, restore."""

from __future__ import annotations

import datetime as dt
import sys
from decimal import Decimal
from pathlib import Path

import click

from flows.command_options import FAILED, Context, home_options, show_progress, tell


@click.command()
@click.argument("target", metavar="FILE-or-DIR", type=click.Path(path_type=Path))
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    metavar="N",
    help="Giữ N bản mới nhất của nhà này trong thư mục, xóa các bản cũ hơn.",
)
@home_options
def backup(target: Path, keep: int | None, home: str | None, catalogue: str | None) -> None:
    """Sao lưu nhà dữ liệu thành một tệp; chờ nếu đang có lượt chạy."""
    context = Context(home, catalogue)
    show_progress()
    from flows.backups.backup import BackupError, back_up
    from transforms.numbers_vi import format_number

    try:
        made = back_up(context.settings, target.expanduser().resolve(), keep)
    except BackupError as error:
        tell(f"Lỗi: chưa sao lưu được: {error}.")
        sys.exit(FAILED)
    size = format_number(Decimal(made.file.stat().st_size) / (1 << 20), 1)
    click.echo(f"Đã sao lưu {len(made.manifest.files)} tệp vào {made.file} ({size} MB), đã đọc lại và đúng.")
    for note in made.manifest.notes:
        tell(note)
    for file in made.removed:
        click.echo(f"Đã xóa bản cũ {file}")
    click.echo("Cất như cất mật khẩu: trong đó có cơ sở dữ liệu của Prefect, kể cả các khối bí mật nếu có.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--replace", is_flag=True, help="Nhà dữ liệu đang có thì dời sang bên trước (không xóa).")
@home_options
def restore(file: Path, replace: bool, home: str | None, catalogue: str | None) -> None:
    """Dựng lại nhà dữ liệu từ một bản sao lưu."""
    context = Context(home, catalogue)
    show_progress()
    from flows.backups.restore import RestoreError
    from flows.backups.restore import restore as bring_back
    from flows.local_time import say_moment

    try:
        restored = bring_back(context.settings, file.expanduser().resolve(), replace)
    except RestoreError as error:
        tell(f"Lỗi: chưa khôi phục gì: {error}.")
        sys.exit(FAILED)
    manifest = restored.manifest
    if restored.old_home is not None:
        click.echo(f"Nhà dữ liệu cũ nay nằm ở {restored.old_home}")
    click.echo(
        f"Đã khôi phục {len(manifest.files)} tệp vào {context.settings.home}, như lúc "
        f"{say_moment(dt.datetime.fromisoformat(manifest.made_at))} "
        f"trên máy {manifest.host}."
    )
    for note in manifest.notes:
        tell(note)
    click.echo("Bảng và trang phát hành được làm lại ở lượt chạy tới: thidua run KỲ. Mật khẩu máy chủ là mật khẩu mới.")


COMMANDS = (backup, restore)
