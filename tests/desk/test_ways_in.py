"""What `thidua connect` says was tried is tried here; the starter notebook runs, cell by cell."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from flows.command_line import cli
from flows.desk.connections import list_connections

NOTEBOOK = Path(__file__).parents[2] / "examples" / "notebook" / "bat-dau.ipynb"


def test_what_is_said_to_be_tried_works_and_cannot_write(desk: Path) -> None:
    copy = desk / "published" / "warehouse.duckdb"
    known = {c.key: c for c in list_connections(copy)}
    assert {key for key, c in known.items() if c.is_tried} == {"python", "sqlalchemy"}
    program = f"{known['python'].text}\nassert len(bang) > 20\n{known['sqlalchemy'].text}\n" + (
        'try:\n    may.connect().execute(text("CREATE TABLE t AS SELECT 1"))\n'
        'except Exception as error:\n    assert "read-only" in str(error)\nelse:\n    raise SystemExit("written")\n'
    )
    before = copy.read_bytes()
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip().isdigit()) == (0, True), done.stderr
    attach = next(line for line in known["duckdb"].text.splitlines() if line.startswith("ATTACH"))
    with duckdb.connect() as own:
        own.execute(attach)
        assert own.execute("SELECT count(*) FROM kho.dim_submission").fetchall() == [(4,)]
    assert copy.read_bytes() == before


def test_the_command_gives_one_or_all_and_the_path_of_this_home(desk: Path) -> None:
    said = CliRunner().invoke(cli, ["connect", "--home", str(desk)]).stdout
    for part in ("jdbc:duckdb:", "Driver={DuckDB Driver}", "dbConnect", "Metabase", "[dbeaver, chưa thử]"):
        assert part in said
    assert str(desk / "published" / "warehouse.duckdb") in said
    one = CliRunner().invoke(cli, ["connect", "R", "--home", str(desk)]).stdout
    assert "dbGetQuery" in one and "jdbc" not in one
    assert CliRunner().invoke(cli, ["connect", "x", "--home", str(desk)]).exit_code == 2


@pytest.mark.slow
def test_the_starter_notebook_runs(desk: Path) -> None:
    book = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert (book["nbformat"], len({cell["id"] for cell in book["cells"]})) == (4, len(book["cells"]))
    code = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code"]
    assert all(not cell["outputs"] for cell in book["cells"] if cell["cell_type"] == "code")
    program = "import json, sys\nspace = {}\nfor cell in json.load(sys.stdin):\n    exec(cell, space)\n"
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(code),
        env={**os.environ, "THIDUA_HOME": str(desk)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "ô; kho ghi" in done.stdout
