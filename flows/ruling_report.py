"""Rulings and changes as rows for a screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from catalogue.model import Catalogue
from flows.outcome import show_figure
from flows.rulings import standing
from transforms.numbers_vi import format_date
from transforms.observation import Ruling
from transforms.rulings import OPEN_END, covers

Row = dict[str, Any]
KINDS = {
    "choose": "chọn tệp",
    "withdraw": "rút tệp",
    "accept": "chấp nhận giải trình",
    "refuse": "không chấp nhận giải trình",
    "waive": "miễn quy tắc",
    "revoke": "hủy quyết định",
}


def ruling_rows(catalogue: Catalogue, rulings: Sequence[Ruling], period_code: str | None) -> list[Row]:
    """Rulings that concern a period (or any), with the names of what they speak of and whether they stand."""
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
            "Quyết định": KINDS[row["kind"]] + ("" if row["is_standing"] else " (đã hủy)"),
            "Về": row["submission_id"] or row["rule_title"] or row["finding_id"] or row["revokes"],
            "Lý do": row["reason"],
            "Người, ngày": f"{row['decided_by']}, {format_date(row['decided_at'].date())}",
        }
        for row in rows
    ]


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
