"""The way the house is built: who may import whom, which library lives where, what a module may be called."""

from __future__ import annotations

import ast
import fnmatch
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

MAY_IMPORT = {
    "catalogue": set(),
    "transforms": {"catalogue"},
    "expectations": {"catalogue", "transforms"},
    "warehouse": {"catalogue", "transforms"},
    "publications": {"catalogue", "transforms"},
    "flows": {"catalogue", "transforms", "expectations", "warehouse", "publications"},
    "deployments": set(),
}
ROOMS = tuple(MAY_IMPORT)

# Where a library may be imported: rooms, or patterns of paths. A library that is not named here has no place yet.
HOMES = {
    "prefect": ["flows/*"],
    "anyio": ["flows/service/*worker*.py"],  # a worker of Prefect's is written with it
    "prefect_dask": ["flows/*"],
    "distributed": ["flows/*"],  # Dask's scheduler and workers; comes with prefect-dask
    "pydantic": ["flows/*"],  # a form that the Prefect page shows is one of its models
    "click": ["flows/*"],
    "httpx": ["flows/*"],
    "prompt_toolkit": ["flows/desk/sql_*.py"],
    "filelock": ["flows/*"],
    "pebble": ["flows/*"],
    "great_expectations": ["expectations/*"],
    "pandas": ["expectations/*"],
    "sqlalchemy": ["warehouse/*"],
    "duckdb": ["warehouse/*"],
    "duckdb_sqlalchemy": ["warehouse/*"],
    "alembic": ["warehouse/*"],
    "pytz": ["warehouse/*"],  # what DuckDB's times with zone come with
    "pyarrow": ["warehouse/*", "publications/*"],  # what both write is Arrow's: bulk loads, and Parquet files
    "xlsxwriter": ["publications/*", "transforms/template/*.py"],
    "python_calamine": ["transforms/*"],
    "openpyxl": ["transforms/*"],
    "defusedxml": ["transforms/*"],
    "xlrd": ["transforms/*"],
    "jinja2": ["publications/*"],
    "matplotlib": ["publications/charts/canvas.py"],
    "docx": ["transforms/*", "publications/*"],  # read on one side, written on the other
    "fsspec": ["flows/*"],
    "smbclient": ["flows/*"],  # comes with smbprotocol
    "smbprotocol": ["flows/*"],
    "sshfs": ["flows/*"],
    "yaml": ["flows/*"],  # comes with prefect, whose files of deployments and automations it reads
}
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "core", "base", "manager", "managers", "misc"}
MOST_LINES = 400
MOST_AT_THE_TOP = 15  # modules of flows/ that belong to no package
EVALUATING = {"eval", "exec", "compile", "__import__"}


def find_modules() -> list[Path]:
    """Every Python file of the rooms, relative to the checkout."""
    return sorted(
        path.relative_to(ROOT)
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if "__pycache__" not in path.parts
    )


MODULES = find_modules()
each_module = pytest.mark.parametrize("module", MODULES, ids=str)


def parse(module: Path) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"), filename=str(module))


def find_imports(tree: ast.Module, package: str) -> Iterator[tuple[int, str]]:
    """(line, top-level name) of every import at any depth; a relative one belongs to its own package."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, package if node.level else (node.module or "").partition(".")[0]


def wrong_imports(module: Path, tree: ast.Module) -> list[str]:
    """What a module imports and may not, each with its line."""
    room = module.parts[0]
    problems = []
    for line, name in find_imports(tree, room):
        if name == room or name in sys.stdlib_module_names:
            continue
        if name in MAY_IMPORT:
            if name not in MAY_IMPORT[room]:
                problems.append(f"{module}:{line}: {room} may not import {name}")
        elif not any(fnmatch.fnmatch(module.as_posix(), home) for home in HOMES.get(name, ())):
            problems.append(f"{module}:{line}: {name} does not live in {room}")
    return problems


def test_every_room_has_modules() -> None:
    assert {module.parts[0] for module in MODULES} == set(ROOMS) - {"deployments"}


@each_module
def test_imports_follow_the_table(module: Path) -> None:
    assert wrong_imports(module, parse(module)) == []


@each_module
def test_no_module_loads_another_by_name(module: Path) -> None:
    """`importlib` would be a way around the table; what it tells of installed packages and files is none."""
    harmless = {"importlib.metadata", "importlib.resources"}
    if module.as_posix() == "flows/service/zygote.py":  # imports everything, before a run is there that needs it
        harmless |= {"importlib", "runpy", "pkgutil"}
    if module.as_posix() == "expectations/late_imports.py":  # libraries of others, when they are used after all
        harmless |= {"importlib"}
    names = set()
    for node in ast.walk(parse(module)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    assert {name for name in names if name.split(".")[0] in ("importlib", "runpy", "pkgutil")} <= harmless


@each_module
def test_names_say_something(module: Path) -> None:
    assert {part.removesuffix(".py").strip("_") for part in module.parts}.isdisjoint(EMPTY_NAMES)


def test_a_package_of_flows_is_its_promise_alone() -> None:
    """Its modules are imported by their full names; so no import of one pulls in the others."""
    packages = [module for module in MODULES if module.match("flows/*/__init__.py")]
    assert packages and [str(module) for module in packages if len(parse(module).body) != 1] == []


def test_flows_is_divided() -> None:
    """What every package uses lies at the top; all else lies in a package, whose name its modules do not repeat."""
    inside = [module for module in MODULES if module.parts[0] == "flows" and module.name != "__init__.py"]
    assert len([module for module in inside if len(module.parts) == 2]) <= MOST_AT_THE_TOP
    nested = [(module.parent.name, module.stem) for module in inside if len(module.parts) == 3]
    assert [both for both in nested if both[0] == both[1] or both[1].startswith(f"{both[0].removesuffix('s')}_")] == []


@each_module
def test_no_module_is_too_long(module: Path) -> None:
    assert len((ROOT / module).read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@each_module
def test_nothing_is_evaluated(module: Path) -> None:
    """Arithmetic of the tables is parsed from a closed set of nodes, never run as Python."""
    calls = [
        f"{module}:{node.lineno}"
        for node in ast.walk(parse(module))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in EVALUATING
    ]
    assert calls == []


@each_module
def test_every_module_says_what_it_is(module: Path) -> None:
    assert ast.get_docstring(parse(module)), f"{module} has no docstring"


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("catalogue/x.py", "from transforms.text import clean_text"),
        ("transforms/x.py", "import duckdb"),
        ("transforms/reading.py", "import xlsxwriter"),
        ("expectations/x.py", "def f():\n    from warehouse import Warehouse"),
        ("warehouse/x.py", "import expectations.suite as s"),
        ("publications/x.py", "import prefect"),
        ("flows/x.py", "import sqlalchemy.orm"),
        ("flows/x.py", "import requests"),
        ("flows/x.py", "import tests.unit"),
    ],
)
def test_the_table_is_enforced(module: str, source: str) -> None:
    assert len(wrong_imports(Path(module), ast.parse(source))) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("flows/x.py", "from . import server\nimport json\nfrom warehouse import Warehouse\nimport prefect"),
        ("transforms/template/book.py", "import xlsxwriter\nfrom catalogue.form import Form"),
    ],
)
def test_the_table_lets_pass_what_it_allows(module: str, source: str) -> None:
    assert wrong_imports(Path(module), ast.parse(source)) == []
