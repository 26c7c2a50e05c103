"""Databases of their own for lakes, on the PostgreSQL of the tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import duckdb

from warehouse.lake.attached import find_extension
from warehouse.lake.place import LakePlace

AT = dt.datetime(2026, 7, 1, 8, tzinfo=dt.UTC)


def new_place(server: str, folder: Path, database: str) -> LakePlace:
    parts = urlsplit(server)
    assert parts.hostname and parts.port and parts.username and parts.password
    with ask_server(server) as ask:
        ask(f"CREATE DATABASE {database}")
    return LakePlace(
        parts.hostname, parts.port, database, parts.username, folder / "hồ chung, của 'Cụm'", parts.password
    )


@contextmanager
def ask_server(address: str) -> Iterator[Callable[[str], None]]:
    """What runs statements on a PostgreSQL itself."""
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
        connection.execute(f"LOAD '{find_extension('postgres_scanner')}'")
        connection.execute(f"ATTACH '{address}' AS pg (TYPE postgres)")

        def ask(statement: str) -> None:
            connection.execute("CALL postgres_execute('pg', ?, use_transaction => false)", [statement])

        yield ask
