"""Who is asked in each assessment, which return answers, whose figures a total is made of: worked out once.

Every question about figures begins here, whatever half-years it compares; worked out in each of them, it would be most
of what DuckDB plans.
"""

from __future__ import annotations

from warehouse.dimensions import bridge_period_boundary, bridge_period_drawing
from warehouse.facts import bridge_assessment_member, bridge_assessment_part, mart_cluster_total
from warehouse.session import Session

TURNS = """
UPDATE dim_assessment
SET first_assessed_at = turns.first_assessed_at, superseded_at = turns.superseded_at
FROM (
    SELECT
        assessment_key,
        min(assessed_at) OVER of_its_period AS first_assessed_at,
        min(assessed_at) OVER (of_its_period ORDER BY assessment_key ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
            AS superseded_at
    FROM dim_assessment
    WHERE period_code IN (SELECT period_code FROM dim_assessment WHERE assessment_key >= ?)
    WINDOW of_its_period AS (PARTITION BY period_code)
) AS turns
WHERE dim_assessment.assessment_key = turns.assessment_key
"""
MEMBERS = f"""
INSERT INTO {bridge_assessment_member.name} BY NAME
WITH
extents AS (
    SELECT periods.period_code, merger.successor_id AS province_id, max(merger.merged_on) AS extent_since
    FROM dim_period AS periods
    JOIN bridge_merger AS merger ON merger.merged_on <= periods.ends_on
    GROUP BY periods.period_code, merger.successor_id
),
answers AS (
    SELECT
        judged.assessment_key,
        submission.province_id,
        judged.submission_key,
        judged.reading_key,
        judged.verdict,
        coalesce(reading.source, 'reported') AS source
    FROM bridge_assessment_submission AS judged
    JOIN dim_submission AS submission ON judged.submission_key = submission.submission_key
    LEFT JOIN dim_reading AS reading ON judged.reading_key = reading.reading_key
    WHERE judged.is_current
),
members AS (
    SELECT
        assessments.assessment_key,
        assessments.period_code,
        right(assessments.period_code, 2) AS half,
        left(assessments.period_code, 4)::INTEGER + 1 AS next_year,
        next_year || half AS same_half_next_year,
        CASE half WHEN 'H1' THEN left(assessments.period_code, 4) || 'H2' ELSE next_year || 'H1' END AS half_after,
        provinces.province_key,
        provinces.province_id,
        extents.extent_since
    FROM dim_assessment AS assessments
    JOIN dim_period AS periods ON assessments.period_code = periods.period_code
    JOIN dim_province AS provinces
        ON provinces.kind <> 'cluster'
        AND provinces.valid_from <= periods.ends_on
        AND periods.ends_on < coalesce(provinces.valid_to, DATE 'infinity')
    SEMI JOIN bridge_membership AS member
        ON provinces.province_id = member.province_id
        AND member.role = 'member'
        AND assessments.period_code >= member.valid_from
        AND assessments.period_code <= coalesce(member.valid_to, '9999H2')
    LEFT JOIN extents
        ON assessments.period_code = extents.period_code
        AND provinces.province_id = extents.province_id
    WHERE assessments.assessment_key >= ?
),
digests AS (
    SELECT
        assessment_key,
        md5(string_agg(concat_ws(' ', province_id, extent_since), ',' ORDER BY province_id)) AS members_digest
    FROM members
    GROUP BY assessment_key
)
SELECT members.* EXCLUDE (next_year), digests.members_digest, answers.* EXCLUDE (assessment_key, province_id)
FROM members
JOIN digests ON members.assessment_key = digests.assessment_key
LEFT JOIN answers ON members.assessment_key = answers.assessment_key AND members.province_id = answers.province_id
ORDER BY members.assessment_key, members.province_key
"""


SOURCES = f"""
UPDATE {mart_cluster_total.name} AS totals
SET source_mix = CASE WHEN totals.value_source = 'announced' THEN told.announced ELSE told.summed END
FROM (
    SELECT
        parts.assessment_key,
        parts.position,
        any_value(coalesce(reading.source, 'reported')) FILTER (WHERE judged.submission_key IS NOT NULL) AS announced,
        any_value(mixes.source_mix) AS summed
    FROM {mart_cluster_total.name} AS parts
    LEFT JOIN (
        SELECT
            assessment_key,
            CASE
                WHEN bool_or(source = 'synthetic') AND min(source) <> max(source) THEN 'mixed'
                WHEN bool_or(source = 'published_report') THEN 'published_report'
                ELSE min(source)
            END AS source_mix
        FROM {bridge_assessment_member.name}
        GROUP BY assessment_key
    ) AS mixes ON parts.assessment_key = mixes.assessment_key
    LEFT JOIN bridge_assessment_submission AS judged
        ON parts.assessment_key = judged.assessment_key
        AND parts.control_submission_key = judged.submission_key
    LEFT JOIN dim_reading AS reading ON judged.reading_key = reading.reading_key
    WHERE parts.assessment_key >= ?
    GROUP BY parts.assessment_key, parts.position
) AS told
WHERE totals.assessment_key = told.assessment_key AND totals.position = told.position
"""

