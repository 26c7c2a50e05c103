"""Tables, views and comments; migration; the catalogue's dimensions."""

from __future__ import annotations

import csv
import dataclasses
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from seasons import PERIOD, READER, Season, accepted, contents, finding, number, reading

from catalogue.model import Catalogue
from warehouse import Warehouse, WarehouseDamagedError, definition
from warehouse.schema import metadata
from warehouse.session import Session
from warehouse.wide import PREFIX


def test_every_table_view_and_column_has_a_comment(warehouse: Warehouse) -> None:
    rows = warehouse._opened().rows
    assert rows("SELECT table_name FROM duckdb_tables() WHERE comment IS NULL OR comment = ''") == []
    assert rows("SELECT view_name FROM duckdb_views() WHERE NOT internal AND coalesce(comment, '') = ''") == []
    assert (
        rows("SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND coalesce(comment, '') = ''")
        == []
    )
    views = {name for (name,) in rows("SELECT view_name FROM duckdb_views() WHERE NOT internal")}
    assert {view for view in views if not view.startswith(PREFIX)} == set(definition.VIEWS)


def test_columns_that_may_be_null_say_in_their_comment_what_that_means(warehouse: Warehouse) -> None:
    rows = warehouse._opened().rows(
        "SELECT table_name, column_name, c.comment FROM duckdb_columns() AS c JOIN duckdb_tables() USING (table_name) "
        "WHERE is_nullable"
    )
    assert [row for row in rows if "rống" not in row[2]] == []


def test_the_migrations_give_the_tables_of_the_metadata(warehouse: Warehouse) -> None:
    rows = warehouse._opened().rows(
        "SELECT table_name, column_name, data_type, is_nullable FROM duckdb_columns() "
        "JOIN duckdb_tables() USING (table_name) WHERE table_name <> 'alembic_version' "
        "ORDER BY table_name, column_index"
    )
    kinds = {"Text": "VARCHAR", "Integer": "INTEGER", "Boolean": "BOOLEAN", "Date": "DATE"}
    kinds |= {"DateTime": "TIMESTAMP WITH TIME ZONE", "Numeric": "DECIMAL(38,10)", "Double": "DOUBLE"}
    wanted = [
        (table.name, column.name, kinds[type(column.type).__name__], column.nullable)
        for table in sorted(metadata.tables.values(), key=lambda t: t.name)
        for column in table.columns
    ]
    assert rows == wanted


