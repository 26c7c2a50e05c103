"""A small published copy that the tests of the analysts' desk ask, and none may change."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from seasons import Season, accepted, finding, number, reading, total

from catalogue import load_catalogue
from catalogue.model import Catalogue
from flows.shares.folders import keep
from publications import publish_tables
from transforms.checks import Check
from transforms.observation import Ruling
from transforms.operation import ClosingEvent
from transforms.reading import read_return
from warehouse import Warehouse

RETURNS = Path(__file__).parents[2] / "examples" / "returns"
PERIOD = "2021H1"
MADE_AT = dt.datetime(2021, 7, 6, 1, 5, tzinfo=dt.UTC)
CHECKS = (
    Check("amount_in_range", "hung-yen", "new_jobs", Decimal(8700), 8700.0, 0.0, None, None, True),
    Check("required_present", "hung-yen", "new_jobs", None, None, None, None, None, False),
    Check("change_fits_growth", "hung-yen", "new_enterprises_growth", Decimal(1), 2.5, -1.0, 1.0, Decimal(3), False),
    Check("rate_follows_counts", "hung-yen", "ntm_communes_certified_rate", None, 0.0, -0.01, 0.01, None, True),
    Check("announced_equals_sum", "", "new_enterprises", Decimal(5824), 3685.0, 0.0, 0.0, Decimal(2139), False),
    Check("rank_held_once", "", "pci_rank", Decimal(53), 1.0, None, 1.0, None, True),
    Check("rank_held_once", "", "pci_rank", Decimal(10), 2.0, None, 1.0, None, False),
)
UNITS = {"hung-yen": "Hưng Yên", "quang-ninh": "Quảng Ninh", "ninh-binh": "Ninh Bình", "toan-cum": "Toàn Cụm"}


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def home(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a published copy: two returns, a finding, a cluster total."""
    folder = tmp_path_factory.mktemp("home")
    with Warehouse.open(folder / "warehouse.duckdb") as warehouse:
        warehouse.sync_catalogue(catalogue)
        season = Season(warehouse, catalogue)
        one = season.receive(reading("hung-yen", number("new_jobs", "19044.4"), number("new_enterprises", "520")))
        two = season.receive(reading("ha-nam", number("new_jobs", "9000")))
        season.judge(
            accepted(one.submission_id),
            accepted(two.submission_id),
            findings=(finding("hung-yen", indicator_code="new_jobs", cell="D7"),),
            totals=(total("new_jobs", "28044.4"),),
        )
        warehouse.publish(folder / "published" / "warehouse.duckdb")
    return folder


@pytest.fixture(scope="session")
def desk(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which four real returns were received, judged and published, and one finding explained."""
    home = tmp_path_factory.mktemp("desk")
    (home / "archive").mkdir()
    with Warehouse.open(home / "warehouse.duckdb") as warehouse:
        warehouse.sync_catalogue(catalogue)
        season = Season(warehouse, catalogue)
        came = {}
        for unit, name in UNITS.items():
            [file] = (RETURNS / name).glob("*.xlsx")
            sha256 = keep(home / "archive", file.read_bytes())
            path = f"{name}/{file.name}"
            of = read_return(catalogue, file.read_bytes(), sha256)
            came[unit] = season.receive(of, path=path, file_name=file.name)
        told = {"finding_id": "f1", "figure_hash": "h1", "indicator_code": "new_jobs"}
        warehouse.add_ruling(Ruling("r1", "accept", PERIOD, "hung-yen", "đã rõ", "Lan", MADE_AT, "", "", "f1", "h1"))
        chosen = came["quang-ninh"].submission_id
        warehouse.add_ruling(Ruling("r2", "choose", PERIOD, "quang-ninh", "bản đúng", "Minh", MADE_AT, chosen))
        season.judge(
            *(accepted(s.submission_id) for s in came.values()),
            findings=(finding("hung-yen", status="explained", explanation="do bão", **told),),
            totals=(
                total(
                    "new_enterprises",
                    "2139",
                    control_value=Decimal(5824),
                    control_sheet="B. Doanh nghiệp",
                    control_cell="D7",
                    control_submission_id=came["toan-cum"].submission_id,
                ),
                total("ntm_communes_certified_rate", "98.32", value_source="rebuilt", is_estimated=False),
            ),
            checks=CHECKS,
        )
        approval = ClosingEvent("c1", PERIOD, "publish", "fig", "find", MADE_AT, decided_by="Hoa", reason="đủ")
        warehouse.add_closing(approval)
        publish_tables(catalogue, PERIOD, warehouse.marts(PERIOD), home / "published" / PERIOD, MADE_AT)
        warehouse.publish(home / "published" / "warehouse.duckdb")
    return home
