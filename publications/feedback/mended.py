"""Which findings of the version before were really mended: not those that another finding only took in."""

from __future__ import annotations

from collections.abc import Iterable

from publications.feedback.facts import Feedback
from transforms.observation import Finding

_MISSING_ROWS = "layout_incomplete"


def mended_of(feedback: Feedback) -> list[Finding]:
    """The findings of the version before that may be shown as done, in their order.

    Done is what has another figure now, what was blank and has one, or what nothing speaks against any more.
    """
    troubled = [f for f in feedback.findings if f.severity != "info" and f.status == "open"]
    changed = {c.indicator_code for c in feedback.changes}
    said = {o.indicator_code: o for o in feedback.observations}

    def is_mended(finding: Finding) -> bool:
        code, around = finding.indicator_code, _around(finding, troubled)
        if finding.alike or not code:
            return not around
        now = said.get(code)
        if now is None or now.state == "blank":
            is_lacking = feedback.catalogue.rules[finding.rule_code].family == "required"
            has_no_row = (now is None or not now.cell) and any(f.rule_code == _MISSING_ROWS for f in troubled)
            return not (around or is_lacking or has_no_row)
        return not around or (code in changed and all(f.rule_code != finding.rule_code for f in around))

    return [f for f in feedback.mended if f.severity != "info" and is_mended(f)]


def _around(finding: Finding, troubled: Iterable[Finding]) -> list[Finding]:
    """What is open now and speaks of the same figure or cells, or of the same trouble with the whole file or sheet."""
    cells = _cells(finding)
    return [
        f
        for f in troubled
        if (f.indicator_code and f.indicator_code == finding.indicator_code)
        or cells & _cells(f)
        or (not cells and (f.rule_code, f.sheet, _cells(f)) == (finding.rule_code, finding.sheet, cells))
    ]


def _cells(finding: Finding) -> set[tuple[str, str]]:
    return {(finding.sheet, cell) for cell in (finding.cell, *finding.alike) if cell}
