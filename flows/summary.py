"""What the command line prints of a run and of a query."""

from __future__ import annotations

import unicodedata
from typing import Any

import click

from catalogue.model import Catalogue
from flows.lake.settings import find_lake
from flows.lake.sharing import read_record
from flows.runs.outcome import SEVERITIES, Outcome, answer_lines, change_lines, who_has_sent
from flows.settings import Settings
from transforms.observation import name_place

SHOWN = 12


def print_table(rows: list[dict[str, Any]]) -> None:
    """Rows as an aligned table; widths count what a terminal shows."""
    if not rows:
        return
    heads = list(rows[0])
    lines = [heads, *[["" if row[h] is None else str(row[h]) for h in heads] for row in rows]]
    widths = [max(_width(line[n]) for line in lines) for n in range(len(heads))]
    for number, line in enumerate(lines):
        click.echo(
            "  ".join(text + " " * (width - _width(text)) for text, width in zip(line, widths, strict=True)).rstrip()
        )
        if number == 0:
            click.echo("  ".join("-" * width for width in widths))


def _width(text: str) -> int:
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def print_banner(marts: dict[str, list[dict[str, Any]]]) -> None:
    """That figures are made up, where any of a period is."""
    from publications.labels import find_banner

    banner = find_banner(marts)
    if banner:
        click.secho(banner, bold=True)


def print_outcome(catalogue: Catalogue, outcome: Outcome, settings: Settings) -> None:
    """What a run made, where, and what needs attention."""
    entry = catalogue.calendar[outcome.period_code]
    click.echo(f"Kỳ {outcome.period_code} ({entry.name})")
    print_banner(outcome.marts)
    click.echo()
    print_table(who_has_sent(outcome))
    click.echo()
    print_attention(outcome)
    print_changes(outcome)
    click.echo()
    if outcome.had_work:
        click.echo(f"Tệp mới đã nạp: {len(outcome.new_files)}")
    else:
        click.echo("Không có gì mới so với lượt trước; kết quả đã phát hành vẫn đúng.")
    for line in answer_lines(catalogue, outcome):
        click.echo(line)
    folder = settings.published_period(outcome.period_code)
    if (folder / "index.html").exists():  # not beside tables that were sealed before there was such a page
        click.echo(f"Trang để họp:   {folder / 'index.html'}  (mở bằng trình duyệt)")
    click.echo(f"Việc cần làm:   {folder / 'van-hanh.html'}  (mở bằng trình duyệt)")
    click.echo(f"Bảng tổng hợp:  {folder / 'bang-tong-hop.xlsx'}")
    if (folder / "bao-cao.docx").exists():
        click.echo(f"Báo cáo (Word): {folder / 'bao-cao.docx'}")
    click.echo(f"CSV, Parquet:   {folder}")
    click.echo(f'Kho dữ liệu:    {settings.published_warehouse}  (thidua sql "SELECT …")')
    if find_lake(settings) is not None:
        record = read_record(settings)
        click.echo(
            f"Hồ dữ liệu:     {record.catalogue}  (thidua sql --lake)"
            if not record.trouble
            else f"Hồ dữ liệu:     CHƯA nhận bản này, lượt sau ghi tiếp: {record.trouble}"
        )


def print_attention(outcome: Outcome) -> None:
    """What is open, worst first and then by what it would change at the meeting, a few by name."""
    counts = " · ".join(f"{words} {outcome.count(s)}" for s, words in SEVERITIES.items())
    click.echo(f"Phát hiện: {counts}")
    urgent = [r for r in outcome.open_findings if r["severity"] == "critical"]
    others = [r for r in outcome.open_findings if r["severity"] == "warning" and r["rule_code"] != "required_present"]
    for several in (urgent, others):
        several.sort(key=lambda row: -(row["impact_weight"] or 0))
    for row in (*urgent, *others)[:SHOWN]:
        place = f" ({row['sheet']} · {name_place(row['cell'])})" if row["cell"] else ""
        impact = f" → {row['impact']}" if row["impact"] else ""
        name = row["province_name"] or "Toàn Cụm"
        click.echo(f"  [{SEVERITIES[row['severity']]}] {name}{place}: {row['message']}{impact}")
    left = len(urgent) + len(others) - SHOWN
    if left > 0:
        click.echo(f"  … và {left} phát hiện nữa, xem trang phat-hien của bảng tổng hợp")
    blank = (r for r in outcome.open_findings if r["rule_code"] == "required_present")
    missing = sum(1 + (len(r["alike"].split(", ")) if r["alike"] else 0) for r in blank)
    if missing:
        click.echo(f"  Còn {missing} ô bắt buộc để trống (xem trang phat-hien của bảng tổng hợp)")
    if outcome.waiting:
        click.echo(
            f"Giải trình chờ quyết định: {len(outcome.waiting)} (xem: thidua explain {outcome.period_code} --waiting)"
        )


def print_changes(outcome: Outcome) -> None:
    """Which figures the latest versions changed, a few by name; `had_work` says whether anything came."""
    lines = change_lines(outcome) if outcome.had_work else []
    if lines:
        click.echo("Số liệu đã đổi giữa các lần gửi:")
    for line in lines[:SHOWN]:
        click.echo(f"  {line}")
    if len(lines) > SHOWN:
        click.echo(f"  … và {len(lines) - SHOWN} thay đổi nữa, xem: thidua diff TỈNH {outcome.period_code}")


def print_query(settings: Settings, statement: str, *, of_lake: bool = False) -> str:
    """Runs a read-only query, of the published copy or the lake, and prints its rows; what is wrong with it comes back
    as text."""
    from flows.desk.sql_reader import open_reader
    from warehouse import WarehouseError, WarehouseUnusableError, query

    if not of_lake and not settings.published_warehouse.exists():
        return "chưa có kho dữ liệu phát hành; chạy: thidua run KỲ"
    try:
        if of_lake:
            with open_reader(settings, of_lake=True) as reader:
                columns, rows = reader.all_rows(statement)
        else:
            columns, rows = query(settings.published_warehouse, statement)
    except WarehouseUnusableError:
        raise
    except WarehouseError as error:
        return str(error)
    print_table([dict(zip(columns, row, strict=True)) for row in rows])
    click.echo(f"({len(rows)} dòng)", err=True)
    return ""
