"""Findings in the light of what was answered: explained, waived, or still open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from transforms.observation import Explanation, Finding
from transforms.rulings import Rulings

Explanations = Mapping[tuple[str, str], Explanation]


def settle_findings(findings: Iterable[Finding], explanations: Explanations, rulings: Rulings) -> list[Finding]:
    """The findings in their order, each with its status; an explained or waived one disputes nothing any more.

    An explanation speaks of a finding only while finding and figures are those it was written for. `explanation` is
    then the officer's words, and where the office refused them its reason stands in the advice.
    """
    return [_settle(finding, explanations, rulings) for finding in findings]


def _settle(finding: Finding, explanations: Explanations, rulings: Rulings) -> Finding:
    waiver = rulings.waiver_of(finding.rule_code, finding.province_id, finding.period_code)
    if waiver is not None:
        return replace(finding, status="waived", explanation=waiver.reason, disputed=())
    key = finding.finding_id, finding.figure_hash
    written = explanations.get(key)
    ruling = rulings.on_explanation(*key)
    words = written.text if written is not None else ""
    if ruling is not None and ruling.kind == "accept":
        return replace(finding, status="explained", explanation=words or ruling.reason, disputed=())
    if ruling is not None and ruling.kind == "refuse":
        advice = f"{finding.advice} Cụm chưa chấp nhận giải trình: {ruling.reason}.".strip()
        return replace(finding, explanation=words, advice=advice)
    return replace(finding, explanation=words) if words else finding
