"""The shell of `thidua sql`: questions in SQL, answers as Vietnamese tables, on the published copy only."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from flows.desk.sql_export import ExportError, export, kind_of, until_done
from flows.desk.sql_reader import open_reader
from flows.desk.sql_screen import draw, show_value
from flows.desk.sql_words import HELP, fold, read_command, say_error
from flows.settings import Settings
from transforms.numbers_vi import format_number
from warehouse import WarehouseError, WarehouseUnusableError
from warehouse.reader import PublishedReader, StoppedError

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
MOST_ROWS = 200
PROMPT, MORE = "thidua> ", "     …> "
NEW_COPY = "(Vừa có bản kho mới được phát hành; từ câu này dùng bản mới.)"


class Shell:
    """One sitting: where lines come from, where text goes, and what was asked last."""

    def __init__(self, reader: PublishedReader, is_terminal: bool) -> None:
        self.reader = reader
        self.is_terminal = is_terminal
        self.most = MOST_ROWS
        self.last = ""
        self.renewed: Callable[[], None] = lambda: None
        self._commands: dict[str, Callable[[str], None]] = {
            "tables": self._list_relations,
            "describe": self._describe,
            "indicators": self._list_indicators,
            "units": lambda _: self._show(_UNITS),
            "periods": lambda _: self._show(_PERIODS),
            "export": self._export,
            "most": self._set_most,
            "help": lambda _: self._say(HELP.format(most=self.most)),
        }

    def answer(self, text: str) -> bool:
        """Answers a statement or command; tells whether it was the wish to leave. Never raises for what is typed."""
        try:
            if self.reader.refresh():
                self._say(NEW_COPY)
                self.renewed()
            if not text.lstrip().startswith("."):
                self._ask(text)
                return False
            command = read_command(text)
            if command is None:
                self._say(f"Không có lệnh “{text.strip()}”; gõ .tro giup để xem các lệnh.")
            elif command[0] == "leave":
                return True
            else:
                self._commands[command[0]](command[1])
        except StoppedError:
            self._say("Đã dừng.")
        except (WarehouseError, ExportError) as error:
            self._say(f"Lỗi: {say_error(str(error))}")
        except OSError as error:
            self._say(f"Lỗi: không ghi được “{error.filename or ''}”: {error.strerror or error}")
        return False

    def _ask(self, sql: str) -> None:
        self.last = ""
        answer = until_done(lambda: self.reader.ask(sql, self.most), self.reader.stop)
        self.last = sql
        width = shutil.get_terminal_size((120, 40)).columns if self.is_terminal else 100_000
        if answer.names == ("explain_key", "explain_value"):
            lines, is_narrowed = [line for row in answer.rows for line in str(row[1]).splitlines()], False
        else:
            lines, is_narrowed = draw(answer.names, answer.rows, width)
        took = f"{format_number(Decimal(answer.seconds), 2)} giây"
        count = format_number(Decimal(len(answer.rows)))
        end = f"({count} dòng, {took})"
        if answer.is_cut:
            end = f"(mới hiện {count} dòng đầu, còn nữa; lấy đủ: .xuat TỆP, hiện thêm: .dong SỐ; {took})"
        if is_narrowed:
            end += " Chữ dài bị cắt cho vừa màn hình (…); .xuat ghi đủ."
        self._page([*lines, end])

    def _list_relations(self, _: str) -> None:
        heads = {"view": "Khung nhìn (nên dùng)", "macro": "Hàm", "table": "Bảng của kho (cấu trúc có thể đổi)"}
        lines: list[str] = []
        last = ""
        for described in self.reader.relations():
            kind = described.kind.partition("(")[0]
            if kind != last:
                lines += ["", heads[kind]]
                last = kind
            parameters = described.kind.removeprefix(kind)
            lines.append(f"  {described.name}{parameters}\n      {described.comment}")
        self._page(lines[1:])

    def _describe(self, name: str) -> None:
        if not name:
            self._say("Viết tên bảng, khung nhìn hoặc hàm, ví dụ: .mo ta observations")
            return
        wanted = name.strip(" ;()").casefold()
        known = {d.name.casefold(): d for d in self.reader.relations()}
        found = known.get(wanted)
        if found is None:
            close = [n for n in known if fold(wanted) in fold(n)]
            hint = f" Có phải: {', '.join(close)}?" if close else " Gõ .bang để xem các tên."
            self._say(f"Không có bảng, khung nhìn hay hàm nào tên “{name}”.{hint}")
            return
        lines = [found.name + (found.kind.removeprefix("macro") if found.kind.startswith("macro") else "")]
        lines.append(f"  {found.comment}")
        if found.kind.startswith("macro"):
            from warehouse.definition import macro_comments

            example = macro_comments().get(found.name)
            if example:
                lines.append(f"  Ví dụ: {example[1]};")
        for column in self.reader.columns(found.name):
            lines.append(f"  {column.name}  {column.kind}\n      {column.comment}")
        self._page(lines)

    def _list_indicators(self, word: str) -> None:
        answer = self.reader.ask(_INDICATORS, 10_000)
        wanted = fold(word)
        rows = [row for row in answer.rows if wanted in fold(f"{row[0]} {row[1]}")]
        lines, _ = draw(answer.names, rows, 100_000)
        self._page([*lines, f"({len(rows)} chỉ tiêu)"])

    def _show(self, sql: str) -> None:
        answer = self.reader.ask(sql, 10_000)
        self._page(draw(answer.names, answer.rows, 100_000)[0])

    def _export(self, name: str) -> None:
        if not self.last or not name:
            self._say("Hỏi một câu SQL trước, rồi: .xuat TỆP, ví dụ .xuat ket-qua.xlsx")
            return
        path = Path(name.strip("\"'; ")).expanduser()
        count = export(self.reader, self.last, path, kind_of(path))
        self._say(f"Đã ghi {format_number(Decimal(count))} dòng vào {path.resolve()}")

    def _set_most(self, text: str) -> None:
        if not text.isdecimal() or not 0 < int(text) <= 100_000:
            self._say("Viết một số từ 1 đến 100.000, ví dụ: .dong 500")
            return
        self.most = int(text)
        self._say(f"Hiện nhiều nhất {show_value(self.most)} dòng.")

    def _say(self, text: str) -> None:
        click.echo(text)

    def _page(self, lines: list[str]) -> None:
        text = "\n".join(lines)
        if self.is_terminal and text.count("\n") + 2 > shutil.get_terminal_size((120, 40)).lines:
            os.environ.setdefault("LESS", "-SRFX")
            click.echo_via_pager(text + "\n")
        else:
            click.echo(text)


_INDICATORS = """
SELECT indicator_code AS ma, label AS chi_tieu, unit_name AS don_vi_tinh, valid_from AS tu_ky, valid_to AS den_ky
FROM dim_indicator WHERE is_current ORDER BY section_code, position
"""
_UNITS = """
SELECT province_id AS dinh_danh, province_code AS ma, name AS ten, valid_from AS tu_ngay, valid_to AS den_ngay
FROM dim_province ORDER BY province_id, valid_from
"""
_PERIODS = """
SELECT period_code AS ky, name AS ten, count(*) FILTER (WHERE is_submitted) AS tinh_da_gui, count(*) AS tinh_phai_gui
FROM completeness JOIN dim_period USING (period_code) GROUP BY ALL ORDER BY period_code
"""


def history_file() -> Path:
    """Where the lines that were typed are kept: of the person, not of the home, which others share."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "thidua" / "sql-history"


