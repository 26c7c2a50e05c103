"""The real returns of 2021H1: what was read and what was found, row by row, as an expert of the domain signed it.

`python tests/rules/test_golden_2021H1.py` writes both files anew and keeps the reasons of findings already known; a
new finding gets an empty reason, which the test refuses.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from catalogue import load_catalogue
from expectations.judgement import Received, judge
from transforms.observation import Finding, Reading
from transforms.reading import read_return

CATALOGUE = load_catalogue()
PERIOD = "2021H1"
ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / PERIOD
FINDING_COLUMNS = (
    "period_code",
    "province_code",
    "rule_code",
    "severity",
    "indicator_code",
    "sheet",
    "cell",
    "observed",
    "expected",
    "message",
)
OBSERVATION_COLUMNS = ("province", "indicator", "state", "value", "estimated", "raw_text", "cell")
Rows = list[dict[str, str]]


def read_returns() -> dict[str, Reading]:
    paths = sorted((ROOT / "examples" / "returns").glob("*/*.xlsx"))
    return {path.name: read_return(CATALOGUE, path.read_bytes()) for path in paths}


def observation_rows(readings: dict[str, Reading]) -> Rows:
    rows = []
    for reading in readings.values():
        for o in reading.observations:
            value = "" if o.value is None else f"{o.value:f}"
            estimated = "1" if o.is_estimated else "0"
            cells = (
                reading.province_id,
                o.indicator_code,
                o.state,
                value,
                estimated,
                o.raw_text,
                f"{o.sheet}!{o.cell}",
            )
            rows.append(dict(zip(OBSERVATION_COLUMNS, cells, strict=True)))
    return rows


def judge_together(readings: dict[str, Reading]) -> tuple[Finding, ...]:
    received = [Received(name, reading.province_id, name, reading, True) for name, reading in readings.items()]
    return judge(CATALOGUE, PERIOD, received).findings


def finding_rows(findings: tuple[Finding, ...]) -> Rows:
    """One row per finding, by province and place; the cluster's own first."""
    codes = {p.province_id: p.province_code for p in CATALOGUE.members_of(PERIOD)}
    rows = [
        {
            "period_code": f.period_code,
            "province_code": codes.get(f.province_id, ""),
            **{name: str(getattr(f, name)) for name in FINDING_COLUMNS[2:]},
        }
        for f in findings
    ]
    return sorted(rows, key=lambda r: (r["province_code"], r["sheet"], int(r["cell"][1:] or 0), r["rule_code"]))


def read_csv(name: str) -> Rows:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_csv(name: str, columns: tuple[str, ...], rows: Rows) -> None:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    GOLDEN.mkdir(parents=True, exist_ok=True)
    (GOLDEN / name).write_text(stream.getvalue(), encoding="utf-8")


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading]:
    return read_returns()


def test_what_was_read(readings: dict[str, Reading]) -> None:
    assert observation_rows(readings) == read_csv("observations.csv")


def test_what_was_found(readings: dict[str, Reading]) -> None:
    signed = read_csv("findings.csv")
    assert finding_rows(judge_together(readings)) == [{name: row[name] for name in FINDING_COLUMNS} for row in signed]
    assert all(row["reason"] for row in signed)


def test_each_return_by_itself_has_no_finding_but_its_own(readings: dict[str, Reading]) -> None:
    received = [Received(name, reading.province_id, name, reading, True) for name, reading in readings.items()]
    alone = judge(CATALOGUE, PERIOD, received, is_whole_period=False).findings
    told = Counter((f.rule_code, f.province_id) for f in alone if f.rule_code != "required_present")
    assert told == {
        ("parts_sum_to_total", "ninh-binh"): 1,
        ("rate_rounding", "ninh-binh"): 1,
        ("rate_rounding", ""): 1,
    }


if __name__ == "__main__":
    key = ("province_code", "rule_code", "indicator_code")
    known = read_csv("findings.csv") if (GOLDEN / "findings.csv").exists() else []
    reasons = {tuple(row[name] for name in key): row["reason"] for row in known}
    found = read_returns()
    rows = finding_rows(judge_together(found))
    signed = [{**row, "reason": reasons.get(tuple(row[name] for name in key), "")} for row in rows]
    write_csv("findings.csv", (*FINDING_COLUMNS, "reason"), signed)
    write_csv("observations.csv", OBSERVATION_COLUMNS, observation_rows(found))
