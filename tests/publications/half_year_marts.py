"""Marts made by hand from the printed figures of 2021H1, for the tests of what is drawn from them."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

from catalogue.model import Catalogue, Indicator

Marts = dict[str, list[dict[str, Any]]]

PERIOD = "2021H1"
RECEIVED = dt.datetime(2021, 7, 2, 1, 30, tzinfo=dt.UTC)
MADE_AT = dt.datetime(2021, 7, 6, 1, 5, tzinfo=dt.UTC)
FACTS = Path(__file__).parent / "facts_2021H1.csv"
DISPUTED = {("ninh-binh", "national_student_prizes_total")}
NOTES = {("ninh-binh", "new_enterprises"): "429 doanh nghiệp và đơn vị trực thuộc"}


def read_facts() -> dict[tuple[str, str], dict[str, str]]:
    with FACTS.open(encoding="utf-8", newline="") as file:
        return {(row["province_code"], row["indicator_code"]): row for row in csv.DictReader(file)}


def empty_marts() -> Marts:
    return {"observations": [], "cluster_totals": [], "findings": [], "submissions": [], "completeness": []}


def half_year_marts(catalogue: Catalogue) -> Marts:
    """All nine provinces and the chair's return of the first half of 2021, as the warehouse would hand them in."""
    facts = read_facts()
    members = catalogue.members_of(PERIOD)
    indicators = catalogue.indicators_of(PERIOD)
    marts = empty_marts()
    for province in members:
        for number, indicator in enumerate(indicators):
            fact = facts.get((province.province_code, indicator.indicator_code))
            marts["observations"].append(observation(catalogue, province, indicator, number, fact))
    derive_rates(marts["observations"])
    for indicator in indicators:
        total = cluster_total(catalogue, marts["observations"], indicator, facts, len(members))
        if total is not None:
            marts["cluster_totals"].append(total)
    marts["findings"] = findings(catalogue, marts["observations"])
    for province in members:
        marts["submissions"].append(submission(province, f"{province.province_id}_{PERIOD}.xlsx"))
        marts["completeness"].append(completeness(province, marts))
    cluster = catalogue.province_in(catalogue.cluster_id, PERIOD)
    marts["submissions"].append(submission(cluster, f"toan-cum_{PERIOD}.xlsx"))
    return marts


def observation(
    catalogue: Catalogue, province: Any, indicator: Indicator, number: int, fact: dict[str, str] | None
) -> dict[str, Any]:
    key = (province.province_id, indicator.indicator_code)
    status = "blank" if fact is None else "disputed" if key in DISPUTED else "reported"
    return {
        "period_code": PERIOD,
        "province_code": province.province_code,
        "province_id": province.province_id,
        "province_name": province.name,
        "indicator_code": indicator.indicator_code,
        "indicator_name": indicator.label,
        "unit": catalogue.unit_of(indicator).name,
        "value": Decimal(fact["value"]) if fact else None,
        "status": status,
        "is_estimated": bool(fact and fact["is_estimated"] == "1"),
        "raw_text": fact["raw_text"] if fact else "",
        "file_name": f"{province.province_id}_{PERIOD}.xlsx",
        "sheet": indicator.section_code,
        "cell": f"D{number + 7}",
        "version": 1,
        "received_at": RECEIVED,
        "is_required": indicator.is_required,
        "note": NOTES.get(key, ""),
        "section_code": indicator.section_code,
    }


def derive_rates(observations: list[dict[str, Any]]) -> None:
    """District rates follow from the counts; no province writes them."""
    rows = {(r["province_id"], r["indicator_code"]): r for r in observations}
    for row in observations:
        if row["indicator_code"] == "ntm_districts_certified_rate":
            certified, total = (rows[row["province_id"], f"ntm_districts_{part}"] for part in ("certified", "total"))
            row["value"] = (100 * certified["value"] / total["value"]).quantize(Decimal("0.01"), "ROUND_HALF_UP")
            row["status"] = "derived"


def cluster_total(
    catalogue: Catalogue,
    observations: list[dict[str, Any]],
    indicator: Indicator,
    facts: dict[tuple[str, str], dict[str, str]],
    expected: int,
) -> dict[str, Any] | None:
    code = indicator.indicator_code
    rows = [r for r in observations if r["indicator_code"] == code and r["value"] is not None]
    announced = facts.get(("", code))
    control = Decimal(announced["value"]) if announced else None
    if indicator.aggregation == "none" and control is None:
        return None
    value: Decimal | None = None
    source = "sum"
    if indicator.aggregation == "rebuild":
        source, value = "rebuilt", rebuilt_rate(observations, code)
    elif indicator.aggregation == "sum" and rows:
        value = sum((r["value"] for r in rows), Decimal(0))
    if value is None and control is not None:
        source, value = "announced", control
    disputed = [r for r in rows if r["status"] == "disputed"]
    return {
        "period_code": PERIOD,
        "indicator_code": code,
        "indicator_name": indicator.label,
        "unit": catalogue.unit_of(indicator).name,
        "value": value,
        "value_source": source,
        "provinces_reporting": len(rows),
        "provinces_expected": expected,
        "disputed_count": len(disputed),
        "value_without_disputed": value - sum(r["value"] for r in disputed) if value is not None else None,
        "control_value": control,
        "control_sheet": indicator.section_code,
        "control_cell": f"D{indicator.position + 6}",
        "control_file_name": f"toan-cum_{PERIOD}.xlsx",
    }