def open_shell(settings: Settings, *, of_lake: bool = False) -> str:
    """Answers questions until whoever asks leaves; what prevents it comes back as text."""
    try:
        reader = open_reader(settings, of_lake=of_lake)
    except WarehouseUnusableError:
        raise
    except WarehouseError as error:
        return str(error)
    with reader:
        if sys.stdin.isatty() and sys.stdout.isatty():
            _converse(Shell(reader, is_terminal=True), _say_source(settings, of_lake))
        else:
            _read_through(Shell(reader, is_terminal=False))
    return ""


def _read_through(shell: Shell) -> None:
    """Answers what stands on standard input, a statement to each semicolon at the end of a line."""
    waiting: list[str] = []
    for line in sys.stdin:
        if not waiting and line.lstrip().startswith("."):
            if shell.answer(line):
                return
            continue
        waiting.append(line)
        if line.rstrip().endswith(";"):
            shell.answer("".join(waiting))
            waiting = []
    if "".join(waiting).strip():
        shell.answer("".join(waiting))


def _say_source(settings: Settings, of_lake: bool) -> str:
    if of_lake:
        return "Hồ dữ liệu chung, mỗi câu hỏi bản mới nhất"
    copied = dt.datetime.fromtimestamp(settings.published_warehouse.stat().st_mtime, HANOI)
    return f"Bản kho phát hành lúc {copied:%H:%M ngày %d/%m/%Y}"


def _converse(shell: Shell, source: str) -> None:
    from flows.desk.sql_completion import SqlCompleter, read_vocabulary
    from flows.desk.sql_prompt import make_prompt

    completer = SqlCompleter(read_vocabulary(shell.reader))

    def renew() -> None:
        completer.vocabulary = read_vocabulary(shell.reader)

    shell.renewed = renew
    click.echo(f"{source}, chỉ đọc. Gõ .tro giup để xem cách dùng, .thoat để ra.")
    ask = make_prompt(completer, history_file(), PROMPT, MORE)
    while True:
        try:
            text = ask()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if text.strip() and shell.answer(text):
            return
