"""What rules were applied to which figures in a judgement, kept so that a trace can say it."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.checks import Check
from warehouse.facts import fact_check
from warehouse.lookups import indicator_key, province_key, rule_key
from warehouse.session import Session


def insert_checks(session: Session, assessment_key: int, period_code: str, checks: Sequence[Check]) -> None:
    """Record the checks of an assessment inside the caller's transaction."""
    names = ("figure", "measured", "low", "high", "reference", "is_held")
    session.insert(
        fact_check,
        {
            "assessment_key": [assessment_key] * len(checks),
            "rule_key": [rule_key(session, c.rule_code) for c in checks],
            "province_key": [province_key(session, c.province_id, period_code) for c in checks],
            "indicator_key": [indicator_key(session, c.indicator_code) for c in checks],
            **{name: [getattr(c, name) for c in checks] for name in names},
        },
    )
