"""The commands about what was sealed: seals, verify, rebuild."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import click

from flows.command_options import (
    CRITICAL_STANDS,
    Context,
    check_period,
    home_options,
    refuse,
    refuse_file,
    show_progress,
    tell,
)

SHOWN = 20


@click.command()
@click.argument("period", required=False)
@home_options
def seals(period: str | None, home: str | None, catalogue: str | None) -> None:
    """Sổ chốt kỳ: ai được hỏi, ai quyết định, các bản niêm phong và mã của chúng."""
    context = Context(home, catalogue)
    from flows.closing.report import seal_rows
    from flows.closing.seal_record import read_closings
    from flows.summary import print_table

    codes = [check_period(context.catalogue, period)] if period else list(context.catalogue.calendar)
    rows = seal_rows(event for code in codes for event in read_closings(context.settings, code))
    if rows:
        print_table([dict(row) for row in rows])
        click.echo(f"\nCác bản niêm phong: {context.settings.seals}")
    else:
        click.echo("Chưa xin ý kiến chốt kỳ nào.")


@click.command()
@click.argument("seal")
@click.option("--manifest-hash", default="", metavar="SHA256", help="Mã đã ghi lúc niêm phong (trong biên bản).")
@home_options
def verify(seal: str, manifest_hash: str, home: str | None, catalogue: str | None) -> None:
    """Kiểm tra một bản niêm phong có còn nguyên vẹn không; SEAL là thư mục, hoặc 2021H1/1."""
    context = Context(home, catalogue)
    from flows.closing.seal_folder import SealError, find_seal
    from flows.closing.seal_record import check_seal

    show_progress()
    try:
        folder = find_seal(context.settings, seal)
    except SealError as error:
        refuse(str(error))
    checked = check_seal(context.settings, folder, manifest_hash.strip().lower())
    click.echo(f"Bản niêm phong: {folder}")
    if checked.manifest_hash:
        click.echo(f"SHA-256 của manifest.json: {checked.manifest_hash}")
    for note in checked.notes:
        click.echo(note)
    if not checked.faults:
        click.echo(f"NGUYÊN VẸN: {checked.files} tệp đúng từng byte, không thừa, không thiếu.")
        return
    for fault in checked.faults[:SHOWN]:
        click.echo(f"  {fault.path}: {fault.text}")
    if len(checked.faults) > SHOWN:
        click.echo(f"  … và {len(checked.faults) - SHOWN} chỗ nữa")
    click.echo(f"ĐÃ BỊ SỬA: {len(checked.faults)} chỗ.")
    sys.exit(CRITICAL_STANDS)


@click.command()
@click.argument("seal")
@click.option("--compare", "is_comparing", is_flag=True, help="Phần mềm khác bản đã niêm phong: so từng giá trị.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Giữ các bảng dựng lại ở đây.")
@home_options
def rebuild(seal: str, is_comparing: bool, out: Path | None, home: str | None, catalogue: str | None) -> None:
    """Lập lại các bảng của một bản niêm phong từ tệp gốc trong đó, rồi so với bảng đã niêm phong."""
    context = Context(home, catalogue)
    from flows.closing.seal_folder import SealError, find_seal

    if out is not None:
        refuse_file(out, "nơi giữ bảng")
        if out.exists() and any(out.iterdir()):
            refuse(f"thư mục “{out}” không trống; chỉ ra một thư mục mới.")
        out.mkdir(parents=True, exist_ok=True)
    show_progress()
    from flows.closing.rebuilding import rebuild as make_again

    try:
        folder = find_seal(context.settings, seal)
        with tempfile.TemporaryDirectory(prefix="thidua-") as temporary:
            rebuilt = make_again(folder, out or Path(temporary), is_comparing=is_comparing)
    except SealError as error:
        tell(f"Không dựng lại: {error}")
        sys.exit(CRITICAL_STANDS)
    for name, then, now in rebuilt.versions:
        click.echo(f"Phiên bản khác: {name}: lúc niêm phong {then or 'không có'}, nay {now or 'không có'}")
    for value in rebuilt.values[:SHOWN]:
        place = f"{value.table}, dòng {value.row}, cột {value.column}"
        click.echo(f"  {place}: niêm phong “{value.sealed}”, dựng lại “{value.rebuilt}”")
    if len(rebuilt.values) > SHOWN:
        click.echo(f"  … và {len(rebuilt.values) - SHOWN} giá trị nữa")
    if out is not None:
        click.echo(f"Bảng dựng lại: {rebuilt.folder}")
    if not rebuilt.differing:
        click.echo(f"GIỐNG HỆT: {rebuilt.files} tệp bảng dựng lại đúng từng byte.")
    elif is_comparing and not rebuilt.values:
        click.echo(f"MỌI GIÁ TRỊ GIỐNG NHAU; {len(rebuilt.differing)}/{rebuilt.files} tệp khác về hình thức.")
    else:
        click.echo(f"KHÁC: {len(rebuilt.values)} giá trị; {len(rebuilt.differing)} tệp: {', '.join(rebuilt.differing)}")
        sys.exit(CRITICAL_STANDS)


COMMANDS = (seals, verify, rebuild)
