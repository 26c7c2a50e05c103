"""The real returns of the first half of 2021: the figures of the cluster's report, filled into the form.

`python -m examples.make_returns [FOLDER]` writes one workbook per reporting unit; the same table gives the same
bytes. A figure that the report prints plainly is written as a number. What it prints unusually (words, magnitudes,
fractions, "bằng …% cùng kỳ", a lost thousands dot) stands as it is printed. What the report does not give stays blank.
"""

from __future__ import annotations

import csv
import sys
from decimal import Decimal
from pathlib import Path

from catalogue.load import load_catalogue
from catalogue.model import Catalogue
from transforms.template.blank import FormValue, template_file_name, write_template

FOLDER = Path(__file__).parent
FIGURES = FOLDER / "figures_2021H1.csv"
PERIOD = "2021H1"
FINALITY = "Chính thức"  # the report marks each estimate by itself

# the whole printed text, as the table of figures quotes it
AS_PRINTED = {
    "toan-cum": (
        "ntm_communes_certified",
        "ntm_communes_certified_rate",
        "ntm_districts_certified",
        "traffic_accident_criteria_reduced",
        "pm_emulation_movement_count",
        "independence_orders_proposed_collectives",
        "national_emulation_fighters_proposed",
    ),
    "bac-ninh": (
        "ntm_communes_certified",
        "ntm_districts_certified",
        "par_index_rank",
        "sipas_rank",
        "papi_rank",
        "papi_rank_change",
        "poverty_rate",
    ),
    "ha-nam": ("ntm_districts_certified", "papi_rank", "pci_rank"),
    "hai-duong": (
        "ntm_communes_certified",
        "ntm_districts_certified",
        "new_enterprises_growth",
        "budget_revenue",
        "social_investment",
        "papi_rank",
    ),
    "hung-yen": ("ntm_communes_certified", "par_index_rank", "sipas_rank", "tourist_visits_growth"),
    "nam-dinh": ("ntm_communes_certified", "ntm_districts_certified", "papi_rank", "pci_rank", "pci_rank_change"),
    "ninh-binh": (
        "ntm_communes_certified",
        "ntm_districts_certified",
        "social_investment",
        "budget_revenue",
        "tourist_visits",
        "tourist_visits_growth",
        "pci_rank",
    ),
    "quang-ninh": (
        "ntm_communes_certified",
        "budget_revenue_growth",
        "tourist_visits",
        "tourist_visits_growth",
        "par_index_rank",
        "par_index_consecutive_years_first",
        "sipas_rank",
        "papi_rank",
        "ict_index_rank",
    ),
    "thai-binh": ("ntm_districts_certified", "par_index_rank", "sipas_rank", "new_branches"),
    "vinh-phuc": ("ntm_districts_certified", "budget_revenue_growth", "tourist_visits"),
}

# a shorter or longer piece of the report's sentence than the table quotes
PRINTED_DIFFERENTLY = {
    ("quang-ninh", "new_enterprises"): "1030",
    ("quang-ninh", "social_investment"): "ước đạt 39.292 tỷ đồng",
    ("hung-yen", "tourist_visits"): "khoảng 17.600 lượt khách",
    ("vinh-phuc", "ntm_communes_advanced"): "02 xã",
    ("toan-cum", "election_provincial_certificates_individuals"): "1115",
}

# second numbers of fractions that are given by the fraction's text alone
BLANK_BESIDE_FRACTION = {
    ("bac-ninh", "ntm_districts_total"),
    ("bac-ninh", "par_index_rank_out_of"),
    ("bac-ninh", "sipas_rank_out_of"),
    ("bac-ninh", "papi_rank_out_of"),
    ("nam-dinh", "ntm_communes_total"),
    ("nam-dinh", "ntm_districts_total"),
    ("ninh-binh", "ntm_districts_total"),
    ("thai-binh", "sipas_rank_out_of"),
}

# "bằng 105,8% cùng kỳ": the number as printed, its basis chosen in the column for it
BY_INDEX = {("thai-binh", "budget_revenue_growth")}

# "bằng 85,1% so với cùng kỳ trước": the words, and the basis chosen as well
WORDS_AND_BASIS = {("hai-duong", "new_enterprises_growth")}

NOTES = {("ninh-binh", "new_enterprises"): "gồm cả đơn vị trực thuộc"}


def read_figures(path: Path = FIGURES) -> list[dict[str, str]]:
    """The rows of the table of figures."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def province_of(catalogue: Catalogue, row: dict[str, str]) -> str:
    """Whose return a figure belongs to; a figure without a province code is the whole cluster's."""
    if not row["province_code"]:
        return catalogue.cluster_id
    return next(p.province_id for p in catalogue.members_of(PERIOD) if p.province_code == row["province_code"])


def fill_row(catalogue: Catalogue, province_id: str, row: dict[str, str]) -> dict[str, FormValue]:
    """The cells that one figure fills, by their names."""
    code = row["indicator"]
    where = (province_id, code)
    if where in BLANK_BESIDE_FRACTION:
        return {}
    growth, index = catalogue.form.choices["basis"]
    cells: dict[str, FormValue] = {}
    if where in PRINTED_DIFFERENTLY:
        cells[f"f_{code}"] = PRINTED_DIFFERENTLY[where]
    elif code in AS_PRINTED[province_id]:
        cells[f"f_{code}"] = row["raw"]
    else:
        value = Decimal(row["value"])
        is_growth = catalogue.indicators[code].is_growth
        cells[f"f_{code}"] = value + 100 if where in BY_INDEX else value
        if is_growth:
            cells[f"b_{code}"] = index if where in BY_INDEX else growth
    if where in WORDS_AND_BASIS:
        cells[f"b_{code}"] = index
    says_so = str(cells[f"f_{code}"]).startswith(("ước", "khoảng"))
    if row["estimated"] == "1" and not says_so:
        cells[f"e_{code}"] = catalogue.form.choices["estimate"][0]
    if where in NOTES:
        cells[f"n_{code}"] = NOTES[where]
    return cells


def make_returns(folder: Path) -> list[Path]:
    """Writes every unit's workbook under `folder`, in a folder of the unit's name; returns their paths."""
    catalogue = load_catalogue()
    filled: dict[str, dict[str, FormValue]] = {}
    for row in read_figures():
        province_id = province_of(catalogue, row)
        filled.setdefault(province_id, {}).update(fill_row(catalogue, province_id, row))
    paths = []
    for province_id, values in sorted(filled.items()):
        province = catalogue.province_in(province_id, PERIOD)
        assert province is not None
        target = folder / province.name / template_file_name(PERIOD, province_id)
        values["m_finality"] = FINALITY
        paths.append(write_template(catalogue, PERIOD, target, province_id, values))
    return paths


if __name__ == "__main__":
    for path in make_returns(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER / "returns"):
        print(path)
