"""A whole run over folders full of files that mean harm: everything is kept and told, and nobody's figures suffer."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest
from corpus_cases import FILES, HERE, Case, load_cases
from office import PERIOD, Office

from catalogue import load_catalogue
from transforms.reading import hash_bytes, read_return

SAMPLES = sorted((HERE.parents[1] / "examples" / "returns").glob("*/*.xlsx"))
HARMFUL = [case for case in load_cases() if case.refused == "file_unreadable"]
VICTIM = "Hà Nam"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The sample returns, and in one province's folder every file of the corpus that cannot be read."""
    office = Office(tmp_path_factory.mktemp("harm"))
    for path in SAMPLES:
        (office.returns / path.parent.name).mkdir(parents=True)
        shutil.copy(path, office.returns / path.parent.name)
    for case in HARMFUL:
        shutil.copy(FILES / case.file, office.returns / VICTIM / name_of(case))
    yesterday = time.time() - 86400
    for path in office.returns.rglob("*"):
        os.utime(path, (yesterday, yesterday))
    office.run()
    return office


def name_of(case: Case) -> str:
    return case.file.replace("/", " - ")


def test_each_is_a_finding_with_its_name_its_reason_and_what_to_do(office: Office) -> None:
    found = {
        name: (rule, text, advice)
        for name, rule, text, advice in office.sql(
            "SELECT file_name, rule_code, message, advice FROM findings WHERE rule_code = 'file_unreadable'"
        )
    }
    told = {}
    for case in HARMFUL:  # files of one content are one file, under the name that is met first
        told.setdefault(hash_bytes((FILES / case.file).read_bytes()), []).append(case)
    for cases in told.values():
        [name] = [name for case in cases if (name := f"{VICTIM}/{name_of(case)}") in found]
        _, text, advice = found[name]
        assert name in text and advice
        assert any(case.reason in text for case in cases)


def test_originals_are_kept_whole_and_read_only(office: Office) -> None:
    for path in (*SAMPLES, *(FILES / case.file for case in HARMFUL)):
        data = path.read_bytes()
        sha256 = hash_bytes(data)
        kept = office.settings.archive / sha256[:2] / sha256
        assert kept.read_bytes() == data
        assert not kept.stat().st_mode & 0o222


def test_nobody_loses_a_figure(office: Office) -> None:
    catalogue = load_catalogue()
    readings = [read_return(catalogue, path.read_bytes()) for path in SAMPLES]
    provinces = [reading for reading in readings if reading.province_id != catalogue.cluster_id]
    [(count,)] = office.sql(
        f"SELECT count(value) FROM observations WHERE period_code = '{PERIOD}' AND status <> 'derived'"
    )
    assert count == sum(o.state == "number" for reading in provinces for o in reading.observations)


def test_nothing_was_written_beside_the_home(office: Office) -> None:
    """Names that point elsewhere led nowhere; what we write into a province's folder lies in a folder of its own."""
    home = Path(office.settings.home)
    assert {path.name for path in home.parent.iterdir()} == {home.name, office.returns.name}
    sent = {*map(name_of, HARMFUL), *(path.name for path in SAMPLES if path.parent.name == VICTIM)}
    assert {path.name for path in (office.returns / VICTIM).iterdir() if path.is_file()} == sent
