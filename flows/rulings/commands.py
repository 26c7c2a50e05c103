"""The commands by which the office decides: choose, withdraw, explain, waive, revoke, rulings; and diff."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import click

from flows.command_options import Context, check_period, home_options, refuse, tell
from flows.word import BY_VARIABLE, Word, take_word
from transforms.rulings import OPEN_END

if TYPE_CHECKING:
    from flows.rulings.office import Office


def word_options(command: Any) -> Any:
    """--reason and --by, on every command that decides."""
    command = click.option(
        "--by", "decided_by", envvar=BY_VARIABLE, metavar="NAME", help="Người quyết định (mặc định: tên đăng nhập máy)."
    )(command)
    return click.option("--reason", required=True, metavar="TEXT", help="Lý do, được lưu và in ra.")(command)


@contextmanager
def _office(context: Context) -> Iterator[Office]:
    from flows.rulings.office import RulingError, open_office

    try:
        with open_office(context.settings, context.catalogue) as office:
            yield office
    except RulingError as error:
        refuse(str(error))


def _done(ruling_id: str, what: str, period_code: str) -> None:
    click.echo(f"{ruling_id}: {what}")
    click.echo(f"Có hiệu lực từ lượt chạy tới: thidua run {period_code}")
    click.echo(f"Hủy: thidua revoke {ruling_id} --reason “…”")


def file_command(command: Any) -> Any:
    """Arguments and options of the commands that decide about one file."""
    command = home_options(word_options(command))
    for name in ("file", "period", "province"):
        command = click.argument(name)(command)
    return click.command()(command)


@file_command
def choose(
    province: str, period: str, file: str, reason: str, decided_by: str | None, home: str | None, catalogue: str | None
) -> None:
    """Chọn một tệp (tên tệp hoặc số lần gửi) làm báo cáo của tỉnh."""
    _rule_on_file("choose", Context(home, catalogue), province, period, file, take_word(decided_by or None, reason))


@file_command
def withdraw(
    province: str, period: str, file: str, reason: str, decided_by: str | None, home: str | None, catalogue: str | None
) -> None:
    """Rút một tệp đã nhận (tên tệp hoặc số lần gửi); bản trước lại có hiệu lực."""
    _rule_on_file("withdraw", Context(home, catalogue), province, period, file, take_word(decided_by or None, reason))


def _rule_on_file(
    kind: Literal["choose", "withdraw"], context: Context, province: str, period: str, file: str, word: Word
) -> None:
    code = check_period(context.catalogue, period)
    with _office(context) as office:
        decide = office.choose if kind == "choose" else office.withdraw
        ruling, row = decide(office.unit(province, code), code, file, word)
        verb, to = ("chọn", "cho") if kind == "choose" else ("rút", "khỏi")
        _done(ruling.ruling_id, f"{verb} “{row['file_name']}” (lần {row['version']}) {to} kỳ {code}", code)


@click.command()
@click.argument("period")
@click.argument("province", required=False)
@click.argument("finding", required=False)
@click.option("--waiting", is_flag=True, help="Chỉ những giải trình chờ quyết định.")
@click.option("--accept", is_flag=True, help="Chấp nhận giải trình: phát hiện khép lại.")
@click.option("--refuse", "reject", is_flag=True, help="Không chấp nhận: phát hiện vẫn còn.")
@click.option("--reason", metavar="TEXT", help="Lý do, được lưu; bắt buộc khi không chấp nhận.")
@click.option(
    "--by", "decided_by", envvar=BY_VARIABLE, metavar="NAME", help="Người quyết định (mặc định: tên đăng nhập)."
)
@home_options
def explain(
    period: str,
    province: str | None,
    finding: str | None,
    waiting: bool,
    accept: bool,
    reject: bool,
    reason: str | None,
    decided_by: str | None,
    home: str | None,
    catalogue: str | None,
) -> None:
    """Xem các phát hiện và giải trình; với --accept hoặc --refuse thì quyết định một giải trình."""
    context = Context(home, catalogue)
    code = check_period(context.catalogue, period)
    if accept and reject:
        refuse("chỉ ghi một trong hai: --accept hoặc --refuse")
    kind: Literal["accept", "refuse"] | None = "accept" if accept else "refuse" if reject else None
    if kind is not None and (province is None or finding is None):
        refuse("ghi tỉnh và mã phát hiện: thidua explain KỲ TỈNH MÃ --accept")
    with _office(context) as office:
        unit = None if province is None else office.unit(province, code)
        if kind is None or unit is None or finding is None:
            _list_findings(office, code, unit, finding, waiting)
            return
        row = office.finding(unit, code, finding)
        words = reason or (row["explanation"] if kind == "accept" else "") or ""
        if not words:
            refuse("phải ghi lý do: --reason “…”")
        ruling, row = office.rule_on_explanation(unit, code, finding, kind, take_word(decided_by or None, words))
        verb = "chấp nhận giải trình" if kind == "accept" else "không chấp nhận giải trình"
        _done(ruling.ruling_id, f"{verb} của phát hiện {row['finding_id']}: {row['message']}", code)


def _list_findings(office: Office, period_code: str, unit: str | None, finding: str | None, waiting: bool) -> None:
    """Findings that are open or answered, one block each; those that wait for a decision first."""
    from flows.rulings.report import describe_finding, is_plain_blank, is_waiting

    rows = [r for r in office.findings(period_code, unit) if r["severity"] != "info" and r["finding_id"]]
    if finding is not None:
        rows = [office.finding(unit or "", period_code, finding)]
    rows = [r for r in rows if is_waiting(r) or not waiting]
    hidden = [] if finding is not None else [r for r in rows if is_plain_blank(r)]
    shown = [r for r in rows if r not in hidden]
    for row in sorted(shown, key=lambda r: not is_waiting(r)):
        for line in describe_finding(row):
            click.echo(line)
    if hidden:
        click.echo(f"… và {len(hidden)} phát hiện về ô bắt buộc để trống (xem trang phat-hien của bảng tổng hợp).")
    if not rows:
        click.echo("Không có giải trình nào chờ quyết định." if waiting else "Không có phát hiện nào.")
    else:
        tell(f"Quyết định: thidua explain {period_code} TỈNH MÃ --accept | --refuse --reason “…”")


@click.command()
@click.argument("rule")
@click.argument("period")
@click.option("--province", metavar="NAME", help="Chỉ một tỉnh (mặc định: mọi đơn vị).")
@click.option("--to", "valid_to", metavar="PERIOD", help="Kỳ cuối cùng, hoặc open: đến khi hủy (mặc định: chỉ kỳ này).")
@word_options
@home_options
def waive(
    rule: str,
    period: str,
    province: str | None,
    valid_to: str | None,
    reason: str,
    decided_by: str | None,
    home: str | None,
    catalogue: str | None,
) -> None:
    """Miễn một quy tắc cho một tỉnh, hoặc tắt quy tắc, từ một kỳ."""
    context = Context(home, catalogue)
    code = check_period(context.catalogue, period)
    last = valid_to if valid_to in (None, OPEN_END) else check_period(context.catalogue, valid_to)
    with _office(context) as office:
        unit = "" if province is None else office.unit(province, code)
        ruling = office.waive(rule, code, unit, last or "", take_word(decided_by or None, reason))
        whom = "mọi đơn vị" if province is None else province
        until = {None: "", OPEN_END: " cho đến khi hủy"}.get(last, f" đến {last}")
        title = context.catalogue.rules[rule].title
        _done(ruling.ruling_id, f"miễn quy tắc “{title}” cho {whom}, kỳ {code}{until}", code)


@click.command()
@click.argument("ruling")
@word_options
@home_options
def revoke(ruling: str, reason: str, decided_by: str | None, home: str | None, catalogue: str | None) -> None:
    """Hủy một quyết định trước đây."""
    context = Context(home, catalogue)
    with _office(context) as office:
        made = office.revoke(ruling, take_word(decided_by or None, reason))
        click.echo(f"{made.ruling_id}: hủy quyết định {made.revokes}")
        click.echo(f"Có hiệu lực từ lượt chạy tới: thidua run {made.period_code}")


@click.command()
@click.argument("period", required=False)
@click.option("--json", "as_json", is_flag=True, help="In dạng JSON.")
@home_options
def rulings(period: str | None, as_json: bool, home: str | None, catalogue: str | None) -> None:
    """Sổ quyết định: chọn tệp, rút tệp, giải trình, miễn quy tắc."""
    context = Context(home, catalogue)
    code = check_period(context.catalogue, period) if period else None
    from flows.rulings.report import describe_rulings, ruling_rows
    from flows.summary import print_table

    with _office(context) as office:
        rows = ruling_rows(context.catalogue, office.warehouse, code)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1, default=str))
    elif rows:
        print_table(describe_rulings(rows))
    else:
        click.echo("Chưa có quyết định nào.")


@click.command()
@click.argument("province")
@click.argument("period")
@click.option("--version", "version", type=int, metavar="N", help="Lần gửi cần xem (mặc định: mọi lần).")
@click.option("--json", "as_json", is_flag=True, help="In dạng JSON.")
@home_options
def diff(
    province: str, period: str, version: int | None, as_json: bool, home: str | None, catalogue: str | None
) -> None:
    """Số liệu nào đã đổi giữa các lần gửi của một tỉnh."""
    context = Context(home, catalogue)
    code = check_period(context.catalogue, period)
    from flows.rulings.report import describe_changes, describe_versions
    from flows.summary import print_table

    with _office(context) as office:
        unit = office.unit(province, code)
        sent = office.submissions(unit, code)
        if version is not None and version not in {r["version"] for r in sent}:
            known = ", ".join(str(r["version"]) for r in sent) or "chưa nhận tệp nào"
            refuse(f"không có lần gửi {version}; có: {known}")
        rows = [r for r in office.changes(unit, code) if version in (None, r["version"])]
        others, same, beyond = office.differences(sent)
    others = [r for r in others if version in (None, r["version"], r["previous_version"])]
    if as_json:
        click.echo(json.dumps([*rows, *others], ensure_ascii=False, indent=1, default=str))
        return
    for line in describe_versions(sent):
        click.echo(line)
    if not sent:
        click.echo("Chưa nhận tệp nào.")
    elif len(sent) == 1:
        click.echo("Mới có một lần gửi, chưa có gì để so.")
    for title, table in (("Đã đổi giữa các lần gửi:", rows), ("So tệp đang dùng với tệp khác:", others)):
        if table:
            click.echo(f"\n{title}")
            print_table(describe_changes(table))
    differ = {n for r in others for n in (r["version"], r["previous_version"])}
    for number in (n for n in same if n not in differ and version in (None, n)):
        click.echo(f"Lần {number}: số liệu giống hệt tệp đang dùng.")
    for number in (n for n in beyond if version in (None, n)):
        click.echo(f"Lần {number}: không so được (không đọc được số liệu, hoặc chưa có tệp nào đang dùng).")
    if len(sent) > 1 and not (rows or others or same or beyond):
        click.echo(
            "Các lần gửi đã nhận giống nhau về số liệu." if version is None else "Lần này không đổi số liệu nào."
        )


COMMANDS = (choose, withdraw, explain, waive, revoke, rulings, diff)
