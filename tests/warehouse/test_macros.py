"""The macros for analysts: each is there, says what it gives, and its example runs on the published copy."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Any

import pytest
from duckdb import Error
from seasons import Season, accepted, number, reading

from catalogue.model import Catalogue
from catalogue.observation_status import load_observation_statuses, obs_status
from transforms.observation import Observation
from warehouse import Warehouse
from warehouse.definition import FUNCTIONS, MACROS, ROOT, macro_comments


def test_every_macro_has_a_file_a_comment_and_an_example(warehouse: Warehouse) -> None:
    assert sorted(p.stem for p in (ROOT / "macros").glob("*.sql")) == sorted(MACROS) == sorted(macro_comments())
    stored = dict(
        warehouse._opened().rows(
            "SELECT DISTINCT function_name, comment FROM duckdb_functions() WHERE function_type = 'table_macro' "
            "AND NOT internal"
        )
    )
    assert stored == {name: comment for name, (comment, _) in macro_comments().items()}


def test_every_function_has_a_file_a_comment_and_an_example_that_runs(warehouse: Warehouse) -> None:
    described = macro_comments("functions")
    assert sorted(p.stem for p in (ROOT / "functions").glob("*.sql")) == sorted(FUNCTIONS) == sorted(described)
    stored = "SELECT function_name, comment FROM duckdb_functions() WHERE function_type = 'macro' AND NOT internal"
    assert dict(warehouse._opened().rows(stored)) == {name: comment for name, (comment, _) in described.items()}
    for name, (_, example) in described.items():
        assert f"{name}(" in example
        warehouse._opened().rows(example)


def test_every_example_runs(warehouse: Warehouse) -> None:
    for name, (_, example) in macro_comments().items():
        assert f"{name}(" in example
        warehouse._opened().rows(example)


@pytest.mark.parametrize("has_figures", [True, False])
def test_a_code_that_is_not_known_is_an_error_in_vietnamese_and_no_empty_answer(
    season: Season, has_figures: bool
) -> None:
    if has_figures:
        season.judge(accepted(season.receive(reading("hung-yen", number("new_jobs", "2"))).submission_id))
    for call, said in {
        "trace('2021H7', 'hung-yen', 'new_jobs')": "Không có kỳ “2021H7”. Viết như 2021H1",
        "trace('2021H1', 'Hung yen', 'new_jobs')": "Không có đơn vị “Hung yen”; gần nhất: Hưng Yên",
        "trace('2021H1', 'hung-yen', 'new_job')": "Không có chỉ tiêu “new_job”; gần nhất: new_jobs",
        "standing_findings('2021')": "Không có kỳ “2021”",
        "index_to('new_jobs', '2021H0')": "Không có kỳ “2021H0”",
        "index_to('jobs', '2021H1')": "Không có chỉ tiêu",
        "same_period('jobs')": "Không có chỉ tiêu",
        "within_year('jobs')": "Không có chỉ tiêu",
        "within_year('new_jobs', numerator := 'jobs')": "Không có chỉ tiêu",
        "ranking('jobs')": "Không có chỉ tiêu",
        "share_of_cluster('jobs')": "Không có chỉ tiêu",
        "figures_of('jobs')": "Không có chỉ tiêu",
        "on_boundaries_of('jobs', '2025-07-01')": "Không có chỉ tiêu",
    }.items():
        with pytest.raises(Error, match=said):
            season.warehouse._opened().rows(f"SELECT * FROM {call}")


def collect(season: Season, values: dict[str, Observation]) -> None:
    came = [season.receive(reading(unit, told)) for unit, told in values.items()]
    season.judge(*(accepted(c.submission_id) for c in came))


def placed(season: Season, values: dict[str, Observation]) -> dict[str, tuple[Any, ...]]:
    collect(season, values)
    code = next(iter(values.values())).indicator_code
    rows = season.warehouse._opened().rows(f"SELECT province_id, place, ranked_count FROM ranking('{code}')")
    return {row[0]: row[1:] for row in rows if row[0] in values}


def test_equal_figures_share_a_place_and_the_next_place_is_left_out(season: Season) -> None:
    told = [number("new_enterprises", v) for v in ("7", "5", "5", "5.0", "0")]
    told.append(Observation("new_enterprises", "none_arising", raw_text="không phát sinh"))
    told.append(Observation("new_enterprises", "blank"))
    units = ("hung-yen", "ha-nam", "thai-binh", "nam-dinh", "ninh-binh", "bac-ninh", "vinh-phuc")
    rows = placed(season, dict(zip(units, told, strict=True)))
    assert [rows[unit] for unit in units] == [(1, 6), (2, 6), (2, 6), (2, 6), (5, 6), (5, 6), (None, 6)]


def test_where_the_smallest_is_first_equal_figures_share_a_place_too(season: Season) -> None:
    told = {unit: number("poverty_rate", v) for unit, v in {"ha-nam": "2", "hung-yen": "1", "nam-dinh": "1"}.items()}
    assert placed(season, told) == {"hung-yen": (1, 3), "nam-dinh": (1, 3), "ha-nam": (3, 3)}


def test_on_other_boundaries_what_did_not_arise_is_zero_beside_a_blank_too(season: Season) -> None:
    nothing = Observation("new_branches", "none_arising", raw_text="không phát sinh")
    collect(season, {"ninh-binh": nothing, "ha-nam": nothing, "nam-dinh": Observation("new_branches", "blank")})
    rows = season.warehouse._opened().rows
    told = "SELECT value, status, predecessors_known FROM on_boundaries_of('new_branches', '2025-07-01'{})"
    told += " WHERE province_id = 'ninh-binh'"
    assert rows(told.format("")) == [(None, "incomplete", 2)]
    assert rows(told.format(", partial := TRUE")) == [(Decimal(0), "partial", 2)]


def test_the_database_gives_the_code_of_every_state_that_the_catalogue_gives(warehouse: Warehouse) -> None:
    rows = warehouse._opened().rows
    for row in load_observation_statuses():
        for is_estimated in (True, False):
            for has_value in (True, False):
                call = f"SELECT obs_status('{row.status}', {is_estimated}, {has_value})"
                try:
                    wanted = obs_status(row.status, is_estimated, has_value)
                except KeyError:
                    wanted = None
                assert rows(call) == [(wanted,)], call
    assert rows("SELECT obs_status('sum', NULL, TRUE), obs_status('sum', NULL, FALSE)") == [(None, "O")]


def test_an_indicator_added_to_the_catalogue_has_its_columns_in_the_view_of_its_section(
    season: Season, catalogue: Catalogue
) -> None:
    jobs = catalogue.indicators["new_jobs"]
    added = dataclasses.replace(jobs, indicator_code="lost_jobs", label="Số lao động mất việc", position=99)
    indicators = catalogue.indicators | {"lost_jobs": added}
    season.catalogue = dataclasses.replace(catalogue, indicators=indicators, content_hash="changed")
    season.warehouse.sync_catalogue(season.catalogue)
    collect(season, {"ha-nam": number("lost_jobs", "12", is_estimated=True)})
    rows = season.warehouse._opened().rows
    sql = "SELECT lost_jobs, lost_jobs_status, lost_jobs_obs_status FROM wide_society WHERE province_id = 'ha-nam'"
    assert rows(sql) == [(Decimal(12), "reported", "E")]
    sql = "SELECT comment FROM duckdb_columns() WHERE table_name = 'wide_society' AND column_name = 'lost_jobs'"
    assert rows(sql)[0][0].startswith("Số lao động mất việc (lao động)")
    assert rows("SELECT amount FROM figures_of('lost_jobs') WHERE province_id = 'ha-nam'") == [(Decimal(12),)]
    season.warehouse.sync_catalogue(catalogue)
    assert not rows(sql)  # what is asked no more goes out of it
