-- Grain: one row per assessed period × member province × indicator that is required there, or says something, as of a moment.
CREATE OR REPLACE MACRO as_of(moment) AS TABLE
SELECT * EXCLUDE (same_half_next_year, half_after, half, time_kind, aggregation, table_code, unit_code, asked_since, extent_since, members_digest) FROM figures_as_of(moment)
