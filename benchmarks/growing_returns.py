"""The returns in force, as whoever writes SQL by hand finds them."""

from __future__ import annotations

CURRENT = "(SELECT max(assessment_key) FROM dim_assessment GROUP BY period_code)"


def taken(where: str = "TRUE") -> str:
    return f"""taken AS (
    SELECT judged.assessment_key, judged.reading_key, judged.verdict, sent.*
    FROM bridge_assessment_submission AS judged
    JOIN dim_submission AS sent ON judged.submission_key = sent.submission_key
    WHERE judged.is_current AND judged.assessment_key IN {CURRENT} AND {where}
)"""
