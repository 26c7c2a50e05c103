"""The commands of the proof-reader: audit, import-report."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from flows.command_options import CRITICAL_STANDS, Context, check_period, home_options, refuse, tell
from flows.word import BY_VARIABLE, take_word


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--period", metavar="PERIOD", help="Kỳ mà văn bản báo cáo (mặc định: như văn bản nói).")
@click.option("--json", "as_json", is_flag=True, help="In từng số dạng JSON.")
@click.option(
    "--marked", type=click.Path(path_type=Path), metavar="OUT.docx", help="Ghi bản sao có ghi chú tại từng chỗ."
)
@home_options
def audit(
    file: Path, period: str | None, as_json: bool, marked: Path | None, home: str | None, catalogue: str | None
) -> None:
    """Đọc soát một báo cáo (.docx, .md, .txt): mỗi con số trong câu chữ có khớp với kho không."""
    from flows.places import readable

    if not file.is_file():
        refuse(f"không có tệp “{readable(str(file))}”.")
    if marked is not None:
        _check_target(file, marked)
    context = Context(home, catalogue)
    code = check_period(context.catalogue, period) if period else ""
    from flows.proofreading import auditing, report
    from flows.reading.pool import ReadingPool
    from flows.whole_files import put_file

    try:
        with ReadingPool(context.settings.catalogue, workers=1) as pool:
            understood = auditing.understand(pool, context.settings, file, code)
            found = auditing.audit_report(context.catalogue, context.settings, understood)
            if marked is not None:
                summary = f"thidua đọc soát: {report.summary_line(found)}."
                put_file(marked, auditing.mark(pool, understood, found, summary))
    except auditing.AuditError as error:
        refuse(str(error))
    if as_json:
        click.echo(json.dumps([report.audit_row(r) for r in found.remarks], ensure_ascii=False, indent=1))
    else:
        for line in report.audit_lines(context.catalogue, readable(file.name), understood.prose, found):
            click.echo(line)
    if marked is not None:
        tell(f"Bản đánh dấu: {marked}")
    if not found.is_clean:
        sys.exit(CRITICAL_STANDS)


def _check_target(file: Path, marked: Path) -> None:
    """Ends the command where the marked copy could not be written, or would take the report's own place."""
    if marked.suffix.lower() != ".docx":
        refuse("bản đánh dấu là tệp Word; ghi tên có đuôi .docx sau --marked.")
    if marked.exists() and marked.samefile(file):
        refuse("bản đánh dấu phải là tệp khác với báo cáo; ghi tên khác sau --marked.")
    if not marked.absolute().parent.is_dir() or marked.is_dir():
        refuse(f"không ghi được vào “{marked}”: không có thư mục ấy, hoặc đó là một thư mục.")
    if not os.access(marked.absolute().parent, os.W_OK):
        refuse(f"không ghi được vào “{marked}”: thư mục chỉ cho đọc; chọn nơi khác sau --marked.")


@click.command("import-report")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--period", required=True, metavar="PERIOD", help="Kỳ của số liệu cần nhập.")
@click.option("--accept", is_flag=True, help="Nhập thật (mặc định: chỉ cho xem).")
@click.option(
    "--by", "decided_by", envvar=BY_VARIABLE, metavar="NAME", help="Người quyết định (mặc định: tên đăng nhập)."
)
@click.option("--reason", metavar="TEXT", help="Lý do, được lưu; bắt buộc khi --accept.")
@click.option("--json", "as_json", is_flag=True, help="In các số dạng JSON.")
@home_options
def import_report(
    file: Path,
    period: str,
    accept: bool,
    decided_by: str | None,
    reason: str | None,
    as_json: bool,
    home: str | None,
    catalogue: str | None,
) -> None:
    """Nhập số liệu từ một báo cáo đã công bố, cho kỳ không còn báo cáo của các tỉnh.

    Không có --accept thì chỉ cho xem số nào nhận ra, số nào không. Báo cáo thật của một đơn vị luôn được dùng trước.
    """
    from flows.places import readable

    if not file.is_file():
        refuse(f"không có tệp “{readable(str(file))}”.")
    if accept and not (reason or "").strip():
        refuse("phải ghi lý do: --reason “…”")
    context = Context(home, catalogue)
    tables = context.catalogue
    code = check_period(tables, period)
    from flows.proofreading import auditing, backfill, offer_report
    from flows.reading.pool import ReadingPool
    from flows.rulings.office import RulingError

    try:
        with ReadingPool(context.settings.catalogue, workers=1) as pool:
            understood = auditing.understand(pool, context.settings, file, code)
        offer = backfill.offer_report(tables, understood, file, code)
        covered = backfill.find_covered(context.settings, code)
        backfill.refuse_unneeded(offer, covered)
        if as_json:
            click.echo(json.dumps(offer_report.offer_values(offer, covered), ensure_ascii=False, indent=1))
        else:
            for line in offer_report.offer_lines(tables, offer, covered):
                click.echo(line)
        if not accept:
            tell("Chưa nhập gì. Nhập thật: thêm --accept --by “…” --reason “…”")
            return
        word = take_word(decided_by or None, reason or "")
        ruling, is_new = backfill.accept_offer(tables, context.settings, offer, understood.data, word)
    except (auditing.AuditError, RulingError) as error:
        refuse(str(error))
    done = f"nhập báo cáo “{offer.name}” cho kỳ {code}" if is_new else "đã nhập từ trước, không ghi gì thêm"
    tell(f"{ruling.ruling_id}: {done}")
    tell(f"Có hiệu lực từ lượt chạy tới: thidua run {code}")
    tell(f"Hủy: thidua revoke {ruling.ruling_id} --reason “…”")


COMMANDS = (audit, import_report)
