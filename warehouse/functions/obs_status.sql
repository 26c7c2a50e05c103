-- The SDMX code (CL_OBS_STATUS) of a figure in a state; NULL for a state that the catalogue's table does not know.
-- A look-up: every query on `observations` plans this, and a long CASE would slow them all.
CREATE OR REPLACE MACRO obs_status(status, is_estimated, has_value) AS (
    MAP {
{codes}
    }[concat(status, ' ', coalesce(is_estimated::INTEGER::VARCHAR, '?'), has_value::INTEGER)]
)