def rebuilt_rate(observations: list[dict[str, Any]], code: str) -> Decimal | None:
    stem = code.removesuffix("_certified_rate")

    def total(part: str) -> Decimal:
        found = (r["value"] for r in observations if r["indicator_code"] == part and r["value"] is not None)
        return sum(found, Decimal(0))

    whole = total(f"{stem}_total")
    return None if not whole else (100 * total(f"{stem}_certified") / whole).quantize(Decimal("1e-10"))


def finding(
    catalogue: Catalogue, rule_code: str, indicator_code: str, province: Any = None, **texts: str
) -> dict[str, Any]:
    rule = catalogue.rules[rule_code]
    return {
        "period_code": PERIOD,
        "province_code": province["province_code"] if province else None,
        "province_id": province["province_id"] if province else None,
        "province_name": province["province_name"] if province else None,
        "file_name": province["file_name"] if province else f"toan-cum_{PERIOD}.xlsx",
        "rule_code": rule_code,
        "rule_title": rule.title,
        "severity": rule.severity,
        "indicator_code": indicator_code,
        "sheet": province["sheet"] if province else "",
        "cell": province["cell"] if province else "",
        "observed": texts.get("observed", ""),
        "expected": texts.get("expected", ""),
        "message": texts["message"],
        "advice": rule.advice,
    }


def findings(catalogue: Catalogue, observations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = {(r["province_id"], r["indicator_code"]): r for r in observations}
    found = [
        finding(
            catalogue,
            "announced_equals_sum",
            "new_enterprises",
            observed="5.824",
            expected="5.761",
            message="Số doanh nghiệp thành lập mới: số công bố toàn Cụm là 5.824, các tỉnh cộng lại là 5.761.",
        ),
        finding(
            catalogue,
            "announced_equals_sum",
            "new_jobs",
            observed="98.238",
            expected="98.591",
            message="Số lao động được tạo việc làm mới: số công bố toàn Cụm là 98.238, các tỉnh cộng lại là 98.591.",
        ),
        finding(
            catalogue,
            "rate_rounding",
            "ntm_communes_certified_rate",
            rows["ninh-binh", "ntm_communes_certified_rate"],
            observed="86,20%",
            expected="86,21%",
            message="Tỷ lệ xã đạt chuẩn nông thôn mới ghi 86,20%, tính đúng là 86,21% (100/116): bị cắt bớt.",
        ),
        finding(
            catalogue,
            "parts_sum_to_total",
            "national_student_prizes_total",
            rows["ninh-binh", "national_student_prizes_total"],
            observed="74",
            expected="33",
            message="Tổng số giải học sinh giỏi quốc gia ghi 74, các phần cộng lại là 33 (3 + 11 + 19).",
        ),
    ]
    for row in observations:
        if row["status"] == "blank" and row["is_required"]:
            message = f"{row['indicator_name']} (ô {row['cell']}) để trống."
            found.append(finding(catalogue, "required_present", row["indicator_code"], row, message=message))
    return found


def submission(province: Any, file_name: str, **changes: Any) -> dict[str, Any]:
    return {
        "period_code": PERIOD,
        "province_code": province.province_code or None,
        "province_id": province.province_id,
        "submission_id": f"{file_name}-1",
        "file_name": file_name,
        "path": f"returns/{file_name}",
        "sha256": "0" * 64,
        "version": 1,
        "form_version": "1",
        "received_at": RECEIVED,
        "verdict": "accepted_with_findings",
        "is_current": True,
        **changes,
    }


def completeness(province: Any, marts: Marts) -> dict[str, Any]:
    rows = [r for r in marts["observations"] if r["province_id"] == province.province_id and r["is_required"]]
    own = [f["severity"] for f in marts["findings"] if f["province_code"] == province.province_code]
    return {
        "period_code": PERIOD,
        "province_code": province.province_code,
        "province_id": province.province_id,
        "province_name": province.name,
        "is_submitted": True,
        "is_on_time": None,
        "cells_expected": len(rows),
        "cells_received": sum(r["status"] != "blank" for r in rows),
        "critical_count": own.count("critical"),
        "warning_count": own.count("warning"),
        "info_count": own.count("info"),
    }
