"""What a run saw of a period, small enough to be kept until the next run and compared with what that one sees."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from catalogue.model import Catalogue
from flows.settings import Settings
from flows.whole_files import put_file
from transforms.numbers_vi import format_number
from transforms.prose.published_report import REPORTS

Marts = Mapping[str, Sequence[Mapping[str, Any]]]
GRAVITY = ("clean", "warning", "empty", "critical", "refused", "missing")
_WORDS = {
    "blank": "(trống)",
    "none_arising": "không phát sinh",
    "not_yet_available": "chưa có số liệu",
    "disputed": "không đọc được",
    "unreadable": "không đọc được",
}
_NO_FIGURE = ("blank", "not_yet_available")


@dataclass(frozen=True)
class PeriodState:
    """States, files, open findings and figures of a period; lists and texts only, as JSON keeps them.

    units: gravity (a place in GRAVITY) and words. files: unit, name, version, whether it counts, verdict, whether
    another unit sent it. findings: unit, severity, message, whether it is a mere blank. figures, under
    "unit indicator", and totals: as shown.
    """

    units: dict[str, list[Any]] = field(default_factory=dict)
    files: dict[str, list[Any]] = field(default_factory=dict)
    findings: dict[str, list[Any]] = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=dict)
    totals: dict[str, str] = field(default_factory=dict)


def observe(catalogue: Catalogue, period_code: str, marts: Marts) -> PeriodState:
    """The state that the rows of the stable views show."""
    from publications.tables.progress import find_progress

    entry = catalogue.calendar[period_code]
    plain = {name: list(map(dict, rows)) for name, rows in marts.items()}
    return PeriodState(
        {
            p.province_id: [GRAVITY.index(p.state), p.words]
            for p in find_progress(catalogue, period_code, plain, entry.due_on)
        },
        {
            row["submission_id"]: [
                row["province_id"],
                row["file_name"],
                row["version"],
                bool(row["is_current"]),
                row["verdict"] or "",
                REPORTS if row["sent_by"] == REPORTS else bool(row["sent_by"]),
            ]
            for row in marts["submissions"]
        },
        {
            row["finding_id"]: [
                row["province_id"] or "",
                row["severity"],
                " ".join(row["message"].split()),
                row["rule_code"] == "required_present",
            ]
            for row in marts["findings"]
            if row["status"] == "open" and row["severity"] != "info" and row["rule_code"] != "return_missing"
        },
        {
            f"{row['province_id']} {row['indicator_code']}": _show(row)
            for row in marts["observations"]
            if row["status"] not in _NO_FIGURE
        },
        {
            row["indicator_code"]: format_number(row["value"])
            for row in marts["cluster_totals"]
            if row["value"] is not None
        },
    )


def _show(row: Mapping[str, Any]) -> str:
    if row["value"] is None:
        return str(_WORDS.get(row["status"], row["status"]))
    return f"{format_number(row['value'])}{' (ước)' if row['is_estimated'] else ''}"


def load_state(settings: Settings, period_code: str) -> PeriodState | None:
    """What the last run that ended saw; None where nothing (or nothing readable) was kept."""
    try:
        kept = json.loads(_file(settings, period_code).read_text(encoding="utf-8"))
        if not all(isinstance(part, dict) for part in kept.values()):
            return None
        return PeriodState(**kept)
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def save_state(settings: Settings, period_code: str, state: PeriodState) -> None:
    """Keeps a state in place of the last one, at once or not at all."""
    put_file(_file(settings, period_code), json.dumps(asdict(state), ensure_ascii=False, separators=(",", ":")))


def _file(settings: Settings, period_code: str) -> Path:
    return settings.states / f"{period_code}.json"
