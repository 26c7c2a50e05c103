"""Rulings and changes as rows for a screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from catalogue.model import Catalogue
from flows.rulings.office import standing
from flows.runs.outcome import SEVERITIES, show_figure
from transforms.numbers_vi import format_date
from transforms.prose.published_report import REPORTS
from transforms.rulings import OPEN_END, covers
from warehouse import Warehouse

Row = dict[str, Any]
KINDS = {
    "choose": "chọn tệp",
    "withdraw": "rút tệp",
    "accept": "chấp nhận giải trình",
    "refuse": "không chấp nhận giải trình",
    "waive": "miễn quy tắc",
    "import": "nhập báo cáo đã công bố",
    "revoke": "hủy quyết định",
}


def ruling_rows(catalogue: Catalogue, warehouse: Warehouse, period_code: str | None) -> list[Row]:
    """Rulings that concern a period (or any), with the names of what they speak of and whether they stand or hold."""
    rulings = warehouse.rulings()
    periods = sorted({r.period_code for r in rulings if r.submission_id or r.figure_hash})
    marts = {period: warehouse.marts(period) for period in periods}
    files = {r["submission_id"]: r for m in marts.values() for r in m["submissions"]}
    reports = (r for m in marts.values() for r in m["submissions"] if r["sent_by"] == REPORTS)
    files |= {r["sha256"]: r for r in reports}
    figures = {(r["finding_id"], r["figure_hash"]) for m in marts.values() for r in m["findings"]}
    stands = standing(rulings)
    rows = []
    for ruling in rulings:
        concerns = period_code in (None, ruling.period_code)
        if not concerns and not (ruling.kind == "waive" and period_code and covers(ruling, period_code)):
            continue
        province = catalogue.province_in(ruling.province_id, ruling.period_code) if ruling.province_id else None
        rule = catalogue.rules.get(ruling.rule_code)
        rows.append(
            asdict(ruling)
            | {
                "province_name": province.name if province is not None else "",
                "rule_title": rule.title if rule is not None else "",
                "is_standing": ruling.ruling_id in stands,
                "is_lapsed": bool(ruling.finding_id) and (ruling.finding_id, ruling.figure_hash) not in figures,
                "file_name": files.get(ruling.submission_id or ruling.figure_hash, {}).get("file_name", ""),
                "version": files.get(ruling.submission_id, {}).get("version"),
            }
        )
    return rows


def describe_rulings(rows: Iterable[Row]) -> list[dict[str, str]]:
    """The rows of a table to be read by people."""
    return [
        {
            "Số": row["ruling_id"],
            "Kỳ": row["period_code"] + _until(row["valid_to"]),
            "Đơn vị": row["province_name"] or "mọi đơn vị",
            "Quyết định": KINDS[row["kind"]] + _standing(row),
            "Về": _file(row) or row["rule_title"] or row["finding_id"] or row["revokes"],
            "Lý do": row["reason"],
            "Người, ngày": f"{row['decided_by']}, {format_date(row['decided_at'].date())}",
        }
        for row in rows
    ]


def _standing(row: Row) -> str:
    return " (đã hủy)" if not row["is_standing"] else " (hết hiệu lực)" if row["is_lapsed"] else ""


def _file(row: Row) -> str:
    version = f" (lần {row['version']})" if row["version"] else ""
    return f"{row['file_name']}{version}" if row["file_name"] else str(row["submission_id"])


def _until(valid_to: str) -> str:
    return "" if not valid_to else " đến khi hủy" if valid_to == OPEN_END else f"–{valid_to}"


def describe_changes(rows: Iterable[Row]) -> list[dict[str, str]]:
    """Changed figures, before and after, as they are to be read."""
    return [
        {
            "Lần": f"{row['previous_version']} → {row['version']}",
            "Chỉ tiêu": row["indicator_name"],
            "Trước": show_figure(row["state_before"], row["value_before"], row["was_estimated"]),
            "Sau": show_figure(row["state"], row["value"], row["is_estimated"]),
            "Đơn vị tính": row["unit"],
            "Ô": f"{row['sheet']} {row['cell']}" if row["cell"] else "",
        }
        for row in rows
    ]


def describe_versions(rows: Iterable[Row]) -> list[str]:
    """One line per file of a unit: which version, where it lay, and whether it counts."""
    lines = []
    for row in rows:
        mark = "đang dùng" if row["is_current"] else "bị loại" if row["verdict"] == "rejected" else ""
        mark = mark or ("" if row["is_taken"] else "không dùng")
        lines.append(f"Lần {row['version']}: {row['path']}{f' ({mark})' if mark else ''}")
    return lines


def is_waiting(row: Row) -> bool:
    """Whether a finding was explained and nothing is decided about these words."""
    return bool(row["status"] == "open" and row["explanation"] and not row["refusal"])


def is_plain_blank(row: Row) -> bool:
    """Whether a finding says no more than that a figure is not there, and nobody answered."""
    return bool(row["rule_code"] == "required_present" and row["status"] == "open" and not row["explanation"])


def describe_finding(row: Row) -> list[str]:
    """A finding with its code, state, rule and explanation, as lines."""
    states = {"open": "còn mở", "explained": "đã chấp nhận giải trình", "waived": "được miễn"}
    state = "chờ quyết định" if is_waiting(row) else states[row["status"]]
    if row["refusal"]:
        state = f"không được chấp nhận: {' '.join(row['refusal'].split())}"
    place = f" · {row['sheet']} {row['cell']}" if row["cell"] else ""
    unit = row["province_name"] or "Toàn Cụm"
    lines = [
        f"{row['finding_id']}  {unit} · {SEVERITIES[row['severity']]} · {state}{place} · quy tắc {row['rule_code']}",
        f"    {' '.join(row['message'].split())}",
    ]
    return [*lines, f"    Giải trình: {' '.join(row['explanation'].split())}"] if row["explanation"] else lines
