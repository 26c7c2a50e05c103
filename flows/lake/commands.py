"""The command of the lake: lake."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import click

from flows.command_options import FAILED, Context, home_options, refuse, show_progress, tell

EXAMPLE = """catalogue = "postgresql://thidua_ghi@10.0.0.7:5432/thidua"
folder = "/srv/thidua-lake"
password_env = "THIDUA_LAKE_PASSWORD\""""


@click.command()
@click.option("--push", "is_pushing", is_flag=True, help="Ghi ngay bản phát hành hiện có vào hồ.")
@click.option("--take-over", is_flag=True, help="Nhận hồ của một nhà dữ liệu không còn dùng nữa, rồi ghi.")
@click.option("--check", "is_checking", is_flag=True, help="Đọc hết hồ và so từng bảng với bản phát hành.")
@home_options
def lake(is_pushing: bool, take_over: bool, is_checking: bool, home: str | None, catalogue: str | None) -> None:
    """Hồ dữ liệu chung (DuckLake): đang ở đâu, đã khớp bản phát hành chưa."""
    settings = Context(home, catalogue).settings
    from flows.home_lock import one_at_a_time
    from flows.lake.settings import FILE_NAME, LakeSettingsError, find_lake, open_place, read_lake
    from flows.lake.sharing import bring, is_brought, mark_of, read_record
    from flows.local_time import say_moment
    from transforms.numbers_vi import format_number
    from warehouse.lake.look import compare, look
    from warehouse.lake.place import LakeError

    file = find_lake(settings)
    if file is None:
        refuse(f"chưa có hồ dữ liệu nào; viết {settings.home / FILE_NAME}, ví dụ:\n{EXAMPLE}")
    copy = settings.published_warehouse
    try:
        place = open_place(read_lake(file))
        if is_pushing or take_over:
            if not copy.is_file():
                refuse("chưa có kho dữ liệu phát hành; chạy: thidua run KỲ")
            show_progress()
            with one_at_a_time(settings):
                bring(settings, place, read_record(settings), dt.datetime.now(dt.UTC), take_over=take_over)
        state = look(place)
        click.echo(f"Danh mục:   {place.catalogue}\nThư mục:    {place.folder}")
        click.echo(f"Chủ hồ:     {state.home_name}\nGhi lúc:    {say_moment(state.pushed_at)}, bản số {state.snapshot}")
        click.echo(f"Số dòng:    {format_number(Decimal(state.rows))}")
        record = read_record(settings)
        if not copy.is_file():
            click.echo("Nhà dữ liệu này không có bản phát hành nào để so; chỉ đọc hồ: thidua sql --lake")
            return
        is_current = is_brought(record, state) and record.copy_mark == mark_of(copy)
        if is_checking:
            different = compare(place, copy)
            for name, theirs, ours in different:
                click.echo(f"  khác: {name}: hồ có {theirs} dòng, bản phát hành {ours} dòng")
            is_current = not different
            click.echo("Đã đọc hết: từng dòng như bản phát hành." if is_current else "")
        click.echo("Khớp bản phát hành." if is_current else "Chưa khớp bản phát hành; ghi ngay: thidua lake --push")
    except LakeSettingsError as error:
        refuse(str(error))
    except LakeError as error:
        tell(f"Lỗi: {error}")
        raise SystemExit(FAILED) from error


COMMANDS = (lake,)
