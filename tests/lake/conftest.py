"""A real PostgreSQL for the lake's catalogue, and two states of one warehouse to bring to it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from postgres import postgres

from benchmarks.growing_history import Grown, grow


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with postgres() as address:
        yield address


@pytest.fixture(scope="session")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Grown:
    """A star of eight half-years of made-up units: the first state."""
    return grow(tmp_path_factory.mktemp("grown"), 12, 8, 70)


@pytest.fixture(scope="session")
def later(grown: Grown, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same warehouse after another return came, a name was mended and a run was recorded: the second state."""
    copy = tmp_path_factory.mktemp("later") / "published.duckdb"
    shutil.copyfile(grown.path, copy)
    with duckdb.connect(str(copy)) as connection:
        for table in ("fact_observation", "dim_reading"):
            connection.execute(f"""
                INSERT INTO {table} SELECT * REPLACE (reading_key + 900000000 AS reading_key) FROM {table}
                WHERE reading_key = (
                    SELECT max(reading_key) FROM dim_reading SEMI JOIN fact_observation USING (reading_key)
                )""")
        connection.execute("UPDATE dim_province SET name = name || ' (sửa)' WHERE province_id = 'tinh-0001'")
    return copy
