"""The catalogue holds together, and refuses, naming file and line, what does not."""

from __future__ import annotations

import itertools
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from catalogue import DATA, CatalogueError, load_catalogue
from catalogue.arithmetic import Expression
from flows.telling.catalogue_words import say_catalogue_error


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def test_asks_for_every_figure_of_the_real_report() -> None:
    catalogue = load_catalogue()
    assert len(catalogue.indicators) == 66
    assert sum(i.is_announced for i in catalogue.indicators.values()) == 31
    assert len({i.label for i in catalogue.indicators.values()}) == 66


def test_members_and_chair() -> None:
    catalogue = load_catalogue()
    assert len(catalogue.members_of("2021H1")) == 9
    assert [p.province_code for p in catalogue.members_of("2025H2")] == ["24", "31", "33", "37", "25", "22"]
    chair = catalogue.chair_of("2021H1")
    assert chair is not None and chair.province_id == "hung-yen"


def test_versions_of_provinces_have_no_gap_and_no_overlap() -> None:
    catalogue = load_catalogue()
    for province_id in {p.province_id for p in catalogue.provinces}:
        versions = sorted((p for p in catalogue.provinces if p.province_id == province_id), key=lambda p: p.valid_from)
        for earlier, later in itertools.pairwise(versions):
            assert earlier.valid_to == later.valid_from


@pytest.mark.parametrize(
    ("table", "old", "new", "problem"),
    [
        (
            "indicators.csv",
            "indicator_code,section_code",
            "indicator_code,colour,section_code",
            "indicators.csv:1: columns",
        ),
        (
            "indicators.csv",
            "ntm_communes_total,A,2",
            "ntm_communes_total,Z,2",
            "indicators.csv:3: column section_code: 'Z'",
        ),
        ("indicators.csv", "poverty_rate,C,1", "poverty_rate,C,one", "indicators.csv:15: column position"),
        ("indicators.csv", "new_jobs,E", "grdp_growth,E", "stands already"),
        (
            "formulas.csv",
            "ntm_communes_certified /",
            "ntm_communes /",
            "formulas.csv:2: column formula: 'ntm_communes'",
        ),
        ("formulas.csv", "100 * ntm_communes_certified", "__import__('os')", "formulas.csv:2"),
        (
            "formulas.csv",
            "ntm_communes_certified_rate,100 * ntm_communes_certified /",
            "ntm_communes_certified_rate,100 * ntm_communes_certified_rate /",
            "comes back to itself",
        ),
        ("totals.csv", "prizes_total,national_student_prizes_first", "prizes_total,new_jobs", "different units"),
        ("rules.csv", "{observed}", "{value}", "unknown placeholders"),
        ("rules.csv", ",critical,", ",fatal,", "neither critical"),
        (
            "provinces.csv",
            "bac-ninh,24,Bắc Ninh,Tỉnh Bắc Ninh,province,2025-07-01",
            "bac-ninh,24,Bắc Ninh,Tỉnh Bắc Ninh,province,2025-01-01",
            "overlaps",
        ),
        ("calendar.csv", "2021-07-05", "2021-06-05", "not in this order"),
        ("memberships.csv", "ha-nam,member", "ha-noi,member", "'ha-noi' is unknown"),
        ("tiles.csv", "ha-nam,3,2", "ha-noi,3,2", "tiles.csv:7: column province_id: 'ha-noi' is unknown"),
        ("tiles.csv", "ha-nam,3,2", "ha-nam,2,2", "is taken at that time by 'hung-yen'"),
        ("tiles.csv", "bac-ninh,1,2,2025H2,", "bac-ninh,1,3,2025H1,", "has a tile at that time already in line 3"),
        ("tiles.csv", "ha-nam,3,2", "ha-nam,0,2", "lies outside"),
        ("tiles.csv", "ha-nam,3,2,2016H1", "ha-nam,3,2,2016", "'2016' is no period"),
        ("tiles.csv", "ha-nam,3,2,2016H1,2025H1", "ha-nam,3,2,2016H1,2015H1", "ends before it starts"),
    ],
)
def test_refuses_what_does_not_hold_together(tables: Path, table: str, old: str, new: str, problem: str) -> None:
    path = tables / table
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueError) as refusal:
        load_catalogue(tables)
    assert problem in str(refusal.value)
    assert table in str(refusal.value)


def test_every_member_of_any_half_year_has_a_tile_and_a_catalogue_without_tiles_still_loads(tables: Path) -> None:
    catalogue = load_catalogue()
    for period_code in catalogue.calendar:
        placed = {t.province_id for t in catalogue.tiles if t.is_valid_in(period_code)}
        assert {p.province_id for p in catalogue.members_of(period_code)} == placed, period_code
    (tables / "tiles.csv").unlink()
    assert load_catalogue(tables).tiles == ()


def test_formulas_are_plain_arithmetic() -> None:
    assert Expression("100 * a / b").evaluate({"a": Decimal(1), "b": Decimal(8)}) == Decimal("12.5")
    assert Expression("a / b").evaluate({"a": Decimal(1), "b": Decimal(0)}) is None
    assert Expression("a + b").evaluate({"a": Decimal(1), "b": None}) is None
    assert Expression("100 * a / b").excel(lambda n: n.upper()) == "((100*A)/B)"
    for text in ("a ** 2", "f(a)", "a if b else c", "a.b", "'x'", "lambda: 1", "a +", "True + 1"):
        with pytest.raises(ValueError, match=r"formula|arithmetic"):
            Expression(text)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("units.csv", None, "“units.csv”: thiếu tệp này"),
        ("units.csv", b"", "tệp units.csv, dòng 1: tên cột sai: lạ [], thiếu ["),
        ("totals.csv", b"total_code;part_code\n", "tệp totals.csv, dòng 1: tên cột sai: lạ ['total_code;part_code'], "),
        ("calendar.csv", "HEADER", "tệp calendar.csv, dòng 1: bảng không có dòng nào"),
        ("mergers.csv", b"a\nb\n\xe3\xd0\n", "tệp mergers.csv, dòng 3: tệp không phải văn bản UTF-8; trong Excel chọn"),
        ("sections.csv", b'HEADER\n"a"b,c\n', "tệp sections.csv, dòng 2: dấu ngoặc kép"),
        ("sections.csv", b"HEADER\nmot\n", "tệp sections.csv, dòng 2: dòng có 1 ô, đáng lẽ "),
    ],
)
def test_a_damaged_table_is_told_by_file_and_line_in_vietnamese(
    tables: Path, name: str, content: bytes | str | None, said: str
) -> None:
    header = (DATA / name).read_bytes().splitlines()[0]
    if content is None:
        (tables / name).unlink()
    else:
        (tables / name).write_bytes(header if isinstance(content, str) else content.replace(b"HEADER", header))
    with pytest.raises(CatalogueError) as raised:
        load_catalogue(tables)
    assert say_catalogue_error(raised.value).startswith(said)


def test_a_table_that_excel_saved_with_its_mark_is_read(tables: Path) -> None:
    (tables / "units.csv").write_bytes(b"\xef\xbb\xbf" + (DATA / "units.csv").read_bytes())
    assert load_catalogue(tables).units == load_catalogue().units
