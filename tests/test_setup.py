"""What is installed and shipped: the locks, the wheel, the targets of the Makefile."""

from __future__ import annotations

import fnmatch
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)( ; [^\\]+)? \\$", re.MULTILINE)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def read_lock(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pins_of(name: str) -> dict[str, str]:
    return {package: version for package, version, _ in PIN.findall(read_lock(name))}


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_pins_by_hash_and_names_no_host(name: str) -> None:
    text = read_lock(name)
    assert "//" not in text
    assert [line for line in text.splitlines() if line.startswith("-")] == []
    entries = re.split(r"\n(?=[a-z0-9])", text[text.index("\naio") :].strip())
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert len(entries) == len(pins_of(name))


def test_the_test_environment_is_the_runtime_and_more() -> None:
    runtime, dev = pins_of("requirements.lock"), pins_of("requirements-dev.lock")
    assert runtime.items() <= dev.items()
    assert {"pytest", "ruff", "mypy"} <= dev.keys() - runtime.keys()


def test_the_locks_hold_every_dependency_and_what_builds_the_project() -> None:
    runtime = pins_of("requirements.lock")
    wanted = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["build"]
    for requirement in wanted:
        name, pinned = re.fullmatch(r"([A-Za-z0-9_-]+)(?:==(\S+)|.*)", requirement).groups()  # type: ignore[union-attr]
        locked = runtime[name.replace("_", "-")]
        assert pinned is None or fnmatch.fnmatch(locked, pinned)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return zipfile.ZipFile(next(folder.glob("thidua-*.whl")))


def test_the_wheel_holds_the_rooms_and_what_they_need(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    for pattern in ("catalogue/data/*", "warehouse/migrations/**/*.py", "warehouse/**/*.sql", "deployments/*.yaml"):
        wanted = {p.relative_to(ROOT).as_posix() for p in ROOT.glob(pattern) if "__pycache__" not in p.parts}
        assert wanted, pattern
        assert wanted <= names
    packages = {name.partition("/")[0] for name in names if not name.startswith("thidua-")}
    assert packages == {Path(p).name for p in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]}


def test_the_wheel_holds_no_tests_and_no_leftovers(wheel: zipfile.ZipFile) -> None:
    assert [n for n in wheel.namelist() if "test" in n or "__pycache__" in n or n.endswith(".pyc")] == []


def test_the_wheel_brings_the_command_and_the_licence(wheel: zipfile.ZipFile) -> None:
    texts = {Path(n).name: n for n in wheel.namelist() if n.startswith("thidua-")}
    assert "thidua = flows.command_line:main" in wheel.read(texts["entry_points.txt"]).decode()
    assert "Apache License" in wheel.read(texts["LICENSE"]).decode()


def test_make_alone_lists_the_targets() -> None:
    shown = subprocess.run(["make"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    listed = set(re.findall(r"^  make ([a-z]+) ", shown, re.MULTILINE))
    assert {"run", "test", "lint", "bench", "clean", "help"} <= listed
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert phony is not None
    assert listed == set(phony[1].split()) - {"force"}


def test_make_run_is_what_the_readme_says() -> None:
    plan = subprocess.run(["make", "-n", "run"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert "thidua run 2021H1" in plan
    assert "--keep-server" in plan
    assert "cp -R examples/returns" in plan
