"""Writes docs/warehouse.md and docs/questions.md: what the database says of itself, and what its examples answer.

python -m examples.handbook              # builds the synthetic history and writes both; a minute
python -m examples.handbook FILE         # asks a published warehouse of that history instead
"""

from __future__ import annotations

import datetime as dt
import re
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from warehouse.definition import FUNCTIONS, MACROS, ROOT, VIEWS, macro_comments
from warehouse.published import query

DOCS = Path(__file__).resolve().parents[1] / "docs"
QUESTIONS = Path(__file__).with_name("questions.toml")
MOST_ROWS = 20
_WRITTEN_BY = "<!-- Do `python -m examples.handbook` viết; đừng sửa tay. / Written by it; do not edit. -->"
_HISTORY = (
    "Kết quả in ở đây lấy từ lịch sử **giả lập** 2016H1–2025H2 ([history.md](history.md)); chỉ số liệu kỳ 2021H1 là "
    "thật. Các kỳ giả lập được nạp thẳng, không qua kiểm tra, nên chỉ kỳ 2021H1 có phát hiện."
)


def write_handbook(warehouse: Path, folder: Path = DOCS) -> None:
    """Both documents, from a published warehouse of the history."""
    for name, text in render(warehouse).items():
        (folder / name).write_text(text, encoding="utf-8")


def render(warehouse: Path) -> dict[str, str]:
    """The text of each document by its file name."""
    return {
        "warehouse.md": "\n".join(_warehouse(warehouse)) + "\n",
        "questions.md": "\n".join(_questions(warehouse)) + "\n",
    }


def _warehouse(path: Path) -> Iterator[str]:
    yield from ("# Kho số liệu", "", _WRITTEN_BY, "")
    yield from ("Mọi lời giải thích dưới đây là chú thích (`COMMENT`) ghi ngay trong kho.", _HISTORY, "")
    yield from ("## Macro", "", "Gọi như một bảng: `SELECT … FROM same_period('new_enterprises')`.", "")
    yield from _macros(path, "macros", MACROS, "table_macro")
    yield from ("## Hàm", "")
    yield from _macros(path, "functions", FUNCTIONS, "macro")
    yield from ("## Khung nhìn", "")
    for view in VIEWS:
        yield from _relation(path, "duckdb_views", "view_name", view)
    yield from ("## Khung nhìn rộng", "", "Mỗi phần của biểu một khung nhìn, dựng theo danh mục đang dùng.", "")
    for view in _names(
        path, "SELECT view_name FROM duckdb_views() WHERE view_name LIKE 'wide\\_%' ESCAPE '\\' ORDER BY 1"
    ):
        yield from _relation(path, "duckdb_views", "view_name", view)
    yield from ("## Bảng", "")
    for table in _names(path, "SELECT table_name FROM duckdb_tables() ORDER BY 1"):
        yield from _relation(path, "duckdb_tables", "table_name", table)


def _macros(path: Path, folder: str, names: tuple[str, ...], kind: str) -> Iterator[str]:
    found = query(
        path, f"SELECT DISTINCT function_name, comment FROM duckdb_functions() WHERE function_type = '{kind}'"
    )
    stored = dict(found[1])
    examples = macro_comments(folder)
    for name in names:
        call = re.search(rf"MACRO ({name}\([^)]*\))", (ROOT / folder / f"{name}.sql").read_text(encoding="utf-8"))
        assert call is not None, f"{name}.sql defines another macro"
        yield from (f"### `{call[1]}`", "", stored[name], "")
        yield from _answer(path, examples[name][1])


def _relation(path: Path, catalogue: str, column: str, name: str) -> Iterator[str]:
    [(meaning,)] = query(path, f"SELECT comment FROM {catalogue}() WHERE {column} = '{name}'")[1]
    columns = query(
        path, f"SELECT column_name, comment FROM duckdb_columns() WHERE table_name = '{name}' ORDER BY column_index"
    )[1]
    yield from (f"### `{name}`", "", meaning, "", "| cột | nghĩa |", "|---|---|")
    yield from (f"| `{column_name}` | {_cell(comment)} |" for column_name, comment in columns)
    yield ""


def _names(path: Path, sql: str) -> list[str]:
    return [name for (name,) in query(path, sql)[1]]


def _questions(path: Path) -> Iterator[str]:
    yield from ("# Mười câu hỏi", "", _WRITTEN_BY, "", _HISTORY, "")
    for number, question in enumerate(tomllib.loads(QUESTIONS.read_text(encoding="utf-8"))["question"], start=1):
        yield from (f"## {number}. {question['asks']}", "")
        if "sql" in question:
            yield from _answer(path, question["sql"].strip())
        yield from (question["says"].strip(), "")


def _answer(path: Path, sql: str) -> Iterator[str]:
    names, rows = query(path, sql)
    yield from ("```sql", sql, "```", "")
    yield from ("| " + " | ".join(names) + " |", "|" + "---|" * len(names))
    yield from ("| " + " | ".join(map(_cell, row)) + " |" for row in rows[:MOST_ROWS])
    if len(rows) > MOST_ROWS:
        yield from ("", f"… và {len(rows) - MOST_ROWS} dòng nữa.")
    yield ""


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return str(value).replace("|", "\\|").replace("\n", " ")


def main(arguments: list[str]) -> None:
    if arguments:
        write_handbook(Path(arguments[0]))
        return
    from examples.history.direct import fill_home

    with tempfile.TemporaryDirectory() as folder:
        write_handbook(fill_home(Path(folder)))


if __name__ == "__main__":
    main(sys.argv[1:])