def test_the_head_told_by_file_names_is_alembics(warehouse: Warehouse) -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(definition.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == definition.head_revision()


def test_views_have_one_shape_and_a_stated_grain() -> None:
    for name in definition.VIEWS:
        text = definition.view_text(name)
        assert text.startswith("-- Grain: one row per "), name
        assert "\nWITH\n" in text and "\n)\nSELECT\n" in text and text.endswith("\n"), name
    assert {p.stem for p in (definition.ROOT / "views").glob("*.sql")} == set(definition.VIEWS)


def test_opening_what_is_up_to_date_neither_changes_it_nor_loads_alembic(template: Path, tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    shutil.copyfile(template, path)
    program = (
        "import sys, pathlib; from warehouse import Warehouse\n"
        "Warehouse.open(pathlib.Path(sys.argv[1])).close()\n"
        "sys.exit('alembic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program, str(path)], check=True, cwd=definition.ROOT.parent)
    assert path.read_bytes() == template.read_bytes()


def test_views_and_comments_are_made_anew_where_their_definition_differs(template: Path, tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    shutil.copyfile(template, path)
    session = Session(path)
    session.execute("CREATE OR REPLACE VIEW findings AS SELECT 1 AS stale")
    session.execute("UPDATE warehouse_definition SET fingerprint = 'older'")
    session.close()
    with Warehouse.open(path) as mended, Warehouse.open(template) as whole:
        columns = "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'findings'"
        assert mended._opened().rows(columns) == whole._opened().rows(columns)
        assert contents(mended) == contents(whole)


def test_a_file_of_a_newer_program_is_refused(template: Path, tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    shutil.copyfile(template, path)
    session = Session(path)
    session.execute("UPDATE alembic_version SET version_num = '9999'")
    session.close()
    with pytest.raises(WarehouseDamagedError, match=r": revision 9999 > \d+$"):
        Warehouse.open(path)


def make_first_revision(path: Path) -> None:
    """An empty file as the first version of the program made it."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(definition.MIGRATIONS))
    session = Session(path)
    config.attributes["connection"] = session.connection
    with session.transaction():
        command.upgrade(config, "0001")
    session.execute("CREATE VIEW submissions AS SELECT * FROM dim_submission")
    session.close()


def test_a_file_of_the_first_revision_is_upgraded_without_loss(season: Season, tmp_path: Path) -> None:
    came = season.receive(reading("hung-yen", number("new_jobs", "1")))
    season.judge(accepted(came.submission_id), findings=(finding("hung-yen", disputed=("new_jobs",)),))
    before, marts = season.tables(), season.warehouse.marts(PERIOD)
    season.warehouse.close()
    old = tmp_path / "old.duckdb"
    make_first_revision(old)
    session = Session(old)
    session.execute(f"ATTACH '{season.warehouse.path}' AS newer (READ_ONLY)")
    rows = session.rows("SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'old'")
    kept: dict[str, list[str]] = {}
    for name, column in rows:
        if name in before and name not in ("alembic_version", "warehouse_definition"):
            kept.setdefault(name, []).append(column)
    for name, columns in kept.items():
        session.execute(f"INSERT INTO {name} BY NAME SELECT {', '.join(columns)} FROM newer.{name}")
    kept["dim_catalogue"].remove("is_current")  # a file that is brought up to date waits for the next sync
    first = {name: session.rows(f"SELECT {', '.join(c)} FROM {name} ORDER BY ALL") for name, c in kept.items()}
    assert len(kept) > 15 and first["fact_finding"] and first["fact_observation"]
    session.close()
    with Warehouse.open(old) as upgraded:
        ask = upgraded._opened().rows
        assert {n: ask(f"SELECT {', '.join(c)} FROM {n} ORDER BY ALL") for n, c in kept.items()} == first
        unknown = ("finding_id", "figure_hash", "impact_weight")  # of what was found before they were
        for row in marts["findings"]:
            row.update(dict.fromkeys(unknown))
        assert upgraded.marts(PERIOD) == marts
        [stored] = upgraded.readings([came.sha256], READER, season.catalogue.content_hash).values()
        assert stored.observations == (number("new_jobs", "1"),)


def test_a_migration_that_was_cut_short_is_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "w.duckdb"
    monkeypatch.setattr(definition, "VIEWS", (*definition.VIEWS, "no_such_view"))
    definition.definition.cache_clear()
    with pytest.raises(FileNotFoundError):
        Warehouse.open(path)
    monkeypatch.undo()
    definition.definition.cache_clear()
    with Warehouse.open(path) as mended:
        assert mended.marts("2021H1")["findings"] == []


def test_province_versions_have_neither_gaps_nor_overlaps(warehouse: Warehouse) -> None:
    rows = warehouse._opened().rows(
        "SELECT province_id, valid_from, valid_to, "
        "lead(valid_from) OVER (PARTITION BY province_id ORDER BY valid_from) FROM dim_province"
    )
    assert rows
    assert [row for row in rows if row[3] is not None and row[2] != row[3]] == []
    assert [row for row in rows if row[2] is not None and row[2] <= row[1]] == []


def test_syncing_the_same_catalogue_changes_nothing(warehouse: Warehouse, catalogue: Catalogue) -> None:
    before = contents(warehouse)
    warehouse.sync_catalogue(catalogue)
    assert contents(warehouse) == before


def test_a_changed_indicator_is_a_new_version_and_other_keys_stay(warehouse: Warehouse, catalogue: Catalogue) -> None:
    before = contents(warehouse)
    relabelled = dataclasses.replace(catalogue.indicators["new_jobs"], label="Việc làm mới")
    changed = dataclasses.replace(
        catalogue, indicators=catalogue.indicators | {"new_jobs": relabelled}, content_hash="changed"
    )
    warehouse.sync_catalogue(changed)
    versions = "SELECT label, is_current FROM dim_indicator WHERE indicator_code = 'new_jobs' ORDER BY indicator_key"
    old = catalogue.indicators["new_jobs"].label
    assert warehouse._opened().rows(versions) == [(old, False), ("Việc làm mới", True)]
    after = contents(warehouse)
    assert len(after["dim_indicator"]) == len(before["dim_indicator"]) + 1
    assert all(after[n] == before[n] for n in ("dim_province", "dim_period", "dim_rule", "dim_unit"))
    warehouse.sync_catalogue(catalogue)
    assert warehouse._opened().rows(versions) == [(old, True), ("Việc làm mới", False)]
    assert len(contents(warehouse)["dim_indicator"]) == len(before["dim_indicator"]) + 1


def test_provinces_follow_the_catalogue_and_keep_their_keys(warehouse: Warehouse, catalogue: Catalogue) -> None:
    kept = [dataclasses.replace(p, name="Quảng Ninh mới") if p.province_id == "quang-ninh" else p
            for p in catalogue.provinces if p.province_id != "bac-giang"]  # fmt: skip
    keys = "SELECT province_id, valid_from, province_key FROM dim_province"
    before = set(warehouse._opened().rows(keys))
    warehouse.sync_catalogue(dataclasses.replace(catalogue, provinces=tuple(kept), content_hash="changed"))
    after = set(warehouse._opened().rows(keys))
    assert {row[0] for row in before - after} == {"bac-giang"} and after < before
    names = "SELECT name FROM dim_province WHERE province_id = 'quang-ninh'"
    assert warehouse._opened().rows(names) == [("Quảng Ninh mới",)]


def test_comments_of_views_name_no_column_twice() -> None:
    with (definition.ROOT / "views" / "comments.csv").open(encoding="utf-8", newline="") as file:
        rows = [tuple(row[:2]) for row in csv.reader(file)]
    assert len(rows) == len(set(rows))
