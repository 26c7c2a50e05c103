"""The marts of one period, indexed for the tables that are drawn from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catalogue.model import Catalogue, Province
from publications.labels import find_banner
from transforms.prose.published_report import PUBLISHED

Row = dict[str, Any]
Marts = dict[str, list[Row]]

SEVERITY_ORDER = {"critical": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Figures:
    """What the marts say of one period; provinces are its members in the order of the membership table.

    `critical` holds the open findings that must be mended, `answered` those closed by an explanation or a waiver, both
    by unit and indicator. `earlier` and `earlier_totals` are the same half of the year before, where anything is known
    of it. `banner` is what must stand on whatever shows a figure, where any of them is made up.
    """

    catalogue: Catalogue
    period_code: str
    members: tuple[Province, ...]
    observations: dict[tuple[str, str], Row]
    totals: dict[str, Row]
    findings: tuple[Row, ...]
    critical: dict[tuple[str, str], list[Row]]
    answered: dict[tuple[str, str], list[Row]]
    submissions: dict[str, Row]
    completeness: dict[str, Row]
    earlier: dict[tuple[str, str], Row]
    earlier_totals: dict[str, Row]
    banner: str = ""

    def has_submitted(self, province_id: str) -> bool:
        row = self.completeness.get(province_id)
        return row is not None and bool(row["is_submitted"])

    def is_covered(self, province_id: str) -> bool:
        """Whether a unit's figures come from a file that another one sent, and from none of its own."""
        row = self.submissions.get(province_id)
        return row is not None and bool(row["is_current"]) and not self.has_submitted(province_id)

    def is_from_report(self, province_id: str) -> bool:
        """Whether a unit's figures come from a published report, for want of any return."""
        return self.is_covered(province_id) and self.submissions[province_id].get("source") == PUBLISHED

    def is_rejected(self, province_id: str) -> bool:
        """Whether all that a unit has sent could not be used."""
        row = self.submissions.get(province_id)
        return row is not None and row["verdict"] == "rejected"

    @property
    def submitted_count(self) -> int:
        return sum(self.has_submitted(p.province_id) for p in self.members)

    def count_findings(self, severity: str) -> int:
        """How many findings of a severity are open."""
        return sum(row["severity"] == severity and is_open(row) for row in self.findings)


def is_open(finding: Row) -> bool:
    """Whether a finding still waits to be mended or explained."""
    return (finding.get("status") or "open") == "open"


def index_marts(catalogue: Catalogue, period_code: str, marts: Marts) -> Figures:
    """The marts' rows of one period under the keys by which tables ask; rows of other periods are left out."""

    def of_period(name: str) -> list[Row]:
        return [row for row in marts[name] if row["period_code"] == period_code]

    members = catalogue.members_of(period_code)
    units = {p.province_code: p.province_id for p in members}
    indicator_order = {code: n for n, code in enumerate(catalogue.indicators)}
    member_order = {p.province_code: n for n, p in enumerate(members)}
    last = len(member_order)

    def unit_of(row: Row) -> str:
        """The identifier of a row's unit, empty where it is unknown; by its code where the mart gives no identifier."""
        if "province_id" in row:
            return row["province_id"] or ""
        return units.get(row["province_code"], "") if row["province_code"] else catalogue.cluster_id

    findings = sorted(
        of_period("findings"),
        key=lambda row: (
            not is_open(row),
            SEVERITY_ORDER.get(row["severity"], 3),
            member_order.get(row["province_code"], last),
            row["province_code"] or "",
            -(row.get("impact_weight") or 0),
            indicator_order.get(row["indicator_code"], len(indicator_order)),
            row["sheet"] or "",
            row["cell"] or "",
            row["rule_code"],
            row["message"] or "",
        ),
    )
    critical: dict[tuple[str, str], list[Row]] = {}
    answered: dict[tuple[str, str], list[Row]] = {}
    for row in findings:
        if not row["indicator_code"] or (is_open(row) and row["severity"] != "critical"):
            continue
        told = critical if is_open(row) else answered
        told.setdefault((unit_of(row), row["indicator_code"]), []).append(row)
    return Figures(
        catalogue=catalogue,
        period_code=period_code,
        members=members,
        observations={(r["province_id"], r["indicator_code"]): r for r in of_period("observations")},
        totals={r["indicator_code"]: r for r in of_period("cluster_totals")},
        findings=tuple(findings),
        critical=critical,
        answered=answered,
        submissions=_latest(of_period("submissions"), unit_of),
        completeness={unit_of(r): r for r in of_period("completeness")},
        earlier={(r["province_id"], r["indicator_code"]): r for r in marts.get("earlier", ())},
        earlier_totals={r["indicator_code"]: r for r in marts.get("earlier_totals", ())},
        banner=find_banner({name: of_period(name) for name in ("observations", "cluster_totals", "submissions")}),
    )


def _latest(rows: Sequence[Row], unit_of: Any) -> dict[str, Row]:
    """Of each unit the submission that is current, or where none is, the last one received."""
    found: dict[str, Row] = {}
    for row in sorted(rows, key=lambda r: (bool(r["is_current"]), r["version"] or 0, r["submission_id"])):
        found[unit_of(row)] = row
    return found
