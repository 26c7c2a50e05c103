"""The commands by which a half-year is closed: close, approve, hold, reopen, diff-seal."""

from __future__ import annotations

import csv
import datetime as dt
import os
import shlex
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.command_options import (
    CRITICAL_STANDS,
    Context,
    check_period,
    check_shares,
    home_options,
    refuse,
    shares_option,
    show_progress,
    tell,
)
from flows.shares.settings import find_shares
from flows.word import BY_VARIABLE, Word, take_word

if TYPE_CHECKING:
    from flows.closing.closer import Closer, Decided
    from flows.closing.question import Question, Step


def closing_options(command: Any) -> Any:
    """The period and where the provinces file, on every command that collects; these get a Context and a Closer."""

    @wraps(command)
    def call(
        period: str, returns: Path | None, shares: Path | None, home: str | None, catalogue: str | None, **own: Any
    ) -> None:
        context = Context(home, catalogue)
        places = {"--returns": returns, "--shares": shares, "--catalogue": catalogue}
        context.places = "".join(f" {name} {shlex.quote(str(given))}" for name, given in places.items() if given)
        command(context, _closer(context, period, returns, shares), **own)

    optioned = home_options(shares_option(call))
    optioned = click.option(
        "--returns", type=click.Path(path_type=Path), metavar="DIR", help="Thư mục chứa thư mục của từng tỉnh."
    )(optioned)
    return click.argument("period")(optioned)


def question_option(command: Any) -> Any:
    """--question, on the commands that answer one."""
    return click.option(
        "--question",
        "closing_id",
        default="",
        metavar="ID",
        help="Chỉ trả lời đúng câu hỏi này (mã do thidua close in ra).",
    )(command)


def word_options(is_reason_needed: bool) -> Callable[[Any], Any]:
    """--by and --reason, handed over as a Word; the name is kept as typed."""

    def add(command: Any) -> Any:
        @wraps(command)
        def call(*given: Any, decided_by: str | None, reason: str, **own: Any) -> None:
            command(*given, word=take_word(decided_by, reason), **own)

        optioned = click.option(
            "--by",
            "decided_by",
            envvar=BY_VARIABLE,
            metavar="NAME",
            help="Họ và tên người quyết định (mặc định: tên đăng nhập máy); được ghi là chưa xác minh.",
        )(call)
        return click.option(
            "--reason", default="", required=is_reason_needed, metavar="TEXT", help="Lý do, được lưu và in ra."
        )(optioned)

    return add


def _closer(context: Context, period: str, returns: Path | None, shares: Path | None) -> Closer:
    from flows.closing.closer import Closer

    code = check_period(context.catalogue, period)
    root = returns.expanduser().resolve() if returns else None
    shares_file = check_shares(find_shares(context.settings, shares, returns))
    if not (root or context.settings.returns).is_dir() and shares_file is None:
        refuse(f"không có thư mục “{root or context.settings.returns}”; chỉ ra bằng --returns DIR.")
    return Closer(context.settings, context.catalogue, code, root, shares_file)


@click.command()
@closing_options
def close(context: Context, closer: Closer) -> None:
    """Thu thập rồi xin ý kiến chốt số liệu một kỳ; in ra những gì phải quyết định."""
    show_progress()
    question = closer.ask(dt.datetime.now(dt.UTC))
    print_question(context, question)


def print_question(context: Context, question: Question) -> None:
    """What has to be decided, and the commands that decide."""
    from flows.closing import report
    from flows.runs.outcome import Outcome, who_has_sent
    from flows.summary import print_table

    click.echo(report.say_standing(context.catalogue, question))
    click.echo()
    print_table(who_has_sent(Outcome(question.period_code, question.marts)))
    click.echo(f"\n{report.describe_missing(question)}")
    findings = report.describe_findings(question)
    click.echo("Phát hiện còn mở, nặng nhất trước:" if findings else "Không còn phát hiện nào mở.")
    for line in findings:
        click.echo(f"  {line}")
    click.echo(f"Bảng: {context.settings.published_period(question.period_code) / 'bang-tong-hop.xlsx'}")
    if question.closing.is_pending and not question.is_final:
        click.echo("\nQuyết định bằng một trong các lệnh:")
        for line in report.describe_commands(question, context.places):
            click.echo(f"  {line}")