BOUNDARIES = f"""
INSERT INTO {bridge_period_boundary.name} BY NAME
SELECT
    periods.period_code,
    periods.ends_on,
    boundary.* EXCLUDE (reported_from, reported_to, expected),
    EXISTS (
        SELECT 1
        FROM bridge_membership AS member
        WHERE member.province_id = boundary.province_id
            AND member.role = 'member'
            AND periods.period_code >= member.valid_from
            AND periods.period_code <= coalesce(member.valid_to, '9999H2')
    ) AS is_member
FROM dim_period AS periods
JOIN bridge_boundary AS boundary
    ON boundary.reported_from <= periods.ends_on
    AND periods.ends_on < coalesce(boundary.reported_to, DATE 'infinity')
ORDER BY periods.period_code, boundary.drawn_from, boundary.drawn_id, boundary.province_id
"""

DRAWINGS = f"""
INSERT INTO {bridge_period_drawing.name} BY NAME
SELECT
    period_code,
    ends_on,
    drawn_from,
    drawn_to,
    drawn_id,
    any_value(drawn_code) AS drawn_code,
    any_value(drawn_name) AS drawn_name,
    bool_or(relation <> 'same') AS is_redrawn,
    bool_or(relation = 'cut') AS is_cut,
    count(*) AS expected,
    min(province_name) AS a_name,
    string_agg(
        concat_ws(
            chr(9),
            province_id,
            province_name,
            province_name || CASE WHEN is_member THEN '' ELSE ' (không báo cáo trong Cụm)' END
        ),
        chr(10) ORDER BY province_id
    ) AS predecessors
FROM {bridge_period_boundary.name}
GROUP BY period_code, ends_on, drawn_from, drawn_to, drawn_id
ORDER BY period_code, drawn_from, drawn_id
"""
FORMER_PARTS = f"""
DELETE FROM {bridge_assessment_part.name}
WHERE period_code IN (SELECT period_code FROM dim_assessment WHERE assessment_key >= ?)
"""
EXPLAINED = """
UPDATE fact_finding
SET explained_at = written.received_at
FROM (
    SELECT said.finding_id, said.figure_hash, said.text, min(sent.received_at) AS received_at
    FROM fact_explanation AS said
    JOIN dim_reading AS reading ON said.reading_key = reading.reading_key
    JOIN dim_submission AS sent ON reading.sha256 = sent.sha256
    GROUP BY said.finding_id, said.figure_hash, said.text
) AS written
WHERE fact_finding.finding_id = written.finding_id
    AND fact_finding.figure_hash = written.figure_hash
    AND fact_finding.explanation = written.text
    AND fact_finding.assessment_key >= ?
"""
PARTS = f"""
INSERT INTO {bridge_assessment_part.name} BY NAME
SELECT
    member.assessment_key,
    member.period_code,
    drawn.ends_on,
    drawn.drawn_from,
    drawn.drawn_to,
    drawn.drawn_id,
    member.province_id,
    drawn.relation <> 'same' AS is_redrawn,
    member.reading_key,
    member.source
FROM {bridge_assessment_member.name} AS member
JOIN {bridge_period_boundary.name} AS drawn
    ON member.period_code = drawn.period_code
    AND member.province_id = drawn.province_id
WHERE member.assessment_key >= ?
    AND member.assessment_key IN (SELECT max(assessment_key) FROM dim_assessment GROUP BY period_code)
ORDER BY member.period_code, drawn.drawn_from, drawn.drawn_id, member.province_id
"""
REFILLED = (BOUNDARIES, DRAWINGS, TURNS, MEMBERS, SOURCES, EXPLAINED, PARTS)


def add_members(session: Session, first_key: int) -> None:
    """The members of the assessments from this key on, whose verdicts, files and totals are recorded already."""
    for step in (TURNS, MEMBERS, SOURCES, EXPLAINED, FORMER_PARTS, PARTS):
        session.execute(step, [first_key])


def refill_members(session: Session) -> None:
    """The members of all assessments, and every half-year's maps, as the catalogue tells them now."""
    for table in (bridge_period_boundary, bridge_period_drawing, bridge_assessment_member, bridge_assessment_part):
        session.execute(f"DELETE FROM {table.name}")
    session.execute(BOUNDARIES)
    session.execute(DRAWINGS)
    add_members(session, 0)
