"""Whoever reads a lake changes nothing of it, sees no other file, and learns no password."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, urlsplit

import duckdb
import pytest
from lake_places import AT, ask_server, new_place

from benchmarks.growing_history import Grown
from flows.desk.connections import describe_lake
from warehouse.lake.attached import find_extension, open_lake
from warehouse.lake.look import compare as differences
from warehouse.lake.place import LakeError, LakePlace
from warehouse.lake.push import push
from warehouse.lake.reader import LakeReader
from warehouse.session import WarehouseError

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "lake.md"


@pytest.fixture(scope="module")
def place(server: str, grown: Grown, tmp_path_factory: pytest.TempPathFactory) -> LakePlace:
    found = new_place(server, tmp_path_factory.mktemp("lake"), "read")
    push(found, grown.path, "nhà-1", "máy:nhà-1", AT)
    return found


@pytest.fixture(scope="module")
def reader(place: LakePlace) -> Iterator[LakeReader]:
    with LakeReader(place) as found:
        yield found


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM dim_unit",
        "COPY (SELECT 1) TO 'out.csv'",
        "FROM read_csv('/etc/passwd')",
        "FROM postgres_query('__ducklake_metadata_kho', 'SELECT 1')",
        "FROM postgres_execute('__ducklake_metadata_kho', 'CREATE TABLE t (i int)')",
        "FROM postgres_scan('host=127.0.0.1', 'thidua', 'ducklake_table')",
        "FROM /* hidden */ ducklake_cleanup_old_files('kho', cleanup_all => true)",
        "FROM ducklake_merge_adjacent_files('kho')",
        "FROM ducklake_expire_snapshots('kho', older_than => now())",
        "CALL ducklake_flush_inlined_data('kho')",
        "ATTACH 'other.duckdb'",
        "SET enable_external_access = true",
    ],
)
def test_what_is_no_question_to_the_lake_is_refused(reader: LakeReader, sql: str) -> None:
    with pytest.raises(WarehouseError):
        reader.all_rows(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM dim_unit",
        "COPY (SELECT 1) TO '/tmp/out.csv'",
        "FROM read_csv('/etc/passwd')",
        "FROM postgres_execute('__ducklake_metadata_kho', 'CREATE TABLE t (i int)')",
        "SET enable_external_access = true",
        "CREATE TABLE t (i INTEGER)",
    ],
)
def test_the_session_itself_is_closed_to_what_slips_through(place: LakePlace, sql: str) -> None:
    with closing(open_lake(place)) as connection, pytest.raises(duckdb.Error):
        connection.execute(sql).fetchall()


def test_no_password_is_to_be_seen(place: LakePlace, reader: LakeReader) -> None:
    assert place.password not in repr(place)
    for sql in ("FROM duckdb_databases()", "FROM duckdb_secrets()", "FROM duckdb_settings()", "FROM lake_home"):
        assert place.password not in str(reader.all_rows(sql))


def test_views_macros_and_columns_say_what_they_mean(reader: LakeReader) -> None:
    described = {found.name: found for found in reader.relations()}
    assert "observations" in described and "fact_observation" in described and "same_period" in described
    assert [name for name in described if name.startswith(("ducklake_", "lake_"))] == []
    assert [d.name for d in described.values() if not d.comment] == []
    assert all(column.comment for column in reader.columns("observations"))


def test_a_reader_may_see_the_files_at_another_path(place: LakePlace, tmp_path: Path) -> None:
    elsewhere = tmp_path / "gắn ở chỗ khác"
    elsewhere.symlink_to(place.folder)
    moved = LakePlace(place.host, place.port, place.database, place.user, elsewhere, place.password)
    with LakeReader(moved) as reader:
        [(count,)] = reader.all_rows("SELECT count(DISTINCT raw_text) FROM fact_observation")[1]
    assert count > 100


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"password": "sai"}, "không nhận mật khẩu của “thidua”"),
        ({"database": "khong_co"}, "không có cơ sở dữ liệu “khong_co”"),
        ({"port": 1}, "máy chủ tắt, hoặc sai cổng"),
        ({"host": "khong-co.invalid"}, "không tìm thấy máy chủ danh mục “khong-co.invalid”"),
        ({"database": "postgres"}, "chưa có hồ dữ liệu nào"),
    ],
)
def test_a_lake_that_cannot_be_opened_says_why(place: LakePlace, changes: dict[str, object], said: str) -> None:
    given = {name: getattr(place, name) for name in ("host", "port", "database", "user", "folder", "password")}
    with pytest.raises(LakeError, match=said) as caught:
        open_lake(LakePlace(**{**given, **changes}))
    assert place.password not in str(caught.value)


def test_an_extension_that_is_not_installed_is_named() -> None:
    with pytest.raises(LakeError, match=r"duckdb-extension-khong-co .* thidua\[lake\]"):
        find_extension("khong_co")


def test_what_connect_says_opens_the_lake(place: LakePlace) -> None:
    text = describe_lake(place).text
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as own:
        for name in ("ducklake", "postgres_scanner"):  # which INSTALL would fetch
            own.execute(f"LOAD '{find_extension(name)}'")
        own.execute(text[text.index("CREATE SECRET") :].replace("'…'", f"'{place.password}'"))
        for sql in ("SELECT count(*) FROM fact_observation", "SELECT count(*) FROM same_period('new_jobs')"):
            [(count,)] = own.execute(sql).fetchall()
            assert count > 0
        with pytest.raises(duckdb.Error):
            own.execute("DELETE FROM dim_unit")
    assert text.startswith("INSTALL ducklake; INSTALL postgres;") and place.password not in text


def test_the_roles_of_the_documentation_write_and_read_and_no_more(server: str, grown: Grown, tmp_path: Path) -> None:
    block = DOCUMENTATION.read_text(encoding="utf-8").partition("```sql")[2].partition("```")[0]
    steps = [line.strip().replace("'…'", "'thử'") for line in block.splitlines() if line.strip()]
    as_owner = steps.index("\\c thidua thidua_ghi")
    with ask_server(server) as ask:
        for statement in steps[:as_owner]:
            ask(statement)
    parts = urlsplit(server)
    place = LakePlace(parts.hostname or "", parts.port or 0, "thidua", "thidua_ghi", tmp_path / "hồ", "thử")
    with ask_server(f"postgresql://thidua_ghi:{quote('thử')}@{parts.hostname}:{parts.port}/thidua") as ask:
        for statement in steps[as_owner + 1 :]:
            ask(statement)
    push(place, grown.path, "nhà-1", "máy:nhà-1", AT)
    role = dataclasses.replace(place, user="thidua_doc")
    with LakeReader(role) as reader:
        assert reader.all_rows("SELECT count(*) > 0 FROM same_period('new_jobs')")[1] == [(True,)]
    with pytest.raises(LakeError, match="không có quyền"):
        push(role, grown.path, "nhà-1", "máy:nhà-1", AT, take_over=True)
    assert differences(place, grown.path) == []
