"""The tables that plan the report: what names something unknown is refused, with its file and line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from catalogue import CatalogueError, load_catalogue
from catalogue.load import DATA


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """A copy of the catalogue with one text of one table put in place of another."""

    def change(file: str, old: str, new: str) -> Path:
        folder = tmp_path / "data"
        shutil.copytree(DATA, folder)
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return change


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("report_sections.csv", ",grdp,,province", ",grpd,,province", r"report_sections\.csv:\d+: .*'grpd' is unknown"),
        ("report_sections.csv", ",grdp,,province", ",grdp,new_jobs,province", "does not stand in the table 'grdp'"),
        ("report_sections.csv", ",grdp,,province", ",grdp,,", "does not go with the table 'grdp'"),
        ("report_sections.csv", ",bao-hiem,,province,0,", ",bao-hiem,,province,0,pie", "column chart: 'pie'"),
        ("report_sections.csv", "lanh-dao,1,1,", "lanh-dao,1,4,", "column level"),
        ("report_sections.csv", ",bao-hiem,,", ",grdp,,", "is told in line"),
        ("report_phrases.csv", "{value} {noun}", "{value} {nuon}", r"report_phrases\.csv:\d+: .*unknown placeholders"),
        ("report_phrases.csv", "growth,,,ước,{change}", "growth,,,ước,{noun}", "it says no {change}"),
        ("report_phrases.csv", ",new_jobs,", ",new_jobz,", "'new_jobz' is unknown"),
        ("report_phrases.csv", "rank,,", "rang,,", "column kind: 'rang'"),
        ("report_sentences.csv", "{when}", "{wenn}", r"report_sentences\.csv:\d+: .*unknown placeholders"),
        ("report_sentences.csv", "closing,", "clozing,", "'clozing' is unknown"),
        ("tables.csv", "bao-hiem,12", "bao-hiem-2,12", "bao-hiem"),
    ],
)
def test_what_does_not_hold_together_is_refused(
    changed: Callable[[str, str, str], Path], file: str, old: str, new: str, problem: str
) -> None:
    with pytest.raises(CatalogueError, match=problem):
        load_catalogue(changed(file, old, new))


def test_a_table_that_no_section_tells_is_refused(changed: Callable[[str, str, str], Path]) -> None:
    folder = changed("report_sections.csv", ",bao-hiem,,province,0,", ",,,,0,")
    with pytest.raises(CatalogueError, match=r"tables\.csv:\d+: no section of the report tells the table 'bao-hiem'"):
        load_catalogue(folder)


def test_a_catalogue_from_before_there_was_a_report_still_loads(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns("report_*"))
    assert load_catalogue(folder).report is None
