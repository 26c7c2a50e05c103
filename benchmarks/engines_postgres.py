"""The star in a PostgreSQL: made of the warehouse's own metadata, filled and asked through DuckDB, asked by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from warehouse.arrow import ZONE
from warehouse.definition import definition
from warehouse.lake.attached import find_extension
from warehouse.quoting import literal
from warehouse.schema import metadata

INDEXES = (
    "fact_observation (indicator_key, reading_key)",
    "fact_observation (reading_key)",
    "fact_check (assessment_key)",
    "fact_derived (assessment_key, indicator_key)",
    "fact_finding (assessment_key)",
    "mart_cluster_total (assessment_key)",
    "bridge_assessment_submission (assessment_key)",
    "bridge_assessment_submission (reading_key)",
    "bridge_finding_disputed (assessment_key, indicator_key)",
    "dim_submission (period_code)",
)
SORTING = "256MB"
DIALECT = {"::DOUBLE": "::NUMERIC", "ranked FROM figures)": "ranked FROM figures) AS ordered"}


class Warehouse:
    """A PostgreSQL with a database for a lake's catalogue and one for the star."""

    def __init__(self, address: str) -> None:
        self._url = make_url(address)
        self.password = self._url.password or ""
        self._control = _attached({"server": self._address("postgres")})

    def close(self) -> None:
        self._control.close()

    def _address(self, database: str) -> str:
        bare = self._url.set(database=database).render_as_string(hide_password=False)
        return f"{bare}?options=-cwork_mem%3D{SORTING}%20-cTimeZone%3D{ZONE.replace('/', '%2F')}"

    def connect(self, **attached: Path) -> Any:
        """A DuckDB with the star's database as `pg` and published copies by their names."""
        connection = _attached({"pg": self._address("star")})
        for name, copy in attached.items():
            connection.execute(f"ATTACH {literal(str(copy))} AS {name} (READ_ONLY)")
        return connection

    def make_database(self, name: str) -> None:
        self._control.execute(
            f"CALL postgres_execute('server', 'CREATE DATABASE {name} TEMPLATE template0', use_transaction => false)"
        )

    def size(self, database: str) -> float:
        sql = f"SELECT pg_database_size('{database}')"
        [(size,)] = self._control.execute(f"FROM postgres_query('server', {literal(sql)})").fetchall()
        return float(size) / 1e6

    def fill(
        self, before: Path, whole: Path, of_last: Callable[[Any], str], timed: Callable[[str, Callable[[], int]], None]
    ) -> None:
        """Makes the tables, loads all but the last half-year, then that in one transaction; ends with ANALYZE."""
        print("PostgreSQL:")
        asyncio.run(self._create())
        connection = self.connect(before=before, whole=whole)
        timed("first load, all but a half-year", lambda: _load(connection, "before", lambda table: "TRUE"))
        print(f"  database {self.size('star'):,.0f} MB")
        connection.execute("USE whole")
        timed("load of one more half-year", lambda: _load(connection, "whole", lambda table: of_last(table) or "FALSE"))
        timed("VACUUM ANALYZE", lambda: self._execute(connection, "VACUUM ANALYZE"))
        print(f"  database {self.size('star'):,.0f} MB")
        for name in metadata.tables:
            [(there,)] = connection.execute(f"SELECT count(*) FROM pg.{name}").fetchall()
            [(wanted,)] = connection.execute(f"SELECT count(*) FROM whole.{name}").fetchall()
            if there != wanted:
                raise ValueError(f"{name}: {there} rows of {wanted}")
        connection.close()

    async def _create(self) -> None:
        engine = create_async_engine(self._url.set(drivername="postgresql+asyncpg", database="star"))
        said = []
        event.listen(engine.sync_engine, "before_cursor_execute", lambda *given: said.append(given[2]))
        async with engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
        await engine.dispose()
        made = sum(statement.strip().startswith("CREATE TABLE") for statement in said)
        comments = sum(statement.strip().startswith("COMMENT ON") for statement in said)
        print(f"  metadata.create_all: {made} tables and {comments} comments, none refused")

    def add_indexes(self) -> int:
        connection = self.connect()
        for index in INDEXES:
            self._execute(connection, f"CREATE INDEX ON {index}")
        self._execute(connection, "VACUUM ANALYZE")
        connection.close()
        return 0

    def _execute(self, connection: Any, statement: str) -> int:
        connection.execute(f"CALL postgres_execute('pg', {literal(statement)}, use_transaction => false)")
        return 0


def _load(connection: Any, copy: str, where: Callable[[Any], str]) -> int:
    rows = 0
    connection.execute("BEGIN")
    for table in metadata.tables.values():
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        [(count,)] = connection.execute(
            f"INSERT INTO pg.{table.name} ({columns}) SELECT {columns} FROM {copy}.{table.name} WHERE {where(table)}"
        ).fetchall()
        rows += count
    connection.execute("COMMIT")
    return rows


def _attached(addresses: dict[str, str]) -> Any:
    connection = duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
    connection.execute(f"LOAD '{find_extension('postgres_scanner')}'")
    connection.execute(f"SET TimeZone = '{ZONE}'")
    for name, address in addresses.items():
        connection.execute(f"ATTACH {literal(address)} AS {name} (TYPE postgres)")
    return connection


class MacrosAsked:
    """The macros as they are, in a DuckDB whose tables are those of the PostgreSQL."""

    def __init__(self, warehouse: Warehouse, whole: Path) -> None:
        self._connection = warehouse.connect(whole=whole)
        for name in metadata.tables:
            self._connection.execute(f"CREATE VIEW {name} AS SELECT * FROM pg.public.{name}")
        for statement in definition()[0]:
            if not statement.startswith("COMMENT "):
                self._connection.execute(statement)

    def execute(self, sql: str) -> Any:
        return self._connection.execute(sql)


class HandAsked:
    """Hand-written SQL, run by the PostgreSQL itself; what it writes otherwise than DuckDB stands in DIALECT."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._connection = warehouse.connect()

    def execute(self, sql: str) -> Any:
        native = sql
        for theirs, own in DIALECT.items():
            native = native.replace(theirs, own)
        return self._connection.execute(f"FROM postgres_query('pg', {literal(native)})")
