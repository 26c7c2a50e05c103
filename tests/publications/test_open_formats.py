"""The description beside the files holds by the library of its makers, and every figure has its SDMX code."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from half_year_marts import MADE_AT, PERIOD, Marts, empty_marts

from catalogue import Catalogue, CatalogueError
from catalogue.load import DATA
from catalogue.observation_status import load_observation_statuses, obs_status
from publications import publish_tables
from publications.standing import Standing

CODES = set("ABDEFGHIJKLMNOPQSUVW")  # CL_OBS_STATUS 2.2


def test_the_data_package_is_valid_and_says_what_each_field_is(
    catalogue: Catalogue, marts: Marts, tmp_path: Path
) -> None:
    from frictionless import validate  # 39 libraries; imported by this test only

    publish_tables(catalogue, PERIOD, marts, tmp_path, MADE_AT)
    report = validate(str(tmp_path / "datapackage.json"))
    assert report.valid, [task.errors[:1] for task in report.tasks if task.errors]
    package = json.loads((tmp_path / "datapackage.json").read_bytes())
    assert len(package["resources"]) == len(list(tmp_path.glob("csv/*"))) + len(list(tmp_path.glob("parquet/*")))
    for resource in package["resources"]:
        for field in resource.get("schema", {"fields": []})["fields"]:
            assert field.get("description"), (resource["name"], field["name"])
    money = next(r for r in package["resources"] if r["name"] == "von-dau-tu")
    figure = next(f for f in money["schema"]["fields"] if f["name"] == "social_investment")
    assert (figure["type"], figure["unit"]) == ("number", "tỷ đồng")
    assert (package["version"], package["temporal"]["end"]) == ("du-thao", "2021-06-30")
    (tmp_path / "csv" / "grdp.csv").write_text("period_code\nx\n", encoding="utf-8")
    assert not validate(str(tmp_path / "datapackage.json")).valid


def test_final_tables_and_empty_ones_have_a_description_too(catalogue: Catalogue, tmp_path: Path) -> None:
    final = Standing(3, is_final=True, approved_by="Lan", approved_at=MADE_AT)
    publish_tables(catalogue, PERIOD, empty_marts(), tmp_path, MADE_AT, final)
    package = json.loads((tmp_path / "datapackage.json").read_bytes())
    assert package["version"] == "3" and "bản chốt số 3" in package["description"]


def test_every_figure_of_the_files_carries_its_code(catalogue: Catalogue, marts: Marts, tmp_path: Path) -> None:
    publish_tables(catalogue, PERIOD, marts, tmp_path, MADE_AT)
    seen: dict[str, set[str]] = {}
    for path in (tmp_path / "parquet").iterdir():
        table = pq.read_table(path)
        names = [n.removesuffix("_obs_status") for n in table.column_names if n.endswith("_obs_status")]
        assert names == [n.removesuffix("_is_estimated") for n in table.column_names if n.endswith("_is_estimated")]
        for name in names:
            values, codes = table[name].to_pylist(), table[f"{name}_obs_status"].to_pylist()
            for status, value, code in zip(table[f"{name}_status"].to_pylist(), values, codes, strict=True):
                seen.setdefault(status, set()).add(code)
                assert (value is None) == (code in "OLM"), (name, status, value, code)
    assert seen["reported"] == {"A", "E"} and seen["blank"] == {"O"} and seen["not_computed"] == {"M"}
    assert set().union(*seen.values()) <= CODES


def test_the_table_of_states_is_complete_and_verified(tmp_path: Path) -> None:
    rows = load_observation_statuses()
    assert {row.obs_status for row in rows} <= CODES and all(row.source and row.meaning for row in rows)
    estimates = {"reported": "AE", "sum": "AE", "rebuilt": "AE", "announced": "AE", "derived": "II", "disputed": "UU"}
    for status, codes in estimates.items():
        assert (obs_status(status, False, True), obs_status(status, True, True)) == tuple(codes)
    gaps = {"blank": "O", "disputed": "O", "none_arising": "M", "not_yet_available": "L", "not_computed": "M"}
    for status, code in {**gaps, "sum": "O", "rebuilt": "O", "announced": "O"}.items():
        assert obs_status(status, False, False) == code
    with pytest.raises(KeyError, match="nonsense"):
        obs_status("nonsense", False, True)
    text = (DATA / "observation_statuses.csv").read_text(encoding="utf-8")
    for wrong in (text.replace("reported,0,1,A", "reported,2,1,A"), text.replace("reported,0,1,A", "reported,0,1,ab")):
        (tmp_path / "observation_statuses.csv").write_text(wrong, encoding="utf-8")
        load_observation_statuses.cache_clear()
        with pytest.raises(CatalogueError, match=r"observation_statuses\.csv:2"):
            load_observation_statuses(tmp_path)
