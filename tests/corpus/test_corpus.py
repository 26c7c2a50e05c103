"""Every file of the corpus through the real reading pool: what must come out of it does, and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
from corpus_cases import FILES, HERE, Case, Part, load_cases, said, told

from catalogue import DATA, load_catalogue
from expectations.judgement import judge_alone
from flows.reading.pool import ReadingPool
from flows.shares.folders import list_files, match_folders
from transforms.observation import Reading
from transforms.reading import hash_bytes, read_return

CATALOGUE = load_catalogue()
CASES = load_cases()
RETURNS = HERE.parents[1] / "examples" / "returns"
MOST_BYTES = 1_500_000
each_case = pytest.mark.parametrize("case", CASES, ids=[case.file for case in CASES])


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading]:
    """All files read in one go by children with the limits of a real run."""
    files = [(FILES / case.file, hash_bytes((FILES / case.file).read_bytes())) for case in CASES]
    with ReadingPool(DATA, workers=1) as pool:
        return dict(zip((case.file for case in CASES), pool.read(files), strict=True))


@cache
def sample(name: str) -> Reading:
    return read_return(CATALOGUE, next((RETURNS / name).glob("*.xlsx")).read_bytes())


def meant(reading: Reading) -> list[tuple[object, ...]]:
    return [(o.indicator_code, o.state, o.value, o.is_estimated) for o in reading.observations]


def compare(part: Part, reading: Reading) -> None:
    assert (reading.province_id, reading.period_code) == (part.province, part.period)
    assert told(reading) == part.tells
    if part.same_as:
        assert meant(reading) == meant(sample(part.same_as))
    else:
        assert said(reading) == part.figures


@each_case
def test_what_must_come_out_does(case: Case, readings: dict[str, Reading]) -> None:
    reading = readings[case.file]
    assert reading.is_rejected == bool(case.refused), reading.problems
    if not case.refused:
        compare(case, reading)
        assert len(reading.parts) == len(case.parts)
        for part, found in zip(case.parts, reading.parts, strict=True):
            compare(part, found)
        return
    assert reading.observations == ()
    [problem] = reading.problems
    assert problem.rule_code == case.refused
    assert case.reason in problem.detail
    [finding] = [f for f in judge_alone(CATALOGUE, reading, Path(case.file).name) if f.rule_code == case.refused]
    assert finding.severity == "critical"
    assert Path(case.file).name in (finding.file_name or finding.message)
    assert case.reason in finding.message
    assert finding.advice
    assert "hãy" in problem.detail or case.refused != "file_unreadable", "the sender is told what to do"


def test_the_folders_of_a_season(tmp_path: Path) -> None:
    """Which file is whose, and which are left aside; a link of any kind is followed nowhere."""
    entries = tomllib.loads((HERE / "folders.toml").read_text(encoding="utf-8"))["entry"]
    root = shutil.copytree(HERE / "folders", tmp_path / "folders")
    (root / "Hà Nam" / "liên kết.csv").symlink_to(root / "33" / "bieu.csv")
    (root / "Hà Nam" / "vòng").symlink_to(root)
    (root / "Nam Định").symlink_to(root / "33")
    places, strays = match_folders(CATALOGUE, "2021H1", root)
    found = {f"{place.shown}/{item.path}": place.unit for place in places for item in list_files(place)[0]}
    assert found == {entry["path"]: entry["unit"] for entry in entries if entry["unit"]}
    assert strays == ["Hà Tây", "Lưu trữ", "Nam Định"]
    stored = {path.relative_to(HERE / "folders").as_posix() for path in (HERE / "folders").rglob("*") if path.is_file()}
    assert stored == {entry["path"] for entry in entries}


def test_every_file_has_its_case_and_every_case_its_file() -> None:
    stored = sorted(path.relative_to(FILES).as_posix() for path in FILES.rglob("*") if path.is_file())
    assert sorted(case.file for case in CASES) == stored
    assert len(stored) >= 60
    assert sum((FILES / name).stat().st_size for name in stored) < MOST_BYTES


def test_every_case_says_what_it_is() -> None:
    assert all(case.what for case in CASES)
    assert len({case.what for case in CASES}) > len(CASES) - 10


def test_the_files_are_those_that_are_made() -> None:
    done = subprocess.run([sys.executable, HERE / "make.py", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
