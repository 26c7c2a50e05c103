"""Rows of the warehouse as the findings that they were."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from transforms.observation import Finding

Row = dict[str, Any]
_TEXTS = (
    *("message", "advice", "indicator_code", "sheet", "cell", "observed", "expected", "submission_id", "file_name"),
    *("finding_id", "figure_hash", "explanation", "suspect_indicator", "suspect_sheet", "suspect_cell", "slip"),
    *("proposed", "impact"),
)


def finding_of(row: Row) -> Finding:
    """A row of the warehouse as the finding that it was."""
    texts: dict[str, Any] = {name: row.get(name) or "" for name in _TEXTS}
    alike = tuple(part for part in (row.get("alike") or "").split(", ") if part)
    return Finding(
        row["period_code"],
        row["province_id"] or "",
        row["rule_code"],
        row["severity"],
        status=row["status"],
        alike=alike,
        impact_weight=row.get("impact_weight") or Decimal(0),
        **texts,
    )
