"""Findings in the light of what was answered: explained, waived, or still open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from transforms.observation import Explanation, Finding
from transforms.rulings import Rulings

Explanations = Mapping[tuple[str, str], Explanation]
LONGEST_QUOTE = 200


def settle_findings(findings: Iterable[Finding], explanations: Explanations, rulings: Rulings) -> list[Finding]:
    """The findings in their order, each with its status; an explained or waived one disputes nothing any more.

    An explanation speaks of a finding only while finding and figures are those it was written for. `explanation` is
    then the officer's words, and where the office refused them its reason stands in the advice. Where the last words
    on a finding were for other figures, the advice says that they hold no more.
    """
    lapsed = {
        finding_id: ruling.reason
        for (finding_id, _), ruling in rulings.on_explanations.items()
        if ruling.kind == "accept"
    } | {finding_id: written.text for (finding_id, _), written in explanations.items()}
    return [_settle(finding, explanations, rulings, lapsed.get(finding.finding_id, "")) for finding in findings]


def _settle(finding: Finding, explanations: Explanations, rulings: Rulings, lapsed: str) -> Finding:
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
    if words:
        return replace(finding, explanation=words)
    return replace(finding, advice=f"{finding.advice} {_say_lapsed(lapsed)}".strip()) if lapsed else finding


def _say_lapsed(words: str) -> str:
    flat = " ".join(words.split())
    quoted = flat if len(flat) <= LONGEST_QUOTE else f"{flat[:LONGEST_QUOTE]}…"
    return (
        f"Giải trình trước (“{quoted}”) viết cho số khác, nay hết hiệu lực; nếu số hiện nay vẫn đúng thì xin ghi lại."
    )
