"""The published copy: swapped at once, read-only in every way."""

from __future__ import annotations

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest
from seasons import PERIOD, Season, accepted, number, reading

from catalogue.model import Catalogue
from warehouse import Warehouse, WarehouseBusyError, WarehouseError, definition, query


@pytest.fixture
def published(season: Season, tmp_path: Path) -> Path:
    came = season.receive(reading("hung-yen", number("new_jobs", "1234.5")))
    season.judge(accepted(came.submission_id))
    target = tmp_path / "published" / "warehouse.duckdb"
    season.warehouse.publish(target)
    return target


@pytest.fixture(scope="module")
def copy(template: Path, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published copy that several tests ask and none may change."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copyfile(template, folder / "loader.duckdb")
    with Warehouse.open(folder / "loader.duckdb") as opened:
        Season(opened, catalogue).judge()
        opened.publish(folder / "warehouse.duckdb")
    return folder / "warehouse.duckdb"


def test_the_copy_holds_what_the_warehouse_holds(season: Season, published: Path) -> None:
    names, rows = query(published, "SELECT value, received_at FROM observations WHERE value IS NOT NULL")
    assert names == ["value", "received_at"]
    [(value, received_at)] = rows
    assert str(value) == "1234.5000000000"
    assert str(received_at) == "2021-07-01 16:00:00+07:00"
    assert [p.name for p in published.parent.iterdir()] == ["warehouse.duckdb"]
    assert season.warehouse.figures([PERIOD])[PERIOD, "hung-yen", "new_jobs"] == value


def test_a_reader_of_the_old_copy_keeps_it_and_the_next_sees_the_new(season: Season, published: Path) -> None:
    count = "SELECT count(*) FROM submissions"
    with duckdb.connect(str(published), read_only=True) as reader:
        assert reader.execute(count).fetchall() == [(1,)]
        season.receive(reading("ha-nam"))
        season.warehouse.publish(published)
        assert reader.execute(count).fetchall() == [(1,)]
    assert query(published, count)[1] == [(2,)]


def test_a_copy_that_was_cut_short_is_no_hindrance(season: Season, published: Path) -> None:
    published.with_name(f".{published.name}.new").write_bytes(b"half")
    season.warehouse.publish(published)
    assert query(published, "SELECT count(*) FROM submissions")[1] == [(1,)]
    assert [p.name for p in published.parent.iterdir()] == ["warehouse.duckdb"]


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO dim_unit VALUES (9, 'x', 'x', 'x', 1)",
        "CREATE TABLE t AS SELECT 1",
        "DROP VIEW observations",
        "ATTACH '{0}/other.duckdb'",
        "ATTACH ':memory:' AS other",
        "COPY dim_unit TO '{0}/units.csv'",
        "COPY (SELECT 1) TO '{0}/one.parquet' (FORMAT parquet)",
        "EXPORT DATABASE '{0}/all'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "PRAGMA profiling_output = '{0}/profile.json'",
        "CALL enable_logging(storage = 'file', storage_config = {{'path': '{0}/log'}})",
        "SELECT * FROM enable_logging(storage = 'file', storage_config = {{'path': '{0}/log'}})",
        "SELECT * FROM enable_profiling(format = 'json', save_location = '{0}/profile.json')",
        "SELECT 1; ATTACH '{0}/other.duckdb'",
        "FROM query('FROM enable_' || 'logging(storage = ''file'', storage_config = {{''path'': ''{0}/log''}})')",
        "FROM query/**/ ('SELECT 1')",
        "FROM query -- (\n ('SELECT 1')",
        "FROM \"query\"('SELECT 1')",
        "FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{0}/one.csv'",
        "EXPLAIN ANALYZE CREATE TABLE t AS SELECT 1",
        "PREPARE p AS SELECT 1",
        "FROM read_csv('{1}')",
        "FROM read_blob('{1}')",
        "FROM sniff_csv('{1}')",
        "FROM query_table('{1}')",
        "FROM duckdb_extensions()",
        "RESET memory_limit",
        "SELECT getenv('HOME')",
        "SELECT * FROM read_text('{1}')",
        "SELECT * FROM '{1}'",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM frame",
        "SELECT nonsense",
        "SELEC",
        "",
    ],
)
def test_a_query_can_neither_write_nor_look_elsewhere(copy: Path, tmp_path: Path, sql: str) -> None:
    frame = [1]
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    before = copy.read_bytes()
    files = sorted([*tmp_path.rglob("*"), *copy.parent.iterdir()])
    with pytest.raises(WarehouseError):
        query(copy, sql.format(tmp_path, secret))
    assert sorted([*tmp_path.rglob("*"), *copy.parent.iterdir()]) == files and frame
    assert copy.read_bytes() == before


