-- The SDMX code (CL_OBS_STATUS) of a figure in a state; NULL for a state that the catalogue's table does not know.
CREATE OR REPLACE MACRO obs_status(status, is_estimated, has_value) AS (
    CASE
{cases}
    END
)
