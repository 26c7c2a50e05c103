"""What a lake is made of: the star's tables without keys, its views and macros, and the lake's own notes."""

from __future__ import annotations

import re
from typing import Any

from duckdb_sqlalchemy import Dialect
from sqlalchemy import BigInteger, MetaData, Table

from warehouse import wide
from warehouse.definition import definition
from warehouse.lake.place import ALIAS
from warehouse.quoting import literal, quoted_name
from warehouse.schema import MOMENT, TEXT, WHOLE, metadata, optional, required

STAR = tuple(sorted(metadata.tables.values(), key=lambda table: table.name))
notes = MetaData()
# Some questions want one half-year, others one indicator: in this order both find their rows in few groups of rows,
# where those are small. A half-year that is added is a piece of the same order.
SORTED = {"fact_observation": "period_key, indicator_key"}
OPTIONS = {"parquet_row_group_size": "20480", "parquet_compression": "zstd"}
GIVEN = "_given"  # ends the name of a macro that is there for another only

lake_home = Table(
    "lake_home",
    notes,
    required("home_id", TEXT, "Định danh của nhà dữ liệu làm chủ hồ này; nhà khác không ghi vào được."),
    required("home_name", TEXT, "Máy và thư mục của nhà dữ liệu ấy lúc ghi."),
    required("revision", TEXT, "Số hiệu cấu trúc kho của chương trình đã ghi."),
    required("definition", TEXT, "Dấu vân tay của các khung nhìn và hàm."),
    required("contents", TEXT, "Dấu vân tay của toàn bộ số liệu."),
    required("pushed_at", MOMENT, "Lúc ghi gần nhất có gì đổi."),
    comment="Một dòng: ai ghi hồ này, lần gần nhất lúc nào.",
)
lake_table = Table(
    "lake_table",
    notes,
    required("table_name", TEXT, "Tên bảng."),
    required("row_count", BigInteger(), "Số dòng đã ghi."),
    required("checksum", TEXT, "Tổng các dấu vân tay của từng dòng; tính bằng hash() của DuckDB."),
    optional("last_key", WHOLE, "Khóa lớn nhất đã ghi; dòng mới của bảng chỉ thêm thì có khóa lớn hơn."),
    comment="Mỗi dòng là một bảng của kho: đã ghi đến đâu, để lần sau chỉ ghi phần mới.",
)


def growing_key(table: Table) -> str:
    """The column by which the newer rows of a table come after the older: its first surrogate key, "" where none."""
    return next((c.name for c in table.columns if c.name.endswith("_key") and not c.nullable), "")


def create(table: Table) -> list[str]:
    """The statements that make a table of the lake: names, types, what may not be blank, order, every comment."""
    columns = ", ".join(
        f"{column.name} {column.type.compile(dialect=Dialect())}{'' if column.nullable else ' NOT NULL'}"
        for column in table.columns
    )
    statements = [f"CREATE TABLE {table.name} ({columns})"]
    if table.comment:
        statements.append(f"COMMENT ON TABLE {table.name} IS {literal(table.comment)}")
    statements += [
        f"COMMENT ON COLUMN {table.name}.{c.name} IS {literal(c.comment)}" for c in table.columns if c.comment
    ]
    if table.name in SORTED:
        statements.append(f"ALTER TABLE {table.name} SET SORTED BY ({SORTED[table.name]})")
    return statements


def structure(connection: Any, database: str) -> dict[str, list[tuple[str, str]]]:
    """The columns of every table of a database with their types, in their order."""
    found: dict[str, list[tuple[str, str]]] = {}
    rows = connection.execute(_COLUMNS, [database]).fetchall()
    for table, column, kind in rows:
        found.setdefault(table, []).append((column, kind))
    return found


def define(connection: Any) -> None:
    """Makes views and macros as the published copy beside has them; what a lake cannot keep is left out: comments of
    macros and of views' columns. Call it inside the transaction."""
    statements, _ = definition()
    for statement in statements:
        if not statement.startswith("COMMENT ") or statement.startswith("COMMENT ON VIEW "):
            for fitting in without_null_defaults(statement):
                connection.execute(fitting)
    there = {name for (name,) in connection.execute(_WIDE, [ALIAS]).fetchall()}
    wanted = connection.execute(_WIDE_TEXTS).fetchall()
    for name, sql, comment in wanted:
        connection.execute(sql.replace("CREATE VIEW", "CREATE OR REPLACE VIEW", 1))
        if comment:
            connection.execute(f"COMMENT ON VIEW {quoted_name(name)} IS {literal(comment)}")
    for name in there - {name for name, _, _ in wanted}:
        connection.execute(f"DROP VIEW {quoted_name(name)}")


def without_null_defaults(statement: str) -> list[str]:
    """A macro as a lake can keep it: DuckLake 1.5.5 gives a parameter that may be NULL the text 'NULL' instead.

    Such a macro is kept under another name, without defaults, and called by one whose defaults are blank texts. What
    it is for other numbers of parameters stays with it.
    """
    match = _MACRO.match(statement)
    if match is None or ":= NULL" not in match["parameters"]:
        return [statement]
    pairs = [part.strip().partition(" := ") for part in match["parameters"].split(",")]
    inner = f"{match['name']}{GIVEN}"
    given = ", ".join(f"nullif({name}, '')" if default == "NULL" else name for name, _, default in pairs)
    outer = match["parameters"].replace(":= NULL", ":= ''")
    names = ", ".join(name for name, _, _ in pairs)
    body, *others = _FURTHER.split(statement[match.end() :])
    ended = f"{body})" if others else body
    calls = [f"{outer}) AS TABLE (SELECT * FROM {inner}({given}))", *others]
    return [
        f"CREATE OR REPLACE MACRO {inner}({names}) AS TABLE{ended}",
        f"CREATE OR REPLACE MACRO {match['name']}({', ('.join(calls)}",
    ]


def fingerprint(connection: Any) -> str:
    """Names the views and macros that `define` makes: those of the program and the wide ones of the copy beside."""
    summed = f"SELECT coalesce(md5(string_agg(sql, '' ORDER BY name)), '') FROM ({_WIDE_TEXTS})"
    [(of_wide,)] = connection.execute(summed).fetchall()
    return f"{definition()[1]}-{of_wide}"


_MACRO = re.compile(r"(?:\s*--[^\n]*\n)*\s*CREATE OR REPLACE MACRO (?P<name>\w+)\((?P<parameters>[^)]*)\) AS TABLE")
_FURTHER = re.compile(r"^\),\n\(", re.MULTILINE)
_COLUMNS = """
SELECT table_name, column_name, data_type FROM duckdb_columns()
WHERE database_name = ? AND schema_name = 'main' AND table_name NOT IN (SELECT view_name FROM duckdb_views())
ORDER BY table_name, column_index
"""
_WIDE = f"SELECT view_name FROM duckdb_views() WHERE database_name = ? AND starts_with(view_name, '{wide.PREFIX}')"
_WIDE_TEXTS = f"""
SELECT view_name AS name, sql, comment FROM duckdb_views()
WHERE database_name = 'copy' AND starts_with(view_name, '{wide.PREFIX}')
"""