@pytest.mark.parametrize(
    "sql", ["FROM findings", "DESCRIBE observations", "SHOW TABLES", "EXPLAIN SELECT 1", "WITH a AS (SELECT 1) FROM a"]
)
def test_what_only_reads_is_possible(copy: Path, sql: str) -> None:
    assert query(copy, sql)[0]


def test_a_missing_copy_is_said_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="does not exist"):
        query(tmp_path / "none.duckdb", "SELECT 1")
    assert list(tmp_path.iterdir()) == []


def test_one_process_at_a_time_holds_the_file(season: Season) -> None:
    program = (
        "import sys, pathlib; from warehouse import Warehouse, WarehouseBusyError\n"
        "try: Warehouse.open(pathlib.Path(sys.argv[1]))\n"
        "except WarehouseBusyError: print('busy')\n"
        "else: print('open')"
    )
    command = [sys.executable, "-c", program, str(season.warehouse.path)]

    def ask() -> str:
        done = subprocess.run(command, check=True, cwd=definition.ROOT.parent, capture_output=True, text=True)
        return done.stdout.strip()

    season.receive(reading("hung-yen", number("new_jobs", "1")))
    assert ask() == "busy"
    season.warehouse.close()
    assert ask() == "open"
    assert issubclass(WarehouseBusyError, WarehouseError)


def test_a_warehouse_goes_on_after_closing(season: Season) -> None:
    season.receive(reading("hung-yen", number("new_jobs", "1")))
    season.warehouse.close()
    season.warehouse.close()
    season.receive(reading("ha-nam"))
    assert [s.province_id for s in season.warehouse.submissions(PERIOD)] == ["ha-nam", "hung-yen"]


def test_what_was_loaded_survives_a_killed_process(season: Season, tmp_path: Path) -> None:
    season.warehouse.close()
    program = (
        "import os, sys, pathlib, datetime as dt\n"
        "from transforms.observation import Observation, Reading\n"
        "from warehouse import Warehouse\n"
        "now = dt.datetime(2021, 7, 1, tzinfo=dt.UTC)\n"
        "w = Warehouse.open(pathlib.Path(sys.argv[1]))\n"
        "w.add_reading(Reading('a', observations=(Observation('new_jobs', 'blank'),)), 'r', 'c', now)\n"
        "w._opened().connection.begin()\n"
        "w._opened().execute('DELETE FROM dim_indicator')\n"
        "os._exit(9)"
    )
    command = [sys.executable, "-c", program, str(season.warehouse.path)]
    assert subprocess.run(command, check=False, cwd=definition.ROOT.parent).returncode == 9
    with Warehouse.open(season.warehouse.path) as mended:
        assert mended.readings(["a"], "r", "c")["a"].observations[0].state == "blank"
        assert isinstance(mended, Warehouse)


def test_threads_of_one_process_take_turns(season: Season) -> None:
    units = [p.province_id for p in season.catalogue.members_of(PERIOD)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda unit: season.receive(reading(unit, number("new_jobs", "1"))), units))
        counts = list(pool.map(lambda _: len(season.warehouse.submissions(PERIOD)), range(8)))
    assert counts == [len(units)] * 8