@click.command()
@click.option("--with-findings", is_flag=True, help="Công bố kèm ghi chú các phát hiện còn mở.")
@closing_options
@question_option
@word_options(is_reason_needed=False)
def approve(context: Context, closer: Closer, with_findings: bool, closing_id: str, word: Word) -> None:
    """Duyệt công bố số liệu đã xin ý kiến và niêm phong."""
    show_progress()
    made = _decide(context, closer, "publish_noted" if with_findings else "publish", word, closing_id)
    assert made.sealed is not None
    click.echo(f"Đã duyệt kỳ {closer.period_code} và niêm phong bản số {made.sealed.seal_no}.")
    click.echo(f"Người duyệt:   {made.event.decided_by} (tên tự ghi, chưa xác minh)")
    click.echo(f"Bản niêm phong: {made.sealed.folder}")
    click.echo(f"SHA-256 của manifest.json, nên ghi vào biên bản: {made.sealed.manifest_hash}")
    click.echo(f"Kiểm tra: thidua verify {closer.period_code}/{made.sealed.seal_no}")


@click.command()
@closing_options
@question_option
@word_options(is_reason_needed=True)
def hold(context: Context, closer: Closer, closing_id: str, word: Word) -> None:
    """Để chờ: chưa công bố, hỏi lại ở lượt xin ý kiến sau."""
    made = _decide(context, closer, "wait", word, closing_id)
    click.echo(f"Kỳ {closer.period_code}: {made.event.decided_by} để chờ ({made.event.reason}). Bảng vẫn là dự thảo.")


def _decide(context: Context, closer: Closer, step: Step, word: Word, closing_id: str) -> Decided:
    """The decision taken, the page told; a refusal ends the command."""
    from flows.closing.question import ClosingError, StateChangedError

    try:
        made = closer.decide(step, word, closing_id)
    except StateChangedError as changed:
        tell(f"Chưa duyệt: {changed}\n")
        print_question(context, changed.question)
        sys.exit(CRITICAL_STANDS)
    except ClosingError as error:
        refuse(str(error))
    if step != "wait":
        _tell_page(context, closer, word)
    return made


def _tell_page(context: Context, closer: Closer, word: Word) -> None:
    """Ends the runs that wait on the Prefect page for what was just decided; where no server is up they find out."""
    from flows.service import server

    running = server.find_server(context.settings)
    if running is None:
        return
    os.environ.update(server.environment(context.settings, running))
    from flows.closing.waiting_runs import end_waiting

    asked = {event.closing_id for event in closer.look().events}
    ended = end_waiting(asked, f"Đã quyết định bằng lệnh: {word.decided_by} (chưa xác minh).")
    if ended:
        tell(f"Đã kết thúc {ended} lượt đang chờ trên trang Prefect.")


@click.command()
@closing_options
@word_options(is_reason_needed=True)
def reopen(context: Context, closer: Closer, word: Word) -> None:
    """Mở lại một kỳ đã quyết định: bảng lại là dự thảo, bản niêm phong vẫn giữ nguyên."""
    from flows.closing.question import ClosingError

    show_progress()
    try:
        event = closer.reopen(word)
    except ClosingError as error:
        refuse(str(error))
    _tell_page(context, closer, word)
    click.echo(f"Đã mở lại kỳ {closer.period_code} ({event.decided_by}: {event.reason}). Bảng là dự thảo.")
    click.echo(f"Xin ý kiến lại: thidua close {closer.period_code}{context.places}")


@click.command("diff-seal")
@click.argument("period")
@click.option("--csv", "file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Ghi ra tệp CSV.")
@home_options
def diff_seal(period: str, file: Path | None, home: str | None, catalogue: str | None) -> None:
    """Số liệu hiện nay khác bản đã chốt ở những chỗ nào."""
    context = Context(home, catalogue)
    code = check_period(context.catalogue, period)
    from flows.closing.closer import Closer
    from flows.closing.question import ClosingError
    from flows.closing.standings import differences_from_seal
    from flows.summary import print_table
    from publications.tables.difference_table import difference_rows

    try:
        question = Closer(context.settings, context.catalogue, code).look()
    except ClosingError as error:
        refuse(str(error))
    seal = question.closing.seal
    if seal is None or seal.seal_no is None:
        refuse(f"kỳ {code} chưa có bản niêm phong nào.")
    differences = differences_from_seal(context.settings, code, seal.seal_no, question.marts)
    if differences is None:
        refuse(f"không đọc được bản niêm phong {code}/{seal.seal_no}; kiểm tra: thidua verify {code}/{seal.seal_no}")
    rows = difference_rows(differences)
    if file is not None:
        with file.open("w", encoding="utf-8-sig", newline="") as output:
            writer = csv.writer(output, lineterminator="\n")
            writer.writerows([list(rows[0]) if rows else [], *[list(row.values()) for row in rows]])
    print_table(rows)
    click.echo(
        f"{len(rows)} số khác với bản đã chốt số {seal.seal_no}."
        if rows
        else f"Số liệu hiện nay đúng như bản đã chốt số {seal.seal_no}."
    )


COMMANDS = (close, approve, hold, reopen, diff_seal)
