-- Grain: one row per assessment from $1 on × member province, with the return that answers for it where one does.
INSERT INTO bridge_assessment_member BY NAME
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
    WHERE assessments.assessment_key >= $1
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
