-- Grain: one row per assessed period, with a digest of the provinces of the cluster then and since when each has its extent.
CREATE OR REPLACE MACRO fields_ranked() AS TABLE
WITH
members AS (
    SELECT * FROM members_as_of('infinity')
),
extents AS (
    SELECT periods.period_code, merger.successor_id AS province_id, max(merger.merged_on) AS extent_since
    FROM dim_period AS periods
    JOIN bridge_merger AS merger ON merger.merged_on <= periods.ends_on
    GROUP BY periods.period_code, merger.successor_id
)
SELECT
    members.period_code,
    members.same_half_next_year,
    members.half_after,
    -- A sum of digests, not a digest of the sorted names: the same for the same provinces in any order.
    count(*) || ' ' || sum(hash(members.province_id, extents.extent_since)) AS members
FROM members
LEFT JOIN extents
    ON members.period_code = extents.period_code
    AND members.province_id = extents.province_id
GROUP BY members.period_code, members.same_half_next_year, members.half_after
