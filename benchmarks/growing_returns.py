"""The returns in force, as whoever writes SQL by hand finds them."""

from __future__ import annotations

CURRENT = "(SELECT max(assessment_key) FROM dim_assessment GROUP BY period_code)"

# What is known of a figure of the returns `taken`, and how it is therefore told.
JUDGED = """LEFT JOIN fact_derived AS derived
        ON taken.assessment_key = derived.assessment_key
        AND figure.province_key = derived.province_key
        AND figure.indicator_key = derived.indicator_key
    LEFT JOIN (SELECT DISTINCT assessment_key, province_key, indicator_key FROM bridge_finding_disputed) AS disputed
        ON taken.assessment_key = disputed.assessment_key
        AND figure.province_key = disputed.province_key
        AND figure.indicator_key = disputed.indicator_key"""
STATUS = """CASE
            WHEN disputed.indicator_key IS NOT NULL OR figure.state = 'unreadable' THEN 'disputed'
            WHEN figure.state = 'number' THEN 'reported'
            WHEN figure.state = 'blank' AND derived.value IS NOT NULL THEN 'derived'
            ELSE figure.state
        END"""


def taken(where: str = "TRUE") -> str:
    return f"""taken AS (
    SELECT judged.assessment_key, judged.reading_key, judged.verdict, sent.*
    FROM bridge_assessment_submission AS judged
    JOIN dim_submission AS sent ON judged.submission_key = sent.submission_key
    WHERE judged.is_current AND judged.assessment_key IN {CURRENT} AND {where}
)"""
