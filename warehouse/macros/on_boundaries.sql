-- Grain: one row per assessed period × province of the map of `day` × indicator that has a row in `observations` there.
CREATE OR REPLACE MACRO on_boundaries(day, partial := FALSE) AS TABLE
SELECT * FROM on_boundaries_of(NULL, day, partial := partial)
