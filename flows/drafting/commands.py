"""The command that hands out the draft of the report: report."""

from __future__ import annotations

from pathlib import Path

import click

from flows.command_options import Context, check_period, home_options, refuse, refuse_file, tell


@click.command()
@click.argument("period")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path(),
    metavar="DIR",
    help="Thư mục ghi bao-cao.docx và bao-cao.md (mặc định: thư mục hiện thời).",
)
@click.option("--replace", is_flag=True, help="Ghi đè tệp báo cáo đã có và khác.")
@home_options
def report(period: str, out: Path, replace: bool, home: str | None, catalogue: str | None) -> None:
    """Xuất dự thảo báo cáo của một kỳ để văn phòng viết tiếp trong Word."""
    context = Context(home, catalogue)
    code = check_period(context.catalogue, period)
    refuse_file(out, "nơi ghi báo cáo")
    from flows.drafting.drawing import find_report
    from flows.local_time import now
    from flows.whole_files import put_file

    found = find_report(context.catalogue, context.settings, code, now())
    if not found.files:
        refuse("danh mục không có bảng report_sections.csv nên không lập được báo cáo.")
    targets = {out / name: data for name, data in found.files.items()}
    edited = [path for path, data in targets.items() if path.exists() and path.read_bytes() != data]
    if edited and not replace:
        names = ", ".join(f"“{path}”" for path in edited)
        refuse(f"đã có {names} và nội dung khác; chọn thư mục khác bằng --out, hoặc ghi đè bằng --replace.")
    out.mkdir(parents=True, exist_ok=True)
    for path, data in targets.items():
        put_file(path, data)
        click.echo(str(path))
    if not found.is_published:
        tell(f"Kỳ {code} chưa phát hành: dự thảo lập từ những gì kho đang có. Thu thập bằng: thidua run {code}")


COMMANDS = (report,)
