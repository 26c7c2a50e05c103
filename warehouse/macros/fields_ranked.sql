-- Grain: one row per assessed period, with a digest of the provinces of the cluster then and since when each has its extent.
CREATE OR REPLACE MACRO fields_ranked() AS TABLE
WITH
returns AS (
    SELECT * FROM returns_as_of('infinity')
),
extents AS (
    SELECT periods.period_code, merger.successor_id AS province_id, max(merger.merged_on)::VARCHAR AS extent_since
    FROM dim_period AS periods
    JOIN bridge_merger AS merger ON merger.merged_on <= periods.ends_on
    GROUP BY periods.period_code, merger.successor_id
)
SELECT
    returns.period_code,
    returns.same_half_next_year,
    returns.half_after,
    sha256(string_agg(returns.province_id || coalesce(extents.extent_since, ''), ',' ORDER BY returns.province_id)) AS members
FROM returns
LEFT JOIN extents
    ON returns.period_code = extents.period_code
    AND returns.province_id = extents.province_id
GROUP BY returns.period_code, returns.same_half_next_year, returns.half_after
