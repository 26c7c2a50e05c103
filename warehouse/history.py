"""What was found about a file while it was its unit's answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from warehouse.session import Session

_FINDINGS = """
WITH
answered AS (
    SELECT submission_key, max(assessment_key) AS assessment_key
    FROM bridge_assessment_submission
    WHERE is_current
    GROUP BY submission_key
)
SELECT
    submission.submission_id,
    submission.period_code,
    submission.province_id,
    rule.rule_code,
    finding.severity,
    finding.message,
    finding.advice,
    finding.indicator_code,
    finding.sheet,
    finding.cell,
    finding.observed,
    finding.expected,
    finding.file_name,
    finding.finding_id,
    finding.figure_hash,
    coalesce(finding.status, 'open') AS status,
    finding.explanation
FROM fact_finding AS finding
JOIN answered
    ON finding.submission_key = answered.submission_key
    AND finding.assessment_key = answered.assessment_key
JOIN dim_submission AS submission ON finding.submission_key = submission.submission_key
JOIN dim_rule AS rule ON finding.rule_key = rule.rule_key
WHERE submission.submission_id IN (SELECT unnest(?::VARCHAR[]))
ORDER BY submission.submission_id, finding.position
"""


def last_findings(session: Session, submission_ids: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """The findings about each submission in the last assessment in which it was current, in their order."""
    columns = session.columns(_FINDINGS, [sorted(submission_ids)])
    found: dict[str, list[dict[str, Any]]] = {}
    for values in zip(*columns.values(), strict=True):
        row = dict(zip(columns, values, strict=True))
        found.setdefault(row["submission_id"], []).append(row)
    return found
