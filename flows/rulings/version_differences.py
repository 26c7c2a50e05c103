"""What the files not in use would change, and what a choice has changed, figure by figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from catalogue.model import Catalogue
from transforms.changes import compare_versions
from transforms.observation import Change, Observation, Reading, Ruling, Submission
from transforms.rulings import apply_rulings, find_in_force
from transforms.succession import attribute
from transforms.versions import reader_version
from warehouse import Warehouse

Row = dict[str, Any]


def find_differences(
    catalogue: Catalogue, warehouse: Warehouse, rows: Sequence[Row]
) -> tuple[list[Row], list[int], list[int]]:
    """Differences between the file in use and each other file, in the shape of the view `changes`.

    `rows` are one unit's submissions of one period; those that were taken are compared by the view already. Comes with
    the versions compared here and those that cannot be. What was in use before a choice is compared to what is now.
    """
    current = next((row for row in rows if row["is_current"]), None)
    if current is None:
        return [], [], [row["version"] for row in rows]
    others = [
        row for row in rows if row is not current and (not row["is_taken"] or row["verdict"] in (None, "rejected"))
    ]
    readings = warehouse.readings(
        {row["sha256"] for row in [current, *others]}, reader_version(), catalogue.content_hash
    )
    before_choice = _in_use_before_choice(warehouse, current)
    found: list[Row] = []
    compared: list[int] = []
    beyond: list[int] = []
    base = _figures(catalogue, readings, current)
    for row in others:
        figures = None if row["verdict"] == "rejected" else _figures(catalogue, readings, row)
        if base is None or figures is None:
            beyond.append(row["version"])
            continue
        compared.append(row["version"])
        if row["submission_id"] == before_choice:
            found += [_row(catalogue, row, current, c) for c in compare_versions(figures, base)]
        else:
            found += [_row(catalogue, current, row, c) for c in compare_versions(base, figures)]
    return found, compared, beyond


def _in_use_before_choice(warehouse: Warehouse, current: Row) -> str:
    """The submission that counted before the standing choice of the current one; empty where there is no choice."""
    rulings = warehouse.rulings()
    choices = [r for r in find_in_force(rulings).chosen if r.submission_id == current["submission_id"]]
    if not choices:
        return ""
    without: list[Ruling] = [r for r in rulings if r.ruling_id not in {c.ruling_id for c in choices}]
    sent = [s for s in warehouse.submissions(current["period_code"]) if s.province_id == current["province_id"]]
    by_then: list[Submission] = [s for s in sent if s.received_at <= choices[-1].decided_at and not s.sent_by]
    taken = [s for s in apply_rulings(by_then, find_in_force(without)) if s.is_taken]
    last = max(taken, key=lambda s: s.version, default=None)
    return "" if last is None or last.submission_id == current["submission_id"] else last.submission_id


def _figures(catalogue: Catalogue, readings: dict[str, Reading], row: Row) -> tuple[Observation, ...] | None:
    reading = readings.get(row["sha256"])
    if reading is None:
        return None
    answer = attribute(catalogue, reading, row["province_id"], row["period_code"], row["sent_by"] or "")
    return None if answer.is_rejected else answer.observations


def _row(catalogue: Catalogue, before: Row, after: Row, change: Change) -> Row:
    indicator = catalogue.indicators[change.indicator_code]
    was, now = change.before, change.after
    return {
        "period_code": after["period_code"],
        "province_id": after["province_id"],
        "version": after["version"],
        "previous_version": before["version"],
        "indicator_code": change.indicator_code,
        "indicator_name": indicator.label,
        "unit": catalogue.unit_of(indicator).name,
        "state_before": was.state if was else "blank",
        "value_before": was.value if was else None,
        "raw_text_before": was.raw_text if was else None,
        "was_estimated": bool(was and was.is_estimated),
        "state": now.state if now else "blank",
        "value": now.value if now else None,
        "raw_text": now.raw_text if now else None,
        "is_estimated": bool(now and now.is_estimated),
        "sheet": now.sheet if now else None,
        "cell": now.cell if now else None,
        "received_at": after["received_at"],
        "submission_id": after["submission_id"],
        "previous_submission_id": before["submission_id"],
        "section_code": indicator.section_code,
        "position": indicator.position,
        "province_name": after["province_name"],
    }
