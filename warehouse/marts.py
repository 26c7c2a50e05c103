"""The rows of the stable views, as plain values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from transforms.comparison import same_half_before
from warehouse.published import query
from warehouse.session import Session, WarehouseError

ORDERS = {
    "observations": "province_code, province_id, section_code, position",
    "cluster_totals": "section_code, position",
    "findings": "position",
    "submissions": "province_code NULLS LAST, province_id, version, submission_id",
    "completeness": "province_code, province_id",
    "changes": "province_id, version, section_code, position",
    "revisions": "province_id, earlier_period, indicator_code",
    "rule_health": "fired_count DESC, rule_code",
}
EARLIER = {"earlier": "observations", "earlier_totals": "cluster_totals"}
_PERIOD = re.compile(r"\d{4}H[12]")


def period_marts(session: Session, period_code: str) -> dict[str, list[dict[str, Any]]]:
    """The stable views' rows for one period, in a fixed order; decimals exact, moments with zone.

    `earlier` and `earlier_totals` hold the observations and the cluster's figures of the same half a year before.
    """
    before = same_half_before(period_code)
    found = {name: view_rows(session, name, period_code) for name in ORDERS}
    return found | {name: view_rows(session, view, before) for name, view in EARLIER.items()}


def published_marts(path: Path, period_code: str) -> dict[str, list[dict[str, Any]]]:
    """The same rows from a published copy, which stays open to everybody else; raises WarehouseError."""
    if not _PERIOD.fullmatch(period_code):
        raise WarehouseError(f"{period_code!r} is no period")
    before = same_half_before(period_code)
    wanted = [(name, name, period_code) for name in ORDERS]
    wanted += [(name, view, before) for name, view in EARLIER.items()]
    found = {}
    for name, view, period in wanted:
        names, rows = query(path, f"SELECT * FROM {view} WHERE period_code = '{period}' ORDER BY {ORDERS[view]}")
        found[name] = [dict(zip(names, row, strict=True)) for row in rows]
    return found


def view_rows(session: Session, view: str, period_code: str) -> list[dict[str, Any]]:
    """One stable view's rows for one period, in its fixed order."""
    columns = session.columns(f"SELECT * FROM {view} WHERE period_code = ? ORDER BY {ORDERS[view]}", [period_code])
    names = list(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def current_figures(session: Session, period_codes: Iterable[str]) -> dict[tuple[str, str, str], Decimal]:
    """Current undisputed reported values by period, reporting unit and indicator."""
    wanted = sorted(set(period_codes))
    if not wanted:
        return {}
    marks = ", ".join("?" * len(wanted))  # a list to unnest is not pushed down: all of history would be put together
    columns = session.columns(
        "SELECT period_code, province_id, indicator_code, value FROM observations "
        f"WHERE period_code IN ({marks}) AND status = 'reported' AND value IS NOT NULL",
        wanted,
    )
    periods, provinces, codes, values = columns.values()
    return dict(zip(zip(periods, provinces, codes, strict=True), values, strict=True))
