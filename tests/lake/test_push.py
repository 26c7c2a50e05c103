"""The lake is brought to what the published copy says: once, whole, only what is new, and by one home alone."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from lake_places import AT, new_place

from benchmarks.growing import compare, questions
from benchmarks.growing_floor import floors
from benchmarks.growing_history import Grown
from warehouse.lake.attached import open_beside, open_lake
from warehouse.lake.look import compare as differences
from warehouse.lake.look import look
from warehouse.lake.place import LakeError, LakePlace
from warehouse.lake.push import Pushed, push
from warehouse.lake.reader import LakeReader
from warehouse.published import open_published

WHOLE = """
SELECT
    (SELECT count(*) FROM fact_observation) = max(row_count) FILTER (table_name = 'fact_observation'),
    (SELECT count(*) FROM dim_reading) = max(row_count) FILTER (table_name = 'dim_reading'),
    (SELECT count(*) > 0 FROM dim_province WHERE name LIKE '%(sửa)')
        = (SELECT max(reading_key) > 900000000 FROM dim_reading)
FROM lake_table
"""


@pytest.fixture(scope="module")
def place(server: str, grown: Grown, tmp_path_factory: pytest.TempPathFactory) -> LakePlace:
    """One lake for all of these tests; each brings it first to the state that it wants."""
    found = new_place(server, tmp_path_factory.mktemp("lake"), "pushed")
    assert bring(found, grown.path).is_new
    return found


def bring(place: LakePlace, copy: Path, home: str = "nhà-1", **options: Any) -> Pushed:
    return push(place, copy, home, f"máy:{home}", AT, **options)


def test_a_lake_holds_every_table_with_its_rows_types_and_words(place: LakePlace, grown: Grown) -> None:
    assert differences(place, grown.path) == []
    with closing(open_lake(place)) as lake, open_published(grown.path) as copy:
        words = "SELECT comment FROM duckdb_columns() WHERE table_name = 'fact_observation' ORDER BY column_index"
        assert lake.execute(words).fetchall() == copy.execute(words).fetchall()
        assert None not in [row[0] for row in lake.execute(words).fetchall()]
        views = "SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY view_name"
        assert lake.execute(views).fetchall() == copy.execute(views).fetchall()
    assert list(place.folder.rglob("*.parquet"))


@pytest.mark.parametrize(
    ("lead", "least"),
    [("", 15), pytest.param("question ", 9, marks=pytest.mark.long)],
    ids=["macros", "the ten questions"],
)
def test_every_documented_question_has_the_answer_of_the_published_copy(
    place: LakePlace, grown: Grown, lead: str, least: int
) -> None:
    bring(place, grown.path)
    day = str(grown.merged_on)
    with LakeReader(place) as lake, open_published(grown.path) as copy:
        asked = {
            n: sql for n, sql in questions(day).items() if n in floors(day) and n.startswith("question ") == bool(lead)
        }
        assert len(asked) > least
        for name, sql in asked.items():
            ours = copy.execute(sql)
            rows = compare(name, ([c[0] for c in ours.description], ours.fetchall()), lake.all_rows(sql))
            assert rows >= 0


def test_twice_changes_nothing(place: LakePlace, grown: Grown) -> None:
    bring(place, grown.path)
    before, files = look(place), sorted(place.folder.rglob("*.parquet"))
    again = bring(place, grown.path)
    assert (again.is_new, again.written, again.rewritten) == (False, 0, ())
    assert look(place) == before and sorted(place.folder.rglob("*.parquet")) == files


def test_of_a_grown_table_only_the_new_rows_are_written(place: LakePlace, grown: Grown, later: Path) -> None:
    bring(place, grown.path)
    made = bring(place, later)
    assert made.rewritten == ("dim_province",) and 0 < made.written < 1000 < made.rows
    assert differences(place, later) == [] and differences(place, grown.path) != []


def test_a_home_that_was_restored_takes_its_lake_back_to_its_state(place: LakePlace, grown: Grown, later: Path) -> None:
    bring(place, later)
    was = look(place).snapshot
    bring(place, grown.path)
    assert differences(place, grown.path) == []
    with closing(open_lake(place)) as lake:  # and what was there before can still be asked for
        [(now, before)] = lake.execute(f"""SELECT
            (SELECT max(reading_key) FROM dim_reading), (SELECT max(reading_key) FROM dim_reading AT (VERSION => {was}))
        """).fetchall()
    assert now < 900000000 < before


def test_a_lake_of_another_home_is_left_alone_until_it_is_taken_over(place: LakePlace, grown: Grown) -> None:
    bring(place, grown.path)
    before = look(place)
    with pytest.raises(LakeError, match=r"nhà dữ liệu khác \(máy:nhà-1\).*thidua lake --take-over"):
        bring(place, grown.path, "nhà-2")
    assert look(place) == before
    assert bring(place, grown.path, "nhà-2", take_over=True).is_new
    assert look(place).home_id == "nhà-2"
    bring(place, grown.path, take_over=True)


def test_a_lake_that_a_newer_program_wrote_is_left_alone(
    place: LakePlace, grown: Grown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warehouse.lake.push.head_revision", lambda: "9999")
    bring(place, grown.path, take_over=True)
    monkeypatch.undo()
    with pytest.raises(LakeError, match="bản chương trình mới hơn ghi"):
        bring(place, grown.path)
    with closing(open_beside(place, grown.path, is_writing=True)) as connection:
        connection.execute("DELETE FROM lake_home")  # of this test's own making
    bring(place, grown.path)


def test_a_table_of_another_structure_is_made_anew(place: LakePlace, grown: Grown) -> None:
    bring(place, grown.path)
    with closing(open_beside(place, grown.path, is_writing=True)) as connection:
        connection.execute("ALTER TABLE dim_unit ADD COLUMN extra INTEGER")
    made = bring(place, grown.path)
    assert made.rewritten == ("dim_unit",) and differences(place, grown.path) == []


def test_readers_see_one_publication_or_the_next_and_never_fail(place: LakePlace, grown: Grown, later: Path) -> None:
    bring(place, grown.path)
    stop, troubles, asked = threading.Event(), [], [0, 0]

    def read(number: int) -> None:
        with LakeReader(place) as reader:
            while not stop.is_set():
                try:
                    _, rows = reader.all_rows(WHOLE)
                    if rows != [(True, True, True)]:
                        troubles.append(rows)
                except Exception as error:
                    troubles.append(error)
                asked[number] += 1

    readers = [threading.Thread(target=read, args=(number,)) for number in (0, 1)]
    for reader in readers:
        reader.start()
    for copy in (later, grown.path, later):
        bring(place, copy)
    stop.set()
    for reader in readers:
        reader.join()
    assert troubles == [] and min(asked) > 3


PUSHER = """
import datetime as dt, sys
from pathlib import Path
from warehouse.lake.place import LakePlace
from warehouse.lake.push import push
host, port, database, user, folder, password, copy = sys.argv[1:]
place = LakePlace(host, int(port), database, user, Path(folder), password)
print("ready", flush=True)
push(place, Path(copy), "nhà-1", "máy:nhà-1", dt.datetime.now(dt.UTC))
"""


@pytest.mark.parametrize("kills", [1, pytest.param(8, marks=pytest.mark.long)])
def test_a_push_that_is_killed_leaves_the_state_before_and_the_next_mends_it(
    place: LakePlace, grown: Grown, later: Path, kills: int
) -> None:
    bring(place, grown.path)
    given = [place.host, str(place.port), place.database, place.user, str(place.folder), place.password, str(later)]
    root = Path(__file__).parents[2]
    seed = random.randrange(1 << 30)
    moments = random.Random(seed)
    for _ in range(kills):
        began = look(place).contents
        with subprocess.Popen(
            [sys.executable, "-c", PUSHER, *given], stdout=subprocess.PIPE, cwd=root, env=dict(os.environ)
        ) as pusher:
            assert pusher.stdout is not None and pusher.stdout.readline() == b"ready\n"
            time.sleep(moments.uniform(0.05, 0.8))
            pusher.kill()
        is_done = look(place).contents != began
        assert differences(place, later if is_done else grown.path) == [], f"seed {seed}"
        bring(place, grown.path)
    bring(place, later)
    assert differences(place, later) == []
