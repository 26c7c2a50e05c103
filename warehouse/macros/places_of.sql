-- Grain: one row per assessed period × province that has a row of the indicator, with its place in that period.
CREATE OR REPLACE MACRO places_of(indicator) AS TABLE
WITH
figures AS (
    SELECT *, CASE WHEN status = 'none_arising' THEN 0 ELSE value END AS ranked_value FROM figures_of(indicator)
),
directions AS (
    SELECT tables.table_code, tables.direction, sorted.unit_code
    FROM dim_table AS tables
    JOIN dim_indicator AS sorted ON tables.sort_by = sorted.indicator_code AND sorted.is_current
),
directed AS (
    SELECT
        figures.*,
        CASE
            WHEN directions.unit_code = figures.unit_code OR directions.direction = 'descending' THEN directions.direction
        END AS direction
    FROM figures
    LEFT JOIN directions ON figures.table_code = directions.table_code
)
SELECT
    *,
    CASE
        WHEN ranked_value IS NOT NULL AND direction IS NOT NULL
            THEN rank() OVER (
                period_of_its_own
                ORDER BY CASE direction WHEN 'descending' THEN -ranked_value ELSE ranked_value END NULLS LAST
            )
    END AS place,
    count(ranked_value) OVER period_of_its_own AS ranked_count
FROM directed
-- The later half-years follow from the period; named here, a filter on them is one on the files to read.
WINDOW period_of_its_own AS (PARTITION BY period_code, same_half_next_year, half_after)
